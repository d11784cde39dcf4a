package dataset

import (
	"math"
	"slices"
	"strings"
)

// relatedDefects holds columns against one another, in the first rows of the table.
func relatedDefects(g *gathered, columns []*judged) []Defect {
	all := dateOrder(g, columns)
	return append(all, sums(g, columns)...)
}

// rowsAt names the rows of records by their index.
func (g *gathered) rowsAt(indices []int) []int {
	rows := make([]int, 0, min(len(indices), maxKeptRows))
	for _, i := range indices[:min(len(indices), maxKeptRows)] {
		rows = append(rows, g.rowOf[i])
	}
	return rows
}

var (
	startWords = []string{"od.", "poczat", "rozpocz", "start", "zlozen", "zgloszen", "przyjec", "wplyw", "urodz", "otwarc", "wydan", "zawarc", "wszcz", "przyjazd", "nada", "from.", "rejestrac", "podpis", "wniosk", "wyslan", "zlecen", "uchwalen", "ustanow", "wpis", "zalozen", "powstan", "dopuszczen"}
	endWords   = []string{"do.", "koniec", "konca", "zakoncz", "zamkn", "zalatw", "rozpatrz", "odpowied", "zgon", "wygasn", "wyrejestr", "end.", "stop.", "to.", "realizac", "odbior", "wykona", "odjazd", "waznosc", "wykresl", "likwidac", "wycof", "rozstrzyg", "usun", "rozwiaz", "decyzj", "termin"}
)

// dateOrder finds ends before their beginnings. The names of two columns say that they
// are such a pair, and the data that they nearly always are.
func dateOrder(g *gathered, columns []*judged) []Defect {
	var dates []*judged
	for _, j := range columns {
		if j.kind == TypeDate || j.kind == TypeDatetime {
			dates = append(dates, j)
		}
	}
	var defects []Defect
	taken := map[*judged]bool{}
	for _, strict := range []bool{true, false} {
		for _, end := range dates {
			if !hasWord(end.words, endWords...) || taken[end] {
				continue
			}
			start := partner(dates, end, strict)
			if start == nil {
				continue
			}
			late, both := violations(start, end)
			taken[end] = true
			if len(late) > 0 && 5*len(late) <= both {
				defects = append(defects, Defect{Kind: DefectInconsistentDates, Column: Names{start.name, end.name}, Rows: g.rowsAt(late), Count: len(late)})
			}
		}
	}
	return defects
}

// partner finds the beginning that belongs to an end: strictly, one with the same words
// beside "od" and "do"; else the nearest beginning before it.
func partner(dates []*judged, end *judged, strict bool) *judged {
	var best *judged
	for _, start := range dates {
		if start == end || !hasWord(start.words, startWords...) || hasWord(start.words, "do.", "koniec", "zakoncz") {
			continue
		}
		if strict && hasWord(start.words, "od.", "poczat", "rozpocz", "start", "from.") && hasWord(end.words, "do.", "koniec", "konca", "zakoncz", "end.", "to.") {
			return start
		}
		if !strict && (best == nil || slices.Index(dates, start) < slices.Index(dates, end)) {
			best = start
		}
	}
	return best
}

func violations(start, end *judged) (late []int, both int) {
	for i := range min(len(start.related.numbers), len(end.related.numbers)) {
		a, b := start.related.numbers[i], end.related.numbers[i]
		if math.IsNaN(a) || math.IsNaN(b) {
			continue
		}
		both++
		if math.Floor(b) < math.Floor(a) {
			late = append(late, i)
		}
	}
	return late, both
}

// sumWords name columns that are sums of others.
var sumWords = []string{"razem", "ogolem", "suma", "lacznie", "total", "sum."}

// maxSummed columns are tried as parts of a sum.
const maxSummed = 24

// sums finds rows where a total is not the sum of its parts, in tables where it is
// nearly everywhere else.
func sums(g *gathered, columns []*judged) []Defect {
	var numbers []*judged
	for _, j := range columns {
		if (j.kind == TypeInteger || j.kind == TypeNumber) && j.about != SemanticID && j.about != SemanticLat && j.about != SemanticLon && !j.isYear() {
			numbers = append(numbers, j)
		}
	}
	if len(numbers) < 3 || len(numbers) > maxSummed {
		return nil
	}
	var defects []Defect
	used := map[*judged]bool{}
	for _, total := range totalsFirst(numbers) {
		if used[total] {
			continue
		}
		parts, wrong := bestParts(numbers, total)
		if len(wrong) == 0 {
			if parts != nil {
				used[total] = true
			}
			continue
		}
		used[total] = true
		for _, part := range parts {
			used[part] = true
		}
		names := make([]string, len(parts))
		for i, part := range parts {
			names[i] = part.name
		}
		defects = append(defects, Defect{Kind: DefectInconsistentSum, Column: Names{total.name}, Rows: g.rowsAt(wrong), Count: len(wrong), Detail: strings.Join(names, " + ")})
	}
	return defects
}

func totalsFirst(numbers []*judged) []*judged {
	ordered := slices.Clone(numbers)
	slices.SortStableFunc(ordered, func(a, b *judged) int {
		return boolInt(hasWord(b.words, sumWords...)) - boolInt(hasWord(a.words, sumWords...))
	})
	return ordered
}

// bestParts looks for neighbouring columns that add up to the total in most rows.
func bestParts(numbers []*judged, total *judged) (parts []*judged, wrong []int) {
	others := slices.DeleteFunc(slices.Clone(numbers), func(j *judged) bool { return j == total })
	for length := len(others); length >= 2; length-- {
		for from := 0; from+length <= len(others); from++ {
			candidate := others[from : from+length]
			if wrong, ok := addsUp(candidate, total); ok {
				return candidate, wrong
			}
		}
	}
	return nil, nil
}

// addsUp says whether parts are a total's: in four rows of five, and not of zeros alone.
func addsUp(parts []*judged, total *judged) (wrong []int, ok bool) {
	rows, right := 0, 0
	for i, want := range total.related.numbers {
		if math.IsNaN(want) {
			continue
		}
		sum, filled := 0.0, 0
		for _, part := range parts {
			if i < len(part.related.numbers) && !math.IsNaN(part.related.numbers[i]) {
				sum += part.related.numbers[i]
				filled += boolInt(part.related.numbers[i] != 0)
			}
		}
		if want == 0 && filled == 0 {
			continue
		}
		rows++
		if math.Abs(sum-want) <= 0.011+1e-9*math.Abs(want) {
			right++
		} else {
			wrong = append(wrong, i)
			if rows >= 20 && 5*right < 4*rows-20 {
				return nil, false
			}
		}
	}
	return wrong, rows >= 5 && 5*right >= 4*rows
}
