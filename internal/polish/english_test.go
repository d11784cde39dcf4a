package polish

import (
	"slices"
	"testing"
)

func TestEnglish(t *testing.T) {
	for form, want := range map[string]string{"zgody": "consent", "naruszeniem": "breach", "administratorowi": "controller", "przetwarzanych": "processing"} {
		if got := English(Lemmas(form)); !slices.Contains(got, want) {
			t.Errorf("English(%q) = %q, want %q in it", form, got, want)
		}
	}
	if got := English([]string{"stodoła"}); len(got) != 0 {
		t.Errorf("a word without a translation has %q", got)
	}
}

// Every line is of a word that the lexicon knows, so that questions reach it.
func TestEnglishIsOfPolishLemmas(t *testing.T) {
	for lemma := range english() {
		if !slices.Contains(Lemmas(lemma), lemma) && lemma != "deepfake" {
			t.Errorf("%q is no lemma: %q", lemma, Lemmas(lemma))
		}
	}
}
