package documents

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"path/filepath"
	"time"

	"github.com/gin-gonic/gin"

	"referent/internal/message"
	"referent/rag"
	"referent/web/shell"
)

// folderView is a watched folder as the page shows it.
type folderView struct {
	rag.WatchedFolder
	ID     string
	Name   string // its path for who sits at the server, else its last part
	Looked string // when, and what was found; "" before the first look
	Sample bool
}

// folderID names a folder to those who may not see its path.
func folderID(f rag.WatchedFolder) string {
	sum := sha256.Sum256([]byte(f.Collection + "\x00" + f.Path))
	return hex.EncodeToString(sum[:8])
}

func folderName(c *gin.Context, path string) string {
	if shell.IsLocal(c.Request) {
		return path
	}
	return filepath.Base(path)
}

func (h *Documents) folderViews(c *gin.Context) ([]folderView, error) {
	folders, err := h.Folders.Folders(c.Request.Context())
	if err != nil {
		return nil, err
	}
	p := h.Shell.Printer(c)
	views := make([]folderView, 0, len(folders))
	for _, f := range folders {
		v := folderView{WatchedFolder: f, ID: folderID(f), Name: folderName(c, f.Path), Sample: f.Collection == rag.SampleCollection}
		if !f.Look.At.IsZero() {
			v.Looked = looked(p, f.Look)
		}
		views = append(views, v)
	}
	return views, nil
}

// looked says when a folder was looked at and what was found there.
func looked(p *message.Printer, l rag.Look) string {
	text := p.Text("documents.looked", struct{ When, Files string }{shell.Moment(l.At), p.Plural("documents.files", l.Files)})
	for _, count := range []struct {
		id string
		n  int
	}{{"documents.look_stored", l.Stored}, {"documents.look_problems", l.Problems}, {"documents.look_missing", l.Missing}} {
		if count.n > 0 {
			text += ", " + p.Plural(count.id, count.n)
		}
	}
	return text
}

func (h *Documents) folder(ctx context.Context, id string) (rag.WatchedFolder, error) {
	folders, err := h.Folders.Folders(ctx)
	if err != nil {
		return rag.WatchedFolder{}, err
	}
	for _, f := range folders {
		if folderID(f) == id {
			return f, nil
		}
	}
	return rag.WatchedFolder{}, &rag.Error{Code: rag.CodeNotFound, Subject: id}
}

// What can be done with a watched folder.
const (
	folderPause  = "pause"
	folderResume = "resume"
	folderRemove = "remove"
	folderLook   = "look" // now
)

// changeFolder does one of these; a look is a job.
func (h *Documents) changeFolder(c *gin.Context, id, action string) (started, error) {
	ctx := c.Request.Context()
	f, err := h.folder(ctx, id)
	if err != nil {
		return started{}, err
	}
	switch action {
	case folderPause, folderResume:
		return started{}, h.Folders.Pause(ctx, f.Collection, f.Path, action == folderPause)
	case folderRemove:
		return started{}, h.Folders.Unwatch(ctx, f.Collection, f.Path)
	case folderLook:
		return h.start(c, Request{Collection: f.Collection, Sources: []string{f.Path}})
	default:
		return started{}, &rag.Error{Code: shell.CodeBadRequest}
	}
}

// PostWatched is the forms of a watched folder.
func (h *Documents) PostWatched(c *gin.Context) error {
	_, err := h.changeFolder(c, c.Param("id"), c.PostForm("action"))
	return h.back(c, formFilter(c), err)
}

type folderJSON struct {
	ID         string    `json:"id"`
	Collection string    `json:"collection"`
	Path       string    `json:"path"` // its last part alone to who does not sit at the server
	Added      time.Time `json:"added"`
	Paused     bool      `json:"paused"`
	Look       *rag.Look `json:"look"` // null before the first
}

// ListFolders is GET /api/v1/folders.
func (h *Documents) ListFolders(c *gin.Context) error {
	folders, err := h.Folders.Folders(c.Request.Context())
	if err != nil {
		return err
	}
	told := make([]folderJSON, 0, len(folders))
	for _, f := range folders {
		j := folderJSON{folderID(f), f.Collection, folderName(c, f.Path), f.Added, f.Paused, nil}
		if look := f.Look; !look.At.IsZero() {
			j.Look = &look
		}
		told = append(told, j)
	}
	return h.Shell.JSON(c, http.StatusOK, struct {
		Folders []folderJSON `json:"folders"`
	}{told})
}

// ChangeFolder is POST /api/v1/folders/:id.
func (h *Documents) ChangeFolder(c *gin.Context) error {
	var r struct {
		Action string `json:"action"`
	}
	if err := shell.ReadJSON(c, &r); err != nil {
		return err
	}
	job, err := h.changeFolder(c, c.Param("id"), r.Action)
	switch {
	case err != nil:
		return err
	case job.Job != "":
		return h.Shell.JSON(c, http.StatusAccepted, job)
	}
	c.Status(http.StatusNoContent)
	return nil
}
