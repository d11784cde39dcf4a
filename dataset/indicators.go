package dataset

import (
	"slices"
	"strings"
)

// yearColumns are needed for a table to have its years in columns.
const yearColumns = 2

// indicatorsOf knows tables of indicators as statistical systems export them (local data
// bank, monitors of development): units with their codes, years in columns or rows, and
// marks of footnotes beside the values.
func indicatorsOf(a assembled, p *Profile) *Indicators {
	ind := &Indicators{Indicators: []string{}, Years: []int{}, Measure: []string{}, Flags: []string{}}
	var teryt, year, value, name *judged
	for _, j := range a.columns {
		if y := yearInName(j.name); y != 0 && (j.kind == TypeNumber || j.kind == TypeInteger || j.values == 0) {
			ind.Years = append(ind.Years, y)
			ind.Indicators = append(ind.Indicators, indicatorName(j.name))
		}
		switch {
		case j.about == SemanticTERYT && teryt == nil:
			teryt = j
		case j.isYear() && year == nil:
			year = j
		case (j.kind == TypeNumber || j.kind == TypeInteger) && hasWord(j.words, "wartosc", "wskaznik", "value") && value == nil:
			value = j
		case hasWord(j.words, "wskaznik", "cecha", "nazwa", "zmienna") && hasWord(j.words, "wskaznik", "cecha", "zmienna") && name == nil:
			name = j
		}
		if hasWord(j.words, "jednostka", "miara", "miano") && hasWord(j.words, "miary", "miara", "miano") {
			for _, c := range j.byCount() {
				ind.Measure = append(ind.Measure, c.Value)
			}
		}
		if hasWord(j.words, "atrybut", "flaga", "flag", "znacznik", "przypis", "uwagi.") || j.name == "" && j.values > 0 {
			for _, c := range j.byCount()[:min(len(j.cache), maxTop)] {
				ind.Flags = append(ind.Flags, c.Value)
			}
		}
		for sign := range j.signs {
			ind.Flags = append(ind.Flags, sign)
		}
	}
	switch {
	case teryt == nil:
		return nil
	case len(ind.Years) >= yearColumns:
		ind.Layout = "wide"
	case year != nil && value != nil:
		ind.Layout = "long"
		ind.Years = yearsOf(year)
		if name != nil {
			for _, c := range name.byCount()[:min(len(name.cache), maxTop)] {
				ind.Indicators = append(ind.Indicators, c.Value)
			}
		} else {
			ind.Indicators = append(ind.Indicators, value.name)
		}
	default:
		return nil
	}
	for _, list := range []*[]string{&ind.Indicators, &ind.Measure, &ind.Flags} {
		slices.Sort(*list)
		*list = slices.DeleteFunc(slices.Compact(*list), func(text string) bool { return text == "" })
	}
	if len(ind.Indicators) == 0 {
		ind.Indicators = append(ind.Indicators, p.Titles...)
	}
	slices.Sort(ind.Years)
	ind.Years = slices.Compact(ind.Years)
	ind.UnitColumn, ind.Level = teryt.name, levelOf(teryt)
	return ind
}

// yearInName finds the year that a column's name holds: "2019", "ludność;2019", "2019 r.".
func yearInName(name string) int {
	for _, word := range nameWords(name) {
		if year := yearOf(word); year != 0 {
			return year
		}
	}
	return 0
}

// indicatorName is a column's name without the year and units in brackets.
func indicatorName(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return r == ';' || r == ' ' || r == '_' })
	kept := words[:0]
	for _, word := range words {
		if yearOf(strings.Trim(word, "[]().r")) == 0 && !strings.HasPrefix(word, "[") && word != "r." {
			kept = append(kept, word)
		}
	}
	return strings.Join(kept, " ")
}

func yearsOf(j *judged) []int {
	var years []int
	for text := range j.cache {
		if year := yearOf(text); year != 0 {
			years = append(years, year)
		}
	}
	return years
}

// levelOf says of which territorial level the codes of a column are.
func levelOf(j *judged) string {
	levels := map[string]int{}
	for code := range j.cache {
		code = padded(code)
		switch {
		case strings.Trim(code, "0") == "":
			levels["country"]++
		case len(code) == 2 || strings.Trim(code[2:], "0") == "":
			levels["voivodeship"]++
		case len(code) == 4 || strings.Trim(code[4:], "0") == "":
			levels["powiat"]++
		default:
			levels["gmina"]++
		}
	}
	if len(levels) > 1 {
		return "mixed"
	}
	return mostFrequent(levels)
}
