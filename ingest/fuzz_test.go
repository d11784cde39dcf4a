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
