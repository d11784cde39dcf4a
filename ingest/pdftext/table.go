package pdftext

import (
	"math"
	"sort"
	"strings"
)

// table is a grid of drawn lines with the words in it.
type table struct {
	x0, y0, x1, y1 float64
	xs, ys         []float64 // of its lines, ascending
	words          []Word
	first, last    int    // columns that hold words
	borders        []rule // upright
}

// snap is how near two lines are one, in points.
const snap = 3.0

// findTables makes tables of rules that touch one another and takes the words in them out.
func findTables(rules []rule, words []Word) (tables []table, rest []Word) {
	for _, group := range connected(rules) {
		if t, ok := newTable(group); ok {
			tables = append(tables, t)
		}
	}
	for _, w := range words {
		placed := false
		for i := range tables {
			t := &tables[i]
			if x, y := (w.X0+w.X1)/2, w.Y+0.3*w.Size; x > t.x0 && x < t.x1 && y > t.y0 && y < t.y1 {
				t.words = append(t.words, w)
				placed = true
				break
			}
		}
		if !placed {
			rest = append(rest, w)
		}
	}
	kept := tables[:0]
	for _, t := range tables {
		if t.isTable() {
			kept = append(kept, t)
		} else {
			rest = append(rest, t.words...)
		}
	}
	return kept, rest
}

// connected groups rules that touch. They are swept from the left; a page has few groups.
func connected(rules []rule) [][]rule {
	sort.Slice(rules, func(i, j int) bool { return rules[i].x0 < rules[j].x0 })
	parent := make([]int, len(rules))
	for i := range parent {
		parent[i] = i
	}
	find := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i, r := range rules {
		for j := i + 1; j < len(rules) && rules[j].x0 <= r.x1+snap; j++ {
			if o := rules[j]; o.y0 <= r.y1+snap && o.y1 >= r.y0-snap {
				parent[find(j)] = find(i)
			}
		}
	}
	groups := map[int][]rule{}
	var order []int
	for i, r := range rules {
		root := find(i)
		if groups[root] == nil {
			order = append(order, root)
		}
		groups[root] = append(groups[root], r)
	}
	list := make([][]rule, len(order))
	for i, root := range order {
		list[i] = groups[root]
	}
	return list
}

func newTable(group []rule) (table, bool) {
	t := table{x0: math.Inf(1), y0: math.Inf(1), x1: math.Inf(-1), y1: math.Inf(-1)}
	var xs, ys []float64
	for _, r := range group {
		t.x0, t.x1 = math.Min(t.x0, r.x0), math.Max(t.x1, r.x1)
		t.y0, t.y1 = math.Min(t.y0, r.y0), math.Max(t.y1, r.y1)
		if r.x1-r.x0 < r.y1-r.y0 {
			xs = append(xs, (r.x0+r.x1)/2)
			t.borders = append(t.borders, r)
		} else {
			ys = append(ys, (r.y0+r.y1)/2)
		}
	}
	t.xs, t.ys = distinct(xs), distinct(ys)
	return t, len(t.xs) >= 2 && len(t.ys) >= 2
}

func distinct(values []float64) []float64 {
	sort.Float64s(values)
	var list []float64
	for _, v := range values {
		if n := len(list); n == 0 || v-list[n-1] > snap {
			list = append(list, v)
		}
	}
	return list
}

// isTable says whether two cells hold words: a frame around a text is no table.
func (t *table) isTable() bool {
	t.first, t.last = len(t.xs), 0
	for _, w := range t.words {
		column := t.column(w)
		t.first, t.last = min(t.first, column), max(t.last, column)
	}
	return t.last > t.first
}

// column of a word: a border parts cells only where it is drawn, since cells may be merged.
func (t *table) column(w Word) int {
	x, y, left := (w.X0+w.X1)/2, w.Y+0.3*w.Size, math.Inf(-1)
	for _, r := range t.borders {
		if at := (r.x0 + r.x1) / 2; at <= x && at > left && r.y0 <= y+snap && r.y1 >= y-snap {
			left = at
		}
	}
	return slot(t.xs, left+snap)
}

func slot(lines []float64, v float64) int {
	return sort.Search(len(lines), func(i int) bool { return lines[i] > v })
}

// lines gives a line for each row of the table; empty rows are left out.
func (t table) lines(gap float64) []Line {
	rows := map[int]map[int][]Word{}
	for _, w := range t.words {
		row, column := slot(t.ys, w.Y+0.3*w.Size), t.column(w)
		if rows[row] == nil {
			rows[row] = map[int][]Word{}
		}
		rows[row][column] = append(rows[row][column], w)
	}
	var lines []Line
	for row := len(t.ys); row >= 0; row-- {
		if rows[row] == nil {
			continue
		}
		for _, cells := range partRows(rows[row]) {
			lines = append(lines, t.row(cells, gap))
		}
	}
	return lines
}

// partRows parts rows that no line parts: every column has a line of text on every baseline.
func partRows(cells map[int][]Word) []map[int][]Word {
	var parted []map[int][]Word
	for column, words := range cells {
		rows := makeRows(words)
		if parted == nil {
			parted = make([]map[int][]Word, len(rows))
		}
		if len(rows) != len(parted) {
			return []map[int][]Word{cells}
		}
		for i, row := range rows {
			if parted[i] == nil {
				parted[i] = map[int][]Word{}
			}
			for _, other := range parted[i] {
				if math.Abs(other[0].Y-row[0].Y) > snap {
					return []map[int][]Word{cells}
				}
			}
			parted[i][column] = row
		}
	}
	if len(cells) < 2 {
		return []map[int][]Word{cells}
	}
	return parted
}

func (t table) row(cells map[int][]Word, gap float64) Line {
	l := Line{X0: t.x0, X1: t.x1, Left: t.x0, Right: t.x1, Row: true, Y: math.Inf(-1)}
	var texts []string
	for column := t.first; column <= t.last; column++ {
		var text string
		for _, row := range makeRows(cells[column]) {
			part := lineOf(row, gap)
			text = joinLines(text, part.Text)
			l.Y, l.Size = math.Max(l.Y, part.Y), part.Size
		}
		texts = append(texts, text)
	}
	l.Text = rowText(texts)
	return l
}

// rowText writes a row; what is empty at its end is left out.
func rowText(cells []string) string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return strings.TrimSpace(strings.Join(cells, cellMark))
}

const cellMark = " | "

func sortTables(tables []table) {
	sort.SliceStable(tables, func(i, j int) bool { return tables[i].y1 > tables[j].y1 })
}
