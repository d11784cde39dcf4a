package evaluation

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"referent/eval"
	"referent/rag"
)

// comparison is a run, beside an earlier one where there is one.
type comparison struct {
	Run      runView
	Earlier  *runView
	Others   []runView // to compare with
	Rows     []rowView
	Better   int
	Worse    int
	Proven   bool // the difference of places is more than chance
	Measured []measureView
}

type rowView struct {
	questionView
	Rank   int
	Before int
	Shared bool // the earlier run had it
	Change string
	Failed bool
}

// The changes of a row; they name texts of the catalogue.
const (
	changeBetter = "better"
	changeWorse  = "worse"
	changeNone   = "same"
)

type measureView struct {
	Name          string
	Now, Low, Top int // per cent
	Before        int
	P             float64
	Significant   bool
}

// RunPage is GET /ewaluacja/przebiegi/:id; "z" names the run to compare with, which is
// the one before unless another is asked for.
func (h *Evaluation) RunPage(c *gin.Context) error {
	runs, err := h.Desk.Runs()
	if err != nil {
		return err
	}
	at := slices.IndexFunc(runs, func(r eval.Run) bool { return r.ID == c.Param("id") })
	if at < 0 {
		return &rag.Error{Code: rag.CodeNotFound, Subject: c.Param("id")}
	}
	p := comparison{Run: viewRun(runs[at])}
	var earlier *eval.Run
	for i, r := range runs {
		if i == at {
			continue
		}
		p.Others = append(p.Others, viewRun(r))
		if wanted := c.Query("z"); r.ID == wanted || wanted == "" && earlier == nil && i > at {
			earlier = &runs[i]
		}
	}
	before := map[string]eval.Outcome{}
	if earlier != nil {
		view := viewRun(*earlier)
		p.Earlier = &view
		runs[at].Result.Compare(earlier.Result, earlier.ID)
		for _, q := range earlier.Result.Questions {
			before[q.ID] = q
		}
	}
	p.measure(runs[at].Result)
	for _, q := range runs[at].Result.Questions {
		p.add(row(q, before))
	}
	return h.show(c, http.StatusOK, "evaluation.run_title", page{Run: &p})
}

func row(q eval.Outcome, before map[string]eval.Outcome) rowView {
	row := rowView{questionView: view(q.Question), Rank: q.Rank, Failed: q.Error != "", Change: changeNone}
	earlier, shared := before[q.ID]
	row.Before, row.Shared = earlier.Rank, shared
	switch now, then := place(q.Rank), place(earlier.Rank); {
	case !shared || now == then:
	case now < then:
		row.Change = changeBetter
	default:
		row.Change = changeWorse
	}
	return row
}

// place orders ranks: what was not found stands behind everything.
func place(rank int) int {
	if rank == 0 {
		return eval.MaxCut + 1
	}
	return rank
}

func (p *comparison) add(row rowView) {
	switch row.Change {
	case changeBetter:
		p.Better++
	case changeWorse:
		p.Worse++
	}
	p.Rows = append(p.Rows, row)
}

// measure takes the figures of articles over all questions.
func (p *comparison) measure(r *eval.Result) {
	all := r.Groups[0] // a run has at least one question with its answer marked
	for _, metric := range []string{"hit@1", "hit@5"} {
		e := all.Levels[eval.LevelArticle][metric]
		p.Measured = append(p.Measured, measureView{Name: metric, Now: percent(e.Mean), Low: percent(e.Low), Top: percent(e.High)})
	}
	if r.Comparison == nil {
		return
	}
	for i := range p.Measured {
		for _, t := range r.Comparison.Tests {
			if t.Group == all.Name && t.Level == eval.LevelArticle && t.Metric == p.Measured[i].Name {
				p.Measured[i].Before, p.Measured[i].P, p.Measured[i].Significant = percent(t.Before), t.P, t.Significant
				p.Proven = p.Proven || t.Significant
			}
		}
	}
}

func percent(share float64) int { return int(share*100 + 0.5) }
