package main

import (
	"fmt"
	"slices"
	"strings"
)

// A suffix is one rule of an affix class: words whose end meets the condition lose
// strip and gain add.
type suffix struct {
	strip, add string
	condition  []class
}

// A class is one place of a condition: a letter, a set of letters or what is outside one.
type class struct {
	letters string // empty: any letter
	outside bool
}

func (c class) holds(r rune) bool {
	return c.letters == "" || strings.ContainsRune(c.letters, r) != c.outside
}

// apply gives the form that the rule makes of a word, if it does.
func (s suffix) apply(word string) (string, bool) {
	stem, ok := strings.CutSuffix(word, s.strip)
	if !ok || !s.meets(word) {
		return "", false
	}
	return stem + s.add, true
}

func (s suffix) meets(word string) bool {
	runes := []rune(word)
	if len(runes) < len(s.condition) {
		return false
	}
	end := runes[len(runes)-len(s.condition):]
	for i, c := range s.condition {
		if !c.holds(end[i]) {
			return false
		}
	}
	return true
}

// parseAffixes reads the suffix classes, keyed by flag, of what Hunspell's format
// allows the part that the Polish dictionary uses: suffixes, and one prefix, "nie",
// which the look-up strips by itself. Anything more is an error, not to be lost silently.
func parseAffixes(text string) (map[rune][]suffix, error) {
	suffixes := map[rune][]suffix{}
	for n, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		switch fields[0] {
		case "SET", "TRY", "REP", "MAP": // the encoding, and help for suggestions
		case "PFX":
			if len(fields) == 5 && fields[3] != "nie" {
				return nil, fmt.Errorf("line %d: prefix %q is unknown to the look-up", n+1, fields[3])
			}
		case "SFX":
			if len(fields) == 4 && (fields[2] == "Y" || fields[2] == "N") {
				continue // the head of a class
			}
			if len(fields) != 5 || strings.Contains(fields[3], "/") {
				return nil, fmt.Errorf("line %d: not a plain suffix rule: %s", n+1, line)
			}
			condition, err := parseCondition(fields[4])
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", n+1, err)
			}
			flag := []rune(fields[1])[0]
			suffixes[flag] = append(suffixes[flag], suffix{zero(fields[2]), zero(fields[3]), condition})
		default:
			return nil, fmt.Errorf("line %d: directive %s is not supported", n+1, fields[0])
		}
	}
	return suffixes, nil
}

// zero reads Hunspell's "0", which stands for nothing.
func zero(field string) string {
	if field == "0" {
		return ""
	}
	return field
}

func parseCondition(text string) ([]class, error) {
	var condition []class
	for runes := []rune(text); len(runes) > 0; {
		switch runes[0] {
		case '.':
			condition, runes = append(condition, class{}), runes[1:]
		case '[':
			end := slices.Index(runes, ']')
			if end < 0 {
				return nil, fmt.Errorf("condition %q has no closing bracket", text)
			}
			letters, outside := strings.CutPrefix(string(runes[1:end]), "^")
			if letters == "" {
				return nil, fmt.Errorf("condition %q has an empty set", text)
			}
			condition, runes = append(condition, class{letters, outside}), runes[end+1:]
		default:
			condition, runes = append(condition, class{letters: string(runes[:1])}), runes[1:]
		}
	}
	return condition, nil
}
