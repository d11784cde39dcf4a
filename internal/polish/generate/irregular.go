package main

import (
	_ "embed"
	"fmt"
	"strings"
	"unicode/utf8"
)

//go:embed irregular.txt
var irregularText string

// An irregular is a form of irregular.txt, with its lemma.
type irregular struct {
	lemma, form string
	prefixed    bool // both follow a prefix
	open        bool // endings follow the form
}

const longestEnding = 4

func parseIrregular(text string) ([]irregular, error) {
	var rules []irregular
	for n, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		lemma, prefixed := strings.CutPrefix(fields[0], "*")
		if len(fields) == 1 {
			return nil, fmt.Errorf("irregular.txt:%d: %s has no forms", n+1, lemma)
		}
		for _, field := range fields[1:] {
			form, star := strings.CutPrefix(field, "*")
			if star != prefixed {
				return nil, fmt.Errorf("irregular.txt:%d: a prefix in one of %s, %s", n+1, fields[0], field)
			}
			form, open := strings.CutSuffix(form, "+")
			rules = append(rules, irregular{lemma, form, prefixed, open})
		}
	}
	return rules, nil
}

// lemmaOf gives the lemma of a form that the rule covers.
func (i irregular) lemmaOf(form string) (string, bool) {
	at := 0
	if i.prefixed {
		at = strings.LastIndex(form, i.form)
	}
	if at < 0 || !strings.HasPrefix(form[at:], i.form) {
		return "", false
	}
	ending := utf8.RuneCountInString(form[at+len(i.form):])
	if ending > 0 && !i.open || ending > longestEnding {
		return "", false
	}
	return form[:at] + i.lemma, true
}

// addIrregular gives the bare forms of the dictionary the lemmas of irregular.txt.
func addIrregular(readings []reading, rules []irregular) []reading {
	lemmas := map[string]bool{}
	for _, r := range readings {
		if r.script.cut == 0 && r.script.append == "" {
			lemmas[r.form] = true
		}
	}
	for _, r := range readings[:len(readings):len(readings)] {
		if !r.bare {
			continue
		}
		for _, rule := range rules {
			if lemma, ok := rule.lemmaOf(r.form); ok && lemmas[lemma] {
				readings = append(readings, reading{r.form, scriptOf(r.form, lemma, false), false})
			}
		}
	}
	return readings
}
