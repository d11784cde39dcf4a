package law

import (
	"slices"
	"strings"
)

// References finds the units and acts that a text names, as people write them: "art 35
// par 3 kpa", "35 §3 KPA", "kpa 189e", "art. 6 ust. 1 lit. c RODO", "Article 6(1)(c) GDPR",
// "ustawa o petycjach art 7 ust 2", "§ 4 uchwały nr XII/88/2019". It rather leaves an act
// open than guesses: see Reference.
func References(text string) []Reference {
	toks := tokenise(text)
	mentions := findActs(toks)
	groups := findUnits(toks, mentions)
	used := attach(toks, groups, mentions)
	moveBelowAnnex(toks, groups)
	var refs []Reference
	for _, g := range groups {
		for _, u := range g.units {
			ref := Reference{Start: toks[u.from].start, End: toks[u.to-1].end}
			ref.name(g, u.path[0].Number, toks)
			ref.Key = u.key(isEU(ref.Act) || g.english, acts().acts[ref.Act].Points)
			refs = append(refs, ref)
		}
	}
	for i, m := range mentions {
		if used[i] || m.weak {
			continue
		}
		if named := m.choose(toks, ""); len(named) == 1 {
			refs = append(refs, Reference{Act: named[0], Start: toks[m.from].start, End: toks[m.to-1].end})
		}
	}
	slices.SortStableFunc(refs, func(a, b Reference) int { return a.Start - b.Start })
	return refs
}

// name fills in which act the unit is of.
func (r *Reference) name(g *group, number string, toks []token) {
	if g.act == nil {
		r.Unknown = g.unknown
		return
	}
	switch named := g.act.choose(toks, number); len(named) {
	case 0:
		r.Unknown = true
	case 1:
		r.Act = named[0]
	default:
		r.Choices = named
	}
}

func isEU(act string) bool { return strings.HasPrefix(act, "EU/") }

// attach gives each group the act named right after it, else right before it, else that
// of a group it is joined to; it says which mentions were used.
func attach(toks []token, groups []*group, mentions []mention) []bool {
	used := make([]bool, len(mentions))
	for _, g := range groups {
		to := g.to
		if g.units[0].path[0].Name == "zal" && to < len(toks) && toks[to].word == "do" {
			to++ // "załącznik nr 1 do uchwały"
		}
		for i, m := range mentions {
			if m.from >= to && onlyFillers(toks, to, m.from) && !breaks(toks, g.to, m.from+1, "") {
				g.act, g.until, used[i] = &mentions[i], m.to, true
				break
			}
		}
	}
	for _, g := range groups {
		g.unknown = g.act == nil && namesUnknown(toks, g.to)
		for i, m := range mentions {
			// "k.p.a.: art. 35"
			if g.act == nil && !g.unknown && m.to <= g.from && onlyFillers(toks, m.to, g.from) && !breaks(toks, m.to, g.from+1, ":") {
				g.act, used[i] = &mentions[i], true
			}
		}
	}
	for i := len(groups) - 2; i >= 0; i-- {
		if joined(toks, groups[i], groups[i+1]) {
			groups[i].share(groups[i+1])
		}
	}
	for i := 1; i < len(groups); i++ {
		if joined(toks, groups[i-1], groups[i]) {
			groups[i].share(groups[i-1])
		}
	}
	return used
}

// share takes the act of a group that this one is joined to.
func (g *group) share(other *group) {
	if g.act == nil && !g.unknown {
		g.act, g.unknown = other.act, other.unknown
	}
}

// fillers may stand between a unit and its act: "art. 7 w kpa", "art. 6 z rozporządzenia RODO".
var fillers = map[string]bool{"w": true, "we": true, "z": true, "ze": true, "wg": true, "wedlug": true, "na": true, "podstawie": true, "wobec": true, "nowego": true, "tekstu": true, "jednolitego": true,
	"zgodnie": true, "ustawy": true, "ustawie": true, "ustawa": true, "rozporzadzenia": true, "rozporzadzeniu": true, "dyrektywy": true, "of": true, "the": true, "in": true, "under": true}

func onlyFillers(toks []token, from, to int) bool {
	for i := from; i < to; i++ {
		if !fillers[toks[i].word] {
			return false
		}
	}
	return true
}

// breaks says whether a sentence or clause ends before one of the tokens [from, to); the
// marks in but do not end one before the last of them.
func breaks(toks []token, from, to int, but string) bool {
	for i := from; i < to && i < len(toks); i++ {
		before := toks[i].before
		if i == to-1 && but != "" {
			before = strings.ReplaceAll(before, but, "")
		}
		if strings.ContainsAny(before, ";:?!\n") || strings.Contains(before, ".") && !toks[i-1].stops() {
			return true
		}
	}
	return false
}

// stops says whether a full stop after the token is its own: "art.", "k.p.a.", "ust.".
func (t token) stops() bool {
	return levelOf(t) != "" || t.number != "" || len(t.word) <= 5
}

// joined says whether b goes on where a, with its act, ended: "art. 35 kpa i art. 36",
// "art. 104 w zw. z art. 107 kpa".
func joined(toks []token, a, b *group) bool {
	end := max(a.to, a.until)
	if b.from == end {
		return strings.Contains(toks[b.from].before, ",") || rangeDash(toks[b.from].before)
	}
	const most = 4 // "oraz w związku z"
	if b.from <= end || b.from-end > most || breaks(toks, end, b.from+1, "") {
		return false
	}
	for i := end; i < b.from; i++ {
		if !conjunctions[toks[i].word] && !joints[toks[i].word] {
			return false
		}
	}
	return true
}

var (
	conjunctions = map[string]bool{"i": true, "oraz": true, "lub": true, "albo": true, "a": true, "and": true, "or": true, "do": true}
	joints       = map[string]bool{"w": true, "zw": true, "zwiazku": true, "z": true, "ze": true}
)

// unknownKinds begin the name of an act; what follows tells that it is named, not pointed at.
var (
	unknownKinds = []string{"ustaw", "rozporzadzeni", "uchwal", "zarzadzeni", "dyrektyw", "konwencj", "obwieszczeni", "decyzj", "kodeks"}
	unknownNext  = []string{"o", "z", "ze", "w", "nr", "minis", "rady", "prezes", "prezydent", "wojt", "burmistrz", "parlament", "komisj", "wykonawcz", "zmieniajac"}
)

// namesUnknown says whether an act that is not known is named at token i: "ustawy o
// lekarzach", "rozporządzenia Ministra …"; not "ustawy" alone, which points at one.
func namesUnknown(toks []token, i int) bool {
	for i < len(toks) && (toks[i].word == "z" || toks[i].word == "ze" || toks[i].word == "w") && !strings.ContainsAny(toks[i].before, ".;:?!,") {
		i++
	}
	if i+1 >= len(toks) || strings.ContainsAny(toks[i].before+toks[i+1].before, ";:?!,") {
		return false
	}
	kind := slices.IndexFunc(unknownKinds, func(stem string) bool { return strings.HasPrefix(toks[i].word, stem) })
	if kind < 0 {
		return false
	}
	next := toks[i+1].word
	if unknownKinds[kind] == "kodeks" {
		return next != "" && len(next) > 3 // "kodeksu morskiego"; "kodeksu" alone points
	}
	return slices.ContainsFunc(unknownNext, func(stem string) bool {
		return next == stem || len(stem) > 3 && strings.HasPrefix(next, stem)
	})
}
