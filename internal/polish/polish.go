// Package polish holds what Referent knows of the Polish language: words,
// folding, stop words. It imports nothing of ours.
package polish

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the text in lower case and without diacritics ("Łódź" → "lodz"),
// so that what was typed in a hurry meets what was printed.
func Fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r == 'ł' || r == 'Ł':
			b.WriteByte('l')
		default:
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// Words gives the words of a text as they stand: runs of letters and digits,
// joined over an inner slash, hyphen, full stop or caret between digits or letters
// ("2016/679", "e-mail", "15zzs", "k.p.a", "39^3").
func Words(text string) []string {
	var words []string
	runes := []rune(text)
	for i := 0; i < len(runes); {
		if !wordRune(runes[i]) {
			i++
			continue
		}
		start := i
		for i < len(runes) && (wordRune(runes[i]) || joins(runes, i)) {
			i++
		}
		words = append(words, string(runes[start:i]))
	}
	return words
}

// Terms gives the folded words of a text that carry meaning, in order, with
// repetitions: what the index by words holds and what a question is searched by.
func Terms(text string) []string {
	words := Words(text)
	terms := words[:0]
	for _, word := range words {
		if term := Fold(word); !IsStop(term) {
			terms = append(terms, term)
		}
	}
	return terms
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func joins(runes []rune, i int) bool {
	if i == 0 || i+1 >= len(runes) || !wordRune(runes[i-1]) || !wordRune(runes[i+1]) {
		return false
	}
	switch runes[i] {
	case '/', '-', '^':
		return true
	case '.':
		// "k.p.a", "12.5", but not the end of one sentence glued to the next one
		return unicode.IsDigit(runes[i-1]) == unicode.IsDigit(runes[i+1]) &&
			(unicode.IsDigit(runes[i-1]) || i < 2 || !unicode.IsLetter(runes[i-2]))
	}
	return false
}
