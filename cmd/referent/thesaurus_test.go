package main

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gopkg.in/yaml.v3"

	"referent/ingest"
	"referent/internal/polish"
	"referent/rag"
)

// TestThesaurusSpeaksTheLanguageOfTheActs looks for an article that holds all lemmas of
// a phrase: what no act says expands a question into nothing. Where English is beside
// it the Polish is of an act that the library may hold in English only.
func TestThesaurusSpeaksTheLanguageOfTheActs(t *testing.T) {
	content, err := os.ReadFile("../../packs/thesaurus.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var groups map[string][]struct{ Statutory, English []string }
	if err := yaml.Unmarshal(content, &groups); err != nil {
		t.Fatal(err)
	}
	data := cmp.Or(os.Getenv("REFERENT_SHARED"), "../../../shared/data")
	speech := lemmas{}
	polishActs := speech.articles(t, filepath.Join(data, "corpus/acts/*.md"))
	englishActs := speech.articles(t, filepath.Join(data, "corpus/eu-en-md/*.md"))
	if len(polishActs) == 0 || len(englishActs) == 0 {
		t.Skip("the acts are not here: REFERENT_SHARED names no folder with them")
	}
	for group, entries := range groups {
		for _, entry := range entries {
			for _, phrase := range entry.Statutory {
				if len(entry.English) == 0 && !speech.said(polishActs, phrase) {
					t.Errorf("%s: no article says %q", group, phrase)
				}
			}
			for _, phrase := range entry.English {
				if !speech.said(englishActs, phrase) {
					t.Errorf("%s: no article says %q", group, phrase)
				}
			}
		}
	}
}

// lemmas remembers the lemmas of words.
type lemmas map[string][]string

func (l lemmas) of(word string) []string {
	known, found := l[word]
	if !found {
		for _, alternatives := range polish.Alternatives(word) {
			known = append(known, alternatives...)
		}
		l[word] = known
	}
	return known
}

// articles gives the lemmas of each article of the acts.
func (l lemmas) articles(t *testing.T, pattern string) []map[string]bool {
	t.Helper()
	sources, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var articles []map[string]bool
	for _, source := range sources {
		reader := ingest.Reader{}
		doc, err := reader.Read(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		text := []rune(doc.Text)
		for _, unit := range doc.Units {
			if !article.MatchString(unit.Key) || unit.Status == rag.StatusRepealed {
				continue
			}
			words := map[string]bool{}
			for _, word := range polish.Words(string(text[unit.Start:unit.End])) {
				for _, lemma := range l.of(word) {
					words[lemma] = true
				}
			}
			articles = append(articles, words)
		}
	}
	return articles
}

// said tells whether an article holds a lemma of each word that ranks.
func (l lemmas) said(articles []map[string]bool, phrase string) bool {
	words := polish.Words(phrase)
	return slices.ContainsFunc(articles, func(article map[string]bool) bool {
		return !slices.ContainsFunc(words, func(word string) bool {
			known := l.of(word) // none of a stop word
			return len(known) > 0 && !slices.ContainsFunc(known, func(lemma string) bool { return article[lemma] })
		})
	})
}
