// Command demo serves the pages with the scripted office, for working on them.
package main

import (
	"context"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/gin-gonic/gin"

	"referent/eval"
	"referent/internal/message"
	"referent/rag"
	"referent/web"
	"referent/web/shell"
	"referent/web/webtest"
)

func main() {
	addr := flag.String("addr", "127.0.0.1:8090", "address to listen at")
	empty := flag.Bool("empty", false, "begin with an empty library")
	token := flag.String("token", "", "demand this token")
	flag.Parse()
	if err := run(*addr, *empty, *token); err != nil {
		slog.Error("demo", "error", err)
	}
}

func run(addr string, empty bool, token string) error {
	gin.SetMode(gin.ReleaseMode)
	catalogue, err := message.Load()
	if err != nil {
		return err
	}
	office := webtest.New()
	office.Pace = 60 * time.Millisecond
	examples := []string{
		"W jakim terminie trzeba rozpatrzyć petycję?", "Kto może złożyć petycję?", "Czy petycję można złożyć w imieniu innej osoby?",
	}
	for _, d := range append(webtest.Archive(230), webtest.Scan()) {
		office.Put(d)
	}
	office.Affect(webtest.StatuteID, rag.Effect{Kind: rag.Amends, Date: "2026-02-03", Document: webtest.NoteID, Title: "Ustawa z dnia 3 lutego 2026 r. o zmianie ustawy o petycjach"})
	office.Watch(rag.WatchedFolder{Collection: "uchwały", Path: "/srv/akty", Look: rag.Look{At: time.Now(), Files: 231, Stored: 3, Problems: 1, Missing: 1}})
	office.Watch(rag.WatchedFolder{Collection: "biuro", Path: "/home/urzad/pisma", Paused: true})
	if empty {
		office.Empty()
		examples = nil
	}
	folder, err := os.MkdirTemp("", "referent-demo-")
	if err != nil {
		return err
	}
	desk := eval.NewDesk(folder, office)
	go desk.Work(context.Background())
	server, err := web.New(web.Options{
		Assistant: office, Library: office, Shelf: office, Folders: office, Pictures: office, Intake: office, Inbox: office, Doctor: office,
		Questions: office, QuestionEditor: office, EmbeddingModel: webtest.EmbeddingModel, Catalogue: catalogue, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Desk: desk, Examples: examples, Access: shell.Access{Token: token},
	})
	if err != nil {
		return err
	}
	listener := &http.Server{Addr: addr, Handler: server.Handler(), ReadHeaderTimeout: 5 * time.Second}
	return listener.ListenAndServe()
}
