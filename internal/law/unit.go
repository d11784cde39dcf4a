package law

import (
	"strconv"
	"strings"
)

// group is one or more units named together: "art. 7, 77 i 80", "§ 1 i 2".
type group struct {
	units    []unit
	from, to int
	act      string
	until    int // where the act named after it ends
	english  bool
}

// levelOf says which level a word names, "" for none.
func levelOf(t token) string {
	w := t.word
	switch w {
	case "art", "arty", "article", "articles", "arts":
		return "art"
	case "§", "§§", "par", "paragraf":
		return "par"
	case "ust":
		return "ust"
	case "pkt", "punkt", "point", "ppkt":
		return "pkt"
	case "lit", "let":
		return "lit"
	case "tiret":
		return "tiret"
	case "zal", "annex":
		return "zal"
	case "recital":
		return "motyw"
	case "paragraph":
		return "ust"
	}
	for stem, level := range map[string]string{"artykul": "art", "paragraf": "par", "ustep": "ust", "punkt": "pkt", "liter": "lit", "zalacznik": "zal", "motyw": "motyw"} {
		if strings.HasPrefix(w, stem) && len(w) <= len(stem)+4 {
			return level
		}
	}
	return ""
}

// findUnits finds the groups of units of a text. A bare number is a unit only beside an
// act ("kpa 189e", "35 kpa") or before a paragraph sign ("35 § 3").
func findUnits(toks []token, mentions []mention) []*group {
	var groups []*group
	for i := 0; i < len(toks); {
		g := groupAt(toks, i, mentions)
		if g == nil {
			i++
			continue
		}
		if len(g.units) > 0 {
			groups = append(groups, g)
		}
		i = g.to
	}
	return groups
}

func groupAt(toks []token, i int, mentions []mention) *group {
	for _, m := range mentions {
		if i >= m.from && i < m.to {
			return &group{from: m.from, to: m.to} // a number in an act's name is no unit
		}
	}
	level := levelOf(toks[i])
	switch level {
	case "art", "par", "zal", "motyw":
	case "":
		if toks[i].number == "" || !bareUnit(toks, i, mentions) {
			return nil
		}
	default:
		return nil
	}
	u, ok := readUnit(toks, i)
	if !ok {
		return nil
	}
	g := &group{units: []unit{u}, from: i, to: u.to, english: strings.HasPrefix(toks[i].word, "article") || toks[i].word == "recital"}
	g.readList(toks)
	g.moveIntoAnnex(toks)
	return g
}

// bareUnit says whether a number without a level word is an article.
func bareUnit(toks []token, i int, mentions []mention) bool {
	if n, _, letters := splitNumber(toks[i].number); letters == "" && (n == 0 || n >= 1900 && n < 2100) {
		return false // a year
	}
	if i+1 < len(toks) && toks[i+1].word == "§" && toks[i+1].before == "" {
		return i == 0 || toks[i-1].word != "poz" && toks[i-1].word != "nr"
	}
	for _, m := range mentions {
		if m.to == i && !strings.ContainsAny(toks[i].before, ".;:") && (i+1 == len(toks) || !counts(toks[i+1])) {
			return true
		}
		if m.from == i+1 && toks[m.from].before == "" && m.to-m.from == 1 {
			return true
		}
	}
	return false
}

// counts says whether a word makes the number before it a quantity: "14 dni".
func counts(t token) bool {
	switch t.word {
	case "dni", "dnia", "dzien", "lat", "lata", "rok", "roku", "r", "zl", "tys", "mln", "miesiac", "miesiace", "miesiecy", "tygodni", "tygodnie",
		"godzin", "godziny", "razy", "osob", "osoby", "procent", "days", "months", "years", "egz", "szt", "stron", "pism", "sprawy", "spraw":
		return true
	}
	return false
}

// readUnit reads a unit from its level word (or bare number) down to its last level.
func readUnit(toks []token, i int) (unit, bool) {
	u := unit{from: i}
	level := "art"
	if named := levelOf(toks[i]); named != "" {
		level = named
		i++
		if i < len(toks) && toks[i].word == "nr" && level == "zal" {
			i++
		}
	}
	if i >= len(toks) || toks[i].number == "" || strings.ContainsAny(toks[i].before, ";:?!,") {
		return unit{}, false
	}
	u.add(level, toks[i])
	i++
	u.readDeeper(toks, i, level)
	return u, true
}

// readDeeper reads the levels below the last one, from token i on.
func (u *unit) readDeeper(toks []token, i int, level string) {
	for i+1 < len(toks) {
		next := levelOf(toks[i])
		value, ok := levelValue(next, toks[i+1])
		if next == "" || !ok || strings.ContainsAny(toks[i].before, ";:?!") || levels[next].rank <= levels[level].rank {
			break
		}
		level = next
		u.path = append(u.path, Level{Name: level, Number: value})
		u.parens = append(u.parens, toks[i+1].parens...)
		i += 2
	}
	u.to = i
}

func (u *unit) add(level string, t token) {
	u.path = append(u.path, Level{Name: level, Number: t.number})
	u.parens = t.parens
}

// levelValue reads what stands after a level word: a number, a letter, an ordinal.
func levelValue(level string, t token) (string, bool) {
	switch level {
	case "lit":
		if t.number == "" && len([]rune(t.word)) <= 2 && t.word != "" && t.word != "§" {
			return t.word, true
		}
		return "", false
	case "tiret":
		for i, word := range ordinals {
			if foldWord([]rune(word)) == t.word || strings.TrimSuffix(foldWord([]rune(word)), "e") == strings.TrimSuffix(t.word, "e") {
				return strconv.Itoa(i + 1), true
			}
		}
	}
	return t.number, t.number != ""
}

// readList reads further numbers of the last level: "art. 7, 77 i 80", "§ 1 i 2".
func (g *group) readList(toks []token) {
	for g.to < len(toks) {
		last := g.units[len(g.units)-1]
		i := g.to
		if conjunctions[toks[i].word] && toks[i].before == "" {
			i++
		} else if toks[i].before != "," && !rangeDash(toks[i].before) {
			return
		}
		if i < len(toks) && i > g.to && g.addLetter(toks[i], i) {
			continue
		}
		if i >= len(toks) || toks[i].number == "" || i > g.to && toks[i].before != "" || i+1 < len(toks) && counts(toks[i+1]) {
			return
		}
		if i+1 < len(toks) && toks[i+1].word == "§" && toks[i+1].before == "" && last.path[len(last.path)-1].Name != "art" {
			return // "art. 35 § 3, 36 § 1": the number is an article again
		}
		path := append([]Level{}, last.path...)
		if path[0].Name == "art" && farFrom(path[len(path)-1].Number, toks[i].number) {
			path = path[:1]
		}
		path[len(path)-1].Number = toks[i].number
		next := unit{path: path, from: i, to: i + 1, parens: toks[i].parens}
		if path[0].Name == "art" && len(path) == 1 {
			next.readDeeper(toks, i+1, "art")
		}
		g.units = append(g.units, next)
		g.to = next.to
	}
}

// addLetter reads the second letter of "lit. e i f"; a preposition is none.
func (g *group) addLetter(t token, i int) bool {
	last := g.units[len(g.units)-1].path
	end := last[len(last)-1]
	switch t.word {
	case "w", "z", "o", "u", "i":
		return false
	}
	if end.Name != "lit" || len(t.word) != 1 || !Follows(end.Number, t.word) {
		return false
	}
	path := append([]Level{}, last...)
	path[len(path)-1].Number = t.word
	g.units = append(g.units, unit{path: path, from: i, to: i + 1})
	g.to = i + 1
	return true
}

// farFrom tells "77 § 1 i 80", where 80 is an article, from "77 § 1 i 2".
func farFrom(last, number string) bool {
	a, _, _ := splitNumber(last)
	b, _, _ := splitNumber(number)
	return b > a+10
}

func rangeDash(before string) bool { return before == "-" || before == "–" || before == "—" }

// moveIntoAnnex reads "§ 5 załącznika nr 1" as the annex's paragraph.
func (g *group) moveIntoAnnex(toks []token) {
	if g.to >= len(toks) || levelOf(toks[g.to]) != "zal" || toks[g.to].before != "" || g.units[0].path[0].Name == "zal" {
		return
	}
	annex, ok := readUnit(toks, g.to)
	if !ok || len(annex.path) != 1 {
		return
	}
	for i := range g.units {
		g.units[i].path = append([]Level{annex.path[0]}, g.units[i].path...)
	}
	g.to = annex.to
	g.units[len(g.units)-1].to = annex.to
}
