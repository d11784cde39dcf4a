// Package documents is the page of collections, documents and the jobs that take
// them in, and the calls of the API for the same. It imports web/shell,
// web/source and rag.
package documents

import (
	"context"
	"io"
	"net/http"

	"github.com/gin-gonic/gin"

	"referent/rag"
	"referent/web/shell"
)

// Library lists what is stored. digest is that of the embedding model in use:
// vectors of another model do not count.
type Library interface {
	Documents(ctx context.Context, collection, digest string) ([]rag.DocumentState, error)
	Collections(ctx context.Context, digest string) ([]rag.CollectionState, error)
}

// Shelf takes a document out so that it can come back, and puts it elsewhere.
type Shelf interface {
	Take(ctx context.Context, id string) (rag.Document, error)
	Restore(ctx context.Context, doc rag.Document) error // CodeAlreadyThere where its source was read again
	Move(ctx context.Context, id, collection string) (moved string, err error)
}

// Folders are those that are looked at again for what changed in them. One is added by
// taking it in.
type Folders interface {
	Folders(ctx context.Context) ([]rag.WatchedFolder, error)
	Pause(ctx context.Context, collection, path string, paused bool) error
	Unwatch(ctx context.Context, collection, path string) error
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

// Request is what a job is to do.
type Request struct {
	Collection string
	Sources    []string // paths of files and folders, or "eli:DU/2014/1195"
	Again      bool     // read them though they did not change
	Refresh    bool     // look for newer wordings of the collection's acts, "" of all; no Sources
}

// Documents is the feature.
type Documents struct {
	Shell   *shell.Shell
	Library Library
	Shelf   Shelf
	Folders Folders
	Intake  Intake
	Inbox   Inbox
	Model   EmbeddingModel
	Undo    *Undo
}

type page struct {
	shell.Frame
	Local       bool // the person sits at this machine
	Collections []collectionView
	Chosen      string
	Total       int // documents in the library
	List        listView
	Folders     []folderView
	Jobs        jobsView
	Undo        *undoView
	Done        string // what was just done, where there is nothing to undo
	Failure     *shell.ErrorText
}

type collectionView struct {
	rag.CollectionState
	Sample bool
	Chosen bool
	Link   string
}

// Page is GET /dokumenty.
func (h *Documents) Page(c *gin.Context) error {
	if c.Query("fragment") != "" {
		return h.listFragment(c)
	}
	p, err := h.page(c, readFilter(c.Request.URL.Query()))
	if err != nil {
		return err
	}
	if p.Undo = h.undoView(c, c.Query("cofnij"), p.List.Filter); p.Undo == nil && c.Query("cofnieto") != "" {
		p.Done = h.Shell.Printer(c).Text("documents.undone", nil)
	}
	return h.Shell.Page(c, http.StatusOK, "documents", p)
}

func (h *Documents) page(c *gin.Context, f filter) (page, error) {
	ctx := c.Request.Context()
	printer := h.Shell.Printer(c)
	p := page{
		Frame:  h.Shell.Frame(c, "documents", printer.Text("documents.title", nil)),
		Local:  shell.IsLocal(c.Request),
		Chosen: f.Collection,
		Jobs:   h.jobs(printer),
	}
	digest := h.Model(ctx)
	collections, err := h.Library.Collections(ctx, digest)
	if err != nil {
		return p, err
	}
	for _, k := range collections {
		p.Total += k.Documents
		p.Collections = append(p.Collections, collectionView{k, k.Name == rag.SampleCollection, k.Name == f.Collection, filter{Collection: k.Name}.link()})
	}
	if p.Folders, err = h.folderViews(c); err != nil {
		return p, err
	}
	p.List, err = h.list(ctx, printer, f, digest)
	p.List.Collections = p.Collections
	return p, err
}

// back shows the page again after a form: with what went wrong, or anew.
func (h *Documents) back(c *gin.Context, f filter, failure error) error {
	if failure == nil {
		c.Redirect(http.StatusSeeOther, f.link())
		return nil
	}
	return h.failed(c, f, failure, "")
}

// failed shows the page with what went wrong and, where something was done before it
// did, the way back.
func (h *Documents) failed(c *gin.Context, f filter, failure error, undo string) error {
	p, err := h.page(c, f)
	if err != nil {
		return err
	}
	p.Undo = h.undoView(c, undo, f)
	text := shell.Explain(h.Shell.Printer(c), failure)
	p.Failure = &text
	return h.Shell.Page(c, shell.Status(text.Code), "documents", p)
}

// List is GET /api/v1/documents.
func (h *Documents) List(c *gin.Context) error {
	ctx := c.Request.Context()
	f := filter{Collection: c.Query("collection"), Words: c.Query("q"), State: c.Query("state")}
	if !f.known() {
		return &rag.Error{Code: shell.CodeBadRequest}
	}
	documents, err := h.Library.Documents(ctx, f.Collection, h.Model(ctx))
	if err != nil {
		return err
	}
	found := []rag.DocumentState{}
	printer := h.Shell.Printer(c)
	for _, d := range documents {
		if f.matches(printer, d) && f.inState(d) {
			found = append(found, d)
		}
	}
	return h.Shell.JSON(c, http.StatusOK, struct {
		Documents []rag.DocumentState `json:"documents"`
	}{found})
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
