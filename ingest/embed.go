package ingest

import (
	"context"
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
		for len(tasks) > 0 {
			batch := tasks[:min(embedBatch, len(tasks))]
			tasks = tasks[len(batch):]
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
	texts := make([]string, len(tasks))
	runes := 0
	for i, task := range tasks {
		texts[i] = task.Text
		runes += utf8.RuneCountInString(task.Text)
	}
	started := time.Now()
	values, err := e.model.EmbedPassages(ctx, texts)
	if err != nil {
		if ctx.Err() != nil {
			return &rag.Error{Code: rag.CodeCancelled, Err: err}
		}
		return err
	}
	e.spent += time.Since(started)
	vectors := make([]rag.Vector, len(tasks))
	for i := range tasks {
		if i >= len(values) {
			return &rag.Error{Code: rag.CodeOllamaFailed, Subject: "embedding", Limit: len(tasks)}
		}
		vectors[i] = rag.Vector{Hash: tasks[i].Hash, Values: values[i]}
	}
	if err := e.vectors.PutVectors(ctx, e.digest, vectors); err != nil {
		return storeError("", err)
	}
	e.done += len(tasks)
	e.runes += int64(runes)
	return e.progress(ctx)
}

// progress says how far embedding is; the time left follows from characters, for texts differ.
func (e *embedder) progress(ctx context.Context) error {
	pending, left, err := e.vectors.CountPending(ctx, e.digest)
	if err != nil {
		return storeError("", err)
	}
	rate := float64(e.runes) / max(e.spent.Seconds(), 1e-3)
	e.report(Event{Event: EventProgress, Stage: StageEmbed, Embedded: e.done, Done: e.done, Total: e.done + pending, Rate: rate, Left: float64(left) / max(rate, 1)})
	return nil
}
