package evaluation

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"referent/eval"
	"referent/internal/law"
	"referent/rag"
	"referent/web/shell"
	"referent/web/source"
)

// mark is where the provision that answers a question is looked for and marked.
type mark struct {
	Question questionView
	Query    string
	Hits     []hitView
	Failure  *shell.ErrorText
}

type hitView struct {
	Act      string
	Document string
	Title    string
	Label    string // of the unit
	Unit     string
	Key      string
	Whole    string // the article's citation, where the unit is a part of it
	WholeKey string
	Text     string
	Marks    []source.Mark
	Link     string
	Chosen   bool
}

// QuestionPage is GET /ewaluacja/pytania/:id. It searches for the words asked for, and
// for the question itself when none are.
func (h *Evaluation) QuestionPage(c *gin.Context) error {
	q, err := h.Desk.Question(c.Param("id"))
	if err != nil {
		return err
	}
	m := mark{Question: view(q), Query: c.Query("szukaj")}
	asked := m.Query
	if asked == "" {
		asked = q.Question
	}
	result, err := h.Searcher.Search(c.Request.Context(), rag.Question{Question: asked})
	if err != nil {
		text := shell.Explain(h.Shell.Printer(c), err)
		m.Failure = &text
		return h.show(c, shell.Status(text.Code), "evaluation.mark_title", page{Mark: &m})
	}
	for _, hit := range result.Hits {
		m.Hits = append(m.Hits, h.hit(c, q, hit))
	}
	return h.show(c, http.StatusOK, "evaluation.mark_title", page{Mark: &m})
}

func (h *Evaluation) hit(c *gin.Context, q eval.Question, hit rag.Hit) hitView {
	printer := h.Shell.Printer(c)
	v := hitView{
		Act: hit.Act, Document: hit.Document, Title: hit.Title, Label: hit.Label(), Unit: hit.Unit, Key: hit.Key, Text: hit.Text,
		Marks: source.Marks(printer, hit.Status, hit.WordingDate, hit.TextKind),
		Link:  source.Link(hit.Document, hit.Key, rag.Span{}),
	}
	if hit.Key == "" {
		v.Unit = "" // unstructured text is marked as a whole document
	} else if article := topUnit(law.Key(hit.Key)); article != law.Key(hit.Key) {
		v.Whole, v.WholeKey = article.Citation(), string(article)
	}
	for _, g := range q.Gold {
		v.Chosen = v.Chosen || g.Act == hit.Act && g.Key == hit.Key && (g.Act != "" || g.Document == hit.Document)
	}
	return v
}

// topUnit gives the article, or the paragraph, that holds a unit.
func topUnit(key law.Key) law.Key {
	for parent := key.Parent(); parent != "" && parent.Article() == key.Article(); parent = key.Parent() {
		key = parent
	}
	return key
}

// chosen reads the unit of a form.
func chosen(c *gin.Context) eval.Gold {
	gold := eval.Gold{Act: c.PostForm("akt"), Unit: c.PostForm("jednostka"), Key: c.PostForm("klucz"), Title: c.PostForm("tytul")}
	if gold.Act == "" {
		gold.Document = c.PostForm("dokument")
	}
	return gold
}

// PostMark is the form that marks a unit as the answer.
func (h *Evaluation) PostMark(c *gin.Context) error {
	return h.edited(c, h.Desk.Mark(c.Param("id"), chosen(c)))
}

// PostUnmark is the form that takes a mark back.
func (h *Evaluation) PostUnmark(c *gin.Context) error {
	return h.edited(c, h.Desk.Unmark(c.Param("id"), chosen(c)))
}

func (h *Evaluation) edited(c *gin.Context, err error) error {
	if err == nil {
		c.Redirect(http.StatusSeeOther, questionPath(c.Param("id")))
	}
	return err
}
