package polish

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// KnownShare measures a text: the share of its words of three letters or more that are
// forms of Polish words, -1 when it has none. Printed text has 0.96 and more; a broken
// font map, a wrong character set or lost spaces bring it below 0.85.
func KnownShare(text string) float64 {
	words, known := 0, 0
	for _, word := range strings.FieldsFunc(norm.NFC.String(text), separates) {
		if utf8.RuneCountInString(word) < 3 || hasDigit(word) || roman(word) {
			continue
		}
		words++
		if Known(strings.ReplaceAll(word, softHyphen, "")) {
			known++
		}
	}
	if words == 0 {
		return -1
	}
	return float64(known) / float64(words)
}

const softHyphen = "\u00ad"

// separates keeps symbols inside words: a broken font map prints "op∏aty", and U+FFFD
// stands where a character set was wrong.
func separates(r rune) bool {
	return !unicode.In(r, unicode.L, unicode.Mn, unicode.Nd, unicode.So, unicode.Sm, unicode.Sk) && r != '\u00ad'
}

// hasDigit tells numbers and signatures: the lexicon has no say in them.
func hasDigit(word string) bool { return strings.ContainsFunc(word, unicode.IsDigit) }

// roman tells numerals: "XII" is no word and no fault of the text.
func roman(word string) bool { return strings.Trim(word, "IVXLCDM") == "" }
