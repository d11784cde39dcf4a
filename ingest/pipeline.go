package ingest

import (
	"context"
	"errors"
	"runtime"
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
	// State says how far a stored document is.
	State(ctx context.Context, id, digest string) (rag.Stored, error)
}

// Vectors is what the pipeline asks of the library for embeddings.
type Vectors interface {
	// PendingTexts gives texts without a vector of the model with that digest.
	PendingTexts(ctx context.Context, digest string, limit int) ([]rag.EmbeddingTask, error)
	PutVectors(ctx context.Context, digest string, vectors []rag.Vector) error
	// CountPending counts the texts without a vector, and their code points.
	CountPending(ctx context.Context, digest string) (texts int, runes int64, err error)
}

// Upkeep is what the pipeline asks of the library for sources that come and go.
type Upkeep interface {
	// Sources lists what was read from where; collection "" is all of them.
	Sources(ctx context.Context, collection string) ([]rag.Known, error)
	// SetMissing notes since which day sources are gone, "" that they are back.
	SetMissing(ctx context.Context, ids []string, since string) error
	// Restamp notes how the source of an unchanged document looks now.
	Restamp(ctx context.Context, id string, stamp rag.Stamp) error
}

// Wordings is what the pipeline asks of the library for acts.
type Wordings interface {
	// Wording gives the wording of an act that answers from a collection.
	Wording(ctx context.Context, collection, act string) (rag.Document, bool, error)
	Delete(ctx context.Context, id string) error
}

// Folders remembers the folders that were taken in.
type Folders interface {
	Watch(ctx context.Context, collection, path string) error
	Unwatch(ctx context.Context, collection, path string) error
	Folders(ctx context.Context) ([]rag.WatchedFolder, error)
}

// Bulk tells the library that many documents come, so that it may index them together; after
// settle all are found.
type Bulk func() (settle func(context.Context) error)

// Pipeline takes sources in: reads what changed, stores it, embeds it.
type Pipeline struct {
	Reader   Reader
	Store    Store
	Vectors  Vectors
	Upkeep   Upkeep       // nil: nobody looks for sources that are gone
	Wordings Wordings     // nil: wordings are not compared, nothing is forgotten
	Folders  Folders      // nil: folders are not remembered
	Bulk     Bulk         // nil: documents are indexed one by one
	Embedder rag.Embedder // nil: nothing is embedded, documents are found by words
	Official Official     // for addresses and acts; nil: they are refused
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

	unpacked map[string]map[string]bool // what lies in the archives and messages of this run
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
	return p.run(ctx, report, func(ctx context.Context, r *run) error { return r.all(ctx, items) })
}

func (p Pipeline) run(ctx context.Context, report Report, work func(context.Context, *run) error) (Summary, error) {
	r := &run{Pipeline: p, report: report, started: time.Now(), unpacked: map[string]map[string]bool{}}
	settle := func(context.Context) error { return nil }
	if p.Bulk != nil {
		settle = p.Bulk()
	}
	err := work(ctx, r)
	if settled := settle(ctx); err == nil && settled != nil {
		err = storeError("", settled)
	}
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
	if err := r.remember(ctx, items); err != nil {
		return err
	}
	for _, problem := range problems {
		r.problem(problem.Subject, problem)
	}
	r.files, r.summary.Files = len(files), len(files)
	if len(files) == 0 {
		if err := r.notice(ctx, items); err != nil {
			return err
		}
		if len(problems) > 0 {
			return problems[0]
		}
		return &rag.Error{Code: rag.CodeNoReadableFiles}
	}
	embedErr, err := r.readAndEmbed(ctx, files)
	if err == nil {
		err = r.notice(ctx, items)
	}
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
// stands the library, so embedding never waits for reading but when nothing is stored.
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

// readers is how many files are read at once; no more of them wait for the store. Each may
// hold a file of MaxFileBytes, so memory is bounded by a few files, whatever their number.
var readers = min(runtime.GOMAXPROCS(0), 4)

// reading is an item on its way: read by one of the readers, stored in the items' order.
type reading struct {
	item   Item
	done   chan struct{} // closed when the rest is set
	result result
	err    error
}

// readAll reads items ahead of the store and stores them in their order.
func (r *run) readAll(ctx context.Context, files []Item, stored chan<- struct{}) error {
	group, ctx := errgroup.WithContext(ctx)
	queue := make(chan *reading, readers)
	slots := make(chan struct{}, readers)
	group.Go(func() error {
		defer close(queue)
		for _, item := range files {
			next := &reading{item: item, done: make(chan struct{})}
			select {
			case queue <- next:
			case <-ctx.Done():
				return nil
			}
			slots <- struct{}{} // given back by whoever reads, also after a cancel
			group.Go(func() error {
				defer func() { <-slots }()
				defer close(next.done)
				next.result, next.err = r.prepare(ctx, next.item)
				return nil
			})
		}
		return nil
	})
	group.Go(func() error {
		n := 0
		for next := range queue {
			<-next.done
			if err := ctx.Err(); err != nil {
				return &rag.Error{Code: rag.CodeCancelled, Err: err}
			}
			if err := r.one(ctx, next); err != nil {
				return err
			}
			n++
			r.progress(n, stored)
		}
		return nil
	})
	return group.Wait()
}

// progress tells the embedder and the caller that n items are through.
func (r *run) progress(n int, stored chan<- struct{}) {
	select {
	case stored <- struct{}{}:
	default: // a signal waits already
	}
	rate := float64(n) / max(time.Since(r.started).Seconds(), 1e-3)
	r.emit(Event{Event: EventProgress, Stage: StageRead, Done: n, Total: r.files, Rate: rate, Left: float64(r.files-n) / rate})
}

// problemOrStop reports a source's failure; the end of the context ends the run. A source
// that was broken off by itself is a failure like others.
func (r *run) problemOrStop(ctx context.Context, file string, err error) error {
	if errors.Is(err, &rag.Error{Code: rag.CodeCancelled}) {
		if ctx.Err() != nil {
			return err
		}
		err = &rag.Error{Code: rag.CodeInternal, Subject: file, Err: errors.Unwrap(err)}
	}
	r.problem(file, err)
	return nil
}

func (r *run) problem(file string, err error) {
	r.summary.Problems++
	r.emit(Event{Event: EventProblem, File: file, Reason: reasonOf(err), Err: err})
}

func reasonOf(err error) rag.Code {
	var known *rag.Error
	if errors.As(err, &known) {
		return known.Code
	}
	return rag.CodeInternal
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
