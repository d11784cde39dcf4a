package eval

import (
	"slices"
	"time"

	"referent/rag"
)

// Result is what a run measured; it is what `-o out.json` writes and --baseline reads.
type Result struct {
	Suite      string      `json:"suite"`
	Started    time.Time   `json:"started"`
	Seconds    float64     `json:"seconds"`
	Referent   string      `json:"referent"` // version
	Model      *rag.Model  `json:"model"`    // that embedded; nil: by words alone
	NoModel    bool        `json:"no_model"`
	K          int         `json:"k"`
	Seed       uint64      `json:"seed"`
	Measured   []string    `json:"metrics"`
	Groups     []Figures   `json:"groups"`
	Answers    []AnswerSum `json:"answers,omitempty"`
	Latency    Latency     `json:"latency"`
	Thresholds []Reached   `json:"thresholds"`
	Comparison *Comparison `json:"comparison,omitempty"`
	Questions  []Outcome   `json:"questions"`

	suite *Suite
}

// Outcome is what a question gave.
type Outcome struct {
	Question
	Hits        []Found                      `json:"hits"`
	Rank        int                          `json:"rank"`         // of the first right article, 0: none
	UnitRank    int                          `json:"unit_rank"`    // of the first right unit, 0: none
	BroaderRank int                          `json:"broader_rank"` // of the first hit that only contains a right unit, 0: none
	Scores      map[Level]map[string]float64 `json:"scores,omitempty"`
	TookMS      float64                      `json:"took_ms"`
	Degraded    []rag.Degradation            `json:"degraded"`
	Answer      *Answered                    `json:"answer,omitempty"`
	Error       string                       `json:"error,omitempty"`
}

// Figures are the estimates of a group at both levels, by metric.
type Figures struct {
	Name   string                        `json:"name"`
	N      int                           `json:"n"`
	Levels map[Level]map[string]Estimate `json:"levels"`
}

// Latency is how long the searches took, as they say themselves.
type Latency struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
}

// Reached says whether a threshold was.
type Reached struct {
	Threshold
	Value  float64 `json:"value"`
	Passed bool    `json:"passed"`
}

// Failed counts the thresholds that were not reached.
func (r *Result) Failed() int {
	failed := 0
	for _, t := range r.Thresholds {
		if !t.Passed {
			failed++
		}
	}
	return failed
}

// Broken counts the questions that could not be asked.
func (r *Result) Broken() int {
	broken := 0
	for _, q := range r.Questions {
		if q.Error != "" {
			broken++
		}
	}
	return broken
}

// Degraded gives what any question was answered without.
func (r *Result) Degraded() []rag.Degradation {
	list := []rag.Degradation{}
	for _, q := range r.Questions {
		for _, d := range q.Degraded {
			if !slices.Contains(list, d) {
				list = append(list, d)
			}
		}
	}
	return list
}

// Group gives the figures of a group.
func (r *Result) Group(name string) (Figures, bool) {
	i := slices.IndexFunc(r.Groups, func(f Figures) bool { return f.Name == name })
	if i < 0 {
		return Figures{}, false
	}
	return r.Groups[i], true
}

// judge holds the hits against the gold; a question without gold has no scores.
func (o *Outcome) judge(metrics []Metric, q Question) {
	o.Question = q // from the suite: a journal keeps no keys
	if len(q.Gold) == 0 {
		return
	}
	o.Scores = map[Level]map[string]float64{}
	for _, level := range Levels {
		j := judge(level, o.Hits, q.Gold)
		scores := make(map[string]float64, len(metrics))
		for _, m := range metrics {
			scores[m.String()] = m.of(j)
		}
		o.Scores[level] = scores
		if level == LevelArticle {
			o.Rank = j.first()
		} else {
			o.UnitRank, o.BroaderRank = j.first(), j.firstBroader()
		}
	}
}

// summarise makes the figures of the groups from the questions.
func (r *Result) summarise(s *Suite) {
	for _, g := range s.groups() {
		r.Groups = append(r.Groups, r.figures(s, g))
	}
	for _, t := range s.Thresholds {
		g, _ := r.Group(t.Group) // the suite was checked: it is there
		value := g.Levels[t.Level][t.Metric].Mean
		r.Thresholds = append(r.Thresholds, Reached{t, value, value >= t.Min})
	}
	if s.Answers {
		r.Answers = sumAnswers(r.Questions)
	}
	var took []float64
	for _, q := range r.Questions {
		if q.Error == "" {
			took = append(took, q.TookMS)
		}
	}
	if len(took) > 0 {
		slices.Sort(took)
		r.Latency = Latency{took[len(took)/2], took[len(took)*95/100]}
	}
}

func (r *Result) figures(s *Suite, g members) Figures {
	f := Figures{Name: g.Name, N: len(g.Index), Levels: map[Level]map[string]Estimate{}}
	var rows [][]float64
	for _, level := range Levels {
		for _, m := range s.metrics {
			rows = append(rows, r.column(g.Index, level, m.String()))
		}
	}
	estimates := bootstrap(rows, s.Seed)
	for _, level := range Levels {
		f.Levels[level] = map[string]Estimate{}
		for _, m := range s.metrics {
			f.Levels[level][m.String()], estimates = estimates[0], estimates[1:]
		}
	}
	return f
}

// column gives a metric of the questions of a group.
func (r *Result) column(index []int, level Level, metric string) []float64 {
	values := make([]float64, len(index))
	for i, at := range index {
		values[i] = r.Questions[at].Scores[level][metric]
	}
	return values
}
