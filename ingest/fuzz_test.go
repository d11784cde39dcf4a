package ingest

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzLegalText reads any text as an act of the EU and as another one: spans lie in it and
// nest, keys are valid, passages quote it.
func FuzzLegalText(f *testing.F) {
	for _, seed := range []string{
		polishEU,
		"# Ustawa z dnia 1 maja 2090 r. o mostach\n\n## Art. 1\n\n1. Most:\n1) stoi:\na) prosto,\nb) krzywo\n– zawsze;\n2) leży.\n\n## Art. 1a\n\n(uchylony)\n\n## Art. 2\n\nW art. 3 dodaje się „Art. 3a. § 1. Most.”;\n",
		"UCHWAŁA NR X/1/2090\nRADY GMINY\n\n§ 1. Treść.\n§ 2. 1. Treść: 1) a; 2) b.\nZałącznik nr 1\n§ 1. Regulamin.\nUZASADNIENIE\n§ 1. Nic.\n",
		"Art. 1. § 1. x § 2. y\nArt. 2. z (§\n1) w\n",
		"§\n\n1. a\n§\n2. b¹⁾",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || len(text) > 20_000 {
			return // decode makes every source valid
		}
		for _, name := range []string{"EU-2090-7_x.md", "tekst.md"} {
			l := readMarkdown(normalizeLegal(decode([]byte(text))))
			if strings.TrimSpace(l.text) == "" {
				return
			}
			doc, err := document(name, l)
			if err != nil {
				t.Fatal(err)
			}
			checkSpans(t, doc)
		}
	})
}

// TestFormsWithRowsOfDots holds that a form to fill in by hand can be taken in.
func TestFormsWithRowsOfDots(t *testing.T) {
	for _, text := range []string{strings.Repeat(".", 2000), "Imię i nazwisko " + strings.Repeat(".", 1500) + " data " + strings.Repeat("…", 1500) + "."} {
		spans, err := split(text)
		if err != nil {
			t.Fatal(err)
		}
		covered := 0
		for _, s := range spans {
			if s.Start < covered || strings.Trim(text[covered:s.Start], " .") != "" || utf8.RuneCountInString(text[s.Start:s.End]) > passageRunes {
				t.Errorf("piece [%d, %d) after %d", s.Start, s.End, covered)
			}
			covered = s.End
		}
		if strings.Trim(text[covered:], " .") != "" {
			t.Errorf("%q is left out", text[covered:])
		}
	}
}
