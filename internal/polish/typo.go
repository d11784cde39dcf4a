package polish

import (
	"slices"
	"unicode/utf8"
)

// minTypo is how many letters a word must have for a form that differs by one to be
// meant by it: among shorter words everything is one letter from something else.
const minTypo = 5

// Near gives the lemmas of the forms that are one slip away from a word that the
// lexicon does not know: a letter too many, missing, wrong, or two in the wrong order.
// Diacritics that were not typed are no slip. The first letter is taken as typed.
func Near(word string) []string {
	form := normal(word)
	if utf8.RuneCountInString(form) < minTypo || hasDigit(form) || Known(form) {
		return nil
	}
	heads := opened().near([]rune(form))
	for i, lemma := range heads {
		if head, ok := pairs()[lemma]; ok {
			heads[i] = head
		}
	}
	slices.Sort(heads)
	return slices.Compact(heads)
}

// alphabet is what a slip may have put another letter in place of.
var alphabet = []rune("aąbcćdeęfghijklłmnńoóprsśtuwvxyzźż")

// near walks the automaton along a form with one slip allowed.
func (x *lexicon) near(form []rune) []string {
	var found []string
	var walk func(at int, sum uint64, rest []rune, made string, slips int)
	step := func(at int, sum uint64, letter rune, rest []rune, made string, slips int) {
		text := string(letter)
		for i := range len(text) {
			var out uint64
			if at, out = x.forms.AcceptWithVal(at, text[i]); !x.forms.CanMatch(at) {
				return
			}
			sum += out
		}
		walk(at, sum, rest, made+text, slips)
	}
	walk = func(at int, sum uint64, rest []rune, made string, slips int) {
		if len(rest) == 0 {
			if ok, out := x.forms.IsMatchWithVal(at); ok {
				found = appendLemmas(found, made, x.sets[sum+out])
			}
		} else {
			step(at, sum, rest[0], rest[1:], made, slips)
			for _, letter := range variants[byte(min(rest[0], utf8.RuneSelf))] {
				typed, _ := utf8.DecodeRuneInString(letter)
				step(at, sum, typed, rest[1:], made, slips)
			}
		}
		if slips == 0 || made == "" {
			return
		}
		for _, letter := range alphabet {
			step(at, sum, letter, rest, made, slips-1) // it is missing
			if len(rest) > 0 && letter != rest[0] {
				step(at, sum, letter, rest[1:], made, slips-1) // it was mistyped
			}
		}
		if len(rest) > 0 {
			walk(at, sum, rest[1:], made, slips-1) // one too many
		}
		if len(rest) > 1 && rest[0] != rest[1] {
			swapped := append([]rune{rest[1], rest[0]}, rest[2:]...)
			walk(at, sum, swapped, made, slips-1)
		}
	}
	walk(x.forms.Start(), 0, form, "", 1)
	return found
}
