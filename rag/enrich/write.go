package enrich

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"referent/rag"
)

const (
	mostRunes   = 4000 // of a unit's text: with the answer it fits the smallest context
	titleRunes  = 200
	mostTokens  = 400 // of an answer: five questions
	most        = 5   // questions a unit
	attempts    = 2   // where none of the first was any good
	temperature = 0.7 // without it the questions of a unit are all alike
)

// schema is what the model writes.
var schema = json.RawMessage(`{"type":"object","properties":{"questions":{"type":"array","items":{"type":"string"},"minItems":3,"maxItems":5}},"required":["questions"],"additionalProperties":false}`)

// Dropped counts questions by the first rule that they broke.
type Dropped map[Reason]int

func (d Dropped) total() (n int) {
	for _, count := range d {
		n += count
	}
	return n
}

// draft is what a model made of a unit.
type draft struct {
	questions []rag.EverydayQuestion
	dropped   Dropped
	pace      rag.Pace
}

// write lets the model write about a unit and keeps what obeys the rules.
func (e *Enricher) write(ctx context.Context, by rag.Hand, u rag.Askable, text string) (draft, error) {
	d := draft{dropped: Dropped{}, pace: rag.Pace{Units: 1, Runes: u.Runes()}}
	messages, err := e.messages(u.Title, text)
	if err != nil {
		return d, err
	}
	for seed := 1; seed <= attempts && len(d.questions) == 0; seed++ {
		started := time.Now()
		options := rag.Options{Seed: seed, Temperature: temperature, MaxTokens: mostTokens, Schema: schema}
		made, err := e.Generator.Generate(ctx, messages, options, func(string) error { return nil })
		if err != nil {
			return d, err
		}
		d.pace.Tokens += made.AnswerTokens
		took := time.Since(started)
		reading := min(made.Reading, took)
		d.pace.Reading += reading
		d.pace.Writing += took - reading
		d.sift(by, u, text, readQuestions(made.Text))
	}
	return d, nil
}

func (d *draft) sift(by rag.Hand, u rag.Askable, text string, questions []string) {
	var kept []string
	for _, question := range questions {
		if len(kept) == most {
			return
		}
		question = strings.Join(strings.Fields(question), " ")
		if broken := Check(question, text, kept); len(broken) > 0 {
			d.dropped[broken[0]]++
			continue
		}
		kept = append(kept, question)
		q := About(u, text, question)
		q.Model, q.PromptVersion = by.Model, by.Prompt
		d.questions = append(d.questions, q)
	}
}

func (e *Enricher) messages(title, text string) ([]rag.Message, error) {
	filled, err := e.prompt.Messages(map[string]string{"title": cut(title, titleRunes), "text": cut(text, mostRunes)})
	if err != nil {
		return nil, err
	}
	messages := make([]rag.Message, len(filled))
	for i, m := range filled {
		messages[i] = rag.Message{Role: m.Role, Text: m.Text}
	}
	return messages, nil
}

func cut(text string, most int) string {
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most])
	}
	return text
}

// readQuestions gives the strings of the answer's list. An answer that was cut off gives
// those that are whole.
func readQuestions(answer string) []string {
	var questions []string
	decoder := json.NewDecoder(strings.NewReader(answer))
	for inside := false; ; {
		token, err := decoder.Token()
		if err != nil {
			return questions
		}
		switch token := token.(type) {
		case json.Delim:
			inside = token == '['
		case string:
			if inside {
				questions = append(questions, token)
			}
		}
	}
}
