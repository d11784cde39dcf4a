// Package personal finds personal data in texts and masks them: identifiers by their
// check digits and what stands beside them, people by their names in any form and case.
// It imports nothing of ours but internal/polish.
package personal

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is a kind of personal data.
type Kind string

// The kinds of personal data.
const (
	PESEL        Kind = "pesel"
	Name         Kind = "person_name"
	Address      Kind = "address"
	BirthDate    Kind = "birth_date"
	Email        Kind = "email"
	Phone        Kind = "phone"
	IBAN         Kind = "iban"
	IDNumber     Kind = "id_number"
	Plate        Kind = "vehicle_plate"
	LandRegister Kind = "land_register"
	Signature    Kind = "signature"
	PostalCode   Kind = "pna"
	NIP          Kind = "nip"
	REGON        Kind = "regon"
)

// Finding is a piece of a text that is personal data, by bytes.
type Finding struct {
	Kind       Kind
	Start, End int
	Role       bool // of an office or a firm rather than of a person
}

// Scanner finds personal data. It remembers words that it has looked up and is not safe
// for use by several goroutines.
type Scanner struct {
	words map[string]wordKind
	found []Finding
}

// maxRemembered bounds the words of a Scanner.
const maxRemembered = 50_000

// NewScanner gives a scanner without memories.
func NewScanner() *Scanner { return &Scanner{words: map[string]wordKind{}} }

// Find gives what is found in a text, in no particular order; the slice is valid until
// the next call.
func (s *Scanner) Find(text string) []Finding {
	s.found = s.found[:0]
	digits, at, capitals := signs(text)
	if at {
		s.emails(text)
	}
	if digits >= 6 {
		s.numbers(text)
	}
	if digits >= 3 {
		s.signatures(text)
		s.plates(text)
		s.births(text)
	}
	if digits > 0 {
		s.homes(text)
	}
	if capitals || len(text) < maxLowerCaseText {
		s.names(text)
	}
	return s.found
}

// maxLowerCaseText is how long a text without capitals may be to be searched for names.
const maxLowerCaseText = 4000

// signs says what a text has that personal data need.
func signs(text string) (digits int, at, capitals bool) {
	for i := range len(text) {
		switch b := text[i]; {
		case b >= '0' && b <= '9':
			digits++
		case b == '@':
			at = true
		case b >= 'A' && b <= 'Z' || b >= utf8.RuneSelf:
			capitals = true
		}
	}
	return digits, at, capitals
}

func (s *Scanner) add(kind Kind, start, end int) {
	s.found = append(s.found, Finding{Kind: kind, Start: start, End: end})
}

// taken says whether a piece was found to be something already.
func (s *Scanner) taken(start, end int) bool {
	for _, f := range s.found {
		if start < f.End && f.Start < end {
			return true
		}
	}
	return false
}

// Mask hides all of a finding but what tells an editor where to look: the first letter
// of each word, the last two digits of a number.
func Mask(text string) string {
	digits := 0
	for _, r := range text {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	var b strings.Builder
	seen, inside := 0, false
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			seen++
			if digits > 4 && seen > digits-2 {
				b.WriteRune(r)
			} else {
				b.WriteRune('•')
			}
			inside = true
		case unicode.IsLetter(r) && inside:
			b.WriteRune('•')
		case unicode.IsLetter(r):
			b.WriteRune(r)
			inside = true
		default:
			b.WriteRune(r)
			inside = false
		}
	}
	return b.String()
}
