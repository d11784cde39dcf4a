package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"referent/ingest/office"
	"referent/internal/worker"
	"referent/rag"
)

// officeTask is the name of the worker's task that reads office files.
const officeTask = "office"

// officeLimits bound the child that reads an office file.
var officeLimits = worker.Limits{Time: time.Minute, Memory: worker.DefaultMemory, Output: 8 * rag.MaxTextRunes}

type officeRequest struct {
	Path string `json:"path"`
	Kind string `json:"kind"`
}

// readOffice reads an office file in a child process.
func readOffice(ctx context.Context, src source, limits worker.Limits) (layout, error) {
	if limits == (worker.Limits{}) {
		limits = officeLimits
	}
	path, cleanup, err := src.file()
	if err != nil {
		return layout{}, &rag.Error{Code: rag.CodeInternal, Subject: src.name, Err: err}
	}
	defer cleanup()
	var text office.Text
	if err := worker.Call(ctx, officeTask, limits, officeRequest{Path: path, Kind: src.kind}, &text); err != nil {
		return layout{}, childError(src.name, limits, err)
	}
	l := layOffice(src.name, text)
	l.table = src.kind == kindCSV || src.kind == kindXLSX || src.kind == kindODS
	return l, nil
}

func layOffice(name string, text office.Text) layout {
	headings := make([]heading, len(text.Headings))
	for i, h := range text.Headings {
		headings[i] = heading{rank: h.Rank, start: h.Start, end: h.End}
	}
	l := cleanLayout(text.Text, headings)
	if l.title = cleanText(text.Title); l.title == "" && isBlank(l.text) {
		l.title = strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
	}
	for _, remark := range []rag.Error{{Code: rag.CodeCommentsDropped, Limit: text.Comments}, {Code: rag.CodeChangesAccepted, Limit: text.Changes}, {Code: rag.CodeSheetsHidden, Limit: text.Hidden}} {
		if remark.Limit > 0 {
			remark.Subject = name
			l.remarks = append(l.remarks, &remark)
		}
	}
	return l
}

var dotted = regexp.MustCompile(`\.{4,}|…|_{4,}`)

// isBlank says whether a text begins as forms do, with a line to fill in: no title.
func isBlank(text string) bool {
	line, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	return dotted.MatchString(line)
}

// cleanLayout cleans a text and moves its headings with it.
func cleanLayout(raw string, headings []heading) layout {
	l := layout{headings: headings}
	from, clean := 0, 0
	for i := range headings {
		h := &headings[i]
		clean += len(cleanText(raw[from:h.start]))
		from = h.start
		h.text = cleanText(raw[h.start:h.end])
		h.start, h.end = clean, clean+len(h.text)
	}
	l.text = cleanText(raw)
	return l
}

// childError says why a child process gave no answer.
func childError(name string, limits worker.Limits, err error) error {
	e := &rag.Error{Subject: name, Err: err}
	var said *worker.TaskError
	switch {
	case errors.Is(err, worker.ErrTime):
		e.Code, e.Limit = rag.CodeReaderTimeout, int(limits.Time.Seconds())
	case errors.Is(err, worker.ErrMemory):
		e.Code, e.Limit = rag.CodeReaderMemory, int(limits.Memory>>20)
	case errors.Is(err, worker.ErrOutput):
		e.Code, e.Limit = rag.CodeFileTooLarge, rag.MaxTextRunes>>20
	case errors.As(err, &said) && said.Code != failedTask:
		e.Code = rag.Code(said.Code)
		if e.Code == rag.CodeFileTooLarge {
			e.Limit = rag.MaxTextRunes >> 20
		}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Code = rag.CodeCancelled
	default:
		e.Code = rag.CodeFileDamaged
	}
	return e
}

// failedTask is the code of a task's error that has none of its own.
const failedTask = "failed"

// extractOffice runs in the worker.
func extractOffice(request json.RawMessage) (result any, err error) {
	var req officeRequest
	if err := json.Unmarshal(request, &req); err != nil {
		return nil, err
	}
	file, err := os.Open(req.Path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	var text office.Text
	switch req.Kind {
	case kindCSV, kindXLSX, kindODS:
		return readTables(req.Path)
	case kindRTF:
		var data []byte
		if data, err = io.ReadAll(io.LimitReader(file, rag.MaxFileBytes)); err == nil {
			text, err = office.ReadRTF(data)
		}
	case kindDOCX:
		text, err = office.ReadDOCX(file, info.Size())
	case kindODT:
		text, err = office.ReadODT(file, info.Size())
	default:
		err = fmt.Errorf("no reader of %q", req.Kind)
	}
	if err != nil {
		return nil, officeError(err)
	}
	return text, nil
}

// officeError gives the failures of office their codes.
func officeError(err error) error {
	switch {
	case errors.Is(err, office.ErrEncrypted):
		return taskError(rag.CodeFileEncrypted, err.Error())
	case errors.Is(err, office.ErrTooLarge):
		return taskError(rag.CodeFileTooLarge, err.Error())
	case errors.Is(err, office.ErrDamaged), errors.Is(err, office.ErrTooDeep):
		return taskError(rag.CodeFileDamaged, err.Error())
	}
	return err
}
