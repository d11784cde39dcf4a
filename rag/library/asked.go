package library

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/philippgille/chromem-go"

	"referent/internal/polish"
	"referent/rag"
)

// QuestionWords scores articles by BM25 over the words of all their everyday questions.
func (l *Library) QuestionWords(ctx context.Context, scope rag.Scope, question string, k int) (rag.WordHits, error) {
	v, err := l.view(ctx, scope)
	if err != nil || k <= 0 {
		return rag.WordHits{}, err
	}
	return l.questions.search(ctx, polish.QuestionAlternatives(question), v.asked, k, v.letIn)
}

// QuestionsNearest scores articles by the cosine of their nearest everyday question.
func (l *Library) QuestionsNearest(ctx context.Context, scope rag.Scope, digest string, vector []float32, k int) ([]rag.Scored, error) {
	v, err := l.view(ctx, scope)
	if err != nil || k <= 0 {
		return nil, err
	}
	for {
		hits, err := l.vectors.nearestAsked(ctx, digest, vector, k, v)
		if !errors.Is(err, errOtherModel) {
			return hits, err
		}
		if err := l.hydrate(ctx, digest); err != nil {
			return nil, err
		}
	}
}

// Asked names the documents of the scope that have everyday questions.
func (l *Library) Asked(ctx context.Context, scope rag.Scope) (map[string]bool, error) {
	v, err := l.view(ctx, scope)
	if err != nil {
		return nil, err
	}
	asked := map[string]bool{}
	for _, d := range v.documents {
		if d.asked {
			asked[d.id] = true
		}
	}
	return asked, nil
}

// questionsApart marks the names of chromem collections of questions. Those of ours
// have no such byte: SQLite would end a text there.
const questionsApart = "\x00questions"

// askedName names the vector of a question at a passage.
func askedName(passage, question int64) string {
	return passageName(passage) + "/" + strconv.FormatInt(question, 10)
}

func askedPassage(name string) (int64, error) {
	passage, _, _ := strings.Cut(name, "/")
	return strconv.ParseInt(passage, 10, 64)
}

// nearestAsked gives each article the cosine of the nearest of its questions.
func (v *vectorIndex) nearestAsked(ctx context.Context, digest string, vector []float32, k int, scope *view) ([]rag.Scored, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	unit, err := v.ready(digest, vector)
	if err != nil || unit == nil {
		return nil, err
	}
	var hits []rag.Scored
	for _, name := range scope.collections {
		in, found := v.collections[name+questionsApart]
		if !found {
			continue
		}
		best, err := nearestArticles(ctx, in, unit, k, scope.letIn)
		if err != nil {
			return nil, fmt.Errorf("questions of collection %q: %w", name, err)
		}
		for passage, score := range best {
			hits = append(hits, rag.Scored{Passage: passage, Score: score})
		}
	}
	return ranked(hits, k), nil
}

// questionsAnArticle is how many questions an article has at the most, as a rule.
const questionsAnArticle = 5

// nearestArticles asks for more questions until they are of k articles that are let in.
func nearestArticles(ctx context.Context, in *chromem.Collection, unit []float32, k int, letIn func(int64) bool) (map[int64]float64, error) {
	for wanted := k * questionsAnArticle; ; wanted *= 2 {
		n := min(wanted, in.Count())
		if n == 0 {
			return nil, nil
		}
		results, err := in.QueryEmbedding(ctx, unit, n, nil, nil)
		if ctx.Err() != nil {
			return nil, ctx.Err() // chromem would call a part of the result the whole
		}
		if err != nil {
			return nil, err
		}
		best := map[int64]float64{}
		for _, result := range results {
			passage, err := askedPassage(result.ID)
			if err != nil {
				return nil, fmt.Errorf("index by vectors: question %q: %w", result.ID, err)
			}
			if letIn(passage) {
				best[passage] = max(best[passage], float64(result.Similarity))
			}
		}
		if n == in.Count() || settled(best, k, float64(results[n-1].Similarity)) {
			return best, nil
		}
	}
}

// settled says that k articles stand above the last result, so that no other one that
// is equal to the k-th was cut off: ties end by passage, not by chance.
func settled(best map[int64]float64, k int, last float64) bool {
	above := 0
	for score := range maps.Values(best) {
		if score > last {
			above++
		}
	}
	return above >= k
}
