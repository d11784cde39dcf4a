package table

import (
	"cmp"
	"fmt"
)

// Limits of what is read; a zero limit takes the default.
type Limits struct {
	Columns   int   // columns of a row
	CellBytes int   // bytes of a cell
	Sheets    int   // sheets of a file
	PartBytes int64 // bytes of one unpacked part of a XLSX or ODS file
	Ratio     int64 // how many times a large part may grow on unpacking
	Strings   int64 // bytes of the shared strings of a XLSX file
}

// Defaults of Limits.
const (
	DefaultColumns   = 16384
	DefaultCellBytes = 1 << 20
	DefaultSheets    = 200
	DefaultPartBytes = 2 << 30
	DefaultRatio     = 200
	DefaultStrings   = 256 << 20
)

// sampleBytes of a file decide its charset and dialect.
const sampleBytes = 1 << 20

func (l Limits) withDefaults() Limits {
	l.Columns = cmp.Or(l.Columns, DefaultColumns)
	l.CellBytes = cmp.Or(l.CellBytes, DefaultCellBytes)
	l.Sheets = cmp.Or(l.Sheets, DefaultSheets)
	l.PartBytes = cmp.Or(l.PartBytes, DefaultPartBytes)
	l.Ratio = cmp.Or(l.Ratio, DefaultRatio)
	l.Strings = cmp.Or(l.Strings, DefaultStrings)
	return l
}

// What a limit is of.
const (
	LimitColumns = "columns"
	LimitCell    = "cell_bytes"
	LimitSheets  = "sheets"
	LimitUnzip   = "unzipped_bytes"
	LimitStrings = "shared_strings"
)

// LimitError says which limit a file goes beyond.
type LimitError struct {
	What  string
	Limit int64
	Row   int // where, 0 when unknown
}

// Error gives the English text for logs.
func (e *LimitError) Error() string {
	text := fmt.Sprintf("beyond the limit of %d %s", e.Limit, e.What)
	if e.Row > 0 {
		text += fmt.Sprintf(" in row %d", e.Row)
	}
	return text
}
