package ingest

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"referent/rag"
)

// Store is what the pipeline asks of the library for documents.
type Store interface {
	// Known gives the document last stored from a source of a collection.
	Known(ctx context.Context, collection, source string) (rag.Known, bool, error)
	// Put stores a document in one transaction; digest names the embedding model in use, "" for none.
	Put(ctx context.Context, doc rag.Document, digest string) (rag.Stored, error)
}

// Vectors is what the pipeline asks of the library for embeddings.
type Vectors interface {
	// PendingTexts gives texts without a vector of the model with that digest.
	PendingTexts(ctx context.Context, digest string, limit int) ([]rag.EmbeddingTask, error)
	PutVectors(ctx context.Context, digest string, vectors []rag.Vector) error
	// CountPending counts the texts without a vector, and their code points.
	CountPending(ctx context.Context, digest string) (texts int, runes int64, err error)
}

// Pipeline takes sources in: reads what changed, stores it, embeds it.
type Pipeline struct {
	Reader   Reader
	Store    Store
	Vectors  Vectors
	Embedder rag.Embedder // nil: nothing is embedded, documents are found by words
	Client   *http.Client // for addresses; nil: addresses are refused
	ELI      string       // base of the ELI service, "" for DefaultELI
}

// run is one run of the pipeline.
type run struct {
	Pipeline
	files   int
	digest  string
	mu      sync.Mutex // serialises report: reading and embedding go on at once
	summary Summary
	report  Report
	started time.Time
}

func (r *run) emit(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report(e)
}

// Run takes items in. A source that fails is a problem event and counted; the others go on.
// It returns an error when the run as a whole cannot go on: the store failed (CodeDiskFull),
// the context ended (CodeCancelled), or there was nothing to read (CodeNoReadableFiles). When
// only embedding failed, everything is stored and the error says why embedding did not go on.
// The done event comes in any case.
func (p Pipeline) Run(ctx context.Context, items []Item, report Report) (Summary, error) {
	r := &run{Pipeline: p, report: report, started: time.Now()}
	err := r.all(ctx, items)
	if pending, countErr := r.pending(ctx); countErr == nil {
		r.summary.Pending = pending
	} else if err == nil {
		err = countErr
	}
	summary := r.summary
	r.emit(Event{Event: EventDone, Units: summary.Units, Passages: summary.Passages, Embedded: summary.Embedded, Summary: &summary})
	return summary, err
}

func (r *run) all(ctx context.Context, items []Item) error {
	digest, modelErr := modelDigest(ctx, r.Embedder)
	r.digest = digest
	files, problems := expand(items)
	for _, problem := range problems {
		r.problem(problem.Subject, problem)
	}
	r.files, r.summary.Files = len(files), len(files)
	if len(files) == 0 {
		if len(problems) > 0 {
			return problems[0]
		}
		return &rag.Error{Code: rag.CodeNoReadableFiles}
	}
	embedErr, err := r.readAndEmbed(ctx, files)
	switch {
	case err != nil:
		return err
	case modelErr != nil:
		return modelErr
	case embedErr != nil:
		return embedErr
	case r.summary.Stored+r.summary.Unchanged == 0 && len(items) == 1 && isFolder(items[0].Path):
		return &rag.Error{Code: rag.CodeNoReadableFiles, Subject: items[0].Path}
	}
	return nil
}

// readAndEmbed reads files while what is stored already is embedded. Between the two
// stands the library, so memory is bounded by one document and one window of texts.
func (r *run) readAndEmbed(ctx context.Context, files []Item) (embedErr, err error) {
	stored := make(chan struct{}, 1)
	group, groupCtx := errgroup.WithContext(ctx)
	group.Go(func() error {
		defer close(stored)
		return r.readAll(groupCtx, files, stored)
	})
	group.Go(func() error {
		if r.digest == "" {
			return nil
		}
		e := embedder{vectors: r.Vectors, model: r.Embedder, digest: r.digest, report: r.emit}
		for range stored {
			if embedErr != nil {
				continue // reading goes on: documents are found by words
			}
			embedErr = e.drain(groupCtx)
		}
		if embedErr == nil {
			embedErr = e.drain(groupCtx)
		}
		r.summary.Embedded = e.done
		if errors.Is(embedErr, &rag.Error{Code: rag.CodeDiskFull}) {
			return embedErr
		}
		return nil
	})
	err = group.Wait()
	if err == nil && ctx.Err() != nil {
		err = &rag.Error{Code: rag.CodeCancelled, Err: ctx.Err()}
	}
	return embedErr, err
}

func (r *run) readAll(ctx context.Context, files []Item, stored chan<- struct{}) error {
	for i, item := range files {
		if err := ctx.Err(); err != nil {
			return &rag.Error{Code: rag.CodeCancelled, Err: err}
		}
		if err := r.one(ctx, item); err != nil {
			return err
		}
		select {
		case stored <- struct{}{}:
		default: // a signal waits already
		}
		elapsed := time.Since(r.started).Seconds()
		rate := float64(i+1) / max(elapsed, 1e-3)
		r.emit(Event{Event: EventProgress, Stage: StageRead, Done: i + 1, Total: r.files, Rate: rate, Left: float64(r.files-i-1) / rate})
	}
	return nil
}

// one takes a source in. Its error is the run's; a failure of the source alone is a problem.
func (r *run) one(ctx context.Context, item Item) error {
	src, name, err := r.open(ctx, item)
	if err != nil {
		return r.problemOrStop(item.Path, err)
	}
	return r.Reader.unpack(ctx, src, func(part source, err error) error {
		if err != nil {
			return r.problemOrStop(item.Path+part.inner, err)
		}
		return r.take(ctx, item.within(part), part, name+part.inner)
	})
}

// take stores one document: a source, or one that lies in it.
func (r *run) take(ctx context.Context, item Item, src source, name string) error {
	known, found, err := r.Store.Known(ctx, item.Collection, name)
	if err != nil {
		return storeError(item.Path, err)
	}
	if found && known.Hash == src.hash && known.Extractor == extractors[src.kind] {
		r.summary.Unchanged++
		r.emit(Event{Event: EventDocument, File: item.Path, Act: known.Act, Document: known.ID, Unchanged: true})
		return nil
	}
	doc, err := r.Reader.read(ctx, src)
	if err != nil {
		return r.problemOrStop(item.Path, err)
	}
	doc.Source, doc.Collection = name, item.Collection
	put, err := r.Store.Put(ctx, doc, r.digest)
	if err != nil {
		return storeError(item.Path, err)
	}
	if put.Unchanged {
		r.summary.Unchanged++
	} else {
		r.summary.Stored++
	}
	r.summary.Units += put.Units
	r.summary.Passages += put.Passages
	r.emit(Event{Event: EventDocument, File: item.Path, Act: doc.Act, Document: put.Document, Units: put.Units, Passages: put.Passages, Embedded: put.Embedded, Unchanged: put.Unchanged})
	return nil
}

// open reads the bytes of an item and gives the name it is stored under.
func (r *run) open(ctx context.Context, item Item) (source, string, error) {
	if isRemote(item.Path) {
		src, err := r.fetch(ctx, item.Path)
		return src, item.Path, err
	}
	src, err := openSource(item.Path)
	return src, item.Source, err
}

// problemOrStop reports a source's failure; the end of the context ends the run.
func (r *run) problemOrStop(file string, err error) error {
	if errors.Is(err, &rag.Error{Code: rag.CodeCancelled}) {
		return err
	}
	r.problem(file, err)
	return nil
}

func (r *run) problem(file string, err error) {
	r.summary.Problems++
	code := rag.CodeInternal
	var known *rag.Error
	if errors.As(err, &known) {
		code = known.Code
	}
	r.emit(Event{Event: EventProblem, File: file, Reason: code, Err: err})
}

// storeError says why the library could not go on: every other file would fail the same way.
func storeError(file string, err error) error {
	var known *rag.Error
	switch {
	case errors.As(err, &known):
		return err
	case errors.Is(err, errDiskFull):
		return &rag.Error{Code: rag.CodeDiskFull, Subject: file, Err: err}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return &rag.Error{Code: rag.CodeCancelled, Err: err}
	}
	return &rag.Error{Code: rag.CodeInternal, Subject: file, Err: err}
}

func (r *run) pending(ctx context.Context) (int, error) {
	if r.digest == "" {
		return 0, nil
	}
	// the count is for the summary, which comes also after a cancel
	texts, _, err := r.Vectors.CountPending(context.WithoutCancel(ctx), r.digest)
	return texts, err
}

// modelDigest names the embedding model in use, "" for none.
func modelDigest(ctx context.Context, embedder rag.Embedder) (string, error) {
	if embedder == nil {
		return "", nil
	}
	model, found, err := embedder.Model(ctx)
	if err != nil || !found {
		return "", err
	}
	return model.Digest, nil
}
