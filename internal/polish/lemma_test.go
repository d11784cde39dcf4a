package polish

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLemmas(t *testing.T) {
	for word, want := range map[string]string{
		"gminą":            "gmina",
		"GMINĄ":            "gmina",
		"gmina\u0328":      "gmina", // ą as a letter and a mark
		"dnia":             "dzień",
		"danych":           "dany dane dać",
		"ludźmi":           "człowiek",
		"lat":              "rok lato",
		"dzieciom":         "dziecko",
		"udostępnia":       "udostępnić",
		"udostępniono":     "udostępnić",
		"wniesionego":      "wnieść",
		"czternastu":       "czternaście",
		"niejawnych":       "niejawny jawny",
		"niezałatwienia":   "niezałatwienie załatwić",
		"niewykonywania":   "wykonać",
		"cyberzagrożeniom": "cyberzagrożenie",
		"nieruchomości":    "nieruchomość", // nothing of "ruchomość"
		"niewola":          "niewola",
		"niebędzie":        "", // a lost space, not a word
		"ROZPORZÑDZENIE":   "",
		"":                 "",
		"2016/679":         "",
		"zażółćgęśląjaźń":  "",
		"Warszawie":        "warszawa",
		"pełnomocnictwami": "pełnomocnictwo",
	} {
		if got := strings.Join(Lemmas(word), " "); got != want {
			t.Errorf("Lemmas(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestLemmasFolded(t *testing.T) {
	for word, want := range map[string]string{
		"sad":            "sad sąd",
		"SAD":            "sad sąd",
		"sąd":            "sąd",
		"zadan":          "zadanie zadać żądanie zażądać",
		"lodz":           "lodzić łódź",
		"niezalatwienia": "niezałatwienie załatwić",
		"zolcią":         "żółć",
		"op∏aty":         "",
	} {
		if got := strings.Join(LemmasFolded(word), " "); got != want {
			t.Errorf("LemmasFolded(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestIsName(t *testing.T) {
	for word, want := range map[string]bool{"Warszawie": true, "Marka": true, "gmina": false, "qqq": false} {
		if got := IsName(word); got != want {
			t.Errorf("IsName(%q) = %v, want %v", word, got, want)
		}
	}
}

// The look-up of folded words must find whatever the plain one finds.
func TestFoldedFormsKeepTheirLemmas(t *testing.T) {
	for _, word := range strings.Fields("żądań łodzią rozstrzygnięcie niezwłocznie źrebię świąt ogłoszeń pieczęci") {
		folded := LemmasFolded(Fold(word))
		for _, lemma := range Lemmas(word) {
			if !slices.Contains(folded, lemma) {
				t.Errorf("LemmasFolded(%q) = %q lacks %q", Fold(word), folded, lemma)
			}
		}
	}
}

// A line of pairs.txt must hold lemmas of the dictionary, or it pairs nothing, and
// each word once, or its meaning depends on the order of lines.
func TestPairsAreLemmas(t *testing.T) {
	seen := map[string]bool{}
	for line := range strings.Lines(pairsText) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if len(words) == 1 {
			t.Errorf("%q has no pair", words[0])
		}
		for _, word := range words {
			if !slices.Contains(opened().exact(word), word) {
				t.Errorf("%q is no lemma: %q", word, opened().exact(word))
			}
			if seen[word] {
				t.Errorf("%q stands twice", word)
			}
			seen[word] = true
		}
	}
}

func TestLookupsAtTheSameTime(t *testing.T) {
	words := strings.Fields("gminami ustawie niejawnych ludziom sądowi rozporządzeniach zolcią")
	var want []string
	for _, word := range words {
		want = append(want, strings.Join(append(Lemmas(word), LemmasFolded(word)...), " "))
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for i := range 200 {
				word := words[i%len(words)]
				got := strings.Join(append(Lemmas(word), LemmasFolded(word)...), " ")
				if diff := cmp.Diff(want[i%len(words)], got); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	group.Wait()
}

var benchmarkWords = strings.Fields(`Organ administracji publicznej obowiązany jest zawiadomić strony o
	każdym przypadku niezałatwienia sprawy w terminie podając przyczyny zwłoki wskazując nowy termin`)

func BenchmarkLemmas(b *testing.B) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Lemmas(benchmarkWords[i%len(benchmarkWords)])
	}
}

func BenchmarkKnown(b *testing.B) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		Known(benchmarkWords[i%len(benchmarkWords)])
	}
}

func BenchmarkLemmasFolded(b *testing.B) {
	b.ReportAllocs()
	var folded []string
	for _, word := range benchmarkWords {
		folded = append(folded, Fold(word))
	}
	for i := 0; b.Loop(); i++ {
		LemmasFolded(folded[i%len(folded)])
	}
}

func BenchmarkOpen(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := open(); err != nil {
			b.Fatal(err)
		}
	}
}
