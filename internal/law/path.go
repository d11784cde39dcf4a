package law

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// unit is a unit named by tokens [from, to).
type unit struct {
	path     []Level
	from, to int
	parens   []string // (1)(c) after the number of path[at], or .1.c
	at       int
	dotted   bool // they were full stops
}

// key prints the path. What parentheses hold are sub-units in EU style, points in the
// article that has only those; in a Polish act they are an index, and full stops say
// nothing that could be told.
func (u unit) key(eu bool, points string) Key {
	path := slices.Clone(u.path)
	if len(u.parens) == 0 || !eu && u.dotted {
		return NewKey(path...)
	}
	if !eu && len(u.parens) == 1 && isDigit(rune(u.parens[0][0])) {
		path[u.at].Number += "^" + u.parens[0]
		return NewKey(path...)
	}
	deeper := u.below(len(path) == 1 && path[0].Number == points)
	return NewKey(slices.Insert(path, u.at+1, deeper...)...)
}

// below gives the levels of what parentheses hold.
func (u unit) below(points bool) []Level {
	names := []string{"ust", "lit", "tiret"}
	if points {
		names[0] = "pkt"
	}
	var deeper []Level
	for _, p := range u.parens {
		letter := !isDigit(rune(p[0]))
		for len(names) > 0 && (letter != (names[0] == "lit") || levels[names[0]].rank <= levels[u.path[u.at].Name].rank) {
			names = names[1:]
		}
		if len(names) == 0 || u.at+1 < len(u.path) && levels[names[0]].rank >= levels[u.path[u.at+1].Name].rank {
			break
		}
		deeper, names = append(deeper, Level{Name: names[0], Number: p}), names[1:]
	}
	return deeper
}

// readUnit reads a unit from its level word (or bare number) down to its last level.
func readUnit(toks []token, i int) (unit, bool) {
	u := unit{from: i}
	level := "art"
	if named := levelOf(toks[i]); named != "" {
		level = named
		i++
		if i < len(toks) && (toks[i].word == "nr" || toks[i].word == "numer") {
			i++
		}
	}
	if i >= len(toks) || strings.ContainsAny(toks[i].before, ";:?!,") {
		return unit{}, false
	}
	value, ok := levelValue(level, toks[i])
	if !ok {
		return unit{}, false
	}
	u.path = []Level{{Name: level, Number: value}}
	u.takeParens(toks[i])
	u.to = i + 1
	u.readIndexWords(toks)
	u.readDeeper(toks, level)
	return u, true
}

func (u *unit) takeParens(t token) {
	if len(u.parens) > 0 {
		return // one set is enough
	}
	u.parens, u.at = t.parens, len(u.path)-1
	if len(t.dots) > 0 {
		u.parens, u.dotted = t.dots, true
	}
}

var spacedIndex = regexp.MustCompile(`^zz[a-z]?$`)

// readIndexWords reads "15 zzs" and "39 z indeksem 3" as one number.
func (u *unit) readIndexWords(toks []token) {
	last := &u.path[len(u.path)-1]
	if u.to < len(toks) && spacedIndex.MatchString(toks[u.to].word) && toks[u.to].before == "" {
		last.Number += toks[u.to].word
		u.to++
		return
	}
	if last.Name == "art" && u.to+1 < len(toks) && isSpacedLetter(toks[u.to]) && toks[u.to+1].before == "" && (levelOf(toks[u.to+1]) == "par" || levelOf(toks[u.to+1]) == "ust") {
		last.Number += toks[u.to].raw // "art. 61 a § 1"
		u.to++
		return
	}
	i := u.to
	if i < len(toks) && (toks[i].word == "z" || toks[i].word == "ze") {
		i++
	}
	if i+1 < len(toks) && (toks[i].word == "indeks" || toks[i].word == "indeksem" || toks[i].word == "ind") && strings.Trim(toks[i+1].number, "0123456789") == "" && toks[i+1].number != "" {
		last.Number += "^" + toks[i+1].number
		u.to = i + 2
	}
}

// addSpaced reads "art. 189 e k.p.a.": a letter between the number and a Polish act.
func (u *unit) addSpaced(toks []token, mentions []mention) {
	if len(u.path) != 1 || len(u.parens) > 0 || u.to >= len(toks) || !isSpacedLetter(toks[u.to]) {
		return
	}
	for _, m := range mentions {
		if m.from == u.to+1 && toks[m.from].before == "" && !slices.ContainsFunc(m.acts, isEU) {
			u.path[0].Number += toks[u.to].raw
			u.to++
			return
		}
	}
}

// isSpacedLetter says whether a token is a letter that may belong to the number before it: no
// preposition.
func isSpacedLetter(t token) bool {
	return len(t.raw) == 1 && t.before == "" && !strings.ContainsAny(t.raw, "wzoui")
}

// readDeeper reads the levels below the last one; "zdanie drugie" is below every key.
func (u *unit) readDeeper(toks []token, level string) {
	for u.to+1 < len(toks) {
		word, value := toks[u.to], toks[u.to+1]
		if strings.ContainsAny(word.before, ";:?!") {
			return
		}
		if word.word == "zd" || strings.HasPrefix(word.word, "zdani") {
			u.to += 2
			return
		}
		next := levelOf(word)
		if next == "pkt" && value.number == "" && len(value.raw) == 1 {
			next = "lit" // "point (c)"
		}
		number, ok := levelValue(next, value)
		if next == "" || !ok || levels[next].rank <= levels[level].rank {
			break
		}
		level = next
		if next != "akapit" || number != "1" { // the first akapit is where the ustęp begins
			u.path = append(u.path, Level{Name: level, Number: number})
		}
		u.takeParens(value)
		u.to += 2
		u.readIndexWords(toks)
	}
	if u.to+1 < len(toks) && toks[u.to].word == "in" && (toks[u.to+1].word == "fine" || toks[u.to+1].word == "principio") {
		u.to += 2
	}
}

// readReversed reads a unit named from below: "§ 3 art. 35 k.p.a.", "point (c) of Article 6(1)".
func readReversed(toks []token, i int) (unit, bool) {
	u := unit{from: i}
	var steps []Level
	for i+1 < len(toks) {
		level := levelOf(toks[i])
		if level == "pkt" && toks[i+1].number == "" && len(toks[i+1].raw) == 1 {
			level = "lit"
		}
		value, ok := levelValue(level, toks[i+1])
		if !ok || len(steps) > 0 && (levels[level].rank >= levels[steps[0].Name].rank || strings.ContainsAny(toks[i].before, ",;:?!")) {
			break
		}
		below := steps
		steps = []Level{{Name: level, Number: value}}
		for _, p := range toks[i+1].parens {
			name := "ust"
			if p[0] < '0' || p[0] > '9' {
				name = "lit"
			}
			steps = append(steps, Level{Name: name, Number: p})
		}
		steps = append(steps, below...)
		i += 2
		u.to = i
		if i < len(toks) && (toks[i].word == "of" || toks[i].word == "w" || toks[i].word == "z") {
			i++
		}
	}
	u.path = steps
	top := ""
	rising := true
	for n, step := range steps {
		if n == 0 {
			top = step.Name
		} else if levels[step.Name].rank <= levels[steps[n-1].Name].rank {
			rising = false
		}
	}
	return u, rising && len(steps) > 1 && levelOf(toks[u.from]) != top && (top == "art" || top == "par")
}

var roman = regexp.MustCompile(`^[ivx]{1,4}$`)

// levelValue reads what stands after a level word: a number, a letter, an ordinal.
func levelValue(level string, t token) (string, bool) {
	switch level {
	case "":
		return "", false
	case "lit":
		if t.number == "" && len([]rune(t.raw)) <= 2 && t.raw != "" {
			return t.raw, true
		}
		return "", false
	case "tiret":
		return ordinalValue(tirets, t)
	case "akapit":
		return ordinalValue(akapits, t)
	case "zal":
		if t.number == "" && roman.MatchString(t.word) {
			return t.word, true
		}
	}
	return t.number, t.number != ""
}

// ordinalValue reads "drugie", "drugi", "drugim", or a number.
func ordinalValue(words []string, t token) (string, bool) {
	for i, word := range words {
		stem := strings.TrimRight(foldWord([]rune(word)), "eiy")
		if t.word != "" && strings.HasPrefix(t.word, stem) && len(t.word) <= len(stem)+4 {
			return strconv.Itoa(i + 1), true
		}
	}
	return t.number, t.number != ""
}
