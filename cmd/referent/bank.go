package main

import (
	"referent/packs"
	"referent/rag"
)

// bank gives the library the everyday questions that come embedded.
type bank struct{}

// Edition tells this bank from another one.
func (bank) Edition() string { return packs.BankEdition() }

// Questions gives the questions about an act.
func (bank) Questions(act string) ([]rag.EverydayQuestion, error) {
	entries, err := packs.Bank(act)
	if err != nil {
		return nil, err
	}
	var questions []rag.EverydayQuestion
	for _, e := range entries {
		for _, text := range e.Questions {
			questions = append(questions, rag.EverydayQuestion{
				Key: e.Key, Text: text, Language: e.Lang, TextHash: e.Hash, Sketch: rag.Sketch(e.Sketch),
			})
		}
	}
	return questions, nil
}
