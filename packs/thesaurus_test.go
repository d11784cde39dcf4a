package packs

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// thesaurusEntry is an entry of thesaurus.yaml, as README.md describes it.
type thesaurusEntry struct {
	Everyday  []string `yaml:"everyday"`
	Statutory []string `yaml:"statutory"`
	English   []string `yaml:"english"`
}

func TestThesaurusKeepsItsForm(t *testing.T) {
	content, err := os.ReadFile("thesaurus.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var groups map[string][]thesaurusEntry
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&groups); err != nil {
		t.Fatal(err)
	}
	entries := 0
	said := map[string]string{}
	for group, list := range groups {
		entries += len(list)
		for _, entry := range list {
			if len(entry.Everyday) == 0 || len(entry.Statutory) == 0 {
				t.Errorf("%s: an entry lacks a side: %v", group, entry)
			}
			for _, phrase := range slices.Concat(entry.Everyday, entry.Statutory, entry.English) {
				if phrase != strings.Join(strings.Fields(phrase), " ") || phrase == "" || len(strings.Fields(phrase)) > 12 {
					t.Errorf("%s: %q is no phrase", group, phrase)
				}
			}
			for _, phrase := range entry.Everyday {
				folded := strings.ToLower(phrase)
				if other := said[folded]; other != "" {
					t.Errorf("%q stands in %s and in %s", phrase, other, group)
				}
				said[folded] = group
				if slices.Contains(entry.Statutory, phrase) {
					t.Errorf("%s: %q means itself", group, phrase)
				}
			}
		}
	}
	if entries < 400 {
		t.Errorf("%d entries", entries)
	}
}
