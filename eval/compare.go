package eval

import (
	"encoding/json"
	"errors"
	"os"
	"slices"

	"referent/rag"
)

// Comparison holds a run against an earlier one over the questions that both have.
type Comparison struct {
	Baseline string    `json:"baseline"` // its file
	Shared   int       `json:"shared"`   // questions with gold in both
	Tests    []Test    `json:"tests"`
	Changed  []Changed `json:"changed"` // questions whose first right article or unit stands elsewhere
}

// Test is the difference of a metric over a group: paired randomisation, with Holm's
// correction over all tests of the comparison.
type Test struct {
	Group       string  `json:"group"`
	Level       Level   `json:"level"`
	Metric      string  `json:"metric"`
	N           int     `json:"n"`
	Before      float64 `json:"before"`
	After       float64 `json:"after"`
	P           float64 `json:"p"`
	Corrected   float64 `json:"p_holm"`
	Significant bool    `json:"significant"`
}

// Changed is a question that the two runs rank differently.
type Changed struct {
	ID         string  `json:"id"`
	Question   string  `json:"question"`
	Style      string  `json:"style,omitempty"`
	Gold       []Gold  `json:"gold"`
	Before     int     `json:"before"` // rank of the first right article, 0: none
	After      int     `json:"after"`
	UnitBefore int     `json:"unit_before"`
	UnitAfter  int     `json:"unit_after"`
	HitsBefore []Found `json:"hits_before"`
	HitsAfter  []Found `json:"hits_after"`
}

// ReadResult reads what a run wrote as JSON.
func ReadResult(path string) (*Result, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: err}
	}
	var r Result
	if err := json.Unmarshal(content, &r); err != nil {
		return nil, &rag.Error{Code: rag.CodeResultInvalid, Subject: path, Err: err}
	}
	if len(r.Questions) == 0 {
		return nil, &rag.Error{Code: rag.CodeResultInvalid, Subject: path, Err: errors.New("it holds no questions")}
	}
	if err := r.restore(); err != nil {
		return nil, &rag.Error{Code: rag.CodeResultInvalid, Subject: path, Err: err}
	}
	return &r, nil
}

// restore makes the suite of a result that was read, as far as comparing needs it: the
// groups that a suite named itself are not in it.
func (r *Result) restore() error {
	s := &Suite{Name: r.Suite, K: r.K, Seed: r.Seed, Metrics: r.Measured, Questions: []Set{{}}}
	for i := range r.Questions {
		q := &r.Questions[i].Question
		var gold []Gold
		for _, g := range q.Gold {
			resolved, err := g.resolve()
			if err != nil {
				return err
			}
			gold = append(gold, resolved...)
		}
		q.Gold = gold
		s.asked = append(s.asked, *q)
	}
	r.suite = s
	return s.check()
}

// Compare holds the result against an earlier one. Metrics that the earlier run has
// not are left out.
func (r *Result) Compare(baseline *Result, file string) {
	before := map[string]Outcome{}
	for _, q := range baseline.Questions {
		before[q.ID] = q
	}
	c := &Comparison{Baseline: file, Tests: []Test{}, Changed: []Changed{}}
	for _, q := range r.Questions {
		earlier, both := before[q.ID]
		if !both || len(q.Gold) == 0 || len(earlier.Scores) == 0 {
			continue
		}
		c.Shared++
		if q.Rank != earlier.Rank || q.UnitRank != earlier.UnitRank {
			c.Changed = append(c.Changed, changed(earlier, q))
		}
	}
	for _, group := range r.suite.groups() {
		for _, level := range Levels {
			for _, m := range r.suite.metrics {
				if test, possible := r.test(before, group, level, m.String()); possible {
					c.Tests = append(c.Tests, test)
				}
			}
		}
	}
	p := make([]float64, len(c.Tests))
	for i, t := range c.Tests {
		p[i] = t.P
	}
	for i, corrected := range holm(p) {
		c.Tests[i].Corrected, c.Tests[i].Significant = corrected, corrected < significance
	}
	r.Comparison = c
}

// Significant counts the tests that found a difference.
func (c *Comparison) Significant() int {
	significant := 0
	for _, t := range c.Tests {
		if t.Significant {
			significant++
		}
	}
	return significant
}

func (r *Result) test(before map[string]Outcome, g members, level Level, metric string) (Test, bool) {
	t := Test{Group: g.Name, Level: level, Metric: metric}
	var earlier, now, differences []float64
	for _, at := range g.Index {
		value, has := before[r.Questions[at].ID].Scores[level][metric]
		if !has {
			continue
		}
		after := r.Questions[at].Scores[level][metric]
		earlier, now, differences = append(earlier, value), append(now, after), append(differences, after-value)
	}
	if len(differences) == 0 {
		return Test{}, false
	}
	t.N, t.Before, t.After = len(differences), mean(earlier), mean(now)
	t.P = randomise(differences, r.Seed)
	return t, true
}

const shownHits = 5 // of a changed question

func changed(before, after Outcome) Changed {
	return Changed{
		ID: after.ID, Question: after.Question.Question, Style: after.Style, Gold: after.Gold,
		Before: before.Rank, After: after.Rank, UnitBefore: before.UnitRank, UnitAfter: after.UnitRank,
		HitsBefore: slices.Clone(before.Hits[:min(shownHits, len(before.Hits))]),
		HitsAfter:  slices.Clone(after.Hits[:min(shownHits, len(after.Hits))]),
	}
}
