package law

import (
	"slices"
	"strings"
)

// References finds the units and acts that a text names, as people write them: "art 35
// par 3 kpa", "35 §3 KPA", "kpa 189e", "art. 6 ust. 1 lit. c RODO", "Article 6(1)(c) GDPR",
// "ustawa o petycjach art 7 ust 2". Act is "" where none is named or it cannot be told.
func References(text string) []Reference {
	toks := tokenise(text)
	mentions := findActs(toks)
	groups := findUnits(toks, mentions)
	used := attach(toks, groups, mentions)
	var refs []Reference
	for _, g := range groups {
		for _, u := range g.units {
			refs = append(refs, Reference{Act: g.act, Key: u.key(isEU(g.act) || g.english), Start: toks[u.from].start, End: toks[u.to-1].end})
		}
	}
	for i, m := range mentions {
		if !used[i] && !m.weak {
			refs = append(refs, Reference{Act: m.act, Start: toks[m.from].start, End: toks[m.to-1].end})
		}
	}
	slices.SortStableFunc(refs, func(a, b Reference) int { return a.Start - b.Start })
	return refs
}

func isEU(act string) bool { return strings.HasPrefix(act, "EU/") }

// mention is an act named by tokens [from, to).
type mention struct {
	act      string
	weak     bool
	from, to int
}

func findActs(toks []token) []mention {
	var found []mention
	for i := 0; i < len(toks); {
		m, ok := actAt(toks, i)
		if !ok {
			i++
			continue
		}
		found = append(found, m)
		i = m.to
	}
	return found
}

// actAt finds the longest name of an act that begins at token i.
func actAt(toks []token, i int) (mention, bool) {
	var best mention
	for _, f := range acts().forms[bucket(toks[i].word)] {
		if end := f.match(toks, i); end > best.to {
			best = mention{act: f.act, weak: f.weak, from: i, to: end}
		}
	}
	return best, best.to > 0
}

// match says where the form ends when it begins at token i, 0 when it does not.
// "z dnia 6 września 2001 r." may stand after the first word.
func (f form) match(toks []token, i int) int {
	for n, word := range f.words {
		if n == 1 {
			i = skipDate(toks, i)
		}
		if i >= len(toks) || n > 0 && strings.ContainsAny(toks[i].before, ";:") {
			return 0
		}
		stem, open := strings.CutSuffix(word, "*")
		if open && !strings.HasPrefix(toks[i].word, stem) || !open && toks[i].word != stem {
			return 0
		}
		i++
	}
	return i
}

func skipDate(toks []token, i int) int {
	if i+4 < len(toks) && toks[i].word == "z" && toks[i+1].word == "dnia" && toks[i+2].number != "" && toks[i+4].number != "" {
		i += 5
		if i < len(toks) && (toks[i].word == "r" || toks[i].word == "roku") {
			i++
		}
	}
	return i
}

// unit is a unit named by tokens [from, to).
type unit struct {
	path     []Level
	from, to int
	parens   []string // (1)(c) after the number
}

// key prints the path; parentheses are sub-units in EU style, an index otherwise.
func (u unit) key(eu bool) Key {
	k := NewKey(u.path...)
	if len(u.parens) == 0 {
		return k
	}
	first := u.parens[0]
	if !eu && len(u.parens) == 1 && first[0] >= '0' && first[0] <= '9' {
		return k + Key("^"+first)
	}
	names := []string{"ust", "lit", "tiret"}
	for _, p := range u.parens {
		letter := p[0] < '0' || p[0] > '9'
		for len(names) > 0 && letter != (names[0] == "lit") {
			names = names[1:]
		}
		if len(names) == 0 {
			break
		}
		k, names = k.With(names[0], p), names[1:]
	}
	return k
}

// attach gives each group the act named right after it, else right before it, else that
// of a group it is joined to; it says which mentions were used.
func attach(toks []token, groups []*group, mentions []mention) []bool {
	used := make([]bool, len(mentions))
	for _, g := range groups {
		for i, m := range mentions {
			if m.from >= g.to && onlyFillers(toks, g.to, m.from) && !breaks(toks, g.to, m.from+1) {
				g.act, g.until, used[i] = m.act, m.to, true
				break
			}
		}
	}
	for _, g := range groups {
		for i, m := range mentions {
			if g.act == "" && m.to <= g.from && onlyFillers(toks, m.to, g.from) && !breaks(toks, m.to, g.from+1) {
				g.act, used[i] = m.act, true
			}
		}
	}
	for i := len(groups) - 2; i >= 0; i-- {
		if groups[i].act == "" && joined(toks, groups[i], groups[i+1]) {
			groups[i].act = groups[i+1].act
		}
	}
	for i := 1; i < len(groups); i++ {
		if groups[i].act == "" && joined(toks, groups[i-1], groups[i]) {
			groups[i].act = groups[i-1].act
		}
	}
	return used
}

// fillers may stand between a unit and its act: "art. 7 w kpa", "art. 6 z rozporządzenia RODO".
var fillers = map[string]bool{"w": true, "we": true, "z": true, "ze": true, "wg": true, "wedlug": true, "na": true, "podstawie": true,
	"zgodnie": true, "ustawy": true, "ustawie": true, "ustawa": true, "rozporzadzenia": true, "rozporzadzeniu": true, "of": true, "the": true, "in": true, "under": true}

func onlyFillers(toks []token, from, to int) bool {
	for i := from; i < to; i++ {
		if !fillers[toks[i].word] {
			return false
		}
	}
	return true
}

// breaks says whether a sentence or clause ends before one of the tokens [from, to).
func breaks(toks []token, from, to int) bool {
	for i := from; i < to && i < len(toks); i++ {
		if strings.ContainsAny(toks[i].before, ";:?!\n") || strings.Contains(toks[i].before, ".") && !toks[i-1].stops() {
			return true
		}
	}
	return false
}

// stops says whether a full stop after the token is its own: "art.", "k.p.a.", "ust.".
func (t token) stops() bool {
	return levelOf(t) != "" || t.number != "" || len(t.word) <= 5
}

// joined says whether b goes on where a, with its act, ended: "art. 35 kpa i art. 36".
func joined(toks []token, a, b *group) bool {
	end := max(a.to, a.until)
	if b.from == end {
		return strings.Contains(toks[b.from].before, ",")
	}
	return b.from == end+1 && conjunctions[toks[end].word] && !breaks(toks, end, b.from+1)
}

var conjunctions = map[string]bool{"i": true, "oraz": true, "lub": true, "albo": true, "a": true, "and": true, "or": true}
