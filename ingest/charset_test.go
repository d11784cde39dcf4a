package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// shortTexts are what small files of an office hold.
var shortTexts = []string{
	"Wójt Gminy zarządza, co następuje:",
	"Łąka przy ul. Źródlanej jest własnością gminy.",
	"Opłata wynosi pięć złotych.",
	"Świadczenia rodzinne: zasiłek pielęgnacyjny",
	"Nazwisko;Imię;Miejscowość\nŚliwa;Józef;Żółwin\n",
	"§ 5. Uchwała wchodzi w życie z dniem ogłoszenia.",
	"WYKAZ NIERUCHOMOŚCI PRZEZNACZONYCH DO SPRZEDAŻY",
	"Zażółć gęślą jaźń",
	"Proszę o pilną odpowiedź w sprawie śmieci.",
	"Rada Gminy, sesja w dniu 3 października",
	"Termin składania ofert: do końca września",
	"Posiedzenie komisji odbędzie się w środę.",
}

// TestCharsetsOfShortTexts reads short files of every charset that nobody declared.
func TestCharsetsOfShortTexts(t *testing.T) {
	charsets := map[string]encoding.Encoding{
		"utf-8": encoding.Nop, "utf-8 with a mark": unicode.UTF8BOM, "windows-1250": charmap.Windows1250, "iso-8859-2": charmap.ISO8859_2, "cp852": charmap.CodePage852,
		"utf-16 with a mark": unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16le": unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16be": unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
	}
	dir, right, all := t.TempDir(), 0, 0
	for name, charset := range charsets {
		for _, text := range shortTexts {
			data, err := charset.NewEncoder().String(text)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			path := filepath.Join(dir, "plik.txt")
			if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
				t.Fatal(err)
			}
			all++
			if doc, err := (Reader{}).Read(t.Context(), path); err == nil && strings.TrimSpace(doc.Text) == strings.TrimSpace(text) {
				right++
			} else {
				t.Logf("%s: %q is read as %q, %v", name, text, doc.Text, err)
			}
		}
	}
	t.Logf("%d of %d short texts read right", right, all)
	if right != all {
		t.Errorf("only %d of %d", right, all)
	}
}
