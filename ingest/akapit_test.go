package ingest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readText reads a text as if it were a file of that name.
func readText(t *testing.T, name, text string) (keys []string, texts map[string]string) {
	t.Helper()
	l := readMarkdown(normalizeLegal(text))
	doc, err := document(name, l)
	if err != nil {
		t.Fatal(err)
	}
	checkDocument(t, doc)
	for _, u := range doc.Units {
		keys = append(keys, u.Key)
	}
	return keys, unitTexts(doc)
}

const polishEU = `ROZPORZĄDZENIE PARLAMENTU EUROPEJSKIEGO I RADY (UE) 2090/7
z dnia 4 maja 2090 r.
w sprawie rowerów

a także mając na uwadze, co następuje:

(1) Rowery są potrzebne.

(2)

Rowery są w każdej gminie.

PRZYJMUJĄ NINIEJSZE ROZPORZĄDZENIE:

ROZDZIAŁ I

Przepisy ogólne

Artykuł 1

Przedmiot

1. Rozporządzenie określa:

a) rower;

b) siodełko.

Przepisu lit. b) akapitu pierwszego nie stosuje się do hulajnóg.

2. Państwa członkowskie liczą rowery.

Liczba rowerów jest jawna.

SEKCJA 1

Siodełka

Artykuł 2

Definicje

Na użytek niniejszego rozporządzenia:

1) „rower” oznacza pojazd o dwóch kołach;

2) „siodełko” oznacza część roweru.

Niniejsze rozporządzenie wiąże w całości.
`

func TestPolishActOfTheEU(t *testing.T) {
	keys, texts := readText(t, "EU-2090-7_rowery.md", polishEU)
	want := []string{
		"motyw=1", "motyw=2", "art=1", "art=1;ust=1", "art=1;ust=1;lit=a", "art=1;ust=1;lit=b", "art=1;ust=1;akapit=2", "art=1;ust=2", "art=1;ust=2;akapit=2",
		"art=2", "art=2;pkt=1", "art=2;pkt=2",
	}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Fatal(diff)
	}
	for key, want := range map[string]string{
		"art=1;ust=1;lit=b":    "b) siodełko.",
		"art=1;ust=1;akapit=2": "Przepisu lit. b) akapitu pierwszego nie stosuje się do hulajnóg.",
		"art=1;ust=2;akapit=2": "Liczba rowerów jest jawna.",
	} {
		if texts[key] != want {
			t.Errorf("%s = %q, want %q", key, texts[key], want)
		}
	}
}

func TestParagraphInsideAnItemIsNoAkapit(t *testing.T) {
	keys, texts := readText(t, "EU-2090-8_x.md", "# Regulation (EU) 2090/8 of 4 May 2090 on bicycles\n\n## Art. 1\n\n1. Bicycles are:\n\n(a) fast;\n\nThis does not hold uphill.\n\n(b) light.\n\n2. Nothing else is one.\n\n## Art. 2\n\nIt ends.\n\n(1) OJ L 119, 4.5.2016, p. 1.\n")
	want := []string{"art=1", "art=1;ust=1", "art=1;ust=1;lit=a", "art=1;ust=1;lit=b", "art=1;ust=2", "art=2"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Error(diff)
	}
	if got := texts["art=1;ust=1;lit=a"]; !strings.HasSuffix(got, "uphill.") {
		t.Errorf("lit. a = %q", got)
	}
}

func TestReferenceBrokenOverLinesIsNoUnit(t *testing.T) {
	keys, _ := readText(t, "DU-2090-1_x.md", "# Ustawa z dnia 1 maja 2090 r. o mostach\n\n## Art. 1\n\nMosty, o których mowa w art. 13 ust.\n\n1. Mosty te są stalowe (art. 52 §\n1) zawsze.\n\n## Art. 2\n\nDane wymienione w art. 50\n\n§ 1.\n\n## Art. 3\n\n1. Most stoi.\n\n2. Most nie stoi.\n")
	want := []string{"art=1", "art=2", "art=3", "art=3;ust=1", "art=3;ust=2"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Error(diff)
	}
}

func TestFootnoteMarksAreNoNumbers(t *testing.T) {
	keys, texts := readText(t, "DU-2090-2_x.md", "# Ustawa z dnia 1 maja 2090 r. o mostach\n\n## Art. 1\n\nMost ma:\n1) filar;\n2¹⁾) przęsło;\n3<sup>2)</sup>) barierę.\n\n## Art. 33<sup>1</sup>\n\nMost stoi¹⁾.\n\n## Art. 33²\n\nMost nie stoi.\n")
	want := []string{"art=1", "art=1;pkt=1", "art=1;pkt=2", "art=1;pkt=3", "art=33^1", "art=33^2"}
	if diff := cmp.Diff(want, keys); diff != "" {
		t.Error(diff)
	}
	if got := texts["art=33^1"]; !strings.HasSuffix(got, "Most stoi.") {
		t.Errorf("art. 33^1 = %q", got)
	}
}
