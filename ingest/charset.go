package ingest

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"referent/internal/polish"
)

// charsetSample bytes of a text decide its charset.
const charsetSample = 1 << 20

// decode gives the text of bytes whose charset nobody declared. Line ends become \n; the
// text is composed (NFC). A valid UTF-8 text with one broken byte stays UTF-8.
func decode(data []byte) string {
	if utf8.Valid(data) && bytes.IndexByte(data, 0) < 0 { // UTF-16 is full of zeros, which are valid
		return cleanText(strings.TrimPrefix(string(data), "\uFEFF"))
	}
	return cleanText(polish.DetectCharset(data[:min(len(data), charsetSample)]).Decode(data))
}

// unifier is built once: cleanText is called for every line of a PDF.
var unifier = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\f", "\n", "\u00ad", "", "\ufeff", "", "\u200b", "", "\u2028", "\n", "\u00a0", " ", "\u202f", " ")

// cleanText unifies line ends and composition and drops what no reader should see.
func cleanText(text string) string {
	text = unifier.Replace(text)
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7F {
			return -1
		}
		return r
	}, text)
	return norm.NFC.String(strings.ToValidUTF8(text, "\uFFFD"))
}
