package law

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// mention is an act named by tokens [from, to).
type mention struct {
	acts     []string // what the name may mean; none for an act that is not known
	date     string   // the act's date as the text gives it, "" for none
	weak     bool
	from, to int
}

func findActs(toks []token) []mention {
	var found []mention
	for i := 0; i < len(toks); {
		m, ok := mentionAt(toks, i)
		if !ok {
			i++
			continue
		}
		m.takeDate(toks)
		m.guard(toks)
		if n := len(found); n > 0 && m.from < found[n-1].to {
			m.from = found[n-1].to
		}
		found = append(found, m)
		i = m.to
	}
	return found
}

func mentionAt(toks []token, i int) (mention, bool) {
	if m, ok := actAt(toks, i); ok {
		return m, true
	}
	if m, ok := localAt(toks, i); ok {
		return m, true
	}
	return numberedAt(toks, i)
}

// actAt finds the longest name of an act that begins at token i.
func actAt(toks []token, i int) (mention, bool) {
	var best mention
	for _, f := range acts().forms[bucket(toks[i].text())] {
		if end, date := f.match(toks, i); end > best.to {
			best = mention{acts: f.acts, date: date, weak: f.weak, from: i, to: end}
		}
	}
	return best, best.to > 0
}

// match says where the form ends when it begins at token i, 0 when it does not.
// "z dnia 6 września 2001 r." may stand after the first word.
func (f *form) match(toks []token, i int) (end int, date string) {
	for n, word := range f.words {
		if n == 1 {
			after := skipDate(toks, i)
			date, i = dateOf(toks[i:after]), after
		}
		if i >= len(toks) || n > 0 && strings.ContainsAny(toks[i].before, ";:") {
			return 0, ""
		}
		stem, open := strings.CutSuffix(word, "*")
		if open && !strings.HasPrefix(toks[i].text(), stem) || !open && toks[i].text() != stem {
			return 0, ""
		}
		i++
	}
	return i, date
}

// skipDate says where "z dnia 6 września 2001 r." that begins at token i ends.
func skipDate(toks []token, i int) int {
	for end := min(i+6, len(toks)); end > i+1; end-- {
		if dateOf(toks[i:end]) != "" {
			return end
		}
	}
	return i
}

var monthNames = []string{"stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "wrzesnia", "pazdziernika", "listopada", "grudnia"}

// dateOf reads the tokens of "z dnia 6 września 2001 r.", "" when they are none.
func dateOf(toks []token) string {
	if n := len(toks); n > 3 && (toks[n-1].word == "r" || toks[n-1].word == "roku") {
		toks = toks[:n-1]
	}
	if len(toks) < 2 || toks[0].word != "z" && toks[0].word != "ze" {
		return ""
	}
	toks = toks[1:]
	if toks[0].word == "dnia" || toks[0].word == "dn" {
		toks = toks[1:]
	}
	var parts []string
	for _, t := range toks {
		parts = append(append(parts, t.text()), t.dots...)
	}
	if len(parts) != 3 {
		return ""
	}
	day, _, _ := splitNumber(parts[0])
	year, _, _ := splitNumber(parts[2])
	month := slices.Index(monthNames, parts[1]) + 1
	if month == 0 {
		month, _, _ = splitNumber(parts[1])
	}
	if day < 1 || day > 31 || month < 1 || month > 12 || year < 1800 || year > 2199 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

// takeDate widens a code's name over what stands before it in full: "ustawy z dnia 14
// czerwca 1960 r. – Kodeks postępowania administracyjnego".
func (m *mention) takeDate(toks []token) {
	from := m.from
	for _, width := range []int{6, 5, 4, 3, 2} {
		if at := m.from - width; m.date == "" && at >= 0 && skipDate(toks, at) == m.from {
			from, m.date = at, dateOf(toks[at:m.from])
		}
	}
	if from > 0 && strings.HasPrefix(toks[from-1].word, "ustaw") && (from < m.from || !strings.HasPrefix(toks[m.from].word, "ustaw")) {
		from--
	}
	m.from = from
}

// changing are words before an act's name that name another act: the one that changes it.
var changing = []string{"zmiani", "zmieniajac", "wprowadzajac", "uchyl"}

// guard takes "ustawa o zmianie ustawy o petycjach" and "rozporządzenie do ustawy o …" for
// what they are: other acts, which are not known.
func (m *mention) guard(toks []token) {
	if m.from == 0 {
		return
	}
	before := toks[m.from-1].word
	other := slices.ContainsFunc(changing, func(stem string) bool { return strings.HasPrefix(before, stem) })
	if before == "do" && m.from > 1 {
		other = strings.HasPrefix(toks[m.from-2].word, "rozporzadzeni") || strings.HasPrefix(toks[m.from-2].word, "wykonawcz")
	}
	if !other {
		return
	}
	m.acts = nil
	for m.from > 0 && m.to-m.from < 12 && !strings.ContainsAny(toks[m.from].before, ".;:?!,") {
		m.from--
		if w := toks[m.from].word; strings.HasPrefix(w, "ustaw") || strings.HasPrefix(w, "rozporzadzeni") || strings.HasPrefix(w, "przepis") {
			return
		}
	}
}

// choose gives the acts that a mention beside a unit of that number means: one, or all
// those between which nothing decides.
func (m mention) choose(toks []token, number string) []string {
	named := m.acts
	if m.date != "" {
		named = keep(named, func(a Act) bool { return a.Date == "" || a.Date == m.date })
	} else if current := keep(named, func(a Act) bool { return !a.Past }); len(current) > 0 {
		named = current
	}
	if len(named) < 2 {
		return named
	}
	if article, _, _ := splitNumber(number); article > 0 {
		named = keep(named, func(a Act) bool { return a.Last == 0 || article <= a.Last })
	}
	if told := keep(named, func(a Act) bool { return m.isTold(toks, a.Context) }); len(told) == 1 {
		return told
	}
	return named
}

// keep gives the acts of the table that pass, and all that are not in it.
func keep(elis []string, pass func(Act) bool) []string {
	var kept []string
	for _, eli := range elis {
		if a, known := acts().acts[eli]; !known || pass(a) {
			kept = append(kept, eli)
		}
	}
	return kept
}

// isTold says whether a word of the text outside the name begins like one of the stems.
func (m mention) isTold(toks []token, stems []string) bool {
	for i, t := range toks {
		if i >= m.from && i < m.to {
			continue
		}
		if slices.ContainsFunc(stems, func(stem string) bool { return strings.HasPrefix(t.word, stem) }) {
			return true
		}
	}
	return false
}

var (
	euNumber    = regexp.MustCompile(`^(20(?:1[5-9]|[2-9]\d))/(\d{1,5})$`)
	journalUnit = regexp.MustCompile(`^((?:19|20)\d\d)/(\d{1,5})$`)
	euKinds     = []string{"rozporzadzeni", "dyrektyw", "decyzj", "regulation", "directive", "decision"}
)

// numberedAt finds an act named by its number: "DU/1960/168", "rozporządzenie (UE)
// 2023/2854". Before 2015 a regulation and a directive could have the same number.
func numberedAt(toks []token, i int) (mention, bool) {
	if i > 0 && (toks[i-1].word == "du" || toks[i-1].word == "mp") && toks[i].before == "/" {
		if m := journalUnit.FindStringSubmatch(toks[i].word); m != nil {
			return mention{acts: []string{strings.ToUpper(toks[i-1].word) + "/" + m[1] + "/" + strings.TrimLeft(m[2], "0")}, from: i - 1, to: i + 1}, true
		}
	}
	m := euNumber.FindStringSubmatch(toks[i].word)
	if m == nil {
		return mention{}, false
	}
	const reach = 5 // "rozporządzenia Parlamentu Europejskiego i Rady (UE)"
	for from := i - 1; from >= max(0, i-reach-2); from-- {
		if slices.ContainsFunc(euKinds, func(kind string) bool { return strings.HasPrefix(toks[from].word, kind) }) {
			return mention{acts: []string{"EU/" + m[1] + "/" + strings.TrimLeft(m[2], "0")}, from: from, to: i + 1}, true
		}
	}
	return mention{}, false
}
