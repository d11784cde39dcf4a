package pdftext

import (
	"math"
	"regexp"
	"sort"
)

// A table without borders: rows one below another whose parts, with wide gaps between
// them, stand in the same columns.
const (
	cellGap   = 1.2 // between cells, in sizes
	plainRow  = 3   // rows of several cells that make a table
	fewerRows = 2   // that do when they have three cells or more
)

// itemMark begins an item of a list: the gap behind it parts no cells.
var itemMark = regexp.MustCompile(`^(?:\(?\d{1,3}[a-z]*[.)]|[a-zł]{1,2}\)|[-–—•*·]|§|§ ?\d+[a-z]*\.?|Art\.|[IVXLC]+\.)$`)

type cell struct {
	x0, x1 float64
	words  []Word
}

// cells parts a row where gaps are wide.
func cells(row []Word) []cell {
	var list []cell
	for i, w := range row {
		if i > 0 {
			last := &list[len(list)-1]
			size := math.Max(w.Size, row[i-1].Size)
			if w.X0-last.x1 <= cellGap*size || len(list) == 1 && len(last.words) == 1 && itemMark.MatchString(last.words[0].Text) {
				last.x1 = math.Max(last.x1, w.X1)
				last.words = append(last.words, w)
				continue
			}
		}
		list = append(list, cell{w.X0, w.X1, []Word{w}})
	}
	return list
}

// plainTable gives how many of the first rows are a table, 0 when they are none.
func plainTable(rows [][]Word, left, right float64) int {
	columns := cells(rows[0])
	if len(columns) < 2 || justified(rows[0], left, right) {
		return 0
	}
	most, several, end := len(columns), 1, 1
	for n := 1; n < len(rows); n++ {
		next := cells(rows[n])
		merged := mergeColumns(columns, next)
		size, step := rows[n][0].Size, rows[n-1][0].Y-rows[n][0].Y
		if justified(rows[n], left, right) || len(merged) < max(most, len(next)) || step > 3*size || len(next) == 1 && (step > 1.6*size || !within(next[0], merged[1:])) {
			break
		}
		columns = merged
		most = max(most, len(next))
		if len(next) > 1 {
			several++
		}
		end = n + 1
	}
	if several >= plainRow || several >= fewerRows && most > 2 {
		return end
	}
	return 0
}

// justified says whether a row is a line that even gaps stretch from edge to edge.
func justified(row []Word, left, right float64) bool {
	const even = 2.0
	size := row[0].Size
	if len(row) < 2 || row[0].X0 > left+indent*size || row[len(row)-1].X1 < right-indent*size {
		return false
	}
	narrow, wide := math.Inf(1), 0.0
	for i := 1; i < len(row); i++ {
		gap := row[i].X0 - row[i-1].X1
		narrow, wide = math.Min(narrow, gap), math.Max(wide, gap)
	}
	return wide <= even*narrow && wide < farGap*size
}

// mergeColumns gives the columns that cells of one more row make of those above.
func mergeColumns(columns, row []cell) []cell {
	all := append(append([]cell(nil), columns...), row...)
	sort.Slice(all, func(i, j int) bool { return all[i].x0 < all[j].x0 })
	merged := all[:1]
	for _, c := range all[1:] {
		if last := &merged[len(merged)-1]; c.x0 <= last.x1 {
			last.x1 = math.Max(last.x1, c.x1)
			continue
		}
		merged = append(merged, c)
	}
	return merged
}

func within(c cell, columns []cell) bool {
	for _, column := range columns {
		if c.x0 >= column.x0-snap && c.x1 <= column.x1+snap {
			return true
		}
	}
	return false
}

// plainRows writes the rows; one whose first cell is empty goes on with the one above.
func plainRows(rows [][]Word, gap float64) []Line {
	columns := cells(rows[0])
	for _, row := range rows[1:] {
		columns = mergeColumns(columns, cells(row))
	}
	var lines []Line
	var texts []string
	for i, row := range rows {
		l := lineOf(row, gap)
		l.Row, l.Left, l.Right = true, columns[0].x0, columns[len(columns)-1].x1
		placed := placeCells(row, columns, gap)
		if i > 0 && placed[0] == "" {
			for c := range texts {
				texts[c] = joinLines(texts[c], placed[c])
			}
			lines[len(lines)-1].Text = rowText(texts)
			continue
		}
		texts = placed
		l.Text = rowText(texts)
		lines = append(lines, l)
	}
	return lines
}

func placeCells(row []Word, columns []cell, gap float64) []string {
	texts := make([]string, len(columns))
	for _, c := range cells(row) {
		at := sort.Search(len(columns), func(i int) bool { return columns[i].x1 >= c.x0 })
		if at < len(columns) {
			texts[at] = joinLines(texts[at], lineOf(c.words, gap).Text)
		}
	}
	return texts
}
