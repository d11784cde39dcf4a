// Package packs holds what comes embedded in the binary: the sample office, a
// fictional gmina to ask at once. It imports nothing of ours.
package packs

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

var (
	//go:embed przyklad
	sample embed.FS
	//go:embed pytania-na-start.pl.txt
	examplesPL string
	//go:embed pytania-na-start.en.txt
	examplesEN string
	//go:embed przyklad-pytania.jsonl
	questions []byte
)

// Sample is the sample office: its documents "NN-name.md" at the root, its
// open datasets in "dane".
func Sample() fs.FS {
	office, err := fs.Sub(sample, "przyklad")
	if err != nil { // fs.Sub fails on an invalid path only, and this one is constant
		return sample
	}
	return office
}

// Examples are everyday questions that the sample office answers, best first,
// in English for "en" and in Polish for every other language.
func Examples(lang string) []string {
	text := examplesPL
	if lang == "en" {
		text = examplesEN
	}
	return strings.Split(strings.TrimSpace(text), "\n")
}

// Question is a test question on the sample office with the units that answer it.
type Question struct {
	ID       string   `json:"id"`
	Question string   `json:"question"`
	Style    string   `json:"style"` // clerk, lay, nodiacritics, citation, multi, crosslingual, unanswerable
	Gold     []Gold   `json:"gold"`  // all of them are wanted; none when Refuse
	Nuggets  []string `json:"nuggets"`
	Refuse   bool     `json:"refuse"`
	Note     string   `json:"note"`
}

// Gold is a unit of a document of the sample office.
type Gold struct {
	File string `json:"file"` // name in Sample
	Key  string `json:"key"`  // "zal=1;par=5;ust=2"
	Unit string `json:"unit"` // "zał. nr 1 § 5 ust. 2"
}

// Questions are the test questions on the sample office.
func Questions() ([]Question, error) {
	var all []Question
	decoder := json.NewDecoder(bytes.NewReader(questions))
	decoder.DisallowUnknownFields()
	for decoder.More() {
		var q Question
		if err := decoder.Decode(&q); err != nil {
			return nil, fmt.Errorf("question %d of the sample office: %w", len(all)+1, err)
		}
		all = append(all, q)
	}
	return all, nil
}
