package rag

import (
	"strings"
	"unicode"

	"referent/internal/polish"
)

// stemRunes is how much of a word tells its meaning until there are lemmas:
// "petycja", "petycji" and "petycję" begin with the same five letters.
const stemRunes = 5

// Stems gives the distinct stems of a text's content words, in order: what two
// texts are compared by.
func Stems(text string) []string {
	var stems []string
	seen := map[string]bool{}
	for _, term := range polish.Terms(text) {
		if runes := []rune(term); len(runes) > stemRunes && !hasDigit(term) {
			term = string(runes[:stemRunes])
		}
		if !seen[term] {
			seen[term] = true
			stems = append(stems, term)
		}
	}
	return stems
}

func hasDigit(term string) bool { return strings.ContainsFunc(term, unicode.IsDigit) }

// Overlap is the share of the stems of claim that stand in text too, 0 to 1.
func Overlap(claim, text string) float64 {
	stems := Stems(claim)
	if len(stems) == 0 {
		return 0
	}
	return float64(countIn(stems, setOf(Stems(text)))) / float64(len(stems))
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
