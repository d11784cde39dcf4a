package polish

import (
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Lemmas gives all lemmas of a form, in lower case and in a stable order: "danych"
// is "dany", "dane" and "dać". Words of one meaning with two stems share the first of
// their line in pairs.txt ("ludzie" is "człowiek", "załatwiać" is "załatwić"). A form
// with "nie-" has the lemma without it too, last ("niejawnych": "niejawny", "jawny").
// A word that the lexicon does not know has none.
func Lemmas(word string) []string {
	return lemmas(normal(word), opened().exact)
}

// LemmasFolded gives the lemmas of every form that the word may be when it was typed
// without diacritics ("sad": "sad", "sąd"). Those of the word as it stands come
// first; a diacritic that was typed is kept.
func LemmasFolded(word string) []string {
	return lemmas(normal(word), opened().folded)
}

// Known says whether the word is a form of a word in the lexicon.
func Known(word string) bool {
	form := normal(word)
	return len(opened().scripts(form)) > 0 || len(lemmas(form, opened().exact)) > 0
}

// IsName says whether the word is a form of a word that the dictionary writes with
// a capital letter. It may be a common word as well ("Lis").
func IsName(word string) bool {
	return slices.ContainsFunc(opened().scripts(normal(word)), func(s script) bool { return s.name })
}

func normal(word string) string { return strings.ToLower(norm.NFC.String(word)) }

// A lookup gives the lemmas of a form as the dictionary has them.
type lookup func(form string) []string

func lemmas(form string, look lookup) []string {
	all := look(form)
	all = append(all, negated(form, all, look)...)
	for i, lemma := range all {
		if head, ok := pairs()[lemma]; ok {
			all[i] = head
		}
	}
	return unique(all)
}

// negated gives what a form with "nie-" has in common with the form without it. Only
// adjectives, participles, adverbs and verbal nouns are written so: "nieruchomość" has
// nothing of "ruchomość", and "niewola" nothing of "wola".
func negated(form string, own []string, look lookup) []string {
	rest, ok := strings.CutPrefix(form, "nie")
	if !ok || utf8.RuneCountInString(rest) < 3 {
		return nil
	}
	if len(own) > 0 { // the dictionary has "niezałatwienie", but not that it comes from "załatwić"
		if slices.ContainsFunc(own, func(lemma string) bool { return hasSuffix(lemma, "y", "i", "nie", "cie") }) {
			return look(rest)
		}
		return nil
	}
	var full, bare []string
	for _, lemma := range look(rest) {
		switch {
		case hasSuffix(lemma, "ć", "c"): // a verb: its "nie" stands apart, but for these forms
			if hasSuffix(form, nominal...) {
				bare = append(bare, lemma)
			}
		case hasSuffix(lemma, "y", "i", "o", "e"):
			full, bare = append(full, "nie"+lemma), append(bare, lemma)
		}
	}
	return append(full, bare...)
}

// nominal are endings of the forms of verbs that take "nie-": nouns and participles.
var nominal = strings.Fields(`nia niu nie niem cia ciu ciem ąc ący ąca ące ącą ącego ącej ącemu ących ącym ącymi
	ny na ne ną nego nej nemu nych nym nymi ty ta te tą tego tej temu tych tym tymi`)

func hasSuffix(word string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(word, suffix) })
}

// unique drops repetitions and keeps the order; lists are a few words long.
func unique(words []string) []string {
	kept := words[:0]
	for _, word := range words {
		if !slices.Contains(kept, word) {
			kept = append(kept, word)
		}
	}
	return kept
}
