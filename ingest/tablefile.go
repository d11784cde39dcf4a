package ingest

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"referent/ingest/office"
	"referent/internal/table"
	"referent/rag"
)

// tableText is what a file of tables says: a line a row, each value under the label of its
// column, so that a row says what it means wherever it is quoted.
type tableText struct {
	out office.Text
	b   strings.Builder
}

// Limits of tables beyond those of internal/table.
const (
	headRows      = 20       // among which the row of labels is looked for
	maxTableBytes = 80 << 20 // of the text
	maxMerged     = 100_000  // merged ranges that are filled
)

// readTables reads a file of tables; it runs in the worker.
func readTables(path string) (text office.Text, err error) {
	file, err := table.Open(path, table.Limits{})
	if err != nil {
		return office.Text{}, tableError(err)
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	var t tableText
	for _, sheet := range file.Sheets {
		if sheet.Hidden {
			t.out.Hidden++
			continue
		}
		if err := t.sheet(sheet); err != nil {
			return office.Text{}, tableError(err)
		}
	}
	t.out.Text = t.b.String()
	return t.out, nil
}

func (t *tableText) sheet(sheet *table.Sheet) error {
	merged, err := sheet.Merged()
	if err != nil {
		return err
	}
	before := t.b.Len()
	if sheet.Name != "" {
		t.b.WriteString(sheet.Name)
		t.out.Headings = append(t.out.Headings, office.Heading{Rank: 1, Start: before, End: t.b.Len()})
		t.b.WriteByte('\n')
	}
	rows := t.b.Len()
	s := sheetText{tableText: t, merges: newMerges(merged)}
	err = sheet.Each(context.Background(), s.row)
	if err == nil {
		err = s.flush()
	}
	if t.b.Len() == rows && sheet.Name != "" { // an empty sheet is not worth its name
		text := t.b.String()[:before]
		t.b.Reset()
		t.b.WriteString(text)
		t.out.Headings = t.out.Headings[:len(t.out.Headings)-1]
	}
	return err
}

// sheetText writes the rows of a sheet once it knows their labels.
type sheetText struct {
	*tableText
	merges merges
	head   [][]string // rows before the labels are known
	labels []string
	known  bool
}

func (s *sheetText) row(row table.Row) error {
	cells := make([]string, len(row.Cells))
	for i, cell := range row.Cells {
		cells[i] = strings.Join(strings.Fields(cell), " ")
	}
	cells = s.merges.fill(row.Number, cells)
	if s.known {
		return s.write(cells)
	}
	if s.head = append(s.head, cells); len(s.head) == headRows {
		return s.flush()
	}
	return nil
}

// flush finds the labels among the first rows and writes those rows.
func (s *sheetText) flush() error {
	if s.known {
		return nil
	}
	s.known = true
	at := labelRow(s.head)
	for i, cells := range s.head {
		if i == at {
			s.labels = cells
			continue
		}
		if err := s.write(cells); err != nil {
			return err
		}
	}
	if at == len(s.head)-1 && at >= 0 { // nothing but labels
		return s.line(strings.Join(filled(s.labels), "; "))
	}
	return nil
}

// labelRow gives the row of labels: the first that fills most columns of the first rows and
// holds words. -1: a table of one column, or of numbers alone, has none.
func labelRow(rows [][]string) int {
	widest := 0
	for _, cells := range rows {
		widest = max(widest, len(filled(cells)))
	}
	if widest < 2 {
		return -1
	}
	for i, cells := range rows {
		has := filled(cells)
		if 5*len(has) < 3*widest || len(has) < 2 {
			continue
		}
		words := 0
		for _, cell := range has {
			if strings.ContainsFunc(cell, isLetter) {
				words++
			}
		}
		if 2*words <= len(has) {
			return -1
		}
		return i
	}
	return -1
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 0xBF }

func filled(cells []string) []string {
	var has []string
	for _, cell := range cells {
		if cell != "" {
			has = append(has, cell)
		}
	}
	return has
}

func (s *sheetText) write(cells []string) error {
	var line []string
	for i, cell := range cells {
		switch {
		case cell == "":
		case i < len(s.labels) && s.labels[i] != "":
			line = append(line, s.labels[i]+": "+cell)
		default:
			line = append(line, cell)
		}
	}
	return s.line(strings.Join(line, "; "))
}

func (s *sheetText) line(text string) error {
	if text == "" {
		return nil
	}
	if s.b.Len()+len(text) > maxTableBytes {
		return fmt.Errorf("%w: more than %d bytes of rows", office.ErrTooLarge, maxTableBytes)
	}
	s.b.WriteString(text)
	s.b.WriteByte('\n')
	return nil
}

// merges fill each cell of a merged block with its value.
type merges struct {
	starts map[int][]table.Range // by first row
	open   []openMerge
}

type openMerge struct {
	table.Range
	value string
}

func newMerges(ranges []table.Range) merges {
	m := merges{starts: map[int][]table.Range{}}
	for _, r := range ranges[:min(len(ranges), maxMerged)] {
		m.starts[r.FirstRow] = append(m.starts[r.FirstRow], r)
	}
	return m
}

func (m *merges) fill(row int, cells []string) []string {
	still := m.open[:0]
	for _, o := range m.open {
		if row <= o.LastRow {
			still = append(still, o)
		}
	}
	m.open = still
	for _, r := range m.starts[row] {
		if at := r.FirstColumn - 1; at >= 0 && at < len(cells) && cells[at] != "" {
			m.open = append(m.open, openMerge{r, cells[at]})
		}
	}
	for _, o := range m.open {
		// across columns the first says it for all; down the rows each row says it again
		if at := o.FirstColumn - 1; row > o.FirstRow && at < table.DefaultColumns {
			for len(cells) <= at {
				cells = append(cells, "")
			}
			cells[at] = o.value
		}
	}
	return cells
}

// tableError gives the failures of tables their codes.
func tableError(err error) error {
	var limit *table.LimitError
	switch {
	case errors.As(err, &limit), errors.Is(err, office.ErrTooLarge):
		return taskError(rag.CodeFileTooLarge, err.Error())
	case errors.Is(err, table.ErrEncrypted):
		return taskError(rag.CodeFileEncrypted, err.Error())
	case errors.Is(err, table.ErrEmpty):
		return taskError(rag.CodeFileEmpty, err.Error())
	case errors.Is(err, table.ErrDamaged), errors.Is(err, table.ErrUnsupported):
		return taskError(rag.CodeFileDamaged, err.Error())
	}
	return err
}
