// Package enrich writes everyday questions that find the units of documents, with a chat
// model, and holds every such question, whoever wrote it, against the rules of the bank.
// It imports rag, prompts and internal/polish.
package enrich

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"referent/internal/polish"
	"referent/rag"
)

// Reason is a rule that a question breaks; the catalogue has a text for each
// ("questions.reason.<reason>").
type Reason string

// The rules.
const (
	TooShort      Reason = "too_short"
	TooLong       Reason = "too_long"
	NamesUnit     Reason = "names_unit"     // a search by number needs no question
	Copied        Reason = "copied"         // the index by words has that already
	Twice         Reason = "twice"          // whatever its case, diacritics and punctuation
	OtherLanguage Reason = "other_language" // than people ask in: Polish
	NoQuestion    Reason = "no_question"
)

// Lengths of a question in words, and how many words in a row make a copy.
const (
	LeastWords = 8
	MostWords  = 22
	copiedRun  = 4
)

// leastPolish is what part of the words of a question are Polish, written with or without
// diacritics: names and foreign words are the rest.
const leastPolish = 0.7

var namesUnit = regexp.MustCompile(`(?i)§|(^|\PL)(art|ust|pkt|lit|par)\.?\s*\d|(^|\PL)(art|ust|pkt)(\PL|$)|(^|\PL)(artykuł|ustęp|paragraf|punkt)\p{L}*\s+\d`)

// asking are words that make a question of a sentence, folded.
var asking = []string{
	"czy", "jak", "jaki", "jaka", "jakie", "jakich", "jakiej", "jakim", "ile", "kto", "kogo", "komu", "kim", "co", "czego", "czym",
	"gdzie", "kiedy", "dokad", "skad", "ktory", "ktora", "ktore", "ktorych", "dlaczego", "moge", "mozna",
	"musze", "trzeba", "wolno",
}

// Check gives the rules that a question about a unit with that text breaks, beside the
// other questions of the unit.
func Check(question, unit string, others []string) []Reason {
	var broken []Reason
	words := folded(question)
	switch n := len(strings.Fields(question)); {
	case n < LeastWords:
		broken = append(broken, TooShort)
	case n > MostWords:
		broken = append(broken, TooLong)
	}
	if namesUnit.MatchString(question) {
		broken = append(broken, NamesUnit)
	}
	if copies(words, folded(unit)) {
		broken = append(broken, Copied)
	}
	if slices.ContainsFunc(others, func(other string) bool { return slices.Equal(folded(other), words) }) {
		broken = append(broken, Twice)
	}
	if !isPolish(question) {
		broken = append(broken, OtherLanguage)
	}
	if !asks(question, words) {
		broken = append(broken, NoQuestion)
	}
	return broken
}

// CheckAsked gives the rules that bind a question that somebody really asked: it is as it
// was asked, long or short, but finds nothing new where it stands already.
func CheckAsked(question string, others []string) []Reason {
	return slices.DeleteFunc(Check(question, "", others), func(r Reason) bool {
		return r != Twice && r != TooLong
	})
}

func folded(text string) []string { return polish.Words(polish.Fold(text)) }

func copies(words, unit []string) bool {
	runs := map[string]bool{}
	for i := 0; i+copiedRun <= len(unit); i++ {
		runs[strings.Join(unit[i:i+copiedRun], " ")] = true
	}
	for i := 0; i+copiedRun <= len(words); i++ {
		if runs[strings.Join(words[i:i+copiedRun], " ")] {
			return true
		}
	}
	return false
}

// english are words that no Polish question has; the lexicon alone cannot tell, since many
// English words are also Polish ones written without diacritics.
var english = []string{"the", "how", "what", "is", "are", "of", "when", "who", "can", "does", "my", "with", "this", "which", "should"}

func isPolish(question string) bool {
	foreign := 0
	for _, word := range folded(question) {
		if slices.Contains(english, word) {
			foreign++
		}
	}
	if foreign > 1 {
		return false
	}
	if strings.ContainsFunc(question, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }) {
		return false
	}
	words, known := 0, 0
	for _, word := range polish.Words(question) {
		if len([]rune(word)) < 3 {
			continue
		}
		words++
		if polish.Known(word) || len(polish.LemmasFolded(word)) > 0 {
			known++
		}
	}
	return words > 0 && float64(known) >= leastPolish*float64(words)
}

// asks says whether a text asks: it ends so, or a word in it does. People in a hurry
// leave the mark out.
func asks(question string, words []string) bool {
	if strings.HasSuffix(strings.TrimSpace(question), "?") {
		return true
	}
	return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(asking, word) })
}

// About makes a question that belongs to a unit with that text.
func About(u rag.Askable, text, question string) rag.EverydayQuestion {
	return rag.EverydayQuestion{
		Key: u.Key, Text: question, Language: u.Language, TextHash: rag.UnitHash(text), Sketch: rag.NewSketch(text),
	}
}
