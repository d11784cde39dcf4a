package ingest

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

// decode gives the text of bytes whose charset nobody declared: UTF-8 when it is valid,
// UTF-16 by its mark, else the one of Windows-1250 and ISO-8859-2 that yields more Polish
// letters. Line ends become \n; the text is composed (NFC).
func decode(data []byte) string {
	var text string
	switch {
	case bytes.HasPrefix(data, []byte{0xFF, 0xFE}), bytes.HasPrefix(data, []byte{0xFE, 0xFF}):
		// an odd last byte becomes the replacement character, which the caller's limits allow
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			out = bytes.ToValidUTF8(data, []byte("\uFFFD"))
		}
		text = string(out)
	case utf8.Valid(data):
		text = string(bytes.TrimPrefix(data, []byte("\xEF\xBB\xBF")))
	default:
		text = decodePolish8Bit(data)
	}
	return cleanText(text)
}

// decodePolish8Bit tells Windows-1250 from ISO-8859-2: they differ in ą, ś, ź (and capitals),
// which in the wrong one are control characters or signs.
func decodePolish8Bit(data []byte) string {
	best, bestScore := "", -1<<62
	for _, charset := range []*charmap.Charmap{charmap.Windows1250, charmap.ISO8859_2} {
		out, err := charset.NewDecoder().Bytes(data)
		if err != nil {
			continue
		}
		if score := polishScore(string(out)); score > bestScore {
			best, bestScore = string(out), score
		}
	}
	return best
}

func polishScore(text string) int {
	score := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–", r):
			score += 2
		case r >= 0x80 && r < 0xA0, strings.ContainsRune("±¶Ľľˇ¦", r):
			score -= 3
		}
	}
	return score
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
