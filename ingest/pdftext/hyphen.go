package pdftext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"referent/internal/polish"
)

// joinLines writes a line behind the one before it. A word that was parted at the end of
// the line becomes whole: the lexicon decides whether its hyphen was its own.
func joinLines(before, line string) string {
	switch {
	case before == "":
		return line
	case line == "":
		return before
	}
	stem, parted := cutHyphen(before)
	if !parted {
		return before + " " + line
	}
	// a compound repeats its hyphen on the next line
	if rest, ok := strings.CutPrefix(line, "-"); ok && startsLower(rest) {
		return stem + "-" + rest
	}
	if !startsLower(line) {
		if r, _ := utf8.DecodeRuneInString(line); unicode.IsLetter(r) || unicode.IsDigit(r) {
			return stem + "-" + line
		}
		return before + " " + line
	}
	first, last := lastWord(stem), firstWord(line)
	if polish.Known(first+last) || !polish.Known(first) || !polish.Known(last) || utf8.RuneCountInString(first) < 3 {
		return stem + line
	}
	return stem + "-" + line
}

// cutHyphen takes the hyphen off the end of a line that ends within a word.
func cutHyphen(line string) (stem string, parted bool) {
	for _, hyphen := range []string{"-", "\u00ad", "\u2010"} {
		if stem, ok := strings.CutSuffix(line, hyphen); ok {
			r, _ := utf8.DecodeLastRuneInString(stem)
			return stem, unicode.IsLetter(r)
		}
	}
	return line, false
}

func startsLower(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsLower(r)
}

func startsUpper(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsUpper(r)
}

func noLetter(r rune) bool { return !unicode.IsLetter(r) }

// lastWord gives the letters at the end of a text.
func lastWord(text string) string {
	i := strings.LastIndexFunc(text, noLetter)
	if i < 0 {
		return text
	}
	_, n := utf8.DecodeRuneInString(text[i:])
	return text[i+n:]
}

// firstWord gives the letters at the beginning of a text.
func firstWord(text string) string {
	if i := strings.IndexFunc(text, noLetter); i >= 0 {
		return text[:i]
	}
	return text
}
