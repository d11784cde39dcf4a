package polish

import (
	_ "embed"
	"slices"
	"strings"
	"sync"
)

//go:embed english.txt
var englishText string

// english leads from a lemma to the terms that the index holds of English words for it.
var english = sync.OnceValue(func() map[string][]string {
	terms := map[string][]string{}
	for line := range strings.Lines(englishText) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		lemma := words[0]
		if known := Lemmas(lemma); len(known) > 0 && !slices.Contains(known, lemma) {
			lemma = known[0] // "naruszenie" is "naruszyć"
		}
		for _, word := range words[1:] {
			terms[lemma] = unique(append(terms[lemma], Terms(word)...))
		}
	}
	return terms
})

// English gives the terms by which English texts in the index say one of the lemmas, so
// that a question in Polish finds an act that exists in English alone.
func English(lemmas []string) []string {
	var terms []string
	for _, lemma := range lemmas {
		terms = append(terms, english()[lemma]...)
	}
	return unique(terms)
}
