package dataset

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"

	"referent/internal/personal"
	"referent/internal/table"
)

// rowList counts rows and keeps the first of them.
type rowList struct {
	count int
	rows  []int
}

func (l *rowList) add(row int) { l.addLimited(row, maxKeptRows) }

func (l *rowList) addLimited(row, limit int) {
	l.count++
	if len(l.rows) < limit {
		l.rows = append(l.rows, row)
	}
}

// merge adds the rows of another list, which may come in any order.
func (l *rowList) merge(other rowList) {
	l.count += other.count
	if len(l.rows) == 4*maxKeptRows {
		l.rows = l.first()
	}
	l.rows = append(l.rows, other.rows[:min(len(other.rows), 4*maxKeptRows-len(l.rows))]...)
}

// first gives the first rows, in order.
func (l *rowList) first() []int {
	slices.Sort(l.rows)
	return l.rows[:min(len(l.rows), maxKeptRows)]
}

// found is personal data of one kind in the cells of a column.
type found struct {
	all     rowList
	whole   int // cells that are nothing else
	role    int // cells of an office or a firm
	example string
}

// A reading is all that a value says by itself, whatever row it stands in.
type reading struct {
	value
	kind   table.Kind
	text   textShape
	marks  identifierMarks
	found  []cellFinding
	broken bool // letters that come of a wrong charset
}

type cellFinding struct {
	kind  personal.Kind
	whole bool
	role  bool
	text  string
}

// entry is a value of a column that has few of them.
type entry struct {
	reading
	rowList
}

// column gathers what the cells of a column say.
type column struct {
	name  string
	typed bool // the format says what kind a cell is
	rows  int  // records so far

	nulls, blanks rowList // cells that are said to be missing, and empty ones
	signs         map[string]*rowList
	gaps          gapCounter

	cache    map[string]*entry
	distinct hashSet
	sketch   *sketch
	repeats  rowList // rows whose value stood in an earlier row

	tally
	scanner *personal.Scanner
	related relatedColumn
	one     [1]int
	misses  int // cells in a row that were not in the cache
	seen    int // texts that were looked at for their shape, beside those of the cache
}

// tally sums up readings.
type tally struct {
	values  int // cells that are not missing
	classes [classes]rowList
	styles  [styles]rowList
	asText  rowList // numbers that a typed format keeps as text
	numbers numberTally
	days    extent
	shapes  shapeTally
	marks   markTally
	found   map[personal.Kind]*found
	broken  rowList
}

func newColumn(name string, typed bool) *column {
	return &column{
		name: name, typed: typed,
		signs: map[string]*rowList{}, cache: map[string]*entry{},
		distinct: hashSet{limit: maxExactValues}, scanner: personal.NewScanner(),
		tally: tally{found: map[personal.Kind]*found{}},
	}
}

// missingSigns are what people write for a value that is not there, in lower case.
var missingSigns = map[string]bool{
	"-": true, "–": true, "—": true, "--": true, "---": true, ".": true, "..": true, "...": true, "…": true, "x": true, "*": true, "?": true,
	"b.d.": true, "b.d": true, "bd": true, "b/d": true, "bd.": true, "brak": true, "brak danych": true, "brak informacji": true, "nieznane": true, "nieznany": true, "nieznana": true,
	"n/d": true, "nd": true, "nd.": true, "n.d.": true, "nie dotyczy": true, "null": true, "na": true, "n/a": true, "nan": true, "none": true,
	"#n/d": true, "#n/d!": true, "#n/a": true, "#arg!": true, "#adr!": true, "#dziel/0!": true, "#ref!": true, "#value!": true, "nil": true, "(brak)": true, "(null)": true,
}

const longestSign = 16

// signStarts are the first bytes of signs: most cells need no look at the list.
var signStarts = func() (starts [256]bool) {
	for sign := range missingSigns {
		starts[sign[0]], starts[strings.ToUpper(sign)[0]] = true, true
	}
	return starts
}()

// maxMisses in a row show that nearly every value of a column is another.
const maxMisses = 20_000

// add takes the cell of the next record.
func (c *column) add(row int, cell string, kind table.Kind) {
	index := c.rows
	c.rows++
	cell = strings.TrimSpace(strings.Trim(cell, "\u00a0\ufeff"))
	if cell == "" || kind == table.Null {
		c.gaps.add(index)
		c.related.add(index, value{}, 0)
		if kind == table.Null {
			c.nulls.add(row)
		} else {
			c.blanks.add(row)
		}
		return
	}
	if len(cell) <= longestSign && signStarts[cell[0]] && missingSigns[strings.ToLower(cell)] {
		c.addSign(row, cell)
		c.gaps.add(index)
		c.related.add(index, value{}, 0)
		return
	}
	hash := xxhash.Sum64String(cell)
	if c.distinct.full {
		c.estimate(hash)
	} else if !c.distinct.add(hash) {
		c.repeats.add(row)
	}
	if c.misses < maxMisses {
		if e := c.cache[cell]; e != nil && e.kind == kind {
			e.addLimited(row, maxValueRows)
			c.related.add(index, e.value, hash)
			c.misses = 0
			return
		}
	}
	r := c.read(cell, kind)
	c.related.add(index, r.value, hash)
	if len(c.cache) < maxCachedValues && c.misses < maxMisses && c.cache[cell] == nil && len(cell) < 1000 {
		e := &entry{reading: r}
		e.addLimited(row, maxValueRows)
		c.cache[strings.Clone(cell)] = e
		return
	}
	c.misses++
	c.one[0] = row
	c.tally.add(r, rowList{1, c.one[:]})
}

func (c *column) addSign(row int, cell string) {
	rows := c.signs[cell]
	if rows == nil {
		rows = &rowList{}
		c.signs[strings.Clone(cell)] = rows
	}
	rows.add(row)
}

func (c *column) estimate(hash uint64) {
	if c.sketch == nil {
		c.sketch = &sketch{}
		for _, known := range c.distinct.slots {
			if known != 0 {
				c.sketch.add(known)
			}
		}
		c.distinct.slots = nil
	}
	c.sketch.add(hash)
}

// maxShaped texts outside the cache are looked at for their shape.
const maxShaped = 20_000

// read reads a cell. Texts and long numbers are searched for personal data.
func (c *column) read(cell string, kind table.Kind) reading {
	r := reading{value: readValue(cell, kind), kind: kind}
	if r.class == classText || r.class == classInteger {
		r.marks = identify(cell)
	}
	if r.class == classText {
		r.broken = brokenLetters(cell)
		if c.seen < maxShaped {
			c.seen++
			r.text = shapeOf(cell)
		}
	}
	if r.class == classText || r.class == classInteger && r.marks.digits >= 9 && r.style != stylePlain {
		for _, f := range c.scanner.Find(cell) {
			whole := strings.Trim(cell[:f.Start]+cell[f.End:], " .,;:+()") == ""
			r.found = append(r.found, cellFinding{f.Kind, whole, f.Role, strings.Clone(cell[f.Start:f.End])})
		}
	}
	return r
}

// add takes a reading that stands in those rows.
func (t *tally) add(r reading, rows rowList) {
	t.values += rows.count
	t.classes[r.class].merge(rows)
	if r.style != stylePlain {
		t.styles[r.style].merge(rows)
	}
	switch r.class {
	case classInteger, classNumber:
		t.numbers.add(r.number, rows)
		if r.kind == table.Text {
			t.asText.merge(rows)
		}
	case classDate, classDatetime:
		t.days.add(r.value)
	case classText:
		t.shapes.add(r.text, rows.count)
	}
	if r.broken {
		t.broken.merge(rows)
	}
	t.marks.add(r.marks, rows)
	for i, f := range r.found { // cells are counted, not what is in them
		if !slices.ContainsFunc(r.found[:i], func(before cellFinding) bool { return before.kind == f.kind }) {
			t.addFound(f, rows)
		}
	}
}

func (t *tally) addFound(f cellFinding, rows rowList) {
	of := t.found[f.kind]
	if of == nil {
		of = &found{example: f.text}
		t.found[f.kind] = of
	}
	of.all.merge(rows)
	if f.whole {
		of.whole += rows.count
	}
	if f.role {
		of.role += rows.count
	}
}

// missing counts the cells without a value, without signs that turn out to be values.
func (c *column) missing() int {
	n := c.nulls.count + c.blanks.count
	for _, rows := range c.signs {
		n += rows.count
	}
	return n
}

func (c *column) distinctCount() (n int, estimated bool) {
	if c.sketch != nil {
		return c.sketch.estimate(), true
	}
	return c.distinct.count, c.distinct.full
}

// textShape is what a text looks like.
type textShape struct {
	looked  bool
	runes   int
	words   int
	digits  bool
	letters bool
	spaces  bool
	address bool
	phone   bool
	email   bool
	plate   bool
	pattern string // "AA/0/0" of a code, "" where there is a space or it is long
}

// shapeTally sums up shapes.
type shapeTally struct {
	looked, runes, words, digits, letters, spaces, address, phone, email, plate int
	patterns                                                                    map[string]int
}

func (t *shapeTally) add(s textShape, count int) {
	if !s.looked {
		return
	}
	t.looked += count
	t.runes += s.runes * count
	t.words += s.words * count
	t.digits += boolInt(s.digits) * count
	t.letters += boolInt(s.letters) * count
	t.spaces += boolInt(s.spaces) * count
	t.address += boolInt(s.address) * count
	t.phone += boolInt(s.phone) * count
	t.email += boolInt(s.email) * count
	t.plate += boolInt(s.plate) * count
	if s.pattern != "" {
		if t.patterns == nil {
			t.patterns = map[string]int{}
		}
		if len(t.patterns) < maxCachedValues || t.patterns[s.pattern] > 0 {
			t.patterns[s.pattern] += count
		}
	}
}

func shapeOf(cell string) textShape {
	s := textShape{looked: true, runes: utf8.RuneCountInString(cell), words: len(strings.Fields(cell))}
	for i := range len(cell) {
		switch b := cell[i]; {
		case b >= '0' && b <= '9':
			s.digits = true
		case b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= utf8.RuneSelf:
			s.letters = true
		case b == ' ':
			s.spaces = true
		}
	}
	if s.digits {
		s.phone = personal.LooksLikePhone(cell)
		s.plate = s.runes <= 10 && personal.LooksLikePlate(cell)
		if s.words <= 2 && s.runes <= 40 {
			s.pattern = patternOf(cell)
		}
	}
	if s.letters && s.words <= 12 {
		s.address = personal.LooksLikeAddress(cell)
	}
	s.email = strings.Contains(cell, "@") && !s.spaces && strings.Contains(cell, ".")
	return s
}

// patternOf writes a run of digits as 0 and a run of letters as A.
func patternOf(cell string) string {
	var b strings.Builder
	previous := rune(0)
	for _, r := range cell {
		switch {
		case r >= '0' && r <= '9':
			r = '0'
		case r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || r >= utf8.RuneSelf:
			r = 'A'
		}
		if r != previous || r != '0' && r != 'A' {
			b.WriteRune(r)
		}
		previous = r
	}
	return b.String()
}
