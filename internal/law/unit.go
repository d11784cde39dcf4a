package law

import (
	"slices"
	"strings"
)

// group is one or more units named together: "art. 7, 77 i 80", "§ 1 i 2".
type group struct {
	units    []unit
	from, to int
	act      *mention
	until    int  // where the act named after it ends
	unknown  bool // an act is named that is not known
	english  bool
}

// levelOf says which level a word names, "" for none.
func levelOf(t token) string {
	w := t.word
	switch w {
	case "art", "arty", "atr", "article", "articles", "arts":
		return "art"
	case "§", "§§", "par", "paragr", "paragraf":
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
	case "paragraph", "paragraphs", "para":
		return "ust"
	}
	for stem, level := range levelStems {
		if strings.HasPrefix(w, stem) && len(w) <= len(stem)+4 {
			return level
		}
	}
	return ""
}

var levelStems = map[string]string{"artykul": "art", "paragraf": "par", "ustep": "ust", "akapit": "akapit", "punkt": "pkt", "liter": "lit", "zalacznik": "zal", "motyw": "motyw"}

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
	from := i
	level := levelOf(toks[i])
	u, ok := readReversed(toks, i)
	switch {
	case ok:
	case level == "art", level == "par", level == "zal", level == "motyw", level == "" && toks[i].number != "" && bareUnit(toks, i, mentions):
		u, ok = readUnit(toks, i)
	}
	if !ok {
		return nil
	}
	u.addSpaced(toks, mentions)
	g := &group{units: []unit{u}, from: from, to: u.to, english: isEnglish(toks[i:u.to])}
	g.readList(toks)
	g.moveIntoAnnex(toks)
	if g.to+1 < len(toks) && toks[g.to].word == "i" && (strings.HasPrefix(toks[g.to+1].word, "nast") || toks[g.to+1].word == "nn") {
		g.to += 2 // "art. 7 i nast. k.p.a."
	}
	return g
}

func isEnglish(toks []token) bool {
	return slices.ContainsFunc(toks, func(t token) bool {
		return strings.HasPrefix(t.word, "article") || strings.HasPrefix(t.word, "recital")
	})
}

// bareUnit says whether a number without a level word is an article.
func bareUnit(toks []token, i int, mentions []mention) bool {
	if n, _, letters := splitNumber(toks[i].number); letters == "" && (n == 0 || n >= 1900 && n < 2100) {
		return false // a year
	}
	if len(toks[i].dots) > 0 {
		return false
	}
	if i+2 < len(toks) && toks[i+1].before == "" && toks[i+2].number != "" && (levelOf(toks[i+1]) == "par" || levelOf(toks[i+1]) == "ust") {
		return i == 0 || toks[i-1].word != "poz" && toks[i-1].word != "nr"
	}
	for _, m := range mentions {
		if m.to == i && !strings.ContainsAny(toks[i].before, ".;:") && (i+1 == len(toks) || !counts(toks[i+1])) {
			return true
		}
		if m.from == i+2 && m.to-m.from == 1 && isSpacedLetter(toks[i+1]) && toks[m.from].before == "" {
			return true // "189 e kpa"
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
			next.readDeeper(toks, "art")
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

// moveIntoAnnex reads "§ 5 załącznika nr 1" as the annex's paragraph; the only annex of an
// act has no number.
func (g *group) moveIntoAnnex(toks []token) {
	if g.to >= len(toks) || levelOf(toks[g.to]) != "zal" || toks[g.to].before != "" || g.units[0].path[0].Name == "zal" {
		return
	}
	annex, ok := readUnit(toks, g.to)
	if !ok {
		annex = unit{path: []Level{{Name: "zal", Number: "1"}}, to: g.to + 1}
		if annex.to < len(toks) && toks[annex.to].word == "do" {
			annex.to++
		}
	}
	if len(annex.path) != 1 {
		return
	}
	for i := range g.units {
		g.units[i].path = append([]Level{annex.path[0]}, g.units[i].path...)
	}
	g.to = annex.to
	g.units[len(g.units)-1].to = annex.to
	if g.to < len(toks) && toks[g.to].word == "do" {
		g.to++
	}
}

// moveBelowAnnex reads "załącznik nr 1 do uchwały nr XII/88/2019, § 3" as the annex's paragraph.
func moveBelowAnnex(toks []token, groups []*group) {
	for i := 1; i < len(groups); i++ {
		annex, g := groups[i-1], groups[i]
		if annex.act == nil || annex.act != g.act && g.act != nil || len(annex.units) != 1 || len(annex.units[0].path) != 1 || annex.units[0].path[0].Name != "zal" ||
			g.units[0].path[0].Name != "par" || g.from != annex.until || breaks(toks, annex.until, g.from+1, "") {
			continue
		}
		g.act = annex.act
		for n := range g.units {
			g.units[n].path = append([]Level{annex.units[0].path[0]}, g.units[n].path...)
		}
	}
}
