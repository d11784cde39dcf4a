package ingest

import (
	"context"
	"slices"
	"sort"
	"syscall"
	"time"
	"unicode/utf8"

	"referent/rag"
)

// errDiskFull is how the operating system says it.
const errDiskFull = syscall.ENOSPC

// A window of texts is taken from the library at once and sorted by length, so that the
// texts of a batch are alike: a batch takes as long as its longest text. A crash loses
// at most a batch.
const (
	embedWindow = 512
	embedBatch  = 32
)

// measuredEnough is how long the model has to have worked before its speed foretells.
const measuredEnough = 20 * time.Second

// Embed embeds what has no vector yet; a server calls it in the background. It returns how
// many texts were embedded. Without an embedding model there is nothing to do.
func (p Pipeline) Embed(ctx context.Context, report Report) (int, error) {
	digest, err := modelDigest(ctx, p.Embedder)
	if err != nil || digest == "" {
		return 0, err
	}
	e := embedder{vectors: p.Vectors, model: p.Embedder, digest: digest, report: report}
	err = e.drain(ctx)
	return e.done, err
}

// embedder embeds pending texts and keeps count for progress.
type embedder struct {
	vectors Vectors
	model   rag.Embedder
	digest  string
	report  Report

	done  int
	runes int64
	spent time.Duration // in the model alone, so that the rate is the model's
}

// drain embeds until nothing is pending.
func (e *embedder) drain(ctx context.Context) error {
	for {
		tasks, err := e.vectors.PendingTexts(ctx, e.digest, embedWindow)
		if err != nil {
			return storeError("", err)
		}
		if len(tasks) == 0 {
			return nil
		}
		sort.SliceStable(tasks, func(i, j int) bool { return len(tasks[i].Text) < len(tasks[j].Text) })
		for batch := range slices.Chunk(tasks, embedBatch) {
			if err := e.batch(ctx, batch); err != nil {
				return err
			}
		}
	}
}

func (e *embedder) batch(ctx context.Context, tasks []rag.EmbeddingTask) error {
	if err := ctx.Err(); err != nil {
		return &rag.Error{Code: rag.CodeCancelled, Err: err}
	}
	runes := 0
	for _, task := range tasks {
		runes += utf8.RuneCountInString(task.Text)
	}
	started := time.Now()
	vectors, err := e.embed(ctx, tasks)
	if err != nil {
		if ctx.Err() != nil {
			return &rag.Error{Code: rag.CodeCancelled, Err: err}
		}
		return err
	}
	e.spent += time.Since(started)
	if err := e.vectors.PutVectors(ctx, e.digest, vectors); err != nil {
		return storeError("", err)
	}
	e.done += len(tasks)
	e.runes += int64(runes)
	return e.progress(ctx)
}

// embed embeds passages together and everyday questions one by one, as the questions of
// people are: Ollama works on texts one after another in either case.
func (e *embedder) embed(ctx context.Context, tasks []rag.EmbeddingTask) ([]rag.Vector, error) {
	var vectors []rag.Vector
	var passages []rag.EmbeddingTask
	var texts []string
	for _, task := range tasks {
		if !task.Question {
			passages, texts = append(passages, task), append(texts, task.Text)
			continue
		}
		values, err := e.model.EmbedQuery(ctx, task.Text)
		if err != nil {
			return nil, err
		}
		vectors = append(vectors, rag.Vector{Hash: task.Hash, Values: values})
	}
	if len(texts) == 0 {
		return vectors, nil
	}
	values, err := e.model.EmbedPassages(ctx, texts)
	if err != nil {
		return nil, err
	}
	if len(values) != len(texts) {
		return nil, &rag.Error{Code: rag.CodeOllamaFailed, Subject: "embedding", Limit: len(texts)}
	}
	for i, task := range passages {
		vectors = append(vectors, rag.Vector{Hash: task.Hash, Values: values[i]})
	}
	return vectors, nil
}

// progress says how far embedding is; the time left follows from characters, for texts differ.
func (e *embedder) progress(ctx context.Context) error {
	pending, left, err := e.vectors.CountPending(ctx, e.digest)
	if err != nil {
		return storeError("", err)
	}
	rate := float64(e.runes) / max(e.spent.Seconds(), 1e-3)
	seconds := float64(left) / max(rate, 1)
	if e.spent < measuredEnough {
		seconds = 0 // loading the model and whoever else works would be taken for its speed
	}
	e.report(Event{Event: EventProgress, Stage: StageEmbed, Embedded: e.done, Done: e.done, Total: e.done + pending, Rate: rate, Left: seconds})
	return nil
}
