package main

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A reading is a form of a word with a way back to a lemma of it. Both are in lower case.
type reading struct {
	form   string
	script script
	bare   bool // of an entry without affixes
}

// A script turns a form into a lemma: cut so many bytes off the end, append a text.
// Whole paradigms share their scripts, which is what keeps the automaton small.
type script struct {
	cut    int
	append string
	name   bool // the lemma is written with a capital letter
}

// expand gives every reading of every entry of a dictionary, one "word/flags" a line.
func expand(entries string, affixes map[rune][]suffix) ([]reading, error) {
	var readings []reading
	for n, line := range strings.Split(entries, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		word, flags, _ := strings.Cut(line, "/")
		if strings.ContainsAny(word, " ^#0123456789") { // they would not read back from a script
			return nil, fmt.Errorf("entry %d is not a word: %q", n+1, word)
		}
		first, _ := utf8.DecodeRuneInString(word)
		lemma := strings.ToLower(word)
		add := func(form string) {
			form = strings.ToLower(form)
			readings = append(readings, reading{form, scriptOf(form, lemma, unicode.IsUpper(first)), flags == ""})
		}
		add(word)
		for _, flag := range flags {
			for _, rule := range affixes[flag] {
				if form, ok := rule.apply(word); ok {
					add(form)
				}
			}
		}
	}
	return readings, nil
}

func scriptOf(form, lemma string, name bool) script {
	same := 0
	for same < len(form) {
		r, size := utf8.DecodeRuneInString(form[same:])
		if l, _ := utf8.DecodeRuneInString(lemma[same:]); l != r || same == len(lemma) {
			break
		}
		same += size
	}
	return script{len(form) - same, lemma[same:], name}
}
