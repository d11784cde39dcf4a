package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"referent/ingest/ocr"
	"referent/ingest/pdftext"
	"referent/internal/worker"
	"referent/rag"
)

// Names of the worker's tasks that read PDF.
const (
	pdfTask = "pdf"
	ocrTask = "ocr"
)

// Ways to read a PDF, in the order they are tried.
const (
	wayPlain   = "plain"
	wayRepair  = "repair"
	wayPoppler = "pdftotext"
)

type pdfRequest struct {
	Path    string `json:"path"`
	Way     string `json:"way"`
	Program string `json:"program,omitempty"` // of the last way
}

type ocrRequest struct {
	Path          string    `json:"path"`
	Page          int       `json:"page"`
	Width, Height float64   // of the page, in points
	Tools         ocr.Tools `json:"tools"`
}

var pdfLimits = pdftext.Limits{Pages: rag.MaxPages, Content: rag.MaxPageProgram, Text: 4 * rag.MaxTextRunes}

// file gives a path to the source's bytes for the child process; what came over the
// network is written to a temporary file.
func (src source) file() (path string, cleanup func(), err error) {
	if src.path != "" {
		return src.path, func() {}, nil
	}
	file, err := os.CreateTemp("", "referent-*")
	if err != nil {
		return "", nil, err
	}
	// the file lies in the folder for temporary files: leaving it there is no failure
	cleanup = func() { _ = os.Remove(file.Name()) }
	_, err = file.Write(src.data)
	if err = errors.Join(err, file.Close()); err != nil {
		cleanup()
		return "", nil, err
	}
	return file.Name(), cleanup, nil
}

// extractPDF runs in the worker: it reads the pages of a file in one way.
func extractPDF(request json.RawMessage) (any, error) {
	var req pdfRequest
	if err := json.Unmarshal(request, &req); err != nil {
		return nil, err
	}
	var pages []pdftext.Page
	var err error
	switch req.Way {
	case wayRepair:
		pages, err = extractRepaired(req.Path)
	case wayPoppler:
		pages, err = pdftext.ExtractWith(context.Background(), req.Program, req.Path, pdfLimits)
	default:
		pages, err = pdftext.Extract(req.Path, pdfLimits)
	}
	if err != nil {
		return nil, pdfTaskError(err)
	}
	return pages, nil
}

func extractRepaired(path string) (pages []pdftext.Page, err error) {
	dir, err := os.MkdirTemp("", "referent-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	repaired := filepath.Join(dir, "repaired.pdf")
	if err := pdftext.Repair(path, repaired); err != nil {
		return nil, err
	}
	return pdftext.Extract(repaired, pdfLimits)
}

// pdfTaskError gives the failures of pdftext their codes.
func pdfTaskError(err error) error {
	switch {
	case errors.Is(err, pdftext.ErrEncrypted):
		return taskError(rag.CodeFileEncrypted, err.Error())
	case errors.Is(err, pdftext.ErrTooManyPages):
		return taskError(rag.CodeTooManyPages, err.Error())
	case errors.Is(err, pdftext.ErrTooLarge):
		return taskError(rag.CodeFileTooLarge, err.Error())
	case errors.Is(err, pdftext.ErrDamaged):
		return taskError(rag.CodeFileDamaged, err.Error())
	}
	return err
}

// recognise runs in the worker: it reads the image of one page.
func recognise(request json.RawMessage) (any, error) {
	var req ocrRequest
	if err := json.Unmarshal(request, &req); err != nil {
		return nil, err
	}
	return req.Tools.Page(context.Background(), req.Path, req.Page, req.Width, req.Height)
}

func taskError(code rag.Code, text string) error {
	return &worker.TaskError{Code: string(code), Text: text}
}
