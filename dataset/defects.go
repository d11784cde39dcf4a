package dataset

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"referent/internal/polish"
)

// defects gives what is wrong in the column alone.
func (j *judged) defects() []Defect {
	var all []Defect
	add := func(kind DefectKind, rows rowList, detail string) {
		if rows.count > 0 {
			all = append(all, Defect{Kind: kind, Column: Names{j.name}, Rows: slices.Clone(rows.first()), Count: rows.count, Detail: detail})
		}
	}
	if j.values == 0 && j.rows > 0 {
		return []Defect{{Kind: DefectEmptyColumn, Column: Names{j.name}, Count: j.rows}}
	}
	signs, detail := j.signRows()
	add(DefectMissingSigns, signs, detail)
	texts, detail := j.textNumbers()
	add(DefectNumberAsText, texts, detail)
	rest := j.misfits()
	add(DefectMixedTypes, rest, "")
	dates, detail := j.dateFormats()
	add(DefectMixedDateFormats, dates, detail)
	sentinels, numbers, detail := j.sentinels()
	add(DefectSentinel, sentinels, detail)
	short, detail := j.zerosLost()
	add(DefectLeadingZeros, short, detail)
	far, detail := j.outliers(numbers)
	add(DefectOutlier, far, detail)
	add(DefectMixedEncoding, j.broken, "")
	rows, detail := j.variants()
	add(DefectInconsistentCategories, rows, detail)
	add(DefectInvalidIdentifier, j.invalid(), string(j.about))
	return all
}

// signRows gives the rows with signs of a missing value. Where a format can say that a
// value is missing, an empty text beside that is a sign too: the rarer of the two.
func (j *judged) signRows() (rows rowList, detail string) {
	for _, sign := range slices.Sorted(maps.Keys(j.signs)) {
		rows.merge(*j.signs[sign])
		detail = strings.TrimPrefix(detail+", "+sign, ", ")
	}
	if j.nulls.count > 0 && j.blanks.count > 0 {
		rarer := j.blanks
		if j.nulls.count < j.blanks.count {
			rarer = j.nulls
		}
		rows.merge(rarer)
		detail = strings.TrimPrefix(detail+`, null, ""`, ", ")
	}
	return rows, detail
}

// textNumbers are numbers that a format with numbers keeps as text, or that have their
// unit beside them.
func (j *judged) textNumbers() (rowList, string) {
	if j.kind != TypeNumber && j.kind != TypeInteger {
		return rowList{}, ""
	}
	if j.typed {
		return j.asText, ""
	}
	units := j.styles[styleUnit]
	if units.count == j.values {
		units = rowList{}
	}
	return units, "zł"
}

// misfits are values of another type than the column's.
func (j *judged) misfits() rowList {
	rest := j.unparsed()
	if j.kind == TypeString || j.kind == TypeCode {
		return rowList{}
	}
	if j.kind == TypeDate || j.kind == TypeDatetime { // serial numbers of days are a format, not a type
		rest = rowList{}
		for _, of := range []class{classText, classBoolean, classTime, classNumber} {
			rest.merge(j.classes[of])
		}
	}
	return rest
}

// dateFormats finds dates that are not written as most of the column is.
func (j *judged) dateFormats() (rowList, string) {
	var others rowList
	if j.kind != TypeDate && j.kind != TypeDatetime {
		return others, ""
	}
	most, formats := style(0), 0
	for s := styleISO; s < styles; s++ {
		if j.styles[s].count > 0 {
			formats++
		}
		if j.styles[s].count > j.styles[most].count || most == 0 {
			most = s
		}
	}
	for s := styleISO; s < styles; s++ {
		if s != most {
			others.merge(j.styles[s])
		}
	}
	others.merge(j.classes[classInteger])
	minority := classDatetime
	if j.kind == TypeDatetime {
		minority = classDate
	}
	if others.count == 0 {
		others.merge(j.classes[minority])
	}
	return others, styleNames[most]
}

// sentinels are numbers and days that stand for a missing value: far from the others, and
// of those that people use so. It gives the sample of the other numbers too.
func (j *judged) sentinels() (rows rowList, others []float64, detail string) {
	if j.kind == TypeDate || j.kind == TypeDatetime {
		for text, e := range j.cache {
			if day := e.isoOf(); e.class == classDate && sentinelDays[day] && j.share(e.count) < 0.5 {
				rows.merge(e.rowList)
				detail = text
			}
		}
		return rows, nil, detail
	}
	if j.kind != TypeInteger && j.kind != TypeNumber || j.about == SemanticID {
		return rows, nil, ""
	}
	others = slices.DeleteFunc(slices.Clone(j.numbers.sample), func(n float64) bool { return j.numbers.odd[n] != nil })
	if len(others) < 5 {
		return rows, j.numbers.sample, ""
	}
	slices.Sort(others)
	low, high := others[0], others[len(others)-1]
	for _, n := range slices.Sorted(maps.Keys(j.numbers.odd)) {
		found := j.numbers.odd[n]
		span := max(high-low, math.Abs(high))
		below := n < 0 && low >= 0 && (n <= -9 || found.count > 1) || n < low-span
		above := n > 0 && n >= 999 && n > 3*high && n > high+span
		if (below || above) && j.share(found.count) < 0.6 {
			rows.merge(*found)
			detail = strings.TrimPrefix(detail+", "+strconv.FormatFloat(n, 'f', -1, 64), ", ")
		}
	}
	return rows, others, detail
}

var sentinelDays = map[string]bool{
	"1900-01-01": true, "1899-12-30": true, "1899-12-31": true, "1970-01-01": true, "9999-12-31": true, "2099-12-31": true, "2999-12-31": true, "1901-01-01": true, "1111-11-11": true, "1000-01-01": true, "2100-01-01": true, "3000-01-01": true,
}

// zerosLost finds codes that a spreadsheet has shortened by reading them as numbers.
func (j *judged) zerosLost() (rowList, string) {
	var short rowList
	lengths := &j.marks.lengths
	want := 0
	switch {
	case j.about == SemanticTERYT:
		for length := range 10 {
			switch length {
			case 1, 3, 6:
				short.merge(lengths[length])
				want = length + 1
			}
		}
	case j.about == SemanticPESEL:
		short, want = j.marks.short, 11
	case j.about == SemanticREGON:
		short, want = lengths[8], 9
		short.merge(lengths[13])
	case j.about == SemanticPNA:
		short, want = lengths[4], 5
	case j.budgetCode() && hasWord(j.words, "dzial."):
		short.merge(lengths[2])
		want = 3
	case j.budgetCode() && hasWord(j.words, "rozdzial."):
		short.merge(lengths[4])
		want = 5
	case j.kind == TypeCode || j.kind == TypeInteger && hasWord(j.words, "kod.", "symbol", "simc.", "symul"):
		short, want = j.unevenLengths()
	}
	if short.count == 0 {
		return short, ""
	}
	return short, strconv.Itoa(want)
}

// unevenLengths finds numbers one or two digits shorter than nearly all others, in a
// column where no number begins with a zero.
func (j *judged) unevenLengths() (short rowList, want int) {
	most := 0
	for length, rows := range j.marks.lengths {
		if rows.count > j.marks.lengths[most].count {
			most = length
		}
	}
	total := 0
	for _, rows := range j.marks.lengths {
		total += rows.count
	}
	if most < 3 || total < j.values*9/10 || j.marks.zeros > 0 || j.budgetCode() {
		return short, 0
	}
	for length := max(1, most-2); length < most; length++ {
		short.merge(j.marks.lengths[length])
	}
	if short.count+j.marks.lengths[most].count < total || 2*short.count > total {
		return rowList{}, 0
	}
	return short, most
}

// invalid are identifiers that fail their check digit or have too few or too many digits.
func (j *judged) invalid() rowList {
	var wrong rowList
	m := &j.marks
	add := func(lists ...rowList) {
		for _, rows := range lists {
			wrong.merge(rows)
		}
	}
	switch j.about {
	case SemanticPESEL:
		add(m.failed[11], m.lengths[9], m.lengths[12])
	case SemanticNIP:
		add(m.failed[10], m.lengths[9], m.lengths[11])
	case SemanticREGON:
		add(m.failed[9], m.failed[14], m.lengths[10])
	case SemanticIBAN:
		add(m.failed[26], m.lengths[25])
	}
	return wrong
}

// outliers finds numbers that lie far beyond all others: by orders of magnitude where the
// others spread evenly on that scale, and behind a gap.
func (j *judged) outliers(others []float64) (rows rowList, detail string) {
	if len(others) < 12 || j.about == SemanticID || j.about == SemanticLat || j.about == SemanticLon || j.isYear() {
		return rows, ""
	}
	sorted := slices.Sorted(slices.Values(others))
	for _, found := range [][]rowNumber{beyond(j.numbers.high, sorted, 1), beyond(j.numbers.low, sorted, -1)} {
		for _, n := range found {
			if j.numbers.odd[n.number] == nil || math.Abs(n.number) < sorted[len(sorted)-1]*1.01 {
				rows.add(n.row)
				detail = cmp.Or(detail, strconv.FormatFloat(n.number, 'f', -1, 64))
			}
		}
	}
	return rows, detail
}

// maxOutliers of one side are believed; more of them are a part of the distribution.
const maxOutliers = 10

// beyond gives the extremes that a gap parts from the rest.
func beyond(extremes []rowNumber, sorted []float64, side float64) []rowNumber {
	n := len(sorted)
	q1, middle, q3 := sorted[n/4], sorted[n/2], sorted[3*n/4]
	spread := q3 - q1
	allowed := min(maxOutliers, max(1, n/50))
	best, widest := 0, 0.0
	for count := min(allowed, len(extremes)-1); count > 0; count-- {
		last, next := extremes[count-1].number, extremes[count].number
		gap, reach := side*(last-next), side*(next-middle)
		far := spread > 0 && gap > 3*spread && gap > 2*math.Abs(reach) && side*(last-middle) > 8*spread
		if side > 0 && last > 0 && next > 0 && q1 > 0 {
			far = far && logFar(last, next, q1, middle, q3)
		}
		if side < 0 && next > 0 && last > 0 && q1 > 0 {
			far = next/last > 20 && q3/q1 < 5 && middle/last > 50
		}
		if far && gap > widest {
			best, widest = count, gap
		}
	}
	return extremes[:best]
}

// logFar asks the scale of orders of magnitude: amounts of money spread over several.
func logFar(last, next, q1, middle, q3 float64) bool {
	spread := max(math.Log(q3/q1), 0.3)
	return math.Log(last/middle) > 2.2*spread && last/next > 4
}

// variants finds values that differ from a more frequent one in case, diacritics, spaces
// or full stops alone.
func (j *judged) variants() (rows rowList, detail string) {
	if j.about != SemanticCategory || j.distinct > maxCachedValues/2 || j.kind != TypeString && j.kind != TypeBoolean {
		return rows, ""
	}
	groups := map[string][]Count{}
	for _, c := range j.byCount() {
		key := categoryKey(c.Value)
		groups[key] = append(groups[key], c)
	}
	for _, key := range slices.Sorted(maps.Keys(groups)) {
		group := groups[key]
		for i, c := range group {
			if i > 0 {
				rows.merge(j.cache[c.Value].rowList)
			}
		}
		if len(group) > 1 && detail == "" {
			detail = group[0].Value + " / " + group[1].Value
		}
	}
	return rows, detail
}

func categoryKey(value string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '.' || r == '-' || r == '–' || r == ',' {
			return -1
		}
		return r
	}, polish.Fold(value))
}
