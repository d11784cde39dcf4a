package source

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"referent/internal/message"
	"referent/rag"
	"referent/web/shell"
)

// Pictures draws pages of files.
type Pictures interface {
	// Page gives a page of the file with that SHA-256 as PNG.
	Page(ctx context.Context, path, hash string, page int) ([]byte, error)
	// Ready says whether what draws is installed.
	Ready() bool
}

// kindPDF is the kind of documents that have pages to draw.
const kindPDF = "pdf"

// HasImages says that the pages of a document can be drawn: its file lies here. What came
// over the network, in an archive or with Referent has no file of its own.
func HasImages(info rag.Info) bool {
	return info.Kind == kindPDF && filepath.IsAbs(info.Source) && !strings.Contains(info.Source, "!/") && info.MissingSince == ""
}

// PageLink leads to the text of a page with its image beside it.
func PageLink(document string, page int) string {
	n := strconv.Itoa(page)
	return "/zrodlo/" + url.PathEscape(document) + "?strona=" + n + "#str-" + n
}

// pageMark stands in the text where a page of the source begins.
type pageMark struct {
	Number int
	Label  string
	Start  int
	Unread bool
	OCR    bool
	Link   string // to its image, "" where there is none
}

func pageMarks(d rag.Document) []pageMark {
	marks := make([]pageMark, 0, len(d.Pages))
	for _, p := range d.Pages {
		m := pageMark{Number: p.Number, Label: p.Label, Start: p.Span.Start, Unread: p.Unread, OCR: p.OCR}
		if m.Label == "" {
			m.Label = strconv.Itoa(p.Number)
		}
		if d.Kind == kindPDF {
			m.Link = PageLink(d.ID, p.Number)
		}
		marks = append(marks, m)
	}
	return marks
}

// sheet is the image of a page beside the text.
type sheet struct {
	Document string
	Number   int
	Label    string
	Last     int
	File     string
	Image    string // address of the picture
	Problem  string // why there is none
	Unread   bool
	Earlier  string
	Later    string
	Close    string
}

// newSheet shows a page; one that the document does not have is its nearest.
func (h *Source) newSheet(p *message.Printer, d rag.Document, number int) *sheet {
	if len(d.Pages) == 0 {
		return nil
	}
	at := 0
	for i, page := range d.Pages {
		if page.Number <= number {
			at = i
		}
	}
	mark := pageMarks(d)[at]
	s := &sheet{
		Document: d.ID, Number: mark.Number, Label: mark.Label, Last: d.Pages[len(d.Pages)-1].Number, File: Name(d.Source), Unread: mark.Unread,
		Image: "/zrodlo/" + url.PathEscape(d.ID) + "/strona/" + strconv.Itoa(mark.Number), Close: Link(d.ID, "", rag.Span{}) + "#str-" + strconv.Itoa(mark.Number),
	}
	if at > 0 {
		s.Earlier = PageLink(d.ID, d.Pages[at-1].Number)
	}
	if at < len(d.Pages)-1 {
		s.Later = PageLink(d.ID, d.Pages[at+1].Number)
	}
	switch {
	case d.MissingSince != "":
		s.Problem = p.Text("source.sheet_gone", nil)
	case !HasImages(d.Info):
		s.Problem = p.Text("source.sheet_no_file", nil)
	case !h.Pictures.Ready():
		s.Problem = p.Text("source.sheet_no_program", nil)
	}
	return s
}

// Image is GET /zrodlo/:id/strona/:page and GET /api/v1/documents/:id/pages/:page/image.
func (h *Source) Image(c *gin.Context) error {
	ctx := c.Request.Context()
	d, err := h.Shelf.Document(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	number, err := strconv.Atoi(c.Param("page"))
	if err != nil || number < 1 {
		return &rag.Error{Code: shell.CodeBadRequest, Err: fmt.Errorf("%q is not a page", c.Param("page"))}
	}
	if !HasImages(d.Info) || len(d.Pages) == 0 || number > d.Pages[len(d.Pages)-1].Number {
		return &rag.Error{Code: rag.CodeNotFound, Subject: c.Param("page")}
	}
	tag := fmt.Sprintf(`"%s-%d"`, d.Hash, number)
	c.Header("Cache-Control", "private, no-cache")
	c.Header("ETag", tag)
	if c.GetHeader("If-None-Match") == tag {
		c.Status(http.StatusNotModified)
		return nil
	}
	image, err := h.Pictures.Page(ctx, d.Source, d.Hash, number)
	if err != nil {
		c.Writer.Header().Del("ETag")
		c.Header("Cache-Control", "no-store")
		return err
	}
	c.Data(http.StatusOK, "image/png", image)
	return nil
}
