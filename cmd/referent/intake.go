package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"referent/ingest"
	"referent/rag"
	"referent/web/documents"
)

// intake takes documents in while the page is served. Two workers go side by side:
// one reads the sources of job after job, so that they are found by words at once, the
// other embeds whatever has no vector yet. Jobs outlive the request that started them.
type intake struct {
	reading   ingest.Pipeline // embeds nothing
	looked    noteLook
	embedding ingest.Pipeline

	mu    sync.Mutex
	jobs  []*job // oldest first
	next  int
	read  chan struct{} // a job waits
	embed chan struct{} // texts may wait
	stop  context.CancelFunc
}

// job is an intake on its way; documents.Job is what the page sees of it.
type job struct {
	documents.Job
	work    work
	folder  rag.WatchedFolder  // the one source, where it may be a watched folder
	quiet   bool               // nobody asked for it: it is only shown when it found something
	missing int                // documents of the folder whose files are gone
	cancel  context.CancelFunc // of the reading; nil until it starts
}

// work is what a job does with the pipeline that reads.
type work func(ctx context.Context, p ingest.Pipeline, report ingest.Report) (ingest.Summary, error)

// intakeOf is the work of most jobs.
func intakeOf(items []ingest.Item) work {
	return func(ctx context.Context, p ingest.Pipeline, report ingest.Report) (ingest.Summary, error) {
		return p.Run(ctx, items, report)
	}
}

const keptJobs = 50 // the list on the page; those that have not ended stay in any case

// noteLook keeps what a look at a watched folder found.
type noteLook func(ctx context.Context, collection, path string, look rag.Look) error

func newIntake(pipeline ingest.Pipeline, looked noteLook) *intake {
	reading := pipeline
	reading.Embedder = nil
	return &intake{reading: reading, looked: looked, embedding: pipeline, read: make(chan struct{}, 1), embed: make(chan struct{}, 1)}
}

// Start queues what a request asks for.
func (i *intake) Start(_ context.Context, r documents.Request) (string, error) {
	if r.Refresh {
		return i.start(&job{Job: documents.Job{Collection: r.Collection, Refresh: true}, work: refreshOf(r.Collection)}), nil
	}
	items := make([]ingest.Item, len(r.Sources))
	names := make([]string, len(r.Sources))
	for n, source := range r.Sources {
		items[n] = ingest.Item{Collection: r.Collection, Path: source, Again: r.Again}
		names[n] = nameOf(source)
	}
	j := &job{Job: documents.Job{Collection: r.Collection, Sources: names}, work: intakeOf(items)}
	if len(r.Sources) == 1 {
		j.folder.Collection, j.folder.Path = r.Collection, r.Sources[0]
	}
	return i.start(j), nil
}

// nameOf is a file's name without its folder, or an act as it was asked for.
func nameOf(source string) string {
	if filepath.IsAbs(source) {
		return filepath.Base(source)
	}
	return source
}

func (i *intake) start(j *job) string {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.next++
	j.ID, j.State, j.Started = strconv.Itoa(i.next), documents.JobWaiting, time.Now()
	i.jobs = append(i.jobs, j)
	for len(i.jobs) > keptJobs && i.jobs[0].Ended() {
		i.jobs = i.jobs[1:]
	}
	wake(i.read)
	return j.ID
}

// Jobs gives the jobs, newest first.
func (i *intake) Jobs() []documents.Job {
	i.mu.Lock()
	defer i.mu.Unlock()
	jobs := make([]documents.Job, 0, len(i.jobs))
	for _, j := range slices.Backward(i.jobs) {
		seen := j.Job
		seen.Problems, seen.Wordings = slices.Clone(j.Problems), slices.Clone(j.Wordings)
		jobs = append(jobs, seen)
	}
	return jobs
}

// Cancel stops a job. What it has stored stays and is found by words; what it has not
// embedded is embedded after the next job or start.
func (i *intake) Cancel(id string) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, j := range i.jobs {
		if j.ID != id {
			continue
		}
		switch j.State {
		case documents.JobWaiting:
			j.State = documents.JobCancelled
		case documents.JobReading:
			j.cancel()
		case documents.JobEmbedding:
			j.State = documents.JobCancelled
			if i.stop != nil && !i.anyEmbedding() {
				i.stop()
			}
		}
		return nil
	}
	return &rag.Error{Code: rag.CodeNotFound, Subject: id}
}

// working counts the jobs that have not ended.
func (i *intake) working() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	working := 0
	for _, j := range i.jobs {
		if !j.Ended() {
			working++
		}
	}
	return working
}

// run works until the context ends. What an earlier process left without a vector is
// embedded first.
func (i *intake) run(ctx context.Context) {
	var workers sync.WaitGroup
	workers.Go(func() { eachTime(ctx, i.read, i.readWaiting) })
	workers.Go(func() { eachTime(ctx, i.embed, i.embedPending) })
	workers.Go(func() { i.watch(ctx) })
	wake(i.embed)
	workers.Wait()
}

func wake(signal chan struct{}) {
	select {
	case signal <- struct{}{}:
	default: // it has been woken and will see this too
	}
}

func eachTime(ctx context.Context, signal chan struct{}, work func(context.Context)) {
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-signal:
			work(ctx)
		}
	}
}

// readWaiting reads the waiting jobs, oldest first.
func (i *intake) readWaiting(ctx context.Context) {
	for {
		ctx, cancel := context.WithCancel(ctx)
		j := i.take(cancel)
		if j == nil {
			cancel()
			return
		}
		summary, err := j.work(ctx, i.reading, func(e ingest.Event) { i.note(j, e) })
		i.finishReading(ctx, j, err)
		i.noteLook(ctx, j, summary)
		cancel()
		wake(i.embed)
	}
}

func (i *intake) take(cancel context.CancelFunc) *job {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, j := range i.jobs {
		if j.State == documents.JobWaiting {
			j.State, j.cancel = documents.JobReading, cancel
			return j
		}
	}
	return nil
}

func (i *intake) finishReading(ctx context.Context, j *job, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		j.State = documents.JobCancelled
	case err != nil:
		j.State, j.Err = documents.JobFailed, err
		slog.Error("intake failed", "sources", strings.Join(j.Sources, ", "), "error", err)
	default:
		j.State, j.Done, j.Total = documents.JobEmbedding, 0, 0
	}
}

// embedPending embeds what has no vector; jobs that were read before it began are done
// when it is.
func (i *intake) embedPending(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	i.mu.Lock()
	i.stop = cancel
	var waiting []*job
	for _, j := range i.jobs {
		if j.State == documents.JobEmbedding {
			waiting = append(waiting, j)
		}
	}
	i.mu.Unlock()
	_, err := i.embedding.Embed(ctx, i.noteEmbedding)
	if err != nil && ctx.Err() == nil {
		slog.Error("embedding stopped; documents are found by words", "error", err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.stop = nil
	for _, j := range waiting {
		switch {
		case j.State != documents.JobEmbedding: // cancelled meanwhile
		case ctx.Err() != nil:
			j.State = documents.JobCancelled
		case len(j.Problems) > 0 || err != nil:
			j.State, j.Err = documents.JobPartly, err
		default:
			j.State = documents.JobDone
		}
	}
}

// anyEmbedding says whether a job waits for its vectors; the caller holds the lock.
func (i *intake) anyEmbedding() bool {
	return slices.ContainsFunc(i.jobs, func(j *job) bool { return j.State == documents.JobEmbedding })
}

func (i *intake) noteEmbedding(e ingest.Event) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, j := range i.jobs {
		if j.State == documents.JobEmbedding {
			j.note(e)
		}
	}
}

func (i *intake) note(j *job, e ingest.Event) {
	i.mu.Lock()
	defer i.mu.Unlock()
	j.note(e)
}

// note puts what the pipeline tells into what the page sees.
func (j *job) note(e ingest.Event) {
	switch e.Event {
	case ingest.EventDocument:
		j.Current = nameOf(e.File)
		j.noteWording(e)
	case ingest.EventProblem:
		if e.Reason == rag.CodeSourceMissing { // the page tells of these by themselves
			if rel, err := filepath.Rel(j.folder.Path, e.File); err == nil && filepath.IsLocal(rel) {
				j.missing++
			}
			return
		}
		slog.Warn("not taken in", "file", e.File, "error", e.Err)
		j.Problems = append(j.Problems, documents.Problem{File: nameOf(e.File), Err: e.Err})
	case ingest.EventProgress:
		j.Done, j.Total = e.Done, e.Total
		j.Left = time.Duration(e.Left * float64(time.Second))
	}
}

// considerate embeds a few texts at a time and lets a question that is being answered
// go first: on a small machine both would come late.
type considerate struct {
	rag.Embedder
	busy func() bool
}

const (
	considerateBatch = 4 // about a second on two cores: what a question may have to wait
	considerateLook  = 200 * time.Millisecond
	considerateMost  = time.Minute // then a batch goes between the questions all the same
)

// EmbedPassages embeds when nobody waits for an answer.
func (c considerate) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, 0, len(texts))
	for part := range slices.Chunk(texts, considerateBatch) {
		if err := c.await(ctx); err != nil {
			return nil, err
		}
		some, err := c.Embedder.EmbedPassages(ctx, part)
		if err != nil {
			return nil, err
		}
		vectors = append(vectors, some...)
	}
	return vectors, nil
}

// EmbedQuery embeds an everyday question when nobody waits for an answer.
func (c considerate) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	if err := c.await(ctx); err != nil {
		return nil, err
	}
	return c.Embedder.EmbedQuery(ctx, text)
}

func (c considerate) await(ctx context.Context) error {
	for waited := time.Duration(0); c.busy() && waited < considerateMost; waited += considerateLook {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(considerateLook):
		}
	}
	return nil
}
