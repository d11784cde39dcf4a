package polish

import (
	"slices"
	"testing"
)

func TestNear(t *testing.T) {
	for word, want := range map[string]string{
		"pozwolemie":   "pozwolenie",
		"wniosku":      "", // known
		"decyzaj":      "decyzja",
		"zaswiadczeie": "zaświadczenie",
		"śodowisko":    "środowisko",
		"petycjja":     "petycja",
		"kot":          "",
		"odwołnaie":    "odwołanie",
		"xqzwvy":       "",
		"poz2wolenie":  "",
	} {
		got := Near(word)
		if want == "" && len(got) > 0 || want != "" && !slices.Contains(got, want) {
			t.Errorf("Near(%q) = %q, want %q in it", word, got, want)
		}
	}
}

func BenchmarkNear(b *testing.B) {
	for b.Loop() {
		Near("zaswiadczeie")
	}
}
