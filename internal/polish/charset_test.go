package polish

import (
	"io"
	"strings"
	"testing"
)

func TestDetectCharset(t *testing.T) {
	texts := []string{
		"Nazwa;Ulica;Opłata\nSzkoła Podstawowa;ul. Źródlana;2,80\n",
		"zażółć gęślą jaźń",
		"STREFA;ULICA;ODCINEK;W TYM DLA OSÓB NIEPEŁNOSPRAWNYCH\nA;ul. Świerkowa;Łąkowa – Różana\n",
		"Imię,Nazwisko\nStanisław,Żółkiewski\nJózef,Śliwiński\n",
		"numer § 5 „Dąb”",
	}
	for _, text := range texts {
		for _, charset := range []Charset{UTF8, UTF8BOM, UTF16, UTF16LE, UTF16BE, CP1250, Latin2, CP852} {
			raw, err := charset.encoding().NewEncoder().Bytes([]byte(text))
			if err != nil {
				continue // the charset lacks a character of the text
			}
			if charset == UTF8 {
				raw = []byte(text)
			}
			if got := DetectCharset(raw); got != charset {
				t.Errorf("%q in %s: %s", text, charset, got)
			}
			back, err := io.ReadAll(charset.Reader(strings.NewReader(string(raw))))
			if err != nil || string(back) != text {
				t.Errorf("%s reads %q, %v", charset, back, err)
			}
		}
	}
}

func TestDetectCharsetOfPieces(t *testing.T) {
	for text, want := range map[string]Charset{
		"":                    UTF8,
		"plain,ascii\n":       UTF8,
		"Łódź"[:3]:            UTF8, // cut in the middle of a character
		"Łódź\nG\xf3ra\nŻółw": UTF8, // one line in another charset
	} {
		if got := DetectCharset([]byte(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
