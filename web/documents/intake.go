package documents

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"referent/rag"
	"referent/web/shell"
)

// MaxUpload is what the files of one upload may weigh together.
const MaxUpload = 2 << 30

// Failures of what a person typed in.
const (
	CodeBadCollection rag.Code = "bad_collection"
	CodeBadELI        rag.Code = "bad_eli"
	CodeNoFiles       rag.Code = "no_files"
)

var (
	collectionName = regexp.MustCompile(`^[\pL\pN][\pL\pN _.-]{0,63}$`)
	eli            = regexp.MustCompile(`(?i)^(?:eli:)?(DU|MP)/(\d{4})/(\d{1,5})$`)
	journal        = regexp.MustCompile(`(?i)^(Dz\.?\s?U\.?|M\.?\s?P\.?)\s*(?:z\s*)?(\d{4})\s*(?:r\.?)?,?\s*poz\.?\s*(\d{1,5})\.?$`)
)

// Upload is POST /api/v1/documents: files of a form, and "collection" before them.
func (h *Documents) Upload(c *gin.Context) error {
	r, err := h.receive(c)
	if err != nil {
		return err
	}
	job, err := h.start(c, r)
	if err != nil {
		return err
	}
	return h.Shell.JSON(c, http.StatusAccepted, job)
}

// PostUpload is the form of the page.
func (h *Documents) PostUpload(c *gin.Context) error {
	r, err := h.receive(c)
	if err == nil {
		_, err = h.start(c, r)
	}
	return h.back(c, filter{}, err)
}

// receive reads a form part by part: files go to the inbox as they come, never whole
// into memory.
func (h *Documents) receive(c *gin.Context) (Request, error) {
	r := Request{Collection: rag.DefaultCollection}
	reader, err := c.Request.MultipartReader()
	if err != nil {
		return r, &rag.Error{Code: shell.CodeBadRequest, Err: err}
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return r, uploadError(err)
		}
		if err := h.receivePart(c, part, &r); err != nil {
			return r, err
		}
	}
	if len(r.Sources) == 0 {
		return r, &rag.Error{Code: CodeNoFiles}
	}
	return r, nil
}

func (h *Documents) receivePart(c *gin.Context, part *multipart.Part, r *Request) error {
	name := part.FileName()
	if name == "" {
		if part.FormName() != "collection" {
			return nil
		}
		value, err := io.ReadAll(io.LimitReader(part, 1024))
		if err != nil {
			return uploadError(err)
		}
		if text := strings.TrimSpace(string(value)); text != "" {
			r.Collection = text
		}
		if !collectionName.MatchString(r.Collection) {
			return &rag.Error{Code: CodeBadCollection, Subject: r.Collection}
		}
		return nil
	}
	if len(r.Sources) >= rag.MaxUploadFiles {
		return &rag.Error{Code: shell.CodeTooManyUploads, Limit: rag.MaxUploadFiles}
	}
	path, err := h.Inbox.Save(c.Request.Context(), r.Collection, name, part)
	if err != nil {
		return uploadError(err)
	}
	r.Sources = append(r.Sources, path)
	return nil
}

func uploadError(err error) error {
	var tooBig *http.MaxBytesError
	var known *rag.Error
	if errors.As(err, &tooBig) || errors.As(err, &known) {
		return err
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, multipart.ErrMessageTooLarge) {
		return &rag.Error{Code: shell.CodeBadRequest, Err: err}
	}
	return fmt.Errorf("upload: %w", err)
}

// ingestRequest is a source that the server fetches by itself.
type ingestRequest struct {
	Source     string `json:"source"` // "eli:DU/2014/1195" or the absolute path of a folder or file
	Collection string `json:"collection"`
}

// Ingest is POST /api/v1/ingest. A path of the server is only for a person at this
// machine, who can read it anyway.
func (h *Documents) Ingest(c *gin.Context) error {
	var r ingestRequest
	if err := shell.ReadJSON(c, &r); err != nil {
		return err
	}
	job, err := h.fetch(c, r)
	if err != nil {
		return err
	}
	return h.Shell.JSON(c, http.StatusAccepted, job)
}

// PostIngest is the forms of the page for a statute and for a folder.
func (h *Documents) PostIngest(c *gin.Context) error {
	_, err := h.fetch(c, ingestRequest{Source: c.PostForm("source"), Collection: strings.TrimSpace(c.PostForm("collection"))})
	return h.back(c, filter{}, err)
}

func (h *Documents) fetch(c *gin.Context, r ingestRequest) (started, error) {
	text := strings.TrimSpace(r.Source)
	if filepath.IsAbs(text) {
		if !shell.IsLocal(c.Request) {
			return started{}, &rag.Error{Code: shell.CodeForbidden}
		}
		return h.start(c, Request{Collection: r.Collection, Sources: []string{filepath.Clean(text)}})
	}
	source, ok := statute(text)
	if !ok {
		return started{}, &rag.Error{Code: CodeBadELI, Subject: text}
	}
	return h.start(c, Request{Collection: r.Collection, Sources: []string{source}})
}

// statute reads "DU/2014/1195" and, as lawyers write, "Dz.U. z 2014 r. poz. 1195".
func statute(text string) (source string, ok bool) {
	if m := eli.FindStringSubmatch(text); m != nil {
		return "eli:" + strings.ToUpper(m[1]) + "/" + m[2] + "/" + m[3], true
	}
	if m := journal.FindStringSubmatch(text); m != nil {
		kind := "DU"
		if strings.HasPrefix(strings.ToUpper(m[1]), "M") {
			kind = "MP"
		}
		return "eli:" + kind + "/" + m[2] + "/" + m[3], true
	}
	return "", false
}
