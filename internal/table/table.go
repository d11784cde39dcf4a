// Package table reads tables as streams of rows: CSV and its kin, XLSX and ODS, sheet by
// sheet, with the numbers that rows have in the file. Formulas are read by their stored
// values; nothing outside the file is opened. It imports nothing of ours but internal/polish.
package table

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"referent/internal/polish"
)

// Kind is what the file says a cell holds. CSV says nothing: all its cells are Text.
type Kind uint8

// The kinds of cells.
const (
	Text   Kind = iota // also an empty cell
	Number             // written with a decimal point, without grouping
	Bool               // "true" or "false"
	Date               // ISO 8601: a date, a time, or both joined by T
	Null               // said to be missing, where the format can say so
)

// Row is a row of a sheet. Its cells may be kept; the slices are valid until yield returns.
type Row struct {
	Number int      // from 1: the line on which a CSV record begins, the row of a sheet
	Cells  []string // without empty cells at the end, where the format has a grid
	Kinds  []Kind   // one a cell; nil where the format has no kinds
	Mixed  bool     // written in another charset than the rest of the file
}

// Kind of the i-th cell.
func (r Row) Kind(i int) Kind {
	if i < len(r.Kinds) {
		return r.Kinds[i]
	}
	return Text
}

// Range is a block of merged cells; rows and columns count from 1, both ends belong to it.
// The value stands in its first cell.
type Range struct {
	FirstRow, LastRow       int
	FirstColumn, LastColumn int
}

// Sheet is a table of a file. A CSV file is one sheet without a name.
type Sheet struct {
	Name   string
	Hidden bool
	each   func(ctx context.Context, yield func(Row) error) error
	merged func() ([]Range, error)
}

// Each reads the rows in order. It stops at the first error of yield and returns it.
// Blank lines of a CSV are rows with one empty cell; a grid leaves blank rows out.
func (s *Sheet) Each(ctx context.Context, yield func(Row) error) error { return s.each(ctx, yield) }

// Merged gives the merged cells.
func (s *Sheet) Merged() ([]Range, error) {
	if s.merged == nil {
		return nil, nil
	}
	return s.merged()
}

// Format is a format of tables.
type Format string

// The formats that are read here.
const (
	CSV  Format = "CSV"
	XLSX Format = "XLSX"
	ODS  Format = "ODS"
)

// File is an open file of tables.
type File struct {
	Format  Format
	Charset polish.Charset // of a CSV file
	Dialect Dialect        // of a CSV file
	Sheets  []*Sheet
	closer  io.Closer
}

// Close closes the file; its sheets cannot be read any more.
func (f *File) Close() error { return f.closer.Close() }

// Why a file is not read.
var (
	ErrEmpty       = errors.New("the file is empty")
	ErrEncrypted   = errors.New("the file is protected by a password")
	ErrDamaged     = errors.New("the file is damaged")
	ErrUnsupported = errors.New("the file is no table of a known format")
)

// Open opens a file of tables by what it holds, whatever its name says. Its errors, and
// those of Each, wrap one of the errors above, a *LimitError, or the system's own.
func Open(path string, limits Limits) (*File, error) {
	limits = limits.withDefaults()
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	opened, err := open(file, limits)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	opened.closer = file
	return opened, nil
}

func open(file *os.File, limits Limits) (*File, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%w: a folder", ErrUnsupported)
	}
	head := make([]byte, min(info.Size(), sampleBytes))
	if _, err := io.ReadFull(file, head); err != nil {
		return nil, fmt.Errorf("read the beginning: %w", err)
	}
	switch {
	case len(bytes.TrimSpace(head)) == 0:
		return nil, ErrEmpty
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return openZip(file, info.Size(), limits)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")) && bytes.Contains(head, utf16("EncryptedPackage")):
		return nil, ErrEncrypted
	}
	return openCSV(file, head, limits)
}

func utf16(text string) []byte {
	wide := make([]byte, 0, 2*len(text))
	for i := range len(text) {
		wide = append(wide, text[i], 0)
	}
	return wide
}
