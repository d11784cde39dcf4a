package eval

import (
	"fmt"
	"slices"
	"strings"

	"referent/internal/law"
	"referent/rag"
)

// Gold is a right answer of a question: a unit of an act, or of a document that is no
// act, or a whole document of unstructured text.
type Gold struct {
	Act      string  `json:"act,omitempty"`
	Document string  `json:"document,omitempty"` // where there is no act: its identifier
	Unit     string  `json:"unit,omitempty"`     // as written: "art. 24 § 2"; "" the whole document
	Key      string  `json:"key,omitempty"`      // instead of reading Unit: "art=24;par=2"
	Title    string  `json:"title,omitempty"`    // of the document, for people
	Grade    float64 `json:"grade,omitempty"`    // of relevance; 0 is written for 1
	key      law.Key
}

// grade is the gain of finding it.
func (g Gold) grade() float64 {
	if g.Grade == 0 {
		return 1
	}
	return g.Grade
}

// Question is a question with what is right about it.
type Question struct {
	ID       string         `json:"id"`
	Set      string         `json:"set"`
	Style    string         `json:"style,omitempty"`
	Question string         `json:"question"`
	History  []rag.Exchange `json:"history,omitempty"`
	Gold     []Gold         `json:"gold"`
	Nuggets  []string       `json:"nuggets,omitempty"`
	Refuse   bool           `json:"refuse,omitempty"` // right is not to answer
}

// resolve reads the unit as people write it; one that names several units is as many
// gold units.
func (g Gold) resolve() ([]Gold, error) {
	if g.Key != "" {
		var err error
		g.key, err = law.ParseKey(g.Key)
		return []Gold{g}, err
	}
	if g.Unit == "" && g.Document != "" {
		return []Gold{g}, nil
	}
	var gold []Gold
	for _, reference := range law.References(g.Unit) {
		if reference.Key != "" {
			gold = append(gold, Gold{Act: g.Act, Document: g.Document, Unit: reference.Key.Citation(), Grade: g.Grade, key: reference.Key})
		}
	}
	if g.Act == "" && g.Document == "" || len(gold) == 0 {
		return nil, fmt.Errorf("the gold %q %q names no unit of an act", g.Act, g.Unit)
	}
	return gold, nil
}

// name identifies the gold at the level of articles, as ByArticle names hits; it is
// the document of a TREC run.
func (g Gold) name() string { return articleName(g.Act, g.Document, g.key.Article()) }

func articleName(act, document, article string) string {
	switch {
	case act != "":
		return act + "#" + article
	case article != "":
		return document + "#" + article
	}
	return document
}

// acts gives the acts that the gold names, each once.
func (q Question) acts() []string {
	var acts []string
	for _, g := range q.Gold {
		if g.Act != "" && !slices.Contains(acts, g.Act) {
			acts = append(acts, g.Act)
		}
	}
	return acts
}

// check says what is wrong with a question.
func (q Question) check() error {
	switch {
	case q.ID == "":
		return fmt.Errorf("a question has no id")
	case strings.ContainsFunc(q.ID, isSpace):
		return fmt.Errorf("the id %q holds white space", q.ID)
	case strings.TrimSpace(q.Question) == "":
		return fmt.Errorf("question %s has no text", q.ID)
	case !q.Refuse && len(q.Gold) == 0:
		return fmt.Errorf("question %s has neither gold nor refuse", q.ID)
	}
	return nil
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
