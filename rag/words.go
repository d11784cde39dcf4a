package rag

import "referent/internal/polish"

// Stems gives the distinct lemmas of a text's content words, in order: what two
// texts are compared by.
func Stems(text string) []string {
	var stems []string
	seen := map[string]bool{}
	for _, term := range polish.Terms(text) {
		if !seen[term] {
			seen[term] = true
			stems = append(stems, term)
		}
	}
	return stems
}

// Overlap is the share of the content words of claim that stand in text too, in any
// form, 0 to 1.
func Overlap(claim, text string) float64 {
	words := polish.Alternatives(claim)
	if len(words) == 0 {
		return 0
	}
	there := setOf(polish.Terms(text))
	shared := 0
	for _, lemmas := range words {
		if countIn(lemmas, there) > 0 {
			shared++
		}
	}
	return float64(shared) / float64(len(words))
}

func setOf(words []string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, word := range words {
		set[word] = true
	}
	return set
}

func countIn(words []string, set map[string]bool) int {
	n := 0
	for _, word := range words {
		if set[word] {
			n++
		}
	}
	return n
}
