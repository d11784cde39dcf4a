package ollama

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Role is what a model is for.
type Role string

// The roles of the table.
const (
	Chat      Role = "chat"
	Embedding Role = "embedding"
)

// Set is the kind of machine a model is meant for.
type Set string

// The sets of the table, from the largest machine to the smallest.
const (
	GPU      Set = "gpu"
	RAM16    Set = "16gb"
	RAM8     Set = "8gb"
	Packaged Set = "packaged"
)

// Entry is a model of the table (models.yaml says what the fields mean).
type Entry struct {
	Name    string  `yaml:"name"`
	Role    Role    `yaml:"role"`
	Set     Set     `yaml:"set"`
	Bytes   int64   `yaml:"bytes"`
	Window  int     `yaml:"window"`
	Query   string  `yaml:"query"`
	Passage string  `yaml:"passage"`
	Floor   float64 `yaml:"floor"`
	NFKC    bool    `yaml:"nfkc"` // wants NFKC text with white space collapsed
}

//go:embed models.yaml
var tableYAML string

// Table gives the models that Referent may choose by itself.
func Table() ([]Entry, error) {
	var file struct {
		Models []Entry `yaml:"models"`
	}
	decoder := yaml.NewDecoder(strings.NewReader(tableYAML))
	decoder.KnownFields(true)
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("models.yaml: %w", err)
	}
	return file.Models, nil
}

// Choose picks the model of a role among those present in Ollama: that of the
// machine's own set first, else the first of the table that is there. Models
// outside the table are never chosen.
func Choose(table []Entry, role Role, machine Set, present []string) (Entry, bool) {
	var first *Entry
	for i, entry := range table {
		if entry.Role != role || !slices.ContainsFunc(present, func(name string) bool { return SameName(name, entry.Name) }) {
			continue
		}
		if entry.Set == machine {
			return entry, true
		}
		if first == nil {
			first = &table[i]
		}
	}
	if first == nil {
		return Entry{}, false
	}
	return *first, true
}

// SameName says whether two names mean the same model: Ollama adds ":latest"
// and does not tell capitals.
func SameName(a, b string) bool {
	return strings.EqualFold(withTag(a), withTag(b))
}

func withTag(name string) string {
	if strings.Contains(name[strings.LastIndex(name, "/")+1:], ":") {
		return name
	}
	return name + ":latest"
}
