package dataset

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"referent/internal/personal"
)

// A share of the values makes a type; the others are unparsed.
const typeShare = 0.75

// judge sums a column up and decides its type and meaning. Money says that the table's
// numbers are amounts.
func judge(c *column, money bool) *judged {
	for _, e := range slices.SortedFunc(maps.Values(c.cache), func(a, b *entry) int { return cmp.Compare(a.rows[0], b.rows[0]) }) {
		c.tally.add(e.reading, e.rowList)
	}
	j := &judged{column: c, words: nameWords(c.name), values: c.values, signs: map[string]*rowList{}, money: money}
	j.distinct, j.guessed = c.distinctCount()
	j.settleSigns()
	j.kind = j.typeOf()
	if j.kind == TypeInteger || j.kind == TypeString || j.kind == TypeNumber {
		switch j.identity() {
		case SemanticPESEL, SemanticNIP, SemanticREGON, SemanticTERYT, SemanticPNA, SemanticIBAN:
			j.kind = TypeCode
		case SemanticPhone:
			j.kind = TypeString
		}
	}
	j.about = j.meaning()
	if j.about == SemanticAmount && j.kind == TypeInteger {
		j.kind = TypeNumber
	}
	return j
}

// settleSigns decides which signs stand for a missing value.
func (j *judged) settleSigns() {
	texts := j.classes[classText].count * 2
	for sign, rows := range j.column.signs {
		lower := strings.ToLower(sign)
		alone := j.tally.values == 0 && len(j.column.signs) == 1 && lower == "x"
		word := lower == "brak" || lower == "none" || lower == "na"
		if alone || word && texts > j.tally.values {
			j.values += rows.count
			j.distinct++
			j.classes[classText].merge(*rows)
			if alone {
				j.classes[classBoolean].merge(*rows)
			}
			continue
		}
		j.signs[sign] = rows
		j.missing += rows.count
	}
	j.missing += j.nulls.count + j.blanks.count
}

// typeOf decides by what most values read as.
func (j *judged) typeOf() Type {
	count := func(of class) int { return j.classes[of].count }
	numbers := count(classInteger) + count(classNumber)
	switch {
	case j.values == 0:
		return TypeString
	case j.share(count(classBoolean)) >= 0.9:
		return TypeBoolean
	case j.share(count(classDate)+count(classDatetime)) >= typeShare:
		if count(classDatetime) > count(classDate) {
			return TypeDatetime
		}
		return TypeDate
	case j.share(count(classTime)) >= typeShare:
		return TypeTime
	case j.share(numbers) >= typeShare:
		return j.numericType()
	case j.looksCode():
		return TypeCode
	}
	return TypeString
}

var codeWords = []string{"kod.", "kodu.", "nr.", "numer", "symbol", "sygnatur", "znak.", "id.", "identyfikator", "pkd.", "cpv."}

func (j *judged) numericType() Type {
	switch {
	case j.zerosMatter():
		return TypeCode
	case j.budgetCode(), hasWord(j.words, "kod.", "pkd.", "cpv.", "simc.", "symul", "ulic.") && j.classes[classNumber].count == 0:
		return TypeCode
	case j.classes[classNumber].count > 0:
		return TypeNumber
	case hasWord(j.words, "czy.") && j.numbers.min() >= 0 && j.numbers.max() <= 1:
		return TypeBoolean
	}
	return TypeInteger
}

// zerosMatter says whether numbers begin with a zero that counts: they are codes.
func (j *judged) zerosMatter() bool {
	return j.styles[styleZeros].count > 0 && j.classes[classNumber].count == 0 && 20*j.styles[styleZeros].count >= j.values
}

// budgetCode knows the classification of public budgets.
func (j *judged) budgetCode() bool {
	return len(j.words) <= 2 && hasWord(j.words, "dzial.", "rozdzial.", "paragraf.", "par.") && j.classes[classNumber].count == 0
}

// looksCode says whether texts are signatures or symbols: digits among few patterns
// without prose, mostly different or named so.
func (j *judged) looksCode() bool {
	if j.shapes.looked == 0 || j.shaped(j.shapes.digits) < 0.9 || j.shaped(j.shapes.address) > 0.5 || j.shaped(j.shapes.email) > 0.1 {
		return false
	}
	most := 0
	for _, n := range j.shapes.patterns {
		most = max(most, n)
	}
	patterned := 0
	for _, n := range j.shapes.patterns {
		if 20*n >= most {
			patterned += n
		}
	}
	steady := float64(patterned) >= 0.8*float64(j.shapes.looked) && 3*most >= j.shapes.looked
	if phones, _ := j.foundCount(personal.Phone); j.share(phones) > 0.5 {
		return false
	}
	return steady && (2*j.distinct > j.values || hasWord(j.words, codeWords...))
}

// result gives what is published of a column.
func (j *judged) result() Column {
	c := Column{
		Name: j.name, Type: j.kind, Semantic: j.about, Missing: j.missing, Distinct: j.distinct, DistinctEstimated: j.guessed,
		MissingSigns: slices.Sorted(maps.Keys(j.signs)), Formats: j.formats(), Unparsed: j.unparsed().count,
		Examples: j.examples(), Top: j.top(), Gaps: j.gaps.parts(j.rows),
	}
	if unit := j.unit(); unit != "" {
		c.Unit = &unit
	}
	switch j.kind {
	case TypeInteger, TypeNumber:
		if n := &j.numbers; n.count > 0 {
			c.Min, c.Max = numberOf(n.min(), j.kind), numberOf(n.max(), j.kind)
			sum, mean := round(n.sum), round(n.sum/float64(n.count))
			c.Sum, c.Mean, c.Histogram = &sum, &mean, n.histogram()
		}
	case TypeDate, TypeDatetime:
		if j.days.count > 0 {
			c.Min, c.Max = j.days.first.isoOf(), j.days.last.isoOf()
		}
	}
	return c
}

// round takes the noise of binary fractions away.
func round(n float64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64)
	if err != nil {
		return n
	}
	return rounded
}

// numberOf gives an integer as such, for JSON.
func numberOf(n float64, kind Type) any {
	if kind == TypeInteger && n == math.Trunc(n) && math.Abs(n) < 1<<53 {
		return int64(n)
	}
	return n
}

func (j *judged) unit() string {
	if unit := unitOf(j.name); unit != "" && (j.kind == TypeInteger || j.kind == TypeNumber) {
		return unit
	}
	switch {
	case j.about == SemanticAmount:
		return "zł"
	case j.about == SemanticLat || j.about == SemanticLon:
		return "°"
	case j.kind != TypeInteger && j.kind != TypeNumber:
		return ""
	case j.styles[stylePercent].count*2 > j.values:
		return "%"
	}
	return ""
}

// unparsed are the values that do not fit the type.
func (j *judged) unparsed() rowList {
	fits := map[Type][]class{
		TypeInteger: {classInteger, classNumber}, TypeNumber: {classInteger, classNumber}, TypeDate: {classDate, classDatetime},
		TypeDatetime: {classDate, classDatetime}, TypeTime: {classTime}, TypeBoolean: {classBoolean},
	}[j.kind]
	var rest rowList
	if fits == nil {
		return rest
	}
	if j.kind == TypeBoolean && j.classes[classBoolean].count == 0 { // 0 and 1
		return rest
	}
	for of := range j.classes {
		if !slices.Contains(fits, class(of)) {
			rest.merge(j.classes[of])
		}
	}
	return rest
}

func (j *judged) formats() []string {
	type used struct {
		name  string
		count int
	}
	var all []used
	numbers, dates := j.kind == TypeNumber || j.kind == TypeInteger, j.kind == TypeDate || j.kind == TypeDatetime
	for s, rows := range j.styles {
		number := style(s) < styleISO
		if rows.count > 0 && styleNames[s] != "" && (number && numbers || !number && dates) {
			all = append(all, used{styleNames[s], rows.count})
		}
	}
	slices.SortStableFunc(all, func(a, b used) int { return b.count - a.count })
	names := []string{}
	for _, u := range all {
		name := u.name
		if j.kind == TypeDatetime {
			name += "Thh:mm:ss"
		}
		names = append(names, name)
	}
	return names
}

// maxExamples are shown of a column, maxTop of its most frequent values.
const (
	maxExamples = 5
	maxTop      = 20
)

// byCount orders the known values, the most frequent first.
func (j *judged) byCount() []Count {
	all := make([]Count, 0, len(j.cache))
	for text, e := range j.cache {
		all = append(all, Count{text, e.count})
	}
	slices.SortFunc(all, func(a, b Count) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value)) })
	return all
}

func (j *judged) examples() []string {
	examples := []string{}
	entries := slices.SortedFunc(maps.Keys(j.cache), func(a, b string) int { return cmp.Compare(j.cache[a].rows[0], j.cache[b].rows[0]) })
	for _, text := range entries[:min(len(entries), maxExamples)] {
		if j.sensitive() || len(j.cache[text].found) > 0 {
			text = personal.Mask(text)
		}
		examples = append(examples, shorten(text))
	}
	return examples
}

// sensitive says whether the values of a column are personal data by what it is about.
func (j *judged) sensitive() bool {
	switch j.about {
	case SemanticPESEL, SemanticPerson, SemanticPhone, SemanticEmail, SemanticIBAN:
		return true
	}
	return hasWord(j.words, "urodz")
}

const exampleRunes = 80

func shorten(text string) string {
	runes := []rune(text)
	if len(runes) <= exampleRunes {
		return text
	}
	return string(runes[:exampleRunes]) + "…"
}

func (j *judged) top() []Count {
	if j.sensitive() || j.distinct > maxCachedValues || j.about == SemanticFreeText || j.about == SemanticID {
		return []Count{}
	}
	all := j.byCount()
	if len(all) > maxTop && (all[0].Count == 1 || len(all) > 200) {
		all = all[:0]
	}
	kept := []Count{}
	for _, c := range all[:min(len(all), maxTop)] {
		if len(j.cache[c.Value].found) == 0 {
			kept = append(kept, Count{shorten(c.Value), c.Count})
		}
	}
	return kept
}
