package table

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
)

// A rowReader gathers the cells of the row that is being read.
type rowReader struct {
	book   *workbook
	row    Row
	column int // of the cell, from 1
	kind   string
	style  int
	value  strings.Builder
	wanted bool // the text that comes is the cell's value
}

func (w *workbook) eachRow(ctx context.Context, name string, yield func(Row) error) error {
	part, err := w.open(name)
	if err != nil {
		return err
	}
	r := rowReader{book: w}
	decoder := xml.NewDecoder(bufio.NewReaderSize(part, 1<<16))
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return damaged(name, part.Close())
		}
		if err != nil {
			return damaged(name, errors.Join(err, part.Close()))
		}
		ended, err := r.take(token)
		if err == nil && ended {
			if err = ctx.Err(); err == nil && len(r.row.Cells) > 0 {
				if err = yield(r.row); err != nil { // the caller's own error, not the file's
					return errors.Join(err, part.Close())
				}
			}
		}
		if err != nil {
			return errors.Join(err, part.Close())
		}
	}
}

// take handles a token; ended says that a row is whole.
func (r *rowReader) take(token xml.Token) (ended bool, err error) {
	switch element := token.(type) {
	case xml.StartElement:
		return false, r.start(element)
	case xml.CharData:
		if r.wanted {
			r.value.Write(element)
			if r.value.Len() > r.book.limits.CellBytes {
				return false, &LimitError{LimitCell, int64(r.book.limits.CellBytes), r.row.Number}
			}
		}
	case xml.EndElement:
		switch element.Name.Local {
		case "v", "t":
			r.wanted = false
		case "c":
			r.endCell()
		case "row":
			r.trim()
			return true, nil
		}
	}
	return false, nil
}

func (r *rowReader) start(element xml.StartElement) error {
	switch element.Name.Local {
	case "row":
		r.row.Number++
		if n, err := strconv.Atoi(attribute(element, "r")); err == nil && n > r.row.Number {
			r.row.Number = n
		}
		r.row.Cells, r.row.Kinds, r.column = r.row.Cells[:0], r.row.Kinds[:0], 0
	case "c":
		r.column++
		if column := columnOf(attribute(element, "r")); column > 0 {
			r.column = column
		}
		if r.column > r.book.limits.Columns {
			return &LimitError{LimitColumns, int64(r.book.limits.Columns), r.row.Number}
		}
		r.kind, r.style = attribute(element, "t"), -1
		if n, err := strconv.Atoi(attribute(element, "s")); err == nil {
			r.style = n
		}
		r.value.Reset()
	case "v", "t":
		r.wanted = true
	case "rPh", "f":
		r.wanted = false
	}
	return nil
}

// endCell puts the value at its column; cells may be left out, but never come twice.
func (r *rowReader) endCell() {
	text, kind := r.valueOf()
	if text == "" || r.column <= len(r.row.Cells) {
		return
	}
	for len(r.row.Cells) < r.column-1 {
		r.row.Cells, r.row.Kinds = append(r.row.Cells, ""), append(r.row.Kinds, Text)
	}
	r.row.Cells, r.row.Kinds = append(r.row.Cells, text), append(r.row.Kinds, kind)
}

func (r *rowReader) valueOf() (string, Kind) {
	text := r.value.String()
	switch r.kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 0 || n >= len(r.book.strings) {
			return "", Text
		}
		return r.book.strings[n], Text
	case "b":
		if text == "1" {
			return "true", Bool
		}
		return "false", Bool
	case "d":
		return text, Date
	case "str", "inlineStr", "e":
		return text, Text
	}
	if text == "" {
		return "", Text
	}
	return r.book.number(text, r.style)
}

func (r *rowReader) trim() {
	n := len(r.row.Cells)
	for n > 0 && strings.TrimSpace(r.row.Cells[n-1]) == "" {
		n--
	}
	r.row.Cells, r.row.Kinds = r.row.Cells[:n], r.row.Kinds[:n]
}

func attribute(element xml.StartElement, name string) string {
	for _, a := range element.Attr {
		if a.Name.Local == name && (a.Name.Space == "" || name != "r") {
			return a.Value
		}
	}
	return ""
}

// columnOf gives 28 for "AB12", 0 for what is no reference.
func columnOf(reference string) int {
	column := 0
	for i := range len(reference) {
		letter := reference[i]
		if letter < 'A' || letter > 'Z' || column > 1<<20 {
			break
		}
		column = 26*column + int(letter-'A') + 1
	}
	return column
}

// maxMerged bounds the merged ranges that are kept of a sheet.
const maxMerged = 100_000

// merged finds the ranges, which stand after all rows, without parsing the rows.
func (w *workbook) merged(name string) ([]Range, error) {
	part, err := w.open(name)
	if err != nil {
		return nil, err
	}
	var ranges []Range
	lines := bufio.NewScanner(part)
	lines.Buffer(make([]byte, 1<<16), 16<<20)
	lines.Split(splitTags)
	for lines.Scan() && len(ranges) < maxMerged {
		_, tag, found := bytes.Cut(lines.Bytes(), []byte("mergeCell "))
		if !found {
			continue
		}
		_, value, _ := bytes.Cut(tag, []byte(`ref="`))
		reference, _, _ := bytes.Cut(value, []byte(`"`))
		if block, ok := rangeOf(string(reference)); ok {
			ranges = append(ranges, block)
		}
	}
	return ranges, damaged(name, errors.Join(lines.Err(), part.Close()))
}

func splitTags(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, '>'); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

func rangeOf(reference string) (Range, bool) {
	from, to, ok := strings.Cut(reference, ":")
	if !ok {
		return Range{}, false
	}
	row := func(cell string) int {
		n, err := strconv.Atoi(strings.TrimLeft(cell, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
		if err != nil {
			return 0
		}
		return n
	}
	block := Range{row(from), row(to), columnOf(from), columnOf(to)}
	return block, block.FirstRow > 0 && block.FirstColumn > 0 && block.LastRow >= block.FirstRow && block.LastColumn >= block.FirstColumn
}
