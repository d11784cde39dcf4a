package eval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"referent/rag"
)

// Searcher is what a run asks: the call of `referent search`.
type Searcher interface {
	Search(ctx context.Context, q rag.Question) (rag.SearchResult, error)
}

// Answerer is what a run with answers asks: the call of `referent ask`.
type Answerer interface {
	Ask(ctx context.Context, q rag.Question, event func(rag.Event) error) (rag.Answer, error)
}

// Options say how a suite is run. All but Searcher may be left out.
type Options struct {
	Searcher Searcher
	Answerer Answerer
	NoModel  bool
	AnyLegs  bool               // a search by words alone is measured as it is, though a model was wanted
	Fetch    int                // hits asked for where several may have one name; 0: the suite's K
	Name     Name               // nil: ByArticle
	Journal  *Journal           // keeps what is done, so that a run that was stopped goes on
	Progress func(done, of int) // nil: nobody looks
}

// Run asks every question of the suite and gives the result. A question that fails is
// kept with its error and counts as not found; a cancelled context ends the run.
func (s *Suite) Run(ctx context.Context, o Options) (*Result, error) {
	if o.Name == nil {
		o.Name = ByArticle
	}
	began := time.Now()
	r := &Result{Suite: s.Name, K: s.K, Seed: s.Seed, Measured: s.Metrics, Started: began.UTC().Truncate(time.Second), NoModel: o.NoModel, suite: s}
	for i, q := range s.asked {
		outcome, done := o.Journal.outcome(q.ID)
		if !done {
			var err error
			if outcome, err = s.ask(ctx, o, q); err != nil {
				return nil, err
			}
			if err := o.Journal.keep(outcome); err != nil {
				return nil, fmt.Errorf("keeping what was measured: %w", err)
			}
		}
		outcome.judge(s.metrics, q)
		r.Questions = append(r.Questions, outcome)
		if o.Progress != nil {
			o.Progress(i+1, len(s.asked))
		}
	}
	r.Seconds = time.Since(began).Seconds()
	r.summarise(s)
	return r, nil
}

func (s *Suite) ask(ctx context.Context, o Options, q Question) (Outcome, error) {
	outcome := Outcome{Question: q, Hits: []Found{}}
	question := rag.Question{
		ID: q.ID, Question: q.Question, History: q.History, NoModel: o.NoModel, K: max(s.K, o.Fetch),
		Scope: rag.Scope{Collections: s.Corpus.Collections},
	}
	result, err := o.Searcher.Search(ctx, question)
	if err != nil {
		return failed(ctx, outcome, err)
	}
	if !o.NoModel && !o.AnyLegs && slices.Contains(result.Degraded, rag.NoEmbeddings) {
		return failed(ctx, outcome, errors.New("the embedding model did not answer: the search went by words alone"))
	}
	outcome.Hits = found(result.Hits, o.Name)
	outcome.Hits = outcome.Hits[:min(s.K, len(outcome.Hits))]
	outcome.TookMS, outcome.Degraded = result.TookMS, result.Degraded
	if s.Answers && o.Answerer != nil {
		answer, err := o.Answerer.Ask(ctx, question, func(rag.Event) error { return nil })
		if err != nil {
			return failed(ctx, outcome, err)
		}
		outcome.Answer = answered(q, answer)
	}
	return outcome, nil
}

// failed keeps the error of a question; the end of the context and a library that is
// not there end the run.
func failed(ctx context.Context, outcome Outcome, err error) (Outcome, error) {
	if ctx.Err() != nil {
		return Outcome{}, &rag.Error{Code: rag.CodeCancelled, Err: ctx.Err()}
	}
	for _, code := range []rag.Code{rag.CodeEmptyLibrary, rag.CodeUnknownCollection} {
		if errors.Is(err, &rag.Error{Code: code}) {
			return Outcome{}, err
		}
	}
	outcome.Error = err.Error()
	return outcome, nil
}
