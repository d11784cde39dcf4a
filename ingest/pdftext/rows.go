package pdftext

import (
	"math"
	"regexp"
	"sort"
	"strings"
)

// Line is a line of a page as it is read, or a row of a table.
type Line struct {
	Text        string
	X0, X1      float64
	Y           float64
	Size        float64
	Left, Right float64 // of the column it stands in
	Row         bool    `json:",omitempty"` // of a table: cells parted by " | "
	Note        bool    `json:",omitempty"` // it begins with a raised mark: a footnote
	Aside       bool    `json:",omitempty"` // of a note that stands beside the text
	First       float64 // width of its first word
}

// makeRows gathers words by their baseline, from the top; those of a row go from the left.
func makeRows(words []Word) [][]Word {
	sorted := append([]Word(nil), words...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Y > sorted[j].Y })
	var rows [][]Word
	for _, w := range sorted {
		if n := len(rows); n > 0 {
			if first := rows[n-1][0]; first.Y-w.Y <= 0.2*math.Min(first.Size, w.Size) {
				rows[n-1] = append(rows[n-1], w)
				continue
			}
		}
		rows = append(rows, []Word{w})
	}
	rows = attachIndices(rows)
	for _, row := range rows {
		sort.SliceStable(row, func(i, j int) bool { return row[i].X0 < row[j].X0 })
	}
	return rows
}

// attachIndices puts rows of small raised or lowered words into the lines they belong to.
func attachIndices(rows [][]Word) [][]Word {
	taken := make([]bool, len(rows))
	for i, row := range rows {
		for _, j := range []int{i + 1, i - 1} { // an index stands above its line more often
			if taken[i] || j < 0 || j >= len(rows) || taken[j] || !indicesOf(row, rows[j]) {
				continue
			}
			for _, w := range row {
				w.raised, w.lower = w.Y > rows[j][0].Y, w.Y <= rows[j][0].Y
				rows[j] = append(rows[j], w)
			}
			taken[i] = true
		}
	}
	kept := rows[:0]
	for i, row := range rows {
		if !taken[i] {
			kept = append(kept, row)
		}
	}
	return kept
}

// indicesOf says whether all words of a row are indices or marks of words of another.
func indicesOf(row, line []Word) bool {
	size := 0.0
	for _, w := range line {
		size = math.Max(size, w.Size)
	}
	for _, w := range row {
		if w.Size > 0.85*size || math.Abs(w.Y-line[0].Y) > 0.7*size || len(w.Text) > 6 {
			return false
		}
		near := false
		for _, l := range line {
			near = near || w.X0 >= l.X0 && w.X0-l.X1 < 0.8*size || l.X0 >= w.X1 && l.X0-w.X1 < size
		}
		if !near {
			return false
		}
	}
	return true
}

var (
	noteMark = regexp.MustCompile(`^(\d{1,2}\)?|\*{1,3}\)?|[a-z]\))$`)
	digitEnd = regexp.MustCompile(`\d$`)
)

// lineOf writes the words of a row; gap is what parts words.
func lineOf(row []Word, gap float64) Line {
	var b strings.Builder
	l := Line{X0: row[0].X0, Y: row[0].Y}
	spaces := spacing(row, gap)
	for i, w := range row {
		if !w.raised && !w.lower {
			l.Y, l.Size = w.Y, math.Max(l.Size, w.Size)
		}
		l.X1 = math.Max(l.X1, w.X1)
		if i > 0 {
			if spaces[i] {
				b.WriteByte(' ')
			}
			if w.raised {
				b.WriteString(raisedText(w, b.String()))
				continue
			}
		} else if w.raised && noteMark.MatchString(w.Text) {
			l.Note = true
			b.WriteString(superscript.Replace(w.Text))
			if len(row) > 1 {
				b.WriteByte(' ')
			}
			continue
		}
		b.WriteString(w.Text)
	}
	l.Text = strings.Join(strings.Fields(b.String()), " ")
	if l.Size == 0 {
		l.Size = row[0].Size
	}
	first, _, _ := strings.Cut(l.Text, " ")
	if n := len([]rune(l.Text)); n > 0 {
		l.First = (l.X1 - l.X0) * float64(len([]rune(first))) / float64(n)
	}
	return l
}

// raisedText writes an index behind a number as "39^1"; a footnote's mark is left out,
// since a number that it stands at would be read as another.
func raisedText(w Word, before string) string {
	mark := noteMark.MatchString(w.Text)
	switch {
	case mark && strings.HasSuffix(w.Text, ")"):
		return ""
	case mark && digitEnd.MatchString(before):
		return "^" + w.Text
	}
	return w.Text
}

var superscript = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹", ")", "⁾")
