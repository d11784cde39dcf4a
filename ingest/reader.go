package ingest

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"referent/ingest/mail"
	"referent/internal/worker"
	"referent/rag"
)

// Reader reads one source into a document. The zero Reader chooses its limits by the file.
type Reader struct {
	PDF    worker.Limits // of the child process that reads PDF
	Office worker.Limits // of the child process that reads office files
}

// source is a file's bytes before they are read.
type source struct {
	name        string // file name or address, for kind and identity
	path        string // where the file lies
	data        []byte
	contentType string // as a server said it, "" for files
	kind        string
	hash        string
	stamp       rag.Stamp // how it looks, for the next time

	inner   string        // its name inside the file it lies in: "!/pisma/1.docx"
	message *mail.Message // of a message that was read already
	meta    []string      // what a system of electronic records says of it
	title   string        // the title it gives
}

// Read reads a file and gives the first of its documents: an archive or a message may hold
// several. Nothing is stored. It fails with the *rag.Error codes of files.
func (r Reader) Read(ctx context.Context, path string) (doc rag.Document, err error) {
	stop := errors.New("one is enough")
	end := r.ReadAll(ctx, path, func(_ string, first rag.Document, why error) error {
		doc, err = first, why
		return stop
	})
	if err == nil && !errors.Is(end, stop) {
		err = end
	}
	return doc, err
}

// firstSeen says of a file that is not there that it cannot be read: nobody has seen it before.
func firstSeen(path string, err error) error {
	if errors.Is(err, &rag.Error{Code: rag.CodeFileVanished}) {
		return &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: fs.ErrNotExist}
	}
	return err
}

// openSource reads a file's bytes and tells its kind.
func openSource(path string) (source, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return source{}, &rag.Error{Code: rag.CodeFileVanished, Subject: path, Err: err}
	case err != nil:
		return source{}, &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: err}
	case !info.Mode().IsRegular():
		return source{}, &rag.Error{Code: rag.CodeFileUnsupported, Subject: path}
	case info.Size() > rag.MaxFileBytes:
		return source{}, &rag.Error{Code: rag.CodeFileTooLarge, Subject: path, Limit: rag.MaxFileBytes >> 20}
	}
	data, err := readFile(path)
	if err != nil {
		return source{}, err
	}
	return newSource(source{name: path, path: path, data: data})
}

// readFile reads a file that may grow or vanish while it is read.
func readFile(path string) (data []byte, err error) {
	file, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &rag.Error{Code: rag.CodeFileVanished, Subject: path, Err: err}
	}
	if err != nil {
		return nil, &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: err}
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	data, err = io.ReadAll(io.LimitReader(file, rag.MaxFileBytes+1))
	if err != nil {
		return nil, &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: err}
	}
	if len(data) > rag.MaxFileBytes {
		return nil, &rag.Error{Code: rag.CodeFileTooLarge, Subject: path, Limit: rag.MaxFileBytes >> 20}
	}
	return data, nil
}

func newSource(src source) (source, error) {
	if len(src.data) == 0 {
		return source{}, &rag.Error{Code: rag.CodeFileEmpty, Subject: src.name}
	}
	src.kind = kindOfSource(src)
	if src.kind == "" {
		return source{}, &rag.Error{Code: rag.CodeFileUnsupported, Subject: src.name}
	}
	if code, ok := refused[src.kind]; ok {
		return source{}, &rag.Error{Code: code, Subject: src.name}
	}
	sum := sha256.Sum256(src.data)
	src.hash = hex.EncodeToString(sum[:])
	return src, nil
}

// read makes a document of a source.
func (r Reader) read(ctx context.Context, src source) (doc rag.Document, err error) {
	defer func() { // what one file breaks must not end the reading of the others
		if broken := recover(); broken != nil {
			err = &rag.Error{Code: rag.CodeInternal, Subject: src.name, Err: fmt.Errorf("reader panicked: %v\n%s", broken, debug.Stack())}
		}
	}()
	l, err := r.layout(ctx, src)
	if err != nil {
		return rag.Document{}, err
	}
	if len(src.meta) > 0 && strings.TrimSpace(l.text) != "" {
		l = withMetadata(l, src.meta)
		l.title = cmp.Or(l.title, src.title)
	}
	if strings.TrimSpace(l.text) == "" {
		if !l.unread() {
			return rag.Document{}, &rag.Error{Code: emptyCode(src.kind), Subject: src.name}
		}
		l.text = filepath.Base(src.name) + "\n" // it is kept and found by its name until it can be read
	}
	if utf8.RuneCountInString(l.text) > rag.MaxTextRunes {
		return rag.Document{}, &rag.Error{Code: rag.CodeFileTooLarge, Subject: src.name, Limit: rag.MaxTextRunes >> 20}
	}
	doc, err = document(src.name, l)
	if err != nil {
		return rag.Document{}, &rag.Error{Code: rag.CodeInternal, Subject: src.name, Err: err}
	}
	doc.Source, doc.Kind, doc.Hash, doc.Extractor = src.name, src.kind, src.hash, extractors[src.kind]
	if l.unread() {
		doc.Extractor += partlyRead
	}
	doc.FetchedAt = time.Now().UTC().Truncate(time.Second)
	return doc, nil
}

// partlyRead marks the extractor of a document with unread pages, so that it is read again
// when what reads them may have been installed.
const partlyRead = "-unread"

func emptyCode(kind string) rag.Code {
	if kind == kindPDF {
		return rag.CodeFileNoText
	}
	return rag.CodeFileEmpty
}

// unreadPages says that a remark is of pages that were not read.
func unreadPages(remark *rag.Error) bool {
	return remark.Code == rag.CodePagesUnread || remark.Code == rag.CodeOCRTimeout
}

func (r Reader) layout(ctx context.Context, src source) (layout, error) {
	if err := ctx.Err(); err != nil {
		return layout{}, &rag.Error{Code: rag.CodeCancelled, Subject: src.name, Err: err}
	}
	switch src.kind {
	case kindMarkdown:
		return readMarkdown(normalizeLegal(withoutNavigation(decode(src.data)))), nil
	case kindHTML:
		l, err := readHTML(src.data, src.contentType)
		if err != nil {
			return layout{}, &rag.Error{Code: rag.CodeFileDamaged, Subject: src.name, Err: err}
		}
		return l, nil
	case kindPDF:
		return readPDF(ctx, src, r.PDF)
	case kindDOCX, kindODT, kindRTF, kindCSV, kindXLSX, kindODS:
		return readOffice(ctx, src, r.Office)
	case kindDOC, kindXLS:
		made, cleanup, err := convert(ctx, src)
		if err != nil {
			return layout{}, err
		}
		defer cleanup()
		return readOffice(ctx, made, r.Office)
	case kindEML:
		return layMessage(src.message)
	}
	return layout{text: normalizeLegal(withoutNavigation(decode(src.data)))}, nil
}

// document finds identity, units and passages of a text.
func document(name string, l layout) (rag.Document, error) {
	id := identify(name, l)
	doc := rag.Document{Text: l.text, Remarks: l.remarks}
	doc.Act, doc.Title, doc.TextKind, doc.WordingDate = id.act, id.title, id.textKind, id.wordingDate
	if !titleWord.MatchString(doc.Title) || l.table {
		doc.Title = filepath.Base(name)
	}
	doc.Language = language(l.text)
	doc.Status, doc.InForceFrom, doc.RepealedFrom, doc.WordingAfter = id.status, id.inForceFrom, id.repealedFrom, id.after
	idx := newRuneIndex(l.text)
	for _, p := range l.pages {
		doc.Pages = append(doc.Pages, rag.Page{Number: p.number, Label: p.label, Span: idx.span(p.start, p.end), Words: len(strings.Fields(l.text[p.start:p.end])), Share: p.quality, OCR: p.ocr, Unread: p.unread})
	}
	w := passageWriter{l: l, idx: idx}
	var err error
	if anchors := legalAnchors(l, id); len(anchors) > 0 {
		parts := act{text: l.text, status: doc.Status, eu: strings.HasPrefix(doc.Act, "EU/")}.parts(anchors)
		doc.Units = flattenUnits(parts, l, idx)
		err = w.legal(parts, doc.Status)
	} else {
		err = w.running(doc.Status)
	}
	if err == nil && len(w.passages) == 0 { // nothing but headings
		err = w.pieces(0, len(l.text), rag.Passage{Status: doc.Status})
	}
	doc.Passages = w.passages
	doc.Relations = relationsOf(doc)
	return doc, err
}

// titleWord is missing from a title that is but a page's number or a stray sign.
var titleWord = regexp.MustCompile(`\p{L}{2}`)

func legalAnchors(l layout, id identity) []anchor {
	if l.table || l.plain {
		return nil
	}
	return findAnchors(l, id.act != "")
}
