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

// Terms gives the terms that the index by words holds of a text: all lemmas of each
// word that carries meaning, in order, with repetitions.
func Terms(text string) []string {
	var terms []string
	for _, word := range Alternatives(text) {
		terms = append(terms, word...)
	}
	return terms
}

// Alternatives gives for each word of a text that carries meaning the terms it may
// stand for: the lemmas of the form ("danych": "dany", "dane", "dać"), those of the forms
// it may be without diacritics when it is no form as it stands, else the folded word.
// Words with digits stay as they are; words joined by a hyphen are taken apart.
func Alternatives(text string) [][]string { return alternatives(text, Lemmas) }

// QuestionAlternatives are the alternatives of a text that somebody typed: one without
// a single diacritic was perhaps typed in a hurry, and then "sad" may be "sąd".
func QuestionAlternatives(text string) [][]string {
	if hasDiacritic(text) {
		return Alternatives(text)
	}
	return alternatives(text, LemmasFolded)
}

func alternatives(text string, lemmas func(string) []string) [][]string {
	var all [][]string
	for _, joined := range Words(text) {
		for _, word := range parts(joined) {
			folded := Fold(word)
			if IsStop(folded) {
				continue
			}
			all = append(all, stands(word, folded, lemmas))
		}
	}
	return all
}

func stands(word, folded string, lemmas func(string) []string) []string {
	if hasDigit(word) {
		return []string{folded}
	}
	if found := lemmas(word); len(found) > 0 {
		return found
	}
	if found := LemmasFolded(word); len(found) > 0 {
		return found
	}
	return []string{folded}
}

// parts takes a compound apart; a word with digits is a signature and stays whole.
func parts(word string) []string {
	if !strings.Contains(word, "-") || hasDigit(word) {
		return []string{word}
	}
	return strings.Split(word, "-")
}

func hasDiacritic(text string) bool {
	return strings.ContainsAny(norm.NFC.String(text), "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
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
