package dataset

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"referent/internal/polish"
	"referent/internal/table"
)

// Describe profiles a file in this process. Progress, if not nil, is told now and then how
// many records were read. Its errors are *Error.
func Describe(ctx context.Context, path string, progress func(records int)) (*Profile, error) {
	p, err := describe(ctx, path, progress)
	if err != nil {
		return nil, explainError(ctx, path, err)
	}
	return p, nil
}

func describe(ctx context.Context, path string, progress func(int)) (p *Profile, err error) {
	o, err := openFile(ctx, path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	var tables []assembled
	var nested []*children
	for _, s := range o.sources {
		g, err := gather(ctx, s, progress)
		if err != nil {
			return nil, err
		}
		tables = append(tables, g.judge())
		if s.nested != nil {
			nested = append(nested, s.nested()...)
		}
	}
	for _, c := range nested {
		if err := c.gather.end(); err != nil {
			return nil, err
		}
	}
	p = profileOf(o, tables, path)
	for _, c := range nested {
		p.addNested(c)
	}
	if p.Cols == 0 && p.Rows == 0 {
		return nil, &Error{Code: CodeNoRecords}
	}
	return p, nil
}

// addNested adds a table inside the records, and what is wrong or personal in it.
func (p *Profile) addNested(c *children) {
	a := c.gather.judge()
	p.Nested = append(p.Nested, Nested{Path: c.path, Rows: a.records, Cols: len(a.columns), Columns: a.results()})
	for _, d := range a.defects() {
		if d.Kind == DefectDuplicateRows {
			continue // records of different parents may be alike
		}
		for i, name := range d.Column {
			d.Column[i] = c.path + "." + name
		}
		p.Defects = append(p.Defects, d)
	}
	entries, _, verdict := personalOf(a.columns, a.gathered)
	for _, e := range entries {
		for i, name := range e.Column {
			e.Column[i] = c.path + "." + name
		}
		p.Personal = append(p.Personal, e)
	}
	p.Verdict = worse(p.Verdict, verdict)
}

// headBytes of a file show what it is.
const headBytes = 1 << 16

// openFile opens a file by what it holds, whatever its name says.
func openFile(ctx context.Context, path string) (*opened, error) {
	head, err := headOf(path)
	if err != nil {
		return nil, err
	}
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")))
	switch {
	case looksJSON(head):
		return openJSON(ctx, path, polish.DetectCharset(head))
	case bytes.HasPrefix(trimmed, []byte("%PDF")), bytes.HasPrefix(head, []byte("\x89PNG")), bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return nil, &Error{Code: CodeUnsupported}
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return openGPKG(ctx, path)
	case bytes.HasPrefix(head, []byte("PAR1")):
		return openParquet(ctx, path)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")):
		if o, err := openTable(ctx, path); err == nil || errors.Is(err, table.ErrEncrypted) {
			return o, err
		}
		return openXLS(ctx, path)
	case looksXML(head):
		return openXML(ctx, path)
	}
	o, err := openTable(ctx, path)
	if errors.Is(err, table.ErrUnsupported) && bytes.HasPrefix(head, []byte("PK")) {
		return openSHP(ctx, path)
	}
	return o, err
}

func headOf(path string) (head []byte, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &Error{Code: CodeUnsupported}
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	head, err = io.ReadAll(io.LimitReader(file, headBytes))
	return head, errors.Join(err, file.Close())
}

// openTable opens CSV, XLSX and ODS.
func openTable(ctx context.Context, path string) (*opened, error) {
	file, err := table.Open(path, table.Limits{Columns: maxColumns})
	if err != nil {
		return nil, err
	}
	o := &opened{format: string(file.Format), encoding: charsetName(file.Charset), close: file.Close}
	if file.Dialect.Delimiter != 0 {
		o.delimiter = string(file.Dialect.Delimiter)
	}
	for _, sheet := range file.Sheets {
		s := &source{name: sheet.Name, hidden: sheet.Hidden, grid: true, typed: file.Format != table.CSV}
		s.each = func(ctx context.Context, yield func(record) error) error {
			return sheet.Each(ctx, func(row table.Row) error { return yield(record{Row: row}) })
		}
		if s.merged, err = sheet.Merged(); err != nil {
			return nil, errors.Join(err, file.Close())
		}
		if err := ctx.Err(); err != nil {
			return nil, errors.Join(err, file.Close())
		}
		o.sources = append(o.sources, s)
	}
	return o, nil
}

func charsetName(c polish.Charset) string {
	if strings.HasPrefix(string(c), string(polish.UTF16)) {
		return string(polish.UTF16)
	}
	return string(c)
}

// explainError turns what readers say into an error that a person can act on.
func explainError(ctx context.Context, path string, err error) *Error {
	var known *Error
	var limit *table.LimitError
	e := &Error{Code: CodeDamaged, File: path, Err: err}
	switch {
	case ctx.Err() != nil:
		e.Code = CodeCancelled
	case errors.As(err, &known):
		e.Code, e.Limit = known.Code, known.Limit
		e.Err = known.Err
	case errors.As(err, &limit):
		e.Code, e.Limit = CodeTooLarge, limit.Limit
		switch limit.What {
		case table.LimitColumns:
			e.Code = CodeTooManyColumns
		case table.LimitSheets:
			e.Code = CodeTooManySheets
		}
	case errors.Is(err, table.ErrEmpty):
		e.Code = CodeEmpty
	case errors.Is(err, table.ErrEncrypted):
		e.Code = CodeEncrypted
	case errors.Is(err, table.ErrUnsupported):
		e.Code = CodeUnsupported
	case errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission):
		e.Code = CodeUnreadable
	}
	return e
}

// packed says whether a file begins as archives, databases and office files do.
func packed(head []byte) bool {
	for _, sign := range []string{"PK\x03\x04", "PK\x05\x06", "\xD0\xCF\x11\xE0", "SQLite format 3\x00", "PAR1", "\x1f\x8b", "%PDF"} {
		if bytes.HasPrefix(head, []byte(sign)) {
			return true
		}
	}
	return false
}

// looksXML says whether a file begins as XML does, in any charset.
func looksXML(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	return bytes.HasPrefix(head, []byte("<")) || bytes.HasPrefix(head, []byte("\xff\xfe<\x00"))
}
