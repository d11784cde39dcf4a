package main

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/blevesearch/vellum"
)

// size says how much was written.
type size struct{ forms, sets int }

// write makes the two files of the lexicon: forms.fst leads from a form to the number
// of a line of scripts.txt, which holds the scripts of its lemmas.
func write(folder string, readings []reading) (size, error) {
	forms, sets := group(readings)
	numbers, lines := number(sets)
	file, err := os.Create(filepath.Join(folder, "forms.fst"))
	if err != nil {
		return size{}, fmt.Errorf("write the automaton: %w", err)
	}
	builder, err := vellum.New(file, &vellum.BuilderOpts{
		Encoder: 1, RegistryTableSize: 400_000, RegistryMRUSize: 4, // large, for the smallest automaton
	})
	if err != nil {
		return size{}, fmt.Errorf("start the automaton: %w", err)
	}
	for i, form := range forms {
		if err := builder.Insert([]byte(form), numbers[sets[i]]); err != nil {
			return size{}, fmt.Errorf("add %q: %w", form, err)
		}
	}
	if err := builder.Close(); err != nil {
		return size{}, fmt.Errorf("finish the automaton: %w", err)
	}
	if err := file.Close(); err != nil {
		return size{}, fmt.Errorf("write the automaton: %w", err)
	}
	text := strings.Join(lines, "\n") + "\n"
	if err := os.WriteFile(filepath.Join(folder, "scripts.txt"), []byte(text), 0o644); err != nil {
		return size{}, fmt.Errorf("write the scripts: %w", err)
	}
	return size{len(forms), len(lines)}, nil
}

// group gives each form once, in order, and beside it the text of its scripts.
func group(readings []reading) (forms, sets []string) {
	slices.SortFunc(readings, func(a, b reading) int {
		return cmp.Or(cmp.Compare(a.form, b.form), a.script.compare(b.script))
	})
	for start := 0; start < len(readings); {
		end := start
		for end < len(readings) && readings[end].form == readings[start].form {
			end++
		}
		forms = append(forms, readings[start].form)
		sets = append(sets, setOf(readings[start:end]))
		start = end
	}
	return forms, sets
}

// setOf gives the text of the scripts of one form. The dictionary lists many forms of
// words once more by themselves ("dnia" beside "dzień"): those are no lemmas.
func setOf(readings []reading) string {
	inflected := slices.ContainsFunc(readings, func(r reading) bool { return !r.bare })
	var texts []string
	for _, r := range readings {
		if !r.bare || !inflected {
			texts = append(texts, r.script.String())
		}
	}
	return strings.Join(slices.Compact(texts), " ")
}

// number numbers the sets of scripts, the most frequent first, so that numbers are short.
func number(sets []string) (map[string]uint64, []string) {
	count := map[string]int{}
	for _, set := range sets {
		count[set]++
	}
	lines := make([]string, 0, len(count))
	for set := range count {
		lines = append(lines, set)
	}
	slices.SortFunc(lines, func(a, b string) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	numbers := make(map[string]uint64, len(lines))
	for i, set := range lines {
		numbers[set] = uint64(i)
	}
	return numbers, lines
}

// compare puts words before names and the lemma nearest to the form first.
func (s script) compare(t script) int {
	switch {
	case s.name != t.name && t.name:
		return -1
	case s.name != t.name:
		return 1
	}
	return cmp.Or(cmp.Compare(s.cut, t.cut), cmp.Compare(s.append, t.append))
}

// String writes a script as the look-up reads it: "^" for a name, how much to cut, what to append.
func (s script) String() string {
	text := strconv.Itoa(s.cut) + s.append
	if s.name {
		return "^" + text
	}
	return text
}
