// Package polish holds what Referent knows of the Polish language: words,
// folding, stop words. It imports nothing of ours.
package polish

import (
	"strings"
	"unicode"
	"unicode/utf8"

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
	start := -1
	var before, last rune
	for i, r := range text {
		switch in := start >= 0; {
		case wordRune(r):
			if !in {
				start = i
			}
		case in && !joins(before, last, r, text[i:]):
			words = append(words, text[start:i])
			start = -1
		}
		before, last = last, r
	}
	if start >= 0 {
		words = append(words, text[start:])
	}
	return words
}

// Terms gives the terms that the index by words holds of a text: all lemmas of each
// word that carries meaning, in order, with repetitions.
func Terms(text string) []string {
	var terms []string
	eachWord(text, func(word string) { terms = append(terms, remembered.stands(word)...) })
	return terms
}

// CountTerms is how many terms the index by words holds of a text.
func CountTerms(text string) int {
	count := 0
	eachWord(text, func(word string) { count += len(remembered.stands(word)) })
	return count
}

// Alternatives gives for each word of a text that carries meaning the terms it may
// stand for: the lemmas of the form ("danych": "dany", "dane", "dać"), those of the forms
// it may be without diacritics when it is no form as it stands, else the folded word.
// Words with digits stay as they are; words joined by a hyphen are taken apart.
// Words come from a memory and are shared: nobody may write to them.
func Alternatives(text string) [][]string { return alternatives(text, remembered.stands) }

// QuestionAlternatives are the alternatives of a text that somebody typed: one without
// a single diacritic was perhaps typed in a hurry, and then "sad" may be "sąd".
func QuestionAlternatives(text string) [][]string {
	if hasDiacritic(text) {
		return Alternatives(text)
	}
	return alternatives(text, func(word string) []string { return stands(word, LemmasFolded) })
}

func alternatives(text string, stands func(word string) []string) [][]string {
	var all [][]string
	eachWord(text, func(word string) {
		if terms := stands(word); len(terms) > 0 {
			all = append(all, terms)
		}
	})
	return all
}

// stands gives the terms of a word, none of a stop word.
func stands(word string, lemmas func(string) []string) []string {
	folded := Fold(word)
	if IsStop(folded) {
		return nil
	}
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

// eachWord visits the words of a text and takes compounds apart; a word with digits is a
// signature and stays whole.
func eachWord(text string, visit func(word string)) {
	for _, word := range Words(text) {
		if !strings.Contains(word, "-") || hasDigit(word) {
			visit(word)
			continue
		}
		for part := range strings.SplitSeq(word, "-") {
			visit(part)
		}
	}
}

func hasDiacritic(text string) bool {
	return strings.ContainsAny(norm.NFC.String(text), "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ")
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

// joins says whether a sign joins the word before it, which ends in two runes, to what
// comes after; rest begins with the sign.
func joins(before, last, sign rune, rest string) bool {
	switch sign {
	case '/', '-', '^', '.':
	default:
		return false
	}
	next, _ := utf8.DecodeRuneInString(rest[1:])
	if !wordRune(next) {
		return false
	}
	// "k.p.a", "12.5", but not the end of one sentence glued to the next one
	return sign != '.' || unicode.IsDigit(last) == unicode.IsDigit(next) && (unicode.IsDigit(last) || !unicode.IsLetter(before))
}
