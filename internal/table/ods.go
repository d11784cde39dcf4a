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

// An ODS file holds all its sheets in one part, which is streamed anew for each of them.
const odsContent = "content.xml"

func openODS(c container) (*File, error) {
	if err := c.notEncrypted(); err != nil {
		return nil, err
	}
	f := &File{Format: ODS}
	hidden := map[string]bool{} // styles of tables that are not shown
	style := ""
	err := c.tokens(context.Background(), func(token xml.Token) error {
		element, ok := token.(xml.StartElement)
		if !ok {
			return nil
		}
		switch element.Name.Local {
		case "style":
			style = attribute(element, "name")
		case "table-properties":
			hidden[style] = attribute(element, "display") == "false"
		case "table":
			if len(f.Sheets) == c.limits.Sheets {
				return &LimitError{What: LimitSheets, Limit: int64(c.limits.Sheets)}
			}
			index := len(f.Sheets)
			f.Sheets = append(f.Sheets, &Sheet{
				Name:   attribute(element, "name"),
				Hidden: hidden[attribute(element, "style-name")],
				each: func(ctx context.Context, yield func(Row) error) error {
					r := odsReader{wanted: index, table: -1, limits: c.limits, yield: yield}
					return c.tokens(ctx, r.take)
				},
				merged: func() ([]Range, error) {
					r := odsReader{wanted: index, table: -1, limits: c.limits, yield: func(Row) error { return nil }}
					err := c.tokens(context.Background(), r.take)
					return r.merged, err
				},
			})
		}
		return nil
	})
	return f, err
}

// notEncrypted looks at the manifest, which names the encryption of each part.
func (c container) notEncrypted() error {
	const name = "META-INF/manifest.xml"
	if c.parts[name] == nil {
		return nil
	}
	part, err := c.open(name)
	if err != nil {
		return err
	}
	manifest, err := io.ReadAll(io.LimitReader(part, 1<<20))
	if err = errors.Join(err, part.Close()); err != nil {
		return damaged(name, err)
	}
	if bytes.Contains(manifest, []byte("encryption-data")) {
		return ErrEncrypted
	}
	return nil
}

// errEnough ends a stream whose rest is of no interest.
var errEnough = errors.New("enough was read")

func (c container) tokens(ctx context.Context, take func(xml.Token) error) error {
	part, err := c.open(odsContent)
	if err != nil {
		return err
	}
	decoder := xml.NewDecoder(bufio.NewReaderSize(part, 1<<16))
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return errors.Join(ctx.Err(), part.Close())
		}
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return damaged(odsContent, part.Close())
		}
		if err != nil {
			return damaged(odsContent, errors.Join(err, part.Close()))
		}
		if err := take(token); errors.Is(err, errEnough) {
			return part.Close()
		} else if err != nil {
			return errors.Join(err, part.Close())
		}
	}
}

// An odsReader yields the rows of one table. Rows and cells that repeat are written once.
type odsReader struct {
	wanted, table int
	limits        Limits
	yield         func(Row) error
	merged        []Range
	row           Row
	number        int // of the row that is read
	repeatRow     int
	column        int // columns that the row has so far
	repeatCell    int
	value, kind   string
	text          strings.Builder
	paragraphs    int
	inText        int // depth of text:p
	annotation    int // depth of notes, which are no value
}

func (r *odsReader) take(token xml.Token) error {
	switch element := token.(type) {
	case xml.StartElement:
		if element.Name.Local == "table" {
			r.table++
			r.number = 0
		}
		if r.table == r.wanted {
			return r.start(element)
		}
	case xml.CharData:
		if r.table == r.wanted && r.inText > 0 && r.annotation == 0 {
			r.text.Write(element)
			if r.text.Len() > r.limits.CellBytes {
				return &LimitError{LimitCell, int64(r.limits.CellBytes), r.number}
			}
		}
	case xml.EndElement:
		if r.table == r.wanted {
			return r.end(element.Name.Local)
		}
	}
	return nil
}

func (r *odsReader) start(element xml.StartElement) error {
	switch element.Name.Local {
	case "table-row":
		r.number++
		r.repeatRow = repeats(element, "number-rows-repeated")
		r.row = Row{Number: r.number, Cells: r.row.Cells[:0], Kinds: r.row.Kinds[:0]}
		r.column = 0
	case "table-cell", "covered-table-cell":
		r.repeatCell = repeats(element, "number-columns-repeated")
		r.kind = attribute(element, "value-type")
		r.value = cellValue(element, r.kind)
		r.text.Reset()
		r.paragraphs = 0
		rows, columns := repeats(element, "number-rows-spanned"), repeats(element, "number-columns-spanned")
		if (rows > 1 || columns > 1) && len(r.merged) < maxMerged {
			r.merged = append(r.merged, Range{r.number, r.number + rows - 1, r.column + 1, r.column + columns})
		}
	case "annotation":
		r.annotation++
	case "p":
		if r.paragraphs > 0 && r.annotation == 0 {
			r.text.WriteByte('\n')
		}
		r.inText++
	case "s", "tab", "line-break":
		if r.inText > 0 && r.annotation == 0 {
			r.text.WriteString(strings.Repeat(" ", min(repeats(element, "c"), r.limits.CellBytes)))
		}
	}
	return nil
}

func (r *odsReader) end(name string) error {
	switch name {
	case "annotation":
		r.annotation--
	case "p":
		r.inText--
		if r.annotation == 0 {
			r.paragraphs++
		}
	case "table-cell", "covered-table-cell":
		return r.endCell()
	case "table-row":
		return r.endRow()
	case "table":
		return errEnough
	}
	return nil
}

func (r *odsReader) endCell() error {
	text, kind := r.value, kinds[r.kind]
	if kind == Text {
		text = r.text.String()
	}
	if strings.TrimSpace(text) == "" {
		r.column += r.repeatCell // padding up to the edge of the grid
		return nil
	}
	if r.column+r.repeatCell > r.limits.Columns {
		return &LimitError{LimitColumns, int64(r.limits.Columns), r.number}
	}
	for len(r.row.Cells) < r.column {
		r.row.Cells, r.row.Kinds = append(r.row.Cells, ""), append(r.row.Kinds, Text)
	}
	for range r.repeatCell {
		r.row.Cells, r.row.Kinds = append(r.row.Cells, text), append(r.row.Kinds, kind)
	}
	r.column += r.repeatCell
	return nil
}

// endRow yields a row as often as it stands; a blank one only moves on.
func (r *odsReader) endRow() error {
	if len(r.row.Cells) > 0 {
		for range r.repeatRow {
			if err := r.yield(r.row); err != nil {
				return err
			}
			r.row.Number++
		}
	}
	r.number += r.repeatRow - 1
	return nil
}

var kinds = map[string]Kind{
	"float": Number, "currency": Number, "percentage": Number, "date": Date, "time": Date, "boolean": Bool,
}

// cellValue gives the stored value, which does not depend on how the cell looks.
func cellValue(element xml.StartElement, kind string) string {
	switch kind {
	case "float", "currency", "percentage":
		return attribute(element, "value")
	case "date":
		return strings.TrimSuffix(attribute(element, "date-value"), "T00:00:00")
	case "time":
		return clock(attribute(element, "time-value"))
	case "boolean":
		return attribute(element, "boolean-value")
	}
	return ""
}

// clock turns the duration PT08H05M00S into 08:05:00.
func clock(duration string) string {
	hours, rest, ok := strings.Cut(strings.TrimPrefix(duration, "PT"), "H")
	minutes, seconds, ok2 := strings.Cut(rest, "M")
	if !ok || !ok2 {
		return duration
	}
	seconds, _, _ = strings.Cut(strings.TrimSuffix(seconds, "S"), ".")
	return hours + ":" + minutes + ":" + seconds
}

// repeats reads a count that is 1 where it is left out, or is none.
func repeats(element xml.StartElement, name string) int {
	n, err := strconv.Atoi(attribute(element, name))
	if err != nil || n < 1 {
		return 1
	}
	return n
}
