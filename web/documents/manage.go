package documents

import (
	"context"
	"errors"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"referent/rag"
	"referent/web/shell"
)

// Failures of what a person does with documents.
const (
	CodeUndoExpired    rag.Code = "undo_expired"
	CodeWatchedSource  rag.Code = "watched_source"
	CodeNotRereadable  rag.Code = "not_rereadable"
	CodeNothingMissing rag.Code = "nothing_missing"
)

// undoView is what was just done and the way back.
type undoView struct {
	Text  string
	Token string
	Until string
	List  string
	Stays string // the watched folder that will bring a deleted document back, "" without one
}

// undoView shows the act with a token; nil where there is none any more.
func (h *Documents) undoView(c *gin.Context, token string, f filter) *undoView {
	act, found := h.Undo.find(token)
	if !found {
		return nil
	}
	p := h.Shell.Printer(c)
	v := &undoView{Token: act.token, Until: act.until.Local().Format("15:04"), List: f.Encoded()}
	switch {
	case act.moved != "":
		v.Text = p.Text("documents.moved", struct{ Title, Collection string }{act.title, act.target})
	case len(act.taken) == 1:
		v.Text = p.Text("documents.deleted", struct{ Title string }{act.title})
		if folder, watched := h.watchedBy(c, act.taken[0].Info); watched {
			v.Stays = filepath.Base(folder.Path)
		}
	default:
		v.Text = p.Plural("documents.deleted_some", len(act.taken))
	}
	return v
}

// watchedBy gives the folder whose next look would read a document again.
func (h *Documents) watchedBy(ctx context.Context, info rag.Info) (rag.WatchedFolder, bool) {
	if !filepath.IsAbs(info.Source) || info.MissingSince != "" {
		return rag.WatchedFolder{}, false
	}
	folders, err := h.Folders.Folders(ctx)
	if err != nil {
		return rag.WatchedFolder{}, false // it only warns
	}
	for _, f := range folders {
		if rel, err := filepath.Rel(f.Path, info.Source); err == nil && filepath.IsLocal(rel) && f.Collection == info.Collection {
			return f, true
		}
	}
	return rag.WatchedFolder{}, false
}

// remove takes documents out. Where one fails, those before it can be undone.
func (h *Documents) remove(ctx context.Context, ids []string) (undoable, error) {
	var act undoable
	var failure error
	for _, id := range ids {
		doc, err := h.Shelf.Take(ctx, id)
		if err != nil {
			failure = err
			break
		}
		act.taken, act.title = append(act.taken, doc), doc.Title
	}
	if len(act.taken) == 0 {
		return act, failure
	}
	return h.Undo.keep(act), failure
}

func (h *Documents) move(ctx context.Context, id, collection string) (undoable, error) {
	if !collectionName.MatchString(collection) {
		return undoable{}, &rag.Error{Code: CodeBadCollection, Subject: collection}
	}
	d, err := h.find(ctx, id)
	if err != nil {
		return undoable{}, err
	}
	// The next look at its folder would read it again where it was.
	if folder, watched := h.watchedBy(ctx, d.Info); watched && collection != d.Collection {
		return undoable{}, &rag.Error{Code: CodeWatchedSource, Subject: filepath.Base(folder.Path)}
	}
	moved, err := h.Shelf.Move(ctx, id, collection)
	if err != nil {
		return undoable{}, err
	}
	return h.Undo.keep(undoable{moved: moved, from: d.Collection, title: d.Title, target: collection}), nil
}

func (h *Documents) find(ctx context.Context, id string) (rag.DocumentState, error) {
	documents, err := h.Library.Documents(ctx, "", "")
	if err != nil {
		return rag.DocumentState{}, err
	}
	for _, d := range documents {
		if d.ID == id {
			return d, nil
		}
	}
	return rag.DocumentState{}, &rag.Error{Code: rag.CodeNotFound, Subject: id}
}

// undo takes an act back; documents that came back stay so where a later one fails.
func (h *Documents) undo(ctx context.Context, token string) (documents int, err error) {
	act, found := h.Undo.find(token)
	if !found {
		return 0, &rag.Error{Code: CodeUndoExpired, Limit: int(UndoTime / time.Minute)}
	}
	if act.moved != "" {
		if _, err := h.Shelf.Move(ctx, act.moved, act.from); err != nil {
			return 0, err
		}
		documents = 1
	}
	for _, doc := range act.taken {
		if restoreErr := h.Shelf.Restore(ctx, doc); restoreErr != nil {
			err = errors.Join(err, restoreErr)
			continue
		}
		documents++
	}
	h.Undo.done(token)
	return documents, err
}

// again reads a document's source once more, though nothing changed in it.
func (h *Documents) again(c *gin.Context) (started, error) {
	d, err := h.find(c.Request.Context(), c.Param("id"))
	if err != nil {
		return started{}, err
	}
	if d.MissingSince != "" || !rereadable(d.Source) {
		return started{}, &rag.Error{Code: CodeNotRereadable, Subject: d.Title}
	}
	return h.start(c, Request{Collection: d.Collection, Sources: []string{d.Source}, Again: true})
}

// rereadable says that a source is a file or an act; what lies in an archive or a message
// is read with it, what came with Referent comes with its next version.
func rereadable(source string) bool {
	return filepath.IsAbs(source) && !strings.Contains(source, "!/") || strings.HasPrefix(source, "eli:") ||
		strings.HasPrefix(source, "celex:") || strings.HasPrefix(source, "http://") || strings.HasPrefix(source, "https://")
}

// missing gives the documents whose sources are gone.
func (h *Documents) missing(ctx context.Context, collection string) (ids []string, err error) {
	documents, err := h.Library.Documents(ctx, collection, "")
	for _, d := range documents {
		if d.MissingSince != "" {
			ids = append(ids, d.ID)
		}
	}
	if err == nil && len(ids) == 0 {
		err = &rag.Error{Code: CodeNothingMissing}
	}
	return ids, err
}

// afterAct shows the list with the way back of an act.
func (h *Documents) afterAct(c *gin.Context, act undoable, failure error) error {
	f := formFilter(c)
	if failure != nil {
		return h.failed(c, f, failure, act.token)
	}
	c.Redirect(http.StatusSeeOther, f.linkWith("cofnij", act.token))
	return nil
}

// PostDelete is the form that takes a document out.
func (h *Documents) PostDelete(c *gin.Context) error {
	act, err := h.remove(c.Request.Context(), []string{c.Param("id")})
	return h.afterAct(c, act, err)
}

// PostForget is the form that takes out all documents whose source is gone.
func (h *Documents) PostForget(c *gin.Context) error {
	f := formFilter(c)
	ids, err := h.missing(c.Request.Context(), f.Collection)
	if err != nil {
		return h.back(c, f, err)
	}
	act, err := h.remove(c.Request.Context(), ids)
	return h.afterAct(c, act, err)
}

// PostMove is the form that puts a document into another collection.
func (h *Documents) PostMove(c *gin.Context) error {
	act, err := h.move(c.Request.Context(), c.Param("id"), strings.TrimSpace(c.PostForm("collection")))
	return h.afterAct(c, act, err)
}

// PostUndo is the form that takes an act back.
func (h *Documents) PostUndo(c *gin.Context) error {
	f := formFilter(c)
	if _, err := h.undo(c.Request.Context(), c.Param("token")); err != nil {
		return h.back(c, f, err)
	}
	c.Redirect(http.StatusSeeOther, f.linkWith("cofnieto", "1"))
	return nil
}

// PostAgain is the form that reads a document once more.
func (h *Documents) PostAgain(c *gin.Context) error {
	_, err := h.again(c)
	return h.back(c, formFilter(c), err)
}

// PostRefresh is the form that looks for newer wordings.
func (h *Documents) PostRefresh(c *gin.Context) error {
	f := formFilter(c)
	_, err := h.start(c, Request{Collection: f.Collection, Refresh: true})
	return h.back(c, f, err)
}

// undoJSON is how the API tells the way back.
type undoJSON struct {
	Documents []string  `json:"documents"` // their ids now or, of those taken out, then
	Undo      string    `json:"undo"`
	Until     time.Time `json:"until"`
}

func (h *Documents) actJSON(c *gin.Context, act undoable, err error) error {
	if err != nil {
		return err
	}
	told := undoJSON{Documents: []string{}, Undo: act.token, Until: act.until}
	if act.moved != "" {
		told.Documents = append(told.Documents, act.moved)
	}
	for _, d := range act.taken {
		told.Documents = append(told.Documents, d.ID)
	}
	return h.Shell.JSON(c, http.StatusOK, told)
}

// Delete is DELETE /api/v1/documents/:id.
func (h *Documents) Delete(c *gin.Context) error {
	act, err := h.remove(c.Request.Context(), []string{c.Param("id")})
	return h.actJSON(c, act, err)
}

// collectionRequest names a collection.
type collectionRequest struct {
	Collection string `json:"collection"`
}

// Move is POST /api/v1/documents/:id/move.
func (h *Documents) Move(c *gin.Context) error {
	var r collectionRequest
	if err := shell.ReadJSON(c, &r); err != nil {
		return err
	}
	act, err := h.move(c.Request.Context(), c.Param("id"), r.Collection)
	return h.actJSON(c, act, err)
}

// Again is POST /api/v1/documents/:id/read.
func (h *Documents) Again(c *gin.Context) error {
	job, err := h.again(c)
	if err != nil {
		return err
	}
	return h.Shell.JSON(c, http.StatusAccepted, job)
}

// Forget is POST /api/v1/forget.
func (h *Documents) Forget(c *gin.Context) error {
	var r collectionRequest
	if err := shell.ReadJSON(c, &r); err != nil {
		return err
	}
	ids, err := h.missing(c.Request.Context(), r.Collection)
	if err != nil {
		return err
	}
	act, err := h.remove(c.Request.Context(), ids)
	return h.actJSON(c, act, err)
}

// Refresh is POST /api/v1/refresh.
func (h *Documents) Refresh(c *gin.Context) error {
	var r collectionRequest
	if err := shell.ReadJSON(c, &r); err != nil {
		return err
	}
	job, err := h.start(c, Request{Collection: r.Collection, Refresh: true})
	if err != nil {
		return err
	}
	return h.Shell.JSON(c, http.StatusAccepted, job)
}

// UndoAct is POST /api/v1/undo/:token.
func (h *Documents) UndoAct(c *gin.Context) error {
	documents, err := h.undo(c.Request.Context(), c.Param("token"))
	if err != nil {
		return err
	}
	return h.Shell.JSON(c, http.StatusOK, struct {
		Documents int `json:"documents"`
	}{documents})
}
