package main

import (
	"context"
	"log/slog"

	"referent/rag"
	"referent/rag/library"
)

// questionEditor embeds what an editor adds at once, so that the page can show what it does.
type questionEditor struct{ *office }

// AskableText gives the text of a unit.
func (e questionEditor) AskableText(ctx context.Context, u rag.Askable) (string, error) {
	return e.library.AskableText(ctx, u)
}

// EditQuestions changes questions. Without an embedding model what is added is found by
// words, and by meaning once there is one: it stays pending.
func (e questionEditor) EditQuestions(ctx context.Context, document string, edit rag.QuestionEdit) ([]int64, error) {
	added, err := e.library.EditQuestions(ctx, document, edit)
	if err != nil {
		return nil, err
	}
	for _, q := range edit.Add {
		if err := e.embed(ctx, library.QuestionTask(q.Text)); err != nil {
			slog.WarnContext(ctx, "a question has no vector yet", "error", err)
		}
	}
	return added, nil
}

func (e questionEditor) embed(ctx context.Context, task rag.EmbeddingTask) error {
	digest := e.digest(ctx)
	if digest == "" {
		return nil
	}
	values, err := e.models.Embedder().EmbedQuery(ctx, task.Text)
	if err != nil {
		return err
	}
	return e.library.PutVectors(ctx, digest, []rag.Vector{{Hash: task.Hash, Values: values}})
}
