package polish

import (
	"bytes"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	xunicode "golang.org/x/text/encoding/unicode"
)

// Charset is how a text is written in bytes, by the name that Python has for it.
type Charset string

// The charsets that Polish offices have used.
const (
	UTF8    Charset = "utf-8"
	UTF8BOM Charset = "utf-8-sig"
	UTF16   Charset = "utf-16"
	UTF16LE Charset = "utf-16-le" // without a mark
	UTF16BE Charset = "utf-16-be"
	CP1250  Charset = "cp1250"
	Latin2  Charset = "iso-8859-2"
	CP852   Charset = "cp852"
)

// eightBit in the order of preference where a sample cannot tell them apart.
var eightBit = []Charset{CP1250, Latin2, CP852}

// DetectCharset says how the sample is written: by its mark, by being valid UTF-8, else by
// which 8-bit charset turns its words into Polish ones. A sample may be cut in the middle
// of a character. Texts of mostly valid UTF-8 with some lines in another charset are UTF-8.
func DetectCharset(sample []byte) Charset {
	switch {
	case bytes.HasPrefix(sample, []byte("\xEF\xBB\xBF")):
		return UTF8BOM
	case bytes.HasPrefix(sample, []byte("\xFF\xFE")), bytes.HasPrefix(sample, []byte("\xFE\xFF")):
		return UTF16
	}
	if c := unmarkedUTF16(sample); c != "" {
		return c
	}
	if mostlyUTF8(sample) {
		return UTF8
	}
	return DetectEightBit(sample)
}

// unmarkedUTF16 knows UTF-16 without a mark: every other byte of a Latin text is zero.
func unmarkedUTF16(sample []byte) Charset {
	var zeros [2]int
	for i, b := range sample {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(sample) / 2
	switch {
	case half > 1 && zeros[1] > half*4/10 && zeros[0] < half/20+1:
		return UTF16LE
	case half > 1 && zeros[0] > half*4/10 && zeros[1] < half/20+1:
		return UTF16BE
	}
	return ""
}

// mostlyUTF8 counts what is beyond ASCII: sequences of UTF-8 against bytes that are none.
// In an 8-bit text hardly any sequence is valid by chance.
func mostlyUTF8(sample []byte) bool {
	good, bad := 0, 0
	for len(sample) > 0 {
		if sample[0] < utf8.RuneSelf {
			sample = sample[1:]
			continue
		}
		r, size := utf8.DecodeRune(sample)
		switch {
		case r == utf8.RuneError && size == 1 && !utf8.FullRune(sample):
			return good >= bad // the sample's cut
		case r == utf8.RuneError && size == 1:
			bad++
		default:
			good++
		}
		sample = sample[size:]
	}
	return good >= bad
}

// DetectEightBit says which 8-bit charset the sample is written in.
func DetectEightBit(sample []byte) Charset {
	best, bestScore := CP1250, -1<<62
	for _, charset := range eightBit {
		if score := polishness(charset, sample); score > bestScore {
			best, bestScore = charset, score
		}
	}
	return best
}

// maxJudged bounds the words that are looked up: they decide long before.
const maxJudged = 2000

// polishness scores a decoding by the words that hold a byte beyond ASCII: words of the
// lexicon count most; Polish letters count, where names are all there is; other signs count against.
func polishness(charset Charset, sample []byte) int {
	score, judged := 0, 0
	seen := map[string]bool{}
	for _, raw := range bytes.FieldsFunc(sample, asciiSeparator) {
		if judged >= maxJudged || isASCII(raw) || seen[string(raw)] {
			continue
		}
		seen[string(raw)] = true
		judged++
		word := charset.decode(raw)
		for _, r := range word {
			switch {
			case strings.ContainsRune("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", r):
				score += 2
			case strings.ContainsRune("„”–—§°€²³½«»…’", r):
				score++
			case r >= utf8.RuneSelf && !unicode.IsLetter(r):
				score -= 3
			case r >= utf8.RuneSelf:
				score--
			}
		}
		if utf8.RuneCountInString(word) >= 3 && Known(strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) })) {
			score += 8
		}
	}
	return score
}

// asciiSeparator keeps invalid bytes, which FieldsFunc sees as U+FFFD, inside words.
func asciiSeparator(r rune) bool {
	return r < utf8.RuneSelf && !unicode.IsLetter(r)
}

func isASCII(text []byte) bool {
	for _, b := range text {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func (c Charset) encoding() encoding.Encoding {
	switch c {
	case CP1250:
		return charmap.Windows1250
	case Latin2:
		return charmap.ISO8859_2
	case CP852:
		return charmap.CodePage852
	case UTF16:
		return xunicode.UTF16(xunicode.LittleEndian, xunicode.UseBOM)
	case UTF16LE:
		return xunicode.UTF16(xunicode.LittleEndian, xunicode.IgnoreBOM)
	case UTF16BE:
		return xunicode.UTF16(xunicode.BigEndian, xunicode.IgnoreBOM)
	}
	return xunicode.UTF8BOM
}

// EightBit says whether a byte is a character.
func (c Charset) EightBit() bool { return c == CP1250 || c == Latin2 || c == CP852 }

func (c Charset) decode(text []byte) string {
	decoded, err := c.encoding().NewDecoder().Bytes(text)
	if err != nil { // what cannot be decoded is shown as such
		return strings.ToValidUTF8(string(text), "\uFFFD")
	}
	return string(decoded)
}

// Decode gives the text of bytes in the charset; what is no character becomes U+FFFD.
func (c Charset) Decode(text []byte) string { return c.decode(text) }

// Reader gives what r holds as UTF-8 without a mark.
func (c Charset) Reader(r io.Reader) io.Reader { return c.encoding().NewDecoder().Reader(r) }
