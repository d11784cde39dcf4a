package rag

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"referent/internal/law"
)

const (
	// legHits is how many passages a leg returns. More of them hardly ever bring the
	// right article and cost reading.
	legHits = 100
	// maxLookups bounds what one question may cite.
	maxLookups = 8
	// queryTimeout is how long the embedding of a question may take before the search
	// goes on by words alone. A model that must be loaded first takes a few seconds.
	queryTimeout = 8 * time.Second
	// restOfUnit is what the look-up gives the passages of a cited unit after the first,
	// when nothing but the unit is asked for.
	restOfUnit = 0.5
)

// retrieved is what was found, best article first.
type retrieved struct {
	searched []string // names of the collections
	articles []fused
	evidence evidence
	degraded []Degradation
}

// retrieve runs the legs and fuses them.
func (a *Assistant) retrieve(ctx context.Context, q Question, u understood) (retrieved, error) {
	searched, err := a.Catalogue.Searched(ctx, q.Scope)
	if err != nil {
		return retrieved{}, err
	}
	if len(searched) == 0 {
		return retrieved{}, &Error{Code: CodeEmptyLibrary}
	}
	found := retrieved{searched: searched, degraded: []Degradation{}}
	cited, err := a.lookup(ctx, q.Scope, u)
	if err != nil {
		return retrieved{}, err
	}
	words, err := a.Index.Words(ctx, q.Scope, u.words, legHits)
	if err != nil {
		return retrieved{}, err
	}
	m, err := a.nearest(ctx, q, u.text)
	if err != nil {
		return retrieved{}, err
	}
	found.degraded = append(found.degraded, m.degraded...)
	unread, err := a.Catalogue.Unread(ctx, q.Scope)
	if err != nil {
		return retrieved{}, err
	}
	if unread > 0 {
		found.degraded = append(found.degraded, NoOCR)
	}
	texts := shares(words)
	legs := []leg{
		{name: LegLookup, weight: DefaultWeights.Lookup, hits: cited},
		{name: LegWords, weight: DefaultWeights.Words, hits: texts},
	}
	if m.hits != nil {
		legs = append(legs, leg{name: LegVectors, weight: DefaultWeights.Vectors, hits: m.hits})
	}
	everyday, asked, err := a.everyday(ctx, q.Scope, u.words, texts, m)
	if err != nil {
		return retrieved{}, err
	}
	legs = append(legs, everyday...)
	passages, err := a.passages(ctx, legs, q.Scope.AsOf)
	if err != nil {
		return retrieved{}, err
	}
	found.articles = fuse(legs, passages, asked, u.acts())
	found.evidence = weigh(u, len(cited) > 0, words, m.hits, m.floor, everyday)
	return found, nil
}

// lookup finds the units that a question cites. An act named alone says where to
// search, not what to find: its words do that. Where the question asks for nothing else,
// the beginning of the unit goes before its other passages in each document.
func (a *Assistant) lookup(ctx context.Context, scope Scope, u understood) ([]Scored, error) {
	var cited []Scored
	seen := map[int64]bool{}
	for _, reference := range u.references[:min(len(u.references), maxLookups)] {
		if reference.Key == "" {
			continue
		}
		passages, err := a.holders(ctx, scope, reference)
		if err != nil {
			return nil, err
		}
		begun := map[string]bool{}
		for _, passage := range passages {
			if seen[passage.ID] {
				continue
			}
			seen[passage.ID] = true
			score := 1.0
			if u.bare && begun[passage.Document.ID] {
				score = restOfUnit
			}
			begun[passage.Document.ID] = true
			cited = append(cited, Scored{passage.ID, score})
		}
	}
	return cited, nil
}

// holders gives the passages that hold a unit, of each act that the reference may mean.
func (a *Assistant) holders(ctx context.Context, scope Scope, reference law.Reference) ([]Passage, error) {
	var held []Passage
	for _, act := range reference.Acts() {
		passages, err := a.Shelf.Lookup(ctx, scope, act, string(reference.Key))
		if err != nil {
			return nil, err
		}
		held = append(held, passages...)
	}
	return held, nil
}

// shares divides BM25 by what the question could have reached, so that it compares
// between questions.
func shares(words WordHits) []Scored {
	hits := make([]Scored, len(words.Hits))
	for i, hit := range words.Hits {
		hits[i] = Scored{hit.Passage, share(hit.Score, words.Reach)}
	}
	return hits
}

func share(score, reach float64) float64 {
	if reach <= 0 {
		return 0
	}
	return score / reach
}

// meaning is what a question found by its vector, and the vector.
type meaning struct {
	hits     []Scored // nil where the vectors could not be searched
	floor    float64
	digest   string
	vector   []float32
	degraded []Degradation
}

var noMeaning = meaning{degraded: []Degradation{NoEmbeddings}}

// nearest searches by meaning. Without an embedding model, or with one that does not
// answer in time, it says so and the search goes on by words.
func (a *Assistant) nearest(ctx context.Context, q Question, text string) (meaning, error) {
	if q.NoModel || a.Embedder == nil {
		return noMeaning, nil
	}
	text, err := a.Index.Restored(ctx, text)
	if err != nil {
		return meaning{}, err
	}
	deadline, cancel := context.WithTimeout(ctx, queryTimeout)
	defer cancel()
	model, found, err := a.Embedder.Model(deadline)
	if err == nil && !found {
		return noMeaning, nil
	}
	m := meaning{floor: model.Floor, digest: model.Digest}
	if err == nil {
		m.vector, err = a.Embedder.EmbedQuery(deadline, text)
	}
	if err != nil {
		if ctx.Err() != nil {
			return meaning{}, err
		}
		if !modelFault(err) && deadline.Err() == nil {
			return meaning{}, err
		}
		slog.WarnContext(ctx, "searching by words alone", "error", err)
		return noMeaning, nil
	}
	if m.hits, err = a.Index.Nearest(ctx, q.Scope, m.digest, m.vector, legHits); err != nil {
		return meaning{}, err
	}
	pending, err := a.Catalogue.Pending(ctx, q.Scope, m.digest)
	if err != nil {
		return meaning{}, err
	}
	if pending > 0 {
		m.degraded = append(m.degraded, EmbeddingPending)
	}
	if len(m.hits) == 0 {
		m.hits = nil
	}
	return m, nil
}

// modelFault says whether an error is one that a search can do without the model for.
func modelFault(err error) bool {
	var known *Error
	if !errors.As(err, &known) {
		return false
	}
	switch known.Code {
	case CodeOllamaUnreachable, CodeOllamaFailed, CodeOllamaInterrupted, CodeModelMissing:
		return true
	}
	return false
}

// passages reads what the legs found. Where a day is asked about, a document's status is
// that of the day.
func (a *Assistant) passages(ctx context.Context, legs []leg, asOf string) (map[int64]Passage, error) {
	var ids []int64
	seen := map[int64]bool{}
	for _, l := range legs {
		for _, hit := range l.hits {
			if !seen[hit.Passage] {
				seen[hit.Passage] = true
				ids = append(ids, hit.Passage)
			}
		}
	}
	stored, err := a.Shelf.Passages(ctx, ids)
	if err != nil {
		return nil, err
	}
	passages := make(map[int64]Passage, len(stored))
	for _, p := range stored {
		if asOf != "" {
			then := *p.Document
			then.Status = then.StatusOn(asOf)
			p.Document = &then
		}
		passages[p.ID] = p
	}
	return passages, nil
}

// hits gives the best k articles with their best units.
func (a *Assistant) hits(ctx context.Context, u understood, found retrieved, k int, explain bool) ([]Hit, error) {
	hits := []Hit{}
	for i, f := range found.articles[:min(k, len(found.articles))] {
		unit, err := a.shownUnit(ctx, f.passage, u)
		if err != nil {
			return nil, err
		}
		if f.passage, err = a.around(ctx, f.passage, unit); err != nil {
			return nil, err
		}
		hit := hitOf(f, unit)
		hit.Rank = i + 1
		if explain {
			hit.Legs = f.legs
		}
		hits = append(hits, hit)
	}
	return hits, nil
}

func hitOf(f fused, unit Unit) Hit {
	p := f.passage
	return Hit{
		Score: f.score, Act: p.Document.Act, Unit: unit.Citation, Key: unit.Key, Article: p.Article,
		Title: p.Document.Title, Document: p.Document.ID, Collection: p.Document.Collection, Page: unit.Page,
		Passage: p.ID, Text: p.Text, Span: unit.Span, Status: p.Document.Of(unit.Status),
		WordingDate: p.Document.WordingDate, TextKind: p.Document.TextKind,
	}
}
