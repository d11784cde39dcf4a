package polish

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Restore gives a text that was typed without diacritics with them: an embedding model
// takes "zwloka" for another word than "zwłoka". holding says how common a lemma is: of
// the forms that a word may be, the one of the commonest lemma is taken. Words that the
// lexicon does not know stay; so does a text with a diacritic, or with more than a quarter of such words.
func Restore(text string, holding func(lemma string) (uint64, error)) (string, error) {
	if hasDiacritic(text) || looksEnglish(text) {
		return text, nil
	}
	var b strings.Builder
	words, known := 0, 0
	for rest := text; rest != ""; {
		word := leading(rest, unicode.IsLetter)
		gap := leading(rest[len(word):], func(r rune) bool { return !unicode.IsLetter(r) })
		rest = rest[len(word)+len(gap):]
		form, found, err := restored(word, holding)
		if err != nil {
			return "", err
		}
		if word != "" {
			words++
		}
		if found {
			known++
		}
		b.WriteString(form + gap)
	}
	if 4*known < 3*words {
		return text, nil // another language
	}
	return b.String(), nil
}

// looksEnglish says whether a text holds words that every English sentence has and no
// Polish one.
func looksEnglish(text string) bool {
	return slices.ContainsFunc(strings.Fields(strings.ToLower(text)), func(word string) bool {
		return word == "the" || word == "of" || word == "what" || word == "is" || word == "how"
	})
}

func leading(text string, are func(rune) bool) string {
	return text[:len(text)-len(strings.TrimLeftFunc(text, are))]
}

// usual are function words that are more common than what is spelt alike.
var usual = map[string]string{"ze": "że", "zeby": "żeby"}

// restored gives the likeliest form of a word; found says whether the lexicon has any.
func restored(word string, holding func(string) (uint64, error)) (form string, found bool, err error) {
	if utf8.RuneCountInString(word) < 2 || strings.ToUpper(word) == word {
		return word, word != "", nil // a letter or an acronym
	}
	lower := strings.ToLower(word)
	form, found = usual[lower]
	if !found {
		form = word
		most, plainest := uint64(0), 0
		opened().unfold(lower, func(made string, _ []script) {
			common, failed := commonest(made, holding)
			err = errors.Join(err, failed)
			plain := plainness(made)
			if !found || common > most || common == most && plain > plainest {
				form, most, plainest, found = made, common, plain, true
			}
		})
	}
	if first, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(first) {
		initial, width := utf8.DecodeRuneInString(form)
		form = string(unicode.ToUpper(initial)) + form[width:]
	}
	return form, found, err
}

// commonest says how common the commonest lemma of a form is.
func commonest(form string, holding func(string) (uint64, error)) (most uint64, err error) {
	for _, lemma := range Lemmas(form) {
		n, failed := holding(lemma)
		most, err = max(most, n), errors.Join(err, failed)
	}
	return most, err
}

// plainness decides between forms of one lemma: the fewest diacritics ("sprawa", not
// "sprawą"), but for "ę" at the end, which people write more than "e" ("muszę", "decyzję").
func plainness(form string) int {
	rest, nasal := strings.CutSuffix(form, "ę")
	marks := utf8.RuneCountInString(rest) - len(rest)
	if nasal {
		marks++
	}
	return marks
}
