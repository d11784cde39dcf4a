package pdftext

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// FuzzExtract holds that any bytes end in pages or in an error of this package, and that
// pages compose to a text whose spans are sound.
func FuzzExtract(f *testing.F) {
	f.Add(book("", at(60, 700, 10, "Art. 1. Organ rozpatruje")+lines(60, 650, 10, "wniosek bez zbędnej", "zwłoki.")))
	f.Add(book("/Rotate 90", "q BI /W 1 /H 1 ID x EI Q [(a) -300 (b)] TJ", "1 0 0 1 5 5 cm 0 0 m 9 0 l S 3 3 5 5 re f"))
	path := filepath.Join(f.TempDir(), "a.pdf")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		pages, err := Extract(path, Limits{Pages: 20, Content: 1 << 16, Text: 1 << 16})
		if err != nil {
			for _, known := range []error{ErrDamaged, ErrEncrypted, ErrTooManyPages, ErrTooLarge} {
				if errors.Is(err, known) {
					return
				}
			}
			t.Fatalf("an error of no kind: %v", err)
		}
		holdSpans(t, pages)
	})
}

// FuzzPage holds the same of any program of a page, which damage of the file does not stop.
func FuzzPage(f *testing.F) {
	f.Add([]byte(at(60, 700, 10, "Art. 1.") + lines(60, 650, 10, "wniosek bez zbędnej", "zwłoki.")))
	f.Add([]byte("q 1 0 0 1 5 5 cm 0 0 m 90 0 l S 3 3 50 50 re S /F1 9 Tf 1 0 0 1 9 9 Tm [(a\\051) -300 <6162> 5] TJ Q"))
	f.Add([]byte("BT /F1 1e9 Tf 1e30 0 0 1e30 1e300 1e300 Tm (x) Tj (y) ' 1 2 (z) \" ET"))
	f.Fuzz(func(t *testing.T, program []byte) {
		in := &interpreter{fonts: &fontCache{byObject: map[string]*font{}, limit: 1 << 16}, limit: 1 << 16, state: graphics{ctm: identity, scale: 1}}
		in.state.font = &font{glyphs: map[int]glyphInfo{}, widths: map[int]float64{}, missing: 500, scale: 0.001}
		for c := range in.state.font.simple {
			in.state.font.simple[c] = string(rune(c))
		}
		in.state.size = 10
		in.run(program, leaf{}.resources)
		in.words.finish()
		page := Page{Number: 1, Width: 595, Height: 842, Lines: Arrange(in.words.done, in.rules, in.words.gap())}
		holdSpans(t, []Page{page, page, page})
	})
}

// FuzzCMap holds that any ToUnicode stream is read.
func FuzzCMap(f *testing.F) {
	f.Add([]byte(toUnicode()), 65)
	f.Add([]byte("1 beginbfrange <0000> <ffff> [<0041> <0042>] endbfrange 1 beginbfchar <01> <d83dde00> endbfchar"), 1)
	f.Fuzz(func(_ *testing.T, data []byte, code int) { parseCMap(data).lookup(code) })
}

func holdSpans(t *testing.T, pages []Page) {
	t.Helper()
	text, spans := Compose(pages)
	if len(spans) != len(pages) {
		t.Fatalf("%d spans of %d pages", len(spans), len(pages))
	}
	last := 0
	for _, s := range spans {
		if s.Start < last || s.End < s.Start || s.End > len(text) {
			t.Fatalf("span %+v behind %d of %d bytes", s, last, len(text))
		}
		last = s.End
	}
}
