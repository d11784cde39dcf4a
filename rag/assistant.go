package rag

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"time"

	"referent/prompts"
)

// Source is a unit as the model is shown it and as an answer is held against it.
type Source struct {
	N     int    // the marker [N]
	Label string // "art. 35 § 3 k.p.a."
	Text  string
}

// Check holds an answer against its sources: it gives the answer with markers that
// resolve to a source only, missing ones added where a source clearly supports a
// sentence, and the sentences with what is wrong with each. It is one call, so it is
// a function; rag/check has one.
type Check func(answer string, sources []Source) (checked string, claims []Claim)

// Config is what an Assistant is made of. Embedder and Generator may be nil: then
// there is no such model.
type Config struct {
	Index     Index
	Shelf     Shelf
	Catalogue Catalogue
	Questions QuestionIndex // nil: documents are found by their own texts alone
	Embedder  Embedder
	Generator Generator
	Check     Check
	Prompt    *prompts.Prompt // nil: the one that comes with Referent
	Seed      int
}

// Assistant answers questions from the library. Its methods may be called at once
// from many goroutines; answers are generated one at a time, first come first served.
type Assistant struct {
	Config
	gate gate
}

// New makes an assistant.
func New(config Config) (*Assistant, error) {
	if config.Index == nil || config.Shelf == nil || config.Catalogue == nil || config.Check == nil {
		return nil, errors.New("rag: an assistant needs an index, a shelf, a catalogue and a check")
	}
	if config.Prompt == nil {
		prompt, err := prompts.Load(prompts.Answer)
		if err != nil {
			return nil, err
		}
		config.Prompt = prompt
	}
	return &Assistant{Config: config}, nil
}

// Beginning is what every prompt begins with: a model that has read it once starts
// to answer sooner.
func (a *Assistant) Beginning() []Message { return messagesOf(a.Prompt.Constant()) }

// Waiting counts the questions whose answers are being written or wait for that.
func (a *Assistant) Waiting() int { return a.gate.waiting() }

// Search finds the units that answer a question.
func (a *Assistant) Search(ctx context.Context, q Question) (SearchResult, error) {
	start := time.Now()
	if err := validate(q); err != nil {
		return SearchResult{}, err
	}
	u := understand(q)
	found, err := a.retrieve(ctx, q, u)
	if err != nil {
		return SearchResult{}, cancelled(ctx, err)
	}
	k := q.K
	if k <= 0 {
		k = DefaultHits
	}
	hits, err := a.hits(ctx, u, found, min(k, MaxHits), q.Explain)
	if err != nil {
		return SearchResult{}, cancelled(ctx, err)
	}
	degraded := found.degraded
	if q.NoModel {
		degraded = append([]Degradation{NoModel}, degraded...)
	}
	return SearchResult{
		ID: identifier(q), Query: u.text, Hits: hits, Degraded: degraded, TookMS: milliseconds(time.Since(start)),
	}, nil
}

func identifier(q Question) string {
	if q.ID != "" {
		return q.ID
	}
	return strings.ToLower(rand.Text()[:12])
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// cancelled makes CodeCancelled of an error that came because nobody waits any more.
func cancelled(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return &Error{Code: CodeCancelled, Err: err}
	}
	var known *Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	return fmt.Errorf("rag: %w", err)
}
