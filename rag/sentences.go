package rag

import (
	"regexp"
	"unicode"

	"referent/internal/polish"
)

// abbreviations do not end a sentence by their full stop.
var abbreviations = setOf([]string{
	"art", "ust", "pkt", "lit", "poz", "nr", "zal", "zd", "par", "rozdz", "dz", "u", "urz", "r", "k", "p", "a", "c",
	"np", "tj", "tzn", "tzw", "m", "in", "ww", "im", "ul", "al", "pl", "os", "godz", "min", "tys", "mln", "mld",
	"zob", "por", "str", "s", "t", "j", "prof", "dr", "mgr", "inz", "pn", "itd", "itp", "wg", "woj", "gm", "pow",
})

// trailing markers and closing quotes belong to the sentence before them.
var trailing = regexp.MustCompile(`^[”"»)’]*(?:[ \t]*\[\d+(?:[ ,;–-]+\d+)*\])*[.”"»)’]*`)

// Sentences gives the sentences of a text as spans of it, without the white space
// around them. Polish abbreviations, ordinals and citations ("art. 5 ust. 2 k.p.a.")
// do not end one; the end of a line does, and markers [n] stay with what they follow.
func Sentences(text string) []Span {
	runes := []rune(text)
	var spans []Span
	start := 0
	add := func(end int) {
		s, e := start, end
		for s < e && unicode.IsSpace(runes[s]) {
			s++
		}
		for e > s && unicode.IsSpace(runes[e-1]) {
			e--
		}
		if s < e {
			spans = append(spans, Span{s, e})
		}
		start = end
	}
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == '\n' && !followsComma(runes, i):
			add(i)
		case r == '.' || r == '!' || r == '?' || r == '…':
			end := i + 1 + len([]rune(trailing.FindString(string(runes[i+1:min(len(runes), i+60)]))))
			if ends(runes, start, i, end) {
				add(end)
				i = end - 1
			}
		}
	}
	add(len(runes))
	return spans
}

// followsComma says whether a line goes on: an enumeration is one sentence.
func followsComma(runes []rune, i int) bool {
	for i--; i >= 0; i-- {
		if !unicode.IsSpace(runes[i]) {
			return runes[i] == ',' || runes[i] == ';' || runes[i] == ':'
		}
	}
	return false
}

// ends says whether the stop at dot, with what trails it up to end, ends a sentence.
func ends(runes []rune, start, dot, end int) bool {
	next := end
	for next < len(runes) && (runes[next] == ' ' || runes[next] == '\t' || runes[next] == '\u00a0') {
		next++
	}
	if next == len(runes) || runes[next] == '\n' {
		return true
	}
	if next == end { // "12.5", "k.p.a.", "zdania.Następne"
		return false
	}
	if runes[dot] != '.' || end > dot+1 {
		return !unicode.IsLower(runes[next])
	}
	word := dot
	for word > start && (unicode.IsLetter(runes[word-1]) || unicode.IsDigit(runes[word-1])) {
		word--
	}
	if word < dot && unicode.IsDigit(runes[word]) && onlySpace(runes[max(start, lineStart(runes, word)):word]) {
		return false // the number of an item: "1. Petycja …"
	}
	if abbreviations[polish.Fold(string(runes[word:dot]))] {
		return false
	}
	return !unicode.IsLower(runes[next])
}

func lineStart(runes []rune, i int) int {
	for i > 0 && runes[i-1] != '\n' {
		i--
	}
	return i
}

func onlySpace(runes []rune) bool {
	for _, r := range runes {
		if !unicode.IsSpace(r) {
			return false
		}
	}
	return true
}
