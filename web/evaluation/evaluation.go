// Package evaluation is the page of an office's own questions: it writes them down,
// marks the provision that answers each, measures how well Referent finds it and
// compares two runs. It imports web/shell, web/source, eval, rag and internal/law.
package evaluation

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"referent/eval"
	"referent/internal/law"
	"referent/rag"
	"referent/web/shell"
)

// Searcher finds the provisions to choose from.
type Searcher interface {
	Search(ctx context.Context, q rag.Question) (rag.SearchResult, error)
}

// Evaluation is the feature.
type Evaluation struct {
	Shell    *shell.Shell
	Desk     *eval.Desk
	Searcher Searcher
}

// page is one of the three pages of the feature.
type page struct {
	shell.Frame
	List *list
	Mark *mark
	Run  *comparison
}

// list is the office's questions and the runs over them.
type list struct {
	Questions []questionView
	Marked    int // questions that can be measured
	Runs      []runView
	Working   bool
	Progress  eval.Progress
	Text      string // kept in the box when something went wrong
	Failure   *shell.ErrorText
}

type questionView struct {
	ID   string
	Text string
	Gold []goldView
	Link string
}

type goldView struct {
	eval.Gold
	Label string
}

type runView struct {
	ID      string
	Link    string
	Started time.Time
	N       int
	First   share // first place
	Five    share // among the first five
	Words   bool  // without an embedding model
}

// share is a number of questions and what part of all they are.
type share struct{ Count, Percent int }

// Page is GET /ewaluacja.
func (h *Evaluation) Page(c *gin.Context) error {
	l, err := h.list()
	if err != nil {
		return err
	}
	return h.show(c, http.StatusOK, "evaluation.title", page{List: &l})
}

func (h *Evaluation) show(c *gin.Context, status int, title string, p page) error {
	p.Frame = h.Shell.Frame(c, "evaluation", h.Shell.Printer(c).Text(title, nil))
	return h.Shell.Page(c, status, "evaluation", p)
}

func (h *Evaluation) list() (list, error) {
	var l list
	questions, err := h.Desk.Questions()
	if err != nil {
		return l, err
	}
	for _, q := range questions {
		v := view(q)
		if len(v.Gold) > 0 {
			l.Marked++
		}
		l.Questions = append(l.Questions, v)
	}
	runs, err := h.Desk.Runs()
	if err != nil {
		return l, err
	}
	for _, r := range runs {
		l.Runs = append(l.Runs, viewRun(r))
	}
	l.Progress, l.Working = h.Desk.Progress()
	return l, nil
}

func view(q eval.Question) questionView {
	v := questionView{ID: q.ID, Text: q.Question, Link: questionPath(q.ID)}
	for _, g := range q.Gold {
		v.Gold = append(v.Gold, goldView{g, law.Label(g.Act, law.Key(g.Key), g.Title)})
	}
	return v
}

func questionPath(id string) string { return "/ewaluacja/pytania/" + url.PathEscape(id) }

func viewRun(r eval.Run) runView {
	v := runView{ID: r.ID, Link: "/ewaluacja/przebiegi/" + url.PathEscape(r.ID), Started: r.Result.Started, N: len(r.Result.Questions)}
	for _, q := range r.Result.Questions {
		if q.Rank == 1 {
			v.First.Count++
		}
		if q.Rank >= 1 && q.Rank <= 5 {
			v.Five.Count++
		}
	}
	v.First.Percent, v.Five.Percent = v.First.Count*100/v.N, v.Five.Count*100/v.N
	v.Words = slices.Contains(r.Result.Degraded(), rag.NoEmbeddings)
	return v
}

// PostAdd is the form that writes a question down; its answer is marked next.
func (h *Evaluation) PostAdd(c *gin.Context) error {
	q, failure := h.Desk.Add(c.PostForm("pytanie"))
	if failure == nil {
		c.Redirect(http.StatusSeeOther, questionPath(q.ID))
		return nil
	}
	return h.failed(c, failure)
}

// failed shows the page again with what went wrong.
func (h *Evaluation) failed(c *gin.Context, failure error) error {
	l, err := h.list()
	if err != nil {
		return err
	}
	text := shell.Explain(h.Shell.Printer(c), failure)
	l.Failure, l.Text = &text, c.PostForm("pytanie")
	return h.show(c, shell.Status(text.Code), "evaluation.title", page{List: &l})
}

// PostDelete is the form that takes a question out.
func (h *Evaluation) PostDelete(c *gin.Context) error {
	if err := h.Desk.Drop(c.Param("id")); err != nil {
		return h.failed(c, err)
	}
	c.Redirect(http.StatusSeeOther, "/ewaluacja")
	return nil
}

// PostRun is the form that starts a run.
func (h *Evaluation) PostRun(c *gin.Context) error {
	if err := h.Desk.Start(); err != nil {
		return h.failed(c, err)
	}
	c.Redirect(http.StatusSeeOther, "/ewaluacja")
	return nil
}
