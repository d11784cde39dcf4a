package ingest

import "strings"

// Function words that one of the languages has and the other has not.
var (
	polishWords  = words("i w z na do się nie jest lub oraz przez dla od po za ustawy o art ust że jak albo który która które przy ich")
	englishWords = words("the of and to in a is for or be by shall that with on as this are not from it which their")
)

func words(list string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(list) {
		set[word] = true
	}
	return set
}

// sampleBytes of a text are enough to tell its language.
const sampleBytes = 20_000

// language tells Polish from English by function words and Polish letters; Polish when in doubt.
func language(text string) string {
	if len(text) > sampleBytes {
		text = text[len(text)/4:][:sampleBytes/2]
	}
	pl, en := 0, 0
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r < 'a' && r != '\'' || r == '–' || r == '„' || r == '”' }) {
		switch {
		case polishWords[word], strings.ContainsAny(word, "ąćęłńśźż"):
			pl++
		case englishWords[word]:
			en++
		}
	}
	if en > pl {
		return "en"
	}
	return "pl"
}
