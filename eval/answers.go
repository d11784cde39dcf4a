package eval

import (
	"slices"

	"referent/internal/polish"
	"referent/rag"
)

// Answered is what an answer is held against.
type Answered struct {
	Text      string  `json:"text"`
	Refused   bool    `json:"refused"`
	Right     bool    `json:"right"`     // refused what must be refused, answered the rest
	Cited     bool    `json:"cited"`     // a citation lies in a gold article
	Supported float64 `json:"supported"` // the share of sentences that their sources support
	Nuggets   float64 `json:"nuggets"`   // the mean share of the content words of each nugget that the answer has
	Model     string  `json:"model,omitempty"`
	TotalMS   float64 `json:"total_ms"`
}

// AnswerSum sums up the answers of the questions to answer and of those to refuse.
type AnswerSum struct {
	Refuse    bool    `json:"refuse"` // right was to refuse
	N         int     `json:"n"`
	Right     float64 `json:"right"`
	Cited     float64 `json:"cited"`
	Supported float64 `json:"supported"`
	Nuggets   float64 `json:"nuggets"`
}

func answered(q Question, a rag.Answer) *Answered {
	result := &Answered{Text: a.Answer, Refused: a.Refused, Right: a.Refused == q.Refuse, Model: a.Model, TotalMS: a.Timings.TotalMS}
	for _, c := range a.Citations {
		cited := articleName(c.Act, c.Document, c.Article)
		result.Cited = result.Cited || slices.ContainsFunc(q.Gold, func(g Gold) bool { return g.name() == cited })
	}
	supported := 0
	for _, claim := range a.Claims {
		if claim.Supported {
			supported++
		}
	}
	if len(a.Claims) > 0 {
		result.Supported = float64(supported) / float64(len(a.Claims))
	}
	result.Nuggets = covered(q.Nuggets, a.Answer)
	return result
}

// covered says how much of the nuggets' wording an answer has. It is a count of words,
// not a judgement: it tells runs apart, not good answers from bad ones.
func covered(nuggets []string, answer string) float64 {
	if len(nuggets) == 0 {
		return 0
	}
	has := map[string]bool{}
	for _, term := range polish.Terms(answer) {
		has[term] = true
	}
	sum := 0.0
	for _, nugget := range nuggets {
		terms := polish.Terms(nugget)
		there := 0
		for _, term := range terms {
			if has[term] {
				there++
			}
		}
		if len(terms) > 0 {
			sum += float64(there) / float64(len(terms))
		}
	}
	return sum / float64(len(nuggets))
}

func sumAnswers(outcomes []Outcome) []AnswerSum {
	var sums []AnswerSum
	for _, refuse := range []bool{false, true} {
		sum := AnswerSum{Refuse: refuse}
		for _, o := range outcomes {
			if o.Refuse != refuse || o.Answer == nil {
				continue
			}
			sum.N++
			sum.Right += share(o.Answer.Right)
			sum.Cited += share(o.Answer.Cited)
			sum.Supported += o.Answer.Supported
			sum.Nuggets += o.Answer.Nuggets
		}
		if sum.N > 0 {
			n := float64(sum.N)
			sum.Right, sum.Cited, sum.Supported, sum.Nuggets = sum.Right/n, sum.Cited/n, sum.Supported/n, sum.Nuggets/n
			sums = append(sums, sum)
		}
	}
	return sums
}

func share(is bool) float64 {
	if is {
		return 1
	}
	return 0
}
