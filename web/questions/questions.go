// Package questions is the editor's view of the everyday questions by which the units of
// a document are found: add, change, take off and undo, with what that does to the ranks
// of test questions. It imports web/shell, web/source, rag, rag/enrich and internal/polish.
package questions

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"referent/rag"
	"referent/web/shell"
	"referent/web/source"
)

// Library is what the page reads.
type Library interface {
	AskableOf(ctx context.Context, document string, by rag.Hand) ([]rag.Askable, error)
	AskedOf(ctx context.Context, document string) ([]rag.AskedQuestion, error)
	TakenOff(ctx context.Context, document string) ([]rag.AskedQuestion, error)
}

// Editor changes questions. What it adds is found by words and by meaning when it returns,
// by words alone where no model embeds.
type Editor interface {
	AskableText(ctx context.Context, u rag.Askable) (string, error)
	EditQuestions(ctx context.Context, document string, edit rag.QuestionEdit) ([]int64, error)
}

// Searcher ranks the units for a test question.
type Searcher interface {
	Search(ctx context.Context, q rag.Question) (rag.SearchResult, error)
}

// Pace is what was measured of the model that would write questions; the zero one where
// nothing was.
type Pace = func(ctx context.Context) rag.Pace

// Questions is the feature.
type Questions struct {
	Shell    *shell.Shell
	Library  Library
	Editor   Editor
	Searcher Searcher
	Pace     Pace
}

type page struct {
	shell.Frame
	Document string
	Heading  string
	Source   string // link to the text
	Action   string
	Units    []unitView // of the whole document
	Unit     *unitView  // that is being edited
	Missing  int        // units without questions
	Time     string     // that enrich would take here; "" where nothing was measured
	Reasons  []string   // why a question was not taken
	Text     string     // as it was typed
	Tests    string
	Effects  []effectView
	Undo     *undoView
}

type unitView struct {
	rag.Askable
	Label  string
	Link   string
	Asked  []rag.AskedQuestion
	Off    []rag.AskedQuestion
	Source string
}

// undoView takes the last change back.
type undoView struct {
	Text    string // what was done
	TakeOff []int64
	Restore []int64
}

// read gives the units of a document with their questions.
func (h *Questions) read(ctx context.Context, document string) ([]unitView, error) {
	units, err := h.Library.AskableOf(ctx, document, rag.Hand{})
	if err != nil {
		return nil, err
	}
	asked, err := h.Library.AskedOf(ctx, document)
	if err != nil {
		return nil, err
	}
	off, err := h.Library.TakenOff(ctx, document)
	if err != nil {
		return nil, err
	}
	at, byKey := map[int64]int{}, map[string]int{}
	views := make([]unitView, len(units))
	for i, u := range units {
		views[i] = unitView{Askable: u, Label: u.Citation, Link: link(document, u.Passage), Source: source.Link(document, sourceKey(u), u.Span)}
		at[u.Passage], byKey[u.Key] = i, i
	}
	for _, q := range asked {
		if i, found := at[q.Passage]; found {
			views[i].Asked = append(views[i].Asked, q)
		}
	}
	for _, q := range off {
		if i, found := byKey[q.Key]; found {
			views[i].Off = append(views[i].Off, q)
		}
	}
	return views, nil
}

func sourceKey(u rag.Askable) string {
	if rag.IsTextKey(u.Key) {
		return ""
	}
	return u.Key
}

func link(document string, passage int64) string {
	return Link(document) + "?fragment=" + strconv.FormatInt(passage, 10)
}

// Link leads to the questions of a document.
func Link(document string) string { return "/zrodlo/" + url.PathEscape(document) + "/pytania" }

// Page is GET /zrodlo/:id/pytania: all units of a document, or one of them (fragment, its
// first passage; or unit, its key).
func (h *Questions) Page(c *gin.Context) error {
	units, err := h.read(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	p := page{}
	wanted := c.Query("fragment") + c.Query("unit")
	for i, u := range units {
		if wanted != "" && (u.Key == c.Query("unit") || strconv.FormatInt(u.Passage, 10) == c.Query("fragment")) {
			p.Unit = &units[i]
		}
	}
	if wanted != "" && p.Unit == nil {
		return &rag.Error{Code: rag.CodeNotFound, Subject: wanted}
	}
	return h.show(c, http.StatusOK, units, p)
}

func (h *Questions) show(c *gin.Context, status int, units []unitView, p page) error {
	printer := h.Shell.Printer(c)
	p.Frame = h.Shell.Frame(c, "questions", printer.Text("questions.title", nil))
	p.Document, p.Units, p.Action = c.Param("id"), units, Link(c.Param("id"))
	p.Back = p.Action
	p.Source = source.Link(p.Document, "", rag.Span{})
	runes := 0
	for _, u := range units {
		p.Heading = u.Title
		if len(u.Asked) == 0 {
			p.Missing, runes = p.Missing+1, runes+u.Runes()
		}
	}
	pace := rag.Pace{}
	if h.Pace != nil {
		pace = h.Pace(c.Request.Context())
	}
	if left, known := pace.Estimate(p.Missing, runes); known {
		p.Time = printer.Plural("questions.minutes", int(left.Round(time.Minute).Minutes())+1)
	}
	return h.Shell.Page(c, status, "questions", p)
}
