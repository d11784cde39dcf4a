package dataset

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"referent/internal/personal"
)

// rowNumber is a number and the row it stands in.
type rowNumber struct {
	number float64
	row    int
}

// numberTally gathers the distribution of a column's numbers in bounded memory.
type numberTally struct {
	count     int
	sum       float64
	negative  int
	low, high []rowNumber // the smallest ascending, the largest descending
	sample    []float64   // of all numbers, each as likely as any other
	random    *rand.Rand
	odd       map[float64]*rowList // numbers that may stand for a missing value
}

// oddNumbers are written where a number is missing.
var oddNumbers = []float64{-1, -9, -99, -999, -9999, -99999, -999.9, -99.9, 99, 999, 9999, 99999, 999999, 9999999, 99999999, 999999999, 999.9, 9999.9, -1e9}

func (t *numberTally) add(n float64, rows rowList) {
	if t.random == nil {
		t.random = rand.New(rand.NewPCG(1, 2)) //nolint:gosec // a sample, not a secret; the same each time
		t.odd = map[float64]*rowList{}
	}
	for i := range rows.count {
		t.count++
		row := 0
		if i < len(rows.rows) {
			row = rows.rows[i]
		}
		if len(t.sample) < maxSample {
			t.sample = append(t.sample, n)
		} else if at := t.random.IntN(t.count); at < maxSample {
			t.sample[at] = n
		}
		if len(t.high) == maxExtremes && n <= t.high[maxExtremes-1].number && n >= t.low[maxExtremes-1].number {
			continue
		}
		t.high = keepExtreme(t.high, rowNumber{n, row}, func(a, b float64) bool { return a > b })
		t.low = keepExtreme(t.low, rowNumber{n, row}, func(a, b float64) bool { return a < b })
	}
	t.sum += n * float64(rows.count)
	if n < 0 {
		t.negative += rows.count
	}
	if isOdd(n) {
		if t.odd[n] == nil {
			t.odd[n] = &rowList{}
		}
		t.odd[n].merge(rows)
	}
}

func isOdd(n float64) bool {
	if n > -1 && n < 99 { // the most of all numbers
		return false
	}
	return slices.Contains(oddNumbers, n)
}

func keepExtreme(kept []rowNumber, n rowNumber, before func(a, b float64) bool) []rowNumber {
	if len(kept) == maxExtremes && !before(n.number, kept[maxExtremes-1].number) {
		return kept
	}
	at, _ := slices.BinarySearchFunc(kept, n, func(have, want rowNumber) int {
		if before(want.number, have.number) {
			return 1
		}
		return -1
	})
	if len(kept) == maxExtremes {
		kept = kept[:maxExtremes-1]
	}
	return slices.Insert(kept, at, n)
}

func (t *numberTally) min() float64 { return t.low[0].number }
func (t *numberTally) max() float64 { return t.high[0].number }

// histogramBins is how many intervals a picture shows.
const histogramBins = 24

func (t *numberTally) histogram() *Histogram {
	if t.count < 2 || t.min() == t.max() {
		return nil
	}
	h := &Histogram{Low: t.min(), High: t.max(), Counts: make([]int, histogramBins)}
	for _, n := range t.sample {
		bin := int((n - h.Low) / (h.High - h.Low) * histogramBins)
		h.Counts[min(max(bin, 0), histogramBins-1)]++
	}
	return h
}

// extent is the first and the last of dates; times of day count where a value has them.
type extent struct {
	count       int
	first, last value
}

func (e *extent) add(v value) {
	if e.count == 0 || v.days() < e.first.days() {
		e.first = v
	}
	if e.count == 0 || v.days() > e.last.days() {
		e.last = v
	}
	e.count++
}

// gapParts is how many parts of a file a picture of gaps shows.
const gapParts = 50

// gapCounter counts missing values in parts of equal length, which double as the file grows.
type gapCounter struct {
	width  int
	counts [2 * gapParts]int
}

func (g *gapCounter) add(index int) {
	g.width = max(g.width, 1)
	for index/g.width >= len(g.counts) {
		for i := range gapParts {
			g.counts[i] = g.counts[2*i] + g.counts[2*i+1]
		}
		clear(g.counts[gapParts:])
		g.width *= 2
	}
	g.counts[index/g.width]++
}

// parts gives the counts of up to gapParts parts of a file with so many records.
func (g *gapCounter) parts(records int) []int {
	parts := make([]int, min(records, gapParts))
	if records == 0 || g.width == 0 {
		return parts
	}
	for i, count := range g.counts {
		at := min(i*g.width, records-1) * len(parts) / records
		parts[at] += count
	}
	return parts
}

// relatedColumn keeps the first values of a column to hold columns against one another.
type relatedColumn struct {
	numbers []float64 // NaN where there is none
	keys    []uint64  // of values; 0 where one is missing
}

func (r *relatedColumn) add(index int, v value, hash uint64) {
	if index >= maxRelatedRows {
		return
	}
	n := math.NaN()
	switch v.class {
	case classInteger, classNumber:
		n = v.number
	case classDate, classDatetime:
		n = v.days()
	}
	for len(r.numbers) < index {
		r.numbers, r.keys = append(r.numbers, math.NaN()), append(r.keys, 0)
	}
	if hash == 0 {
		n = math.NaN()
	}
	r.numbers, r.keys = append(r.numbers, n), append(r.keys, hash)
}

// identifierMarks say which identifiers a cell may be.
type identifierMarks struct {
	digits            uint8 // where the cell is digits alone
	zeros             bool  // it begins with 0
	pesel, nip, regon bool
	iban, pna         bool
	shortPESEL        bool // a PESEL without its leading zero
}

func identify(cell string) identifierMarks {
	var m identifierMarks
	if len(cell) == 6 && cell[2] == '-' && personal.Digits(cell) != "" {
		m.pna = true
		return m
	}
	digits := cell
	if len(cell) > 9 && (cell[0] == 'P' || cell[0] == 'p') {
		digits = cell[2:]
	}
	digits = personal.Digits(digits)
	if digits == "" || len(digits) > 26 {
		return m
	}
	m.digits, m.zeros = uint8(len(digits)), digits[0] == '0'
	switch len(digits) {
	case 11:
		m.pesel = personal.ValidPESEL(digits)
	case 10:
		m.nip, m.shortPESEL = personal.ValidNIP(digits), personal.ValidPESEL("0"+digits)
	case 9, 14:
		m.regon = personal.ValidREGON(digits)
	case 26:
		m.iban = personal.ValidIBAN(digits)
	}
	return m
}

// markTally sums up marks; lengths are those of cells of digits alone.
type markTally struct {
	lengths, failed                     [27]rowList // failed: of that length, but no identifier
	zeros                               int
	pesel, nip, regon, iban, pna, short rowList
}

func (t *markTally) add(m identifierMarks, rows rowList) {
	if m.pna {
		t.pna.merge(rows)
	}
	if m.digits == 0 {
		return
	}
	t.lengths[m.digits].merge(rows)
	if m.zeros {
		t.zeros += rows.count
	}
	if !m.pesel && !m.nip && !m.regon && !m.iban {
		t.failed[m.digits].merge(rows)
	}
	switch {
	case m.pesel:
		t.pesel.merge(rows)
	case m.nip || m.shortPESEL:
		if m.nip {
			t.nip.merge(rows)
		}
		if m.shortPESEL {
			t.short.merge(rows)
		}
	case m.regon:
		t.regon.merge(rows)
	case m.iban:
		t.iban.merge(rows)
	}
}

// brokenLetters says whether a text went through a wrong charset: UTF-8 read as an 8-bit
// charset ("Å‚", "Ĺ‚"), or signs of another charset inside words ("szko³a").
func brokenLetters(text string) bool {
	if strings.ContainsRune(text, utf8.RuneError) {
		return true
	}
	for i := 0; i < len(text); i++ {
		if text[i] < utf8.RuneSelf {
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case strings.ContainsRune("ÄÅĹÃĂĆâ", r) && doubleEncoded(text[i:]):
			return true
		case strings.ContainsRune("³¹¿", r) && i > 0 && isLetter(text[i-1]) && i+size < len(text) && isLetter(text[i+size]):
			return true
		case r >= 0x80 && r < 0xA0:
			return true
		}
		i += size - 1
	}
	return false
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' }

// doubleEncoded says whether the first two characters are the bytes of a Polish letter.
func doubleEncoded(text string) bool {
	runes := make([]rune, 0, 2)
	for _, r := range text {
		if runes = append(runes, r); len(runes) == 2 {
			break
		}
	}
	for _, charset := range []*charmap.Charmap{charmap.Windows1250, charmap.Windows1252, charmap.ISO8859_1} {
		var raw []byte
		for _, r := range runes {
			if b, ok := charset.EncodeRune(r); ok {
				raw = append(raw, b)
			}
		}
		if r, size := utf8.DecodeRune(raw); size == 2 && strings.ContainsRune("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", r) {
			return true
		}
	}
	return false
}
