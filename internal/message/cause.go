package message

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"syscall"
)

// Fact is a cause that reads the same in every language: numbers of pages, an address.
type Fact interface {
	error
	Fact() string
}

// Cause says in the printer's language why something failed. What the catalogue has no
// words for is for the log: told is false and the text says so.
func (p *Printer) Cause(err error) (text string, told bool) {
	var fact Fact
	var syntax *json.SyntaxError
	var form *json.UnmarshalTypeError
	id := "cause.logged"
	switch {
	case err == nil:
		return "", true
	case errors.As(err, &fact):
		return fact.Fact(), true
	case errors.Is(err, fs.ErrNotExist):
		id = "cause.missing"
	case errors.Is(err, fs.ErrPermission):
		id = "cause.forbidden"
	case errors.Is(err, syscall.EISDIR):
		id = "cause.folder"
	case errors.Is(err, syscall.ENOTDIR):
		id = "cause.no_folder"
	case errors.Is(err, syscall.ENOSPC):
		id = "cause.disk_full"
	case errors.As(err, &syntax), errors.As(err, &form):
		id = "cause.json"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		id = "cause.cut"
	}
	return p.Text(id, nil), id != "cause.logged"
}
