// Package source shows a document as it was read, a legal text as law is printed,
// with a passage of it highlighted. It imports web/shell and rag.
package source

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"referent/internal/message"
	"referent/rag"
	"referent/web/shell"
)

// Shelf gives a stored document.
type Shelf interface {
	Document(ctx context.Context, id string) (rag.Document, error)
}

// Source is the feature.
type Source struct {
	Shell    *shell.Shell
	Shelf    Shelf
	Pictures Pictures
}

// Mark is a word about a document or a unit, such as „uchylony”.
type Mark struct {
	Kind string // warning, neutral
	Text string
}

// Link leads to a unit of a document with a span of it highlighted. It works
// without a script: the fragment is the highlighted place.
func Link(document, key string, span rag.Span) string {
	query := url.Values{}
	if key != "" {
		query.Set("unit", key)
	}
	anchor := ""
	if span.End > span.Start {
		query.Set("start", strconv.Itoa(span.Start))
		query.Set("end", strconv.Itoa(span.End))
		anchor = "#cytat"
	}
	link := "/zrodlo/" + url.PathEscape(document)
	if len(query) > 0 {
		link += "?" + query.Encode()
	}
	return link + anchor
}

// Since writes from which day something is, with a space before it; nothing where no day is known.
func Since(p *message.Printer, date string) string {
	if date == "" {
		return ""
	}
	return " " + p.Text("source.since", struct{ Date string }{shell.Date(p, date)})
}

// Marks says of what day a wording is, whether it binds and how official it is.
func Marks(p *message.Printer, status rag.Status, wordingDate string, kind rag.TextKind) []Mark {
	var marks []Mark
	if status != "" {
		m := Mark{"neutral", p.Text("source.status."+string(status), nil)}
		if status != rag.StatusInForce && status != rag.StatusUnknown {
			m.Kind = "warning"
		}
		marks = append(marks, m)
	}
	if wordingDate != "" {
		marks = append(marks, Mark{"neutral", p.Text("source.wording", struct{ Date string }{shell.Date(p, wordingDate)})})
	} else {
		marks = append(marks, Mark{"neutral", p.Text("source.wording_unknown", nil)})
	}
	if kind != rag.TextKindUnknown {
		marks = append(marks, Mark{"neutral", p.Text("source.kind."+string(kind), nil)})
	}
	return marks
}

type page struct {
	shell.Frame
	Document view
	Sheet    *sheet // the image of a page beside the text, where it is asked for
}

// view is a document, or a part of it, as it is shown.
type view struct {
	ID       string
	Title    string
	Name     string // of the act as lawyers cite it: "Dz.U. 2014 poz. 1195"
	Marks    []Mark
	File     string // where it was read from
	Blocks   []block
	Earlier  string // links to the parts before and after, "" where there are none
	Later    string
	Whole    string // link to the whole document, "" when this is it
	Missing  bool   // the unit asked for is not in the document
	HasQuote bool
	Read     string     // when
	Gone     string     // since when its file is gone, "" while it is there
	Unread   []pageMark // pages that could not be read
	Beside   string     // link to the page's image, "" where the source has no pages

	Collection string
	Contents   contents // nil beside a question and for a text without units
}

// Page is GET /zrodlo/:id.
func (h *Source) Page(c *gin.Context) error {
	d, err := h.Shelf.Document(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	want, err := readTarget(c, d)
	if err != nil {
		return err
	}
	p := h.Shell.Printer(c)
	if c.Query("panel") != "" {
		return h.fragment(c, "document", newView(p, d, want, panelSize))
	}
	shown := page{Frame: h.Shell.Frame(c, "source", d.Title)}
	if want.page > 0 && d.Kind == kindPDF {
		shown.Sheet = h.newSheet(p, d, want.page)
	}
	if c.Query("arkusz") != "" && shown.Sheet != nil {
		return h.fragment(c, "sheet", shown.Sheet)
	}
	shown.Document = newView(p, d, want, pageSize)
	return h.Shell.Page(c, http.StatusOK, "source", shown)
}

// fragment is a part of the page for a module that puts it into a page that is open.
func (h *Source) fragment(c *gin.Context, name string, data any) error {
	html, err := h.Shell.Fragment(h.Shell.Printer(c).Lang, "source", name, data)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(html))
	return nil
}

// target is what of a document is asked for.
type target struct {
	key   string
	quote rag.Span
	from  int // where the part shown begins; -1: around the quote, the unit or the page
	page  int // whose image stands beside the text; 0: none
}

func readTarget(c *gin.Context, d rag.Document) (target, error) {
	t := target{key: c.Query("unit"), from: -1}
	numbers := map[string]*int{"start": &t.quote.Start, "end": &t.quote.End, "od": &t.from, "strona": &t.page}
	for name, into := range numbers {
		text := c.Query(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return t, &rag.Error{Code: shell.CodeBadRequest, Err: fmt.Errorf("%s=%q is not a place in a text", name, text)}
		}
		*into = n
	}
	if length := len([]rune(d.Text)); t.quote.End > length || t.quote.Start > t.quote.End {
		// A link to an earlier text of the document: show it without the quote.
		t.quote = rag.Span{}
	}
	return t, nil
}

// documentJSON is a document of the API: what is known of it and its units.
type documentJSON struct {
	rag.Info
	Characters int        `json:"characters"`
	Pages      []rag.Page `json:"pages"`
	Units      []rag.Unit `json:"units"`
}

// Get is GET /api/v1/documents/:id.
func (h *Source) Get(c *gin.Context) error {
	d, err := h.Shelf.Document(c.Request.Context(), c.Param("id"))
	if err != nil {
		return err
	}
	runes := []rune(d.Text)
	answer := documentJSON{Info: d.Info, Characters: len(runes), Pages: d.Pages, Units: make([]rag.Unit, 0, len(d.Units))}
	if answer.Pages == nil {
		answer.Pages = []rag.Page{}
	}
	for _, u := range d.Units {
		if u.Text == "" && u.Start >= 0 && u.Start <= u.End && u.End <= len(runes) {
			u.Text = string(runes[u.Start:u.End])
		}
		answer.Units = append(answer.Units, u)
	}
	return h.Shell.JSON(c, http.StatusOK, answer)
}
