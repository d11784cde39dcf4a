// Package documents is the page of collections, documents and the jobs that take
// them in, and the calls of the API for the same. It imports web/shell,
// web/source and rag.
package documents

import (
	"context"
	"io"
	"net/http"
	"sort"

	"github.com/gin-gonic/gin"

	"referent/rag"
	"referent/web/shell"
	"referent/web/source"
)

// Library lists what is stored. digest is that of the embedding model in use:
// vectors of another model do not count.
type Library interface {
	Documents(ctx context.Context, collection, digest string) ([]rag.DocumentState, error)
	Collections(ctx context.Context, digest string) ([]rag.CollectionState, error)
}

// Deleter takes a document out of the library.
type Deleter interface {
	Delete(ctx context.Context, id string) error
}

// Intake takes sources in while the person goes on; its jobs outlive the request.
type Intake interface {
	Start(ctx context.Context, r Request) (id string, err error)
	Jobs() []Job            // newest first
	Cancel(id string) error // CodeNotFound for a job that is not there
}

// Inbox keeps an uploaded file where the intake can read it, for as long as its
// document lives: the same name in the same collection is the same document.
type Inbox interface {
	Save(ctx context.Context, collection, name string, file io.Reader) (path string, err error)
}

// EmbeddingModel gives the digest of the embedding model in use, "" without one.
type EmbeddingModel func(ctx context.Context) string

// Request is what to take in: paths of files and folders, or "eli:DU/2014/1195".
type Request struct {
	Collection string
	Sources    []string
}

// Documents is the feature.
type Documents struct {
	Shell   *shell.Shell
	Library Library
	Deleter Deleter
	Intake  Intake
	Inbox   Inbox
	Model   EmbeddingModel
}

type page struct {
	shell.Frame
	Local       bool // the person sits at this machine
	Collections []collectionView
	Chosen      string
	Documents   []documentView
	Jobs        jobsView
	Failure     *shell.ErrorText
}

type collectionView struct {
	rag.CollectionState
	Sample bool
	Chosen bool
}

type documentView struct {
	rag.DocumentState
	Name    string // of the act, as cited
	Marks   []source.Mark
	Link    string
	Percent int  // embedded; 100 when there is nothing to wait for
	Words   bool // no embedding model: found by words alone
}

// Page is GET /dokumenty.
func (h *Documents) Page(c *gin.Context) error {
	p, err := h.page(c, c.Query("kolekcja"))
	if err != nil {
		return err
	}
	return h.Shell.Page(c, http.StatusOK, "documents", p)
}

func (h *Documents) page(c *gin.Context, collection string) (page, error) {
	ctx := c.Request.Context()
	printer := h.Shell.Printer(c)
	p := page{
		Frame:  h.Shell.Frame(c, "documents", printer.Text("documents.title", nil)),
		Local:  shell.IsLocal(c.Request),
		Chosen: collection,
		Jobs:   h.jobs(printer),
	}
	digest := h.Model(ctx)
	collections, err := h.Library.Collections(ctx, digest)
	if err != nil {
		return p, err
	}
	for _, k := range collections {
		p.Collections = append(p.Collections, collectionView{k, k.Name == rag.SampleCollection, k.Name == collection})
	}
	documents, err := h.Library.Documents(ctx, collection, digest)
	if err != nil {
		return p, err
	}
	sort.SliceStable(documents, func(i, j int) bool { return documents[i].Collection < documents[j].Collection })
	for _, d := range documents {
		v := documentView{
			DocumentState: d, Name: source.ActName(printer, d.Act), Link: source.Link(d.ID, "", rag.Span{}),
			Marks: source.Marks(printer, d.Status, d.WordingDate, d.TextKind), Percent: 100, Words: digest == "",
		}
		if d.Passages > 0 {
			v.Percent = d.Embedded * 100 / d.Passages
		}
		p.Documents = append(p.Documents, v)
	}
	return p, nil
}

// back shows the page again after a form: with what went wrong, or anew.
func (h *Documents) back(c *gin.Context, failure error) error {
	if failure == nil {
		c.Redirect(http.StatusSeeOther, "/dokumenty")
		return nil
	}
	p, err := h.page(c, "")
	if err != nil {
		return err
	}
	text := shell.Explain(h.Shell.Printer(c), failure)
	p.Failure = &text
	return h.Shell.Page(c, shell.Status(text.Code), "documents", p)
}

// PostDelete is the form that takes a document out.
func (h *Documents) PostDelete(c *gin.Context) error {
	return h.back(c, h.Deleter.Delete(c.Request.Context(), c.Param("id")))
}

// List is GET /api/v1/documents.
func (h *Documents) List(c *gin.Context) error {
	ctx := c.Request.Context()
	documents, err := h.Library.Documents(ctx, c.Query("collection"), h.Model(ctx))
	if err != nil {
		return err
	}
	if documents == nil {
		documents = []rag.DocumentState{}
	}
	return h.Shell.JSON(c, http.StatusOK, struct {
		Documents []rag.DocumentState `json:"documents"`
	}{documents})
}

// ListCollections is GET /api/v1/collections.
func (h *Documents) ListCollections(c *gin.Context) error {
	ctx := c.Request.Context()
	collections, err := h.Library.Collections(ctx, h.Model(ctx))
	if err != nil {
		return err
	}
	if collections == nil {
		collections = []rag.CollectionState{}
	}
	return h.Shell.JSON(c, http.StatusOK, struct {
		Collections []rag.CollectionState `json:"collections"`
	}{collections})
}

// Delete is DELETE /api/v1/documents/:id.
func (h *Documents) Delete(c *gin.Context) error {
	if err := h.Deleter.Delete(c.Request.Context(), c.Param("id")); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}
