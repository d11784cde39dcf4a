package library

import (
	"context"
	"errors"

	"referent/internal/polish"
	"referent/rag"
)

// Words scores passages by BM25 over the words of a question. Reach is on the same
// scale: no passage can score more.
func (l *Library) Words(ctx context.Context, scope rag.Scope, question string, k int) (rag.WordHits, error) {
	v, err := l.view(ctx, scope)
	if err != nil || k <= 0 {
		return rag.WordHits{}, err
	}
	return l.words.search(ctx, polish.QuestionAlternatives(question), v.words, k, v.letIn)
}

// Restored gives a question that was typed without diacritics with them, as the words of
// the library make likely.
func (l *Library) Restored(ctx context.Context, question string) (string, error) {
	return l.words.restored(ctx, question)
}

// Nearest scores passages by cosine against vectors of the model with that digest. The
// first question to a model brings its vectors into memory.
func (l *Library) Nearest(ctx context.Context, scope rag.Scope, digest string, vector []float32, k int) ([]rag.Scored, error) {
	v, err := l.view(ctx, scope)
	if err != nil || k <= 0 {
		return nil, err
	}
	for {
		hits, err := l.vectors.nearest(ctx, digest, vector, k, v)
		if !errors.Is(err, errOtherModel) {
			return hits, err
		}
		if err := l.hydrate(ctx, digest); err != nil {
			return nil, err
		}
	}
}

// hydrate brings the vectors of a model into memory in place of those of another.
func (l *Library) hydrate(ctx context.Context, digest string) error {
	l.commit.Lock()
	defer l.commit.Unlock()
	if l.vectors.holds(digest) {
		return nil // while we waited
	}
	return l.vectors.hydrate(ctx, l.reader, digest)
}

// Searched names the collections that a scope reads.
func (l *Library) Searched(ctx context.Context, scope rag.Scope) ([]string, error) {
	h, err := l.held(ctx)
	if err != nil {
		return nil, err
	}
	return h.searched(scope)
}

func (l *Library) view(ctx context.Context, scope rag.Scope) (*view, error) {
	h, err := l.held(ctx)
	if err != nil {
		return nil, err
	}
	return h.view(scope)
}
