package pdftext

import (
	"strings"
	"unicode"

	"referent/internal/polish"
)

// Good is the least share of known words of a text that is sound beyond doubt: clean print
// has 0.96 and more, a broken font map 0.7, lost spaces 0.3.
const Good = 0.88

// Below poor a text is no Polish or is broken; between it and Good it may be a list of names.
const (
	poor         = 0.6
	strangeWords = 0.02 // share of words that no list of names has
)

// Quality is the share of a page's words that the lexicon knows, -1 of a page without words.
func (p Page) Quality() float64 { return polish.KnownShare(p.Text()) }

// Words counts the page's words.
func (p Page) Words() int { return len(strings.Fields(p.Text())) }

// Doubtful says whether the text of a page is likely to be broken: few of its words are
// known, and not because it is a list of names.
func (p Page) Doubtful() bool {
	text := p.Text()
	share := polish.KnownShare(text)
	if share < 0 || share >= Good {
		return false
	}
	if share < poor {
		return true
	}
	words, strange := 0, 0
	for _, word := range strings.Fields(text) {
		words++
		if strangeWord(word) {
			strange++
		}
	}
	return float64(strange) >= strangeWords*float64(words)
}

// symbols stand beside letters where the codes of letters are read as others.
const symbols = `|\{}<>~^=`

// strangeWord has a capital behind a small letter, or a letter that no Polish word has.
func strangeWord(word string) bool {
	last := ' '
	for _, r := range word {
		switch {
		case unicode.IsUpper(r) && unicode.IsLower(last):
			return true
		case r == unicode.ReplacementChar, unicode.IsLetter(r) && r > 0x7F && !strings.ContainsRune("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", r):
			return true
		case unicode.IsLetter(last) && strings.ContainsRune(symbols, r), unicode.IsLetter(r) && strings.ContainsRune(symbols, last):
			return true
		}
		last = r
	}
	return false
}

// Scanned says whether a page holds hardly a word but an image, or a text drawn as lines.
func (p Page) Scanned() bool {
	const fewWords, largeImage, manyCurves = 12, 0.25, 300
	n := p.Words()
	return n < fewWords && p.Images >= largeImage || n == 0 && (p.Images > 0 || p.Curves >= manyCurves || p.Damaged)
}
