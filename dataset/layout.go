package dataset

import (
	"slices"
	"strings"

	"referent/internal/polish"
	"referent/internal/table"
)

// A layout is where the header of a grid stands and what is above it.
type layout struct {
	header  int // its index among the first rows; -1 where there is none
	names   []string
	width   int
	numeric bool // the header is followed by a row that counts columns: 1, 2, 3 …
}

// findLayout looks for the header in the first rows: the first row that fills most of the
// table's width with labels.
func findLayout(rows []table.Row) layout {
	width := usualWidth(rows)
	for i, row := range rows {
		filled, labels := 0, 0
		for j, cell := range row.Cells {
			if strings.TrimSpace(cell) == "" {
				continue
			}
			filled++
			if isLabel(cell, row.Kind(j)) {
				labels++
			}
		}
		if filled == 0 || 10*filled < 6*width || filled < min(2, width) {
			continue
		}
		years := filled - labels
		if labels == 0 || years > 0 && !yearHeader(row) {
			return layout{header: -1, width: width, names: numbered(width)}
		}
		if i == len(rows)-1 && i > 0 && width == 1 {
			break
		}
		l := layout{header: i, width: max(width, filledWidth(row)), names: headerNames(rows, i)}
		for len(l.names) < l.width {
			l.names = append(l.names, "")
		}
		l.numeric = i+1 < len(rows) && countsColumns(rows[i+1], l.width)
		return l
	}
	return layout{header: -1, width: width, names: numbered(width)}
}

func numbered(width int) []string { return make([]string, width) }

// usualWidth is the number of filled cells that most rows have at least.
func usualWidth(rows []table.Row) int {
	var widths []int
	for _, row := range rows {
		if n := filledWidth(row); n > 0 {
			widths = append(widths, n)
		}
	}
	if len(widths) == 0 {
		return 0
	}
	slices.Sort(widths)
	return widths[(len(widths)-1)*3/5]
}

func filledWidth(row table.Row) int {
	n := len(row.Cells)
	for n > 0 && strings.TrimSpace(row.Cells[n-1]) == "" {
		n--
	}
	return n
}

// isLabel says whether a cell may be a name of a column: no number, date or sign.
func isLabel(cell string, kind table.Kind) bool {
	cell = strings.TrimSpace(cell)
	if kind == table.Number || kind == table.Date || kind == table.Bool || len(cell) > 300 {
		return false
	}
	v := readValue(cell, table.Text)
	return v.class == classText || v.class == classBoolean && len(cell) == 1
}

// yearHeader says whether the cells that are no labels are years, as in tables of indicators.
func yearHeader(row table.Row) bool {
	for j, cell := range row.Cells {
		cell = strings.TrimSpace(cell)
		if cell != "" && !isLabel(cell, row.Kind(j)) && yearOf(cell) == 0 {
			return false
		}
	}
	return true
}

// yearOf gives the year that a text is, or 0.
func yearOf(text string) int {
	if year, ok := small(text, 2100); ok && year >= 1900 && len(text) == 4 {
		return year
	}
	return 0
}

// countsColumns knows the row "1, 2, 3 …" that Polish tables have below their header.
func countsColumns(row table.Row, width int) bool {
	if width < 3 || filledWidth(row) != width {
		return false
	}
	for i, cell := range row.Cells[:width] {
		if n, ok := small(strings.TrimSpace(cell), 9999); !ok || n != i+1 {
			return false
		}
	}
	return true
}

// headerNames joins the names with the groups that a row above gives them.
func headerNames(rows []table.Row, header int) []string {
	names := make([]string, len(rows[header].Cells))
	for i, cell := range rows[header].Cells {
		names[i] = cleanName(cell)
	}
	return names
}

func cleanName(cell string) string {
	return strings.Join(strings.Fields(strings.Trim(cell, "\ufeff")), " ")
}

// rowKind is what a row below the header is.
type rowKind int

const (
	rowData rowKind = iota
	rowBlank
	rowHeader
	rowTotal
	rowNote
)

// totalWords begin rows of sums.
var totalWords = strings.Fields("razem ogolem suma sumy lacznie total podsumowanie")

// startsTotal says whether the first filled cell announces a sum.
func startsTotal(row table.Row) bool {
	for i, cell := range row.Cells {
		cell = strings.TrimSpace(cell)
		if cell == "" {
			continue
		}
		word, _, _ := strings.Cut(polish.Fold(strings.TrimLeft(cell, "-–*• ")), " ")
		word = strings.Trim(word, ":.,")
		return i < 3 && slices.Contains(totalWords, word)
	}
	return false
}

// noteStarts begin rows of notes below a table.
var noteStarts = []string{"*", "¹", "²", "³", "zrodlo", "uwag", "objasnien", "stan na", "dane ", "opracowa", "sporzadz", "legenda", "przypis", "1)", "2)", "3)", "a)", "b)", "wygenerowano", "data wygenerowania", "aktualizacja", "n/d", "b.d.", "(*)", "[1]", "- brak", "x -", "x –", "licencja", "kontakt", "wartosc", "kwot"}

// looksNote says whether a row below the data is a note: hardly anything but its first cell.
func looksNote(row table.Row, width int) bool {
	filled, first := 0, ""
	for _, cell := range row.Cells {
		if cell = strings.TrimSpace(cell); cell != "" {
			if filled == 0 {
				first = cell
			}
			filled++
		}
	}
	if filled == 0 {
		return false
	}
	folded := polish.Fold(first)
	for _, start := range noteStarts {
		if strings.HasPrefix(folded, start) && (filled == 1 || 4*filled <= width) {
			return true
		}
	}
	return filled == 1 && width >= 3 && readValue(first, table.Text).class == classText && len(first) > 12
}

func blank(row table.Row) bool {
	for _, cell := range row.Cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// repeatsHeader says whether a row is the header once more.
func repeatsHeader(row table.Row, names []string) bool {
	same, filled := 0, 0
	for i, name := range names {
		if name == "" {
			continue
		}
		filled++
		if i < len(row.Cells) && (row.Cells[i] == name || strings.EqualFold(cleanName(row.Cells[i]), name)) {
			same++
		} else if filled-same > 1+len(names)/5 {
			return false
		}
	}
	return filled >= 2 && same >= filled-filled/5 || filled == 1 && len(names) == 1 && same == 1
}
