package pdftext

import "math"

// lineMaker writes the lines of a region from the top, its tables at their places.
type lineMaker struct {
	region
	gap   float64 // what parts words
	lines []Line
	aside []Line // a note beside the text, which is read behind it
}

func (r region) lines(gap float64) []Line {
	m := lineMaker{region: r, gap: gap}
	sortTables(m.tables)
	rows := makeRows(r.words)
	m.right = rightEdge(rows, r.right)
	for len(rows) > 0 {
		m.tablesAbove(rows[0][0].Y)
		if m.beside(rows) {
			rows = rows[1:]
			continue
		}
		if n := plainTable(rows, m.left, m.right); n > 0 && len(m.aside) == 0 {
			m.lines = append(m.lines, plainRows(rows[:n], gap)...)
			rows = rows[n:]
			continue
		}
		m.row(rows[0])
		rows = rows[1:]
	}
	m.flush()
	m.tablesAbove(math.Inf(-1))
	return m.lines
}

func (m *lineMaker) tablesAbove(y float64) {
	for len(m.tables) > 0 && m.tables[0].y1 > y {
		m.flush()
		m.lines = append(m.lines, m.tables[0].lines(m.gap)...)
		m.tables = m.tables[1:]
	}
}

// farGap parts what stands on one line but is no one text, in sizes.
const farGap = 4.0

// apart parts a row where its words stand far from one another.
func apart(row []Word) (text, far []Word) {
	for i := 1; i < len(row); i++ {
		if row[i].X0-row[i-1].X1 > farGap*math.Max(row[i].Size, row[i-1].Size) {
			return row[:i], row[i:]
		}
	}
	return row, nil
}

// row writes a row; what stands far at its right is no part of its text.
func (m *lineMaker) row(row []Word) {
	text, far := apart(row)
	l := m.line(text)
	if len(m.aside) > 0 && l.X1 > m.aside[0].X0 {
		m.flush()
	}
	m.lines = append(m.lines, l)
	for len(far) > 0 {
		var note []Word
		note, far = apart(far)
		m.note(note)
	}
}

func (m *lineMaker) line(row []Word) Line {
	l := lineOf(row, m.gap)
	l.Left, l.Right = m.left, math.Max(m.right, l.X1)
	return l
}

// beside takes a row that belongs to a note beside the text: it begins where the note
// does, or where one begins in the next rows.
func (m *lineMaker) beside(rows [][]Word) bool {
	row := rows[0]
	if n := len(m.aside); n > 0 && m.aside[n-1].Y-row[0].Y > noteStep*row[0].Size {
		m.flush()
	}
	if len(m.aside) > 0 && math.Abs(row[0].X0-m.aside[0].X0) > snap || len(m.aside) == 0 && !m.opensNote(row, rows[1:min(len(rows), 4)]) {
		return false
	}
	m.note(row)
	return true
}

// noteStep is the greatest distance of lines of a note, in sizes.
const noteStep = 2.5

// opensNote says whether a row stands at the right and one of the next begins there too,
// or has a far part that does, with no text below the row between them.
func (m *lineMaker) opensNote(row []Word, next [][]Word) bool {
	const right = 0.6 // of the region
	x := row[0].X0
	if x < m.left+right*(m.right-m.left) {
		return false
	}
	for _, other := range next {
		text, far := apart(other)
		switch {
		case far != nil && math.Abs(far[0].X0-x) <= snap, math.Abs(text[0].X0-x) <= snap:
			return row[0].Y-other[0].Y <= 2*noteStep*row[0].Size
		case text[len(text)-1].X1 > x:
			return false
		}
	}
	return false
}

func (m *lineMaker) note(row []Word) {
	l := m.line(row)
	l.Aside = true
	m.aside = append(m.aside, l)
}

func (m *lineMaker) flush() {
	m.lines = append(m.lines, m.aside...)
	m.aside = nil
}

// rightEdge is where most lines of a justified text end, else where the longest does.
func rightEdge(rows [][]Word, longest float64) float64 {
	const same, few = 2.5, 4
	ends := map[int]int{}
	best, most := 0, 0
	for _, row := range rows {
		at := int(row[len(row)-1].X1 / same)
		for _, near := range []int{at, at + 1} { // a line counts for both bins that it may be in
			if ends[near]++; ends[near] > most || ends[near] == most && near > best {
				best, most = near, ends[near]
			}
		}
	}
	if most*few >= len(rows) && most >= few {
		return float64(best+1) * same
	}
	return longest
}
