package questions

import (
	"context"
	"slices"
	"strings"

	"referent/internal/polish"
	"referent/rag"
)

// testQuestion is a question and the passage's unit that it should find.
type testQuestion struct {
	text string
	unit unitView
}

type effectView struct {
	Text   string
	Unit   string
	Before int // rank; 0: not among those looked at
	After  int
}

const testQuestions = 3

// chosen gives the test questions of a change: the question itself, then those that were
// typed, which should find the unit too, then the nearest other ones of the document with
// their own units: a question may draw away what belongs elsewhere.
func chosen(units []unitView, unit unitView, text, typed string) []testQuestion {
	tests := []testQuestion{{text, unit}}
	for line := range strings.Lines(typed) {
		if line = strings.TrimSpace(line); line != "" && len(tests) < testQuestions {
			tests = append(tests, testQuestion{line, unit})
		}
	}
	type near struct {
		testQuestion
		shared float64
	}
	var nearest []near
	own := polish.Terms(text)
	for _, u := range units {
		for _, q := range u.Asked {
			if q.Text != text {
				nearest = append(nearest, near{testQuestion{q.Text, u}, likeness(own, polish.Terms(q.Text))})
			}
		}
	}
	slices.SortStableFunc(nearest, func(a, b near) int {
		if a.shared > b.shared {
			return -1
		}
		if a.shared < b.shared {
			return 1
		}
		return 0
	})
	for _, n := range nearest[:min(len(nearest), testQuestions-len(tests))] {
		tests = append(tests, n.testQuestion)
	}
	return tests
}

// likeness is the share of the terms of two texts that both have.
func likeness(a, b []string) float64 {
	all, shared := map[string]bool{}, 0
	for _, term := range a {
		all[term] = true
	}
	for _, term := range b {
		if all[term] {
			shared++
		}
		all[term] = true
	}
	if len(all) == 0 {
		return 0
	}
	return float64(shared) / float64(len(all))
}

// ranks gives the rank of each test's unit, 0 where it is not found.
func (h *Questions) ranks(ctx context.Context, document string, tests []testQuestion) ([]int, error) {
	ranks := make([]int, len(tests))
	for i, test := range tests {
		scope := rag.Scope{Collections: []string{test.unit.Collection}}
		result, err := h.Searcher.Search(ctx, rag.Question{Question: test.text, K: rag.MaxHits, Scope: scope})
		if err != nil {
			return nil, err
		}
		for _, hit := range result.Hits {
			if hit.Document == document && holds(test.unit.Askable, hit) {
				ranks[i] = hit.Rank
				break
			}
		}
	}
	return ranks, nil
}

func holds(u rag.Askable, hit rag.Hit) bool {
	if rag.IsTextKey(u.Key) {
		return hit.Passage == u.Passage
	}
	return hit.Key == u.Key || strings.HasPrefix(hit.Key, u.Key+";")
}

func effects(tests []testQuestion, before, after []int) []effectView {
	views := make([]effectView, len(tests))
	for i, test := range tests {
		views[i] = effectView{test.text, test.unit.Label, before[i], after[i]}
	}
	return views
}
