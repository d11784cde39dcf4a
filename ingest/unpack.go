package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"referent/ingest/archive"
	"referent/rag"
)

// innerMark parts the name of a file from that of the file it lies in: "umowa.zip!/pisma/1.docx".
const innerMark = "!/"

// visitSource takes a source, or why it could not be opened; src then has but its name.
type visitSource func(src source, err error) error

// unpack visits the documents of a source: the source itself, and what it holds where it
// is an archive or a message. Each is a document of its own. An error of visit ends it.
func (r Reader) unpack(ctx context.Context, src source, visit visitSource) error {
	if src.path != "" && src.kind != kindZIP {
		src.describe(localFile, src.path)
	}
	u := unpacker{Reader: r, budget: archive.NewBudget(), visit: visit}
	return u.source(ctx, src, 0)
}

// unpacker goes down into archives and messages with one budget for all of them.
type unpacker struct {
	Reader
	budget *archive.Budget
	visit  visitSource
}

func (u *unpacker) source(ctx context.Context, src source, depth int) error {
	if err := ctx.Err(); err != nil {
		return &rag.Error{Code: rag.CodeCancelled, Subject: src.name, Err: err}
	}
	inside := src.kind == kindZIP || src.kind == kindEML
	switch {
	case inside && depth >= archive.MaxDepth:
		return u.visit(src, &rag.Error{Code: rag.CodeArchiveTooDeep, Subject: src.name, Limit: archive.MaxDepth})
	case src.kind == kindEZD:
		return nil // it was read with the documents beside it
	case src.kind == kindZIP:
		return u.zip(ctx, src, depth)
	case src.kind == kindEML:
		return u.message(ctx, src, depth)
	}
	return u.visit(src, nil)
}

// zip visits the files of an archive one after the other: one is in memory at a time.
func (u *unpacker) zip(ctx context.Context, src source, depth int) error {
	a, err := archive.Open(src.data)
	if err != nil {
		return u.visit(src, archiveError(src.name, err))
	}
	entries := a.Entries()
	if len(entries) == 0 {
		return u.visit(src, &rag.Error{Code: rag.CodeFileEmpty, Subject: src.name})
	}
	beside := func(name string) []byte { return u.budget.Small(a, name) }
	for _, entry := range entries {
		if err := ctx.Err(); err != nil {
			return &rag.Error{Code: rag.CodeCancelled, Subject: src.name, Err: err}
		}
		data, err := u.budget.Read(entry)
		if errors.Is(err, archive.ErrTooManyFiles) || errors.Is(err, archive.ErrBudget) {
			return u.visit(src, archiveError(src.name, err))
		}
		child := src.child(entry.Name, data)
		if err != nil {
			err = u.visit(child, archiveError(child.name, err))
		} else {
			err = u.child(ctx, child, beside, entry.Name, depth)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// child visits a file that lies in another one.
func (u *unpacker) child(ctx context.Context, child source, beside fileBeside, name string, depth int) error {
	opened, err := newSource(child)
	if err != nil {
		return u.visit(child, err)
	}
	if beside != nil {
		opened.describe(beside, name)
	}
	return u.source(ctx, opened, depth+1)
}

// child names a file inside the source.
func (src source) child(name string, data []byte) source {
	name = innerMark + strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, name)
	return source{name: src.name + name, inner: src.inner + name, data: data}
}

// archiveError says why an archive or one of its files was not read.
func archiveError(name string, err error) error {
	e := &rag.Error{Code: rag.CodeFileDamaged, Subject: name, Err: err}
	switch {
	case errors.Is(err, archive.ErrEncrypted):
		e.Code = rag.CodeFileEncrypted
	case errors.Is(err, archive.ErrMethod):
		e.Code = rag.CodeArchiveUnsupported
	case errors.Is(err, archive.ErrUnsafeName):
		e.Code = rag.CodeUnsafeName
	case errors.Is(err, archive.ErrTooManyFiles):
		e.Code, e.Limit = rag.CodeArchiveTooMany, archive.MaxFiles
	case errors.Is(err, archive.ErrRatio):
		e.Code, e.Limit = rag.CodeArchiveBomb, archive.MaxRatio
	case errors.Is(err, archive.ErrTooLarge):
		e.Code, e.Limit = rag.CodeArchiveTooLarge, archive.MaxEntryBytes>>20
	case errors.Is(err, archive.ErrBudget):
		e.Code, e.Limit = rag.CodeArchiveTooLarge, archive.MaxTotalBytes>>20
	}
	return e
}

// judge says what the law says today of a document that is read only to be looked at: the
// library judges when it is asked.
func judge(doc *rag.Document) {
	doc.Status = doc.StatusOn(today())
	for i := range doc.Units {
		doc.Units[i].Status = doc.Of(doc.Units[i].Status)
	}
}

// ReadAll reads a file and the files it holds and calls visit for each, by its name, with
// the document or why there is none. An error of visit ends it. Nothing is stored.
func (r Reader) ReadAll(ctx context.Context, path string, visit func(file string, doc rag.Document, err error) error) error {
	src, err := openSource(path)
	if err != nil {
		return visit(path, rag.Document{}, firstSeen(path, err))
	}
	visited := 0
	err = r.unpack(ctx, src, func(part source, err error) error {
		visited++
		var doc rag.Document
		if err == nil {
			doc, err = r.read(ctx, part)
		}
		if ctx.Err() != nil {
			return &rag.Error{Code: rag.CodeCancelled, Err: ctx.Err()}
		}
		judge(&doc)
		return visit(path+part.inner, doc, err)
	})
	if err == nil && visited == 0 { // metadata alone
		return visit(path, rag.Document{}, &rag.Error{Code: rag.CodeFileUnsupported, Subject: path, Err: fmt.Errorf("it holds no document")})
	}
	return err
}
