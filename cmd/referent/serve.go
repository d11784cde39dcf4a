package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"referent/eval"
	"referent/ingest/ocr"
	"referent/ingest/pageimage"
	"referent/internal/doctor"
	"referent/packs"
	"referent/rag/enrich"
	"referent/web"
	"referent/web/documents"
	"referent/web/shell"
)

type serveCommand struct {
	Addr string   `placeholder:"127.0.0.1:8080" help:"${help_addr}"`
	Host []string `placeholder:"NAME" help:"${help_host}"`
}

const (
	headerTimeout = 10 * time.Second
	idleTimeout   = 2 * time.Minute
	stopTimeout   = 5 * time.Second
)

// Run serves the page and the API until it is told to stop.
func (c serveCommand) Run(a *app) error {
	log := doctor.KeepFailures(slog.NewTextHandler(a.stderr, nil))
	slog.SetDefault(slog.New(log))
	web.Release()
	o, err := a.open()
	if err != nil {
		return err
	}
	defer a.close(o)
	listener, err := a.listen(firstOf(c.Addr, a.config.Addr))
	if err != nil {
		return err
	}
	defer func() { _ = listener.Close() }() // closed already when the server was stopped
	access := a.access(listener, append(c.Host, a.config.Hosts...))
	ctx, stop := context.WithCancel(a.ctx)
	defer stop()
	pipeline := a.pipeline(o)
	pipeline.Embedder = considerate{pipeline.Embedder, func() bool { return o.assistant.Waiting() > 0 }}
	intake := newIntake(pipeline, o.library.Looked)
	enricher, err := a.enricher(o)
	if err != nil {
		return err
	}
	desk := eval.NewDesk(filepath.Join(a.config.Data, "evaluation"), o.assistant)
	server, err := a.server(o, intake, enricher, desk, log, access)
	if err != nil {
		return err
	}
	if err := a.announce(o, listener, access); err != nil {
		return err
	}
	var beside sync.WaitGroup
	beside.Go(func() { intake.run(ctx) })
	beside.Go(func() { desk.Work(ctx) })
	sweeper := &documents.Sweeper{Root: a.uploads(), Sources: o.sourceFiles}
	beside.Go(func() { sweeper.Run(ctx) })
	beside.Go(func() { o.models.KeepWarm(ctx, o.assistant.Beginning()) })
	if a.config.Enrich.Background {
		writing := enriching{enricher: enricher, embed: func() { wake(intake.embed) },
			busy: func() bool { return o.assistant.Waiting() > 0 || intake.working() > 0 }}
		beside.Go(func() { writing.run(ctx) })
	}
	if err := a.installSample(ctx, o, intake); err != nil {
		slog.Error("the sample office could not be installed", "error", err)
	}
	err = a.serve(ctx, listener, server.Handler())
	stop()
	beside.Wait()
	return err
}

// uploads is the folder of files that came through the page.
func (a *app) uploads() string { return filepath.Join(a.config.Data, "uploads") }

// sourceFiles gives the files that documents were read from; one inside an archive counts
// as the archive.
func (o *office) sourceFiles(ctx context.Context) ([]string, error) {
	known, err := o.library.Sources(ctx, "")
	if err != nil {
		return nil, err
	}
	files := make([]string, 0, len(known))
	for _, k := range known {
		file, _, _ := strings.Cut(k.Source, "!/")
		if file, err = filepath.Abs(file); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}

func (a *app) listen(addr string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(a.ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, toldError{a.text.Text("serve.address_taken", messageData{Subject: addr})}
	}
	if err != nil {
		return nil, usageError{err}
	}
	return listener, nil
}

// access demands a token as soon as anybody but this machine can reach the page.
func (a *app) access(listener net.Listener, hosts []string) shell.Access {
	access := shell.Access{Hosts: hosts}
	if address, ok := listener.Addr().(*net.TCPAddr); ok && address.IP.IsLoopback() {
		return access
	}
	access.Token = a.config.Token
	if access.Token == "" {
		access.Token = rand.Text()
	}
	return access
}

func (a *app) server(o *office, intake *intake, enricher *enrich.Enricher, desk *eval.Desk, log *doctor.FailureLog, access shell.Access) (*web.Server, error) {
	examine := &doctor.Doctor{Version: version, Data: a.config.Data, Models: o.models, Library: o.library, Log: log, Scans: ocr.Wanting, Office: installOffice,
		Queue: func() doctor.Queue { return doctor.Queue{Questions: o.assistant.Waiting(), Jobs: intake.working()} }}
	return web.New(web.Options{
		Assistant:      o.assistant,
		Library:        o.library,
		Shelf:          o.library,
		Folders:        o.library,
		Pictures:       &pageimage.Drawer{},
		Intake:         intake,
		Inbox:          documents.Folder{Root: a.uploads()},
		EmbeddingModel: o.digest,
		Doctor:         examine,
		Questions:      o.library,
		QuestionEditor: questionEditor{o},
		QuestionPace:   enricher.Measured,
		Desk:           desk,
		Catalogue:      a.texts,
		Log:            slog.Default(),
		Examples:       packs.Examples(a.config.Lang),
		Lang:           a.config.Lang,
		Access:         access,
	})
}

// announce says where the page is: to the person and to a second process.
func (a *app) announce(o *office, listener net.Listener, access shell.Access) error {
	url := "http://" + listener.Addr().String()
	if err := o.library.Announce(url); err != nil {
		return err
	}
	if access.Token != "" {
		a.say("serve.token", messageData{Subject: url + "/?token=" + access.Token})
		return nil
	}
	a.say("serve.listening", messageData{Subject: url})
	return nil
}

func (a *app) serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	base, leave := context.WithCancel(ctx)
	defer leave()
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		BaseContext:       func(net.Listener) context.Context { return base },
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	a.say("serve.stopping", nil)
	leave() // ends the event streams, which Shutdown would wait for
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// digest is that of the embedding model in use, "" where there is none.
func (o *office) digest(ctx context.Context) string {
	model, found, err := o.models.Embedder().Model(ctx)
	if err != nil || !found { // documents are then shown as searchable by words
		return ""
	}
	return model.Digest
}
