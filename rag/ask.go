package rag

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"referent/prompts"
)

const (
	// maxSources and maxSourceRunes bound what the model reads: 850 tokens of prompt take
	// 25 seconds on two cores, and few units, best first, are answered best from.
	maxSources     = 3
	maxSourceRunes = 1100
	maxLabelRunes  = 60
	// minSourceRunes is what is left of the budget that is worth another unit.
	minSourceRunes = 200
	maxAnswer      = 300 // tokens
	nearestHits    = 3   // of a refusal
)

// used is a source of an answer: the passage it stands in and its text for the model.
type used struct {
	passage Passage
	Source
	cited  *Unit // the unit that the question asks for, by its number and nothing else
	looked bool  // its article was looked up by its number
}

// asking is a question on its way to an answer.
type asking struct {
	*Assistant
	question   Question
	understood understood
	found      retrieved
	sources    []used
	answer     Answer
	start      time.Time
	report     func(Event) error
}

// Ask answers a question and reports the events on the way; an error of report's stops
// everything and comes back. report may be nil. A refusal is an answer, not an error.
func (a *Assistant) Ask(ctx context.Context, q Question, report func(Event) error) (Answer, error) {
	if report == nil {
		report = func(Event) error { return nil }
	}
	r := &asking{Assistant: a, question: q, start: time.Now(), report: report}
	if err := r.run(ctx); err != nil {
		return Answer{}, cancelled(ctx, err)
	}
	return r.answer, nil
}

func (r *asking) run(ctx context.Context) error {
	if err := validate(r.question); err != nil {
		return err
	}
	r.understood = understand(r.question)
	r.answer = Answer{
		ID: identifier(r.question), Question: r.question.Question, Rewritten: r.understood.rewritten,
		Citations: []Citation{}, Claims: []Claim{}, PromptVersion: r.Prompt.Version(), Seed: r.Seed,
	}
	var err error
	if r.found, err = r.retrieve(ctx, r.question, r.understood); err != nil {
		return err
	}
	model, spoken, err := r.model(ctx)
	if err != nil {
		return err
	}
	r.answer.Degraded = r.found.degraded
	if !spoken {
		r.answer.Degraded = append([]Degradation{NoModel}, r.answer.Degraded...)
	}
	cited, err := r.seek(ctx, r.question.Scope, r.understood)
	if err != nil {
		return err
	}
	if len(cited.choices) > 0 {
		return r.refuse(ctx, Refusal{Reason: TooVague, Choices: cited.choices})
	}
	if len(cited.held) == 0 && len(cited.missing) > 0 {
		return r.refuse(ctx, Refusal{Reason: NotInLibrary, Missing: cited.missing})
	}
	if reason, refused := r.found.evidence.refuse(); refused {
		return r.refuse(ctx, Refusal{Reason: reason})
	}
	if len(cited.held) > 0 {
		err = r.take(cited.held)
	} else {
		err = r.choose(ctx)
	}
	if err != nil {
		return err
	}
	if spoken {
		r.answer.Model, r.answer.ModelDigest = model.Name, model.Digest
		err = r.write(ctx)
	} else {
		err = r.extract(ctx)
	}
	if err != nil {
		return err
	}
	return r.finish()
}

// model says who writes; nobody where there is no model or it may not be asked.
func (r *asking) model(ctx context.Context) (Model, bool, error) {
	if r.question.NoModel || r.Generator == nil {
		return Model{}, false, nil
	}
	model, found, err := r.Generator.Model(ctx)
	if errors.Is(err, &Error{Code: CodeOllamaUnreachable}) {
		return Model{}, false, nil
	}
	return model, found, err
}

// refuse completes a refusal with what was searched and what stands nearest.
func (r *asking) refuse(ctx context.Context, refusal Refusal) error {
	var err error
	if len(refusal.Missing) > 0 && refusal.Missing[0].ActHeld {
		refusal.Nearest, err = r.neighbours(ctx, r.question.Scope, refusal.Missing[0])
	} else {
		refusal.Nearest, err = r.hits(ctx, r.understood, r.found, nearestHits, false)
	}
	if err != nil {
		return err
	}
	refusal.Searched = r.found.searched
	if refusal.Choices == nil {
		refusal.Choices = []string{}
	}
	r.answer.Refused, r.answer.Refusal = true, &refusal
	if err := r.announce(nil); err != nil {
		return err
	}
	return r.finish()
}

// choose takes the best units into the sources and announces them.
func (r *asking) choose(ctx context.Context) error {
	budget := maxSourceRunes
	var citations []Citation
	for _, f := range r.found.articles {
		if len(r.sources) == maxSources || budget < minSourceRunes {
			break
		}
		unit, err := r.shownUnit(ctx, f.passage, r.understood)
		if err != nil {
			return err
		}
		n := len(r.sources) + 1
		source := sourceOf(n, f.passage, unit, budget)
		budget -= utf8.RuneCountInString(source.Text)
		r.sources = append(r.sources, used{passage: f.passage, Source: source, looked: f.lookedUp()})
		citations = append(citations, citation(n, f.passage, unit, r.understood.text))
	}
	return r.announce(citations)
}

// take makes the units that the question cites, and nothing else, the sources.
func (r *asking) take(held []located) error {
	budget := max(minSourceRunes, maxSourceRunes/len(held))
	var citations []Citation
	for i, l := range held {
		source := sourceOf(i+1, l.passage, l.unit, 0)
		source.Text = shorten(blankLines.ReplaceAllString(strings.TrimSpace(l.unit.Text), "\n"), budget)
		r.sources = append(r.sources, used{l.passage, source, &l.unit, true})
		citations = append(citations, wholeCitation(i+1, l.passage, l.unit))
	}
	return r.announce(citations)
}

// sourceOf shows the model a passage, or its best unit where there is no room for more,
// without what costs tokens and says nothing: blank lines, the unit's number that the
// label gives, the end of a long title.
func sourceOf(n int, p Passage, unit Unit, budget int) Source {
	text, name := p.Text, labelOf(p.Document.Act, p.Key, p.Document.Title, p.Unit)
	if utf8.RuneCountInString(text) > budget && unit.Text != "" {
		text, name = unit.Text, label(p, unit)
	}
	text = blankLines.ReplaceAllString(strings.TrimSpace(headingLine.ReplaceAllString(text, "")), "\n")
	return Source{N: n, Label: shorten(name, maxLabelRunes), Text: shorten(text, budget)}
}

var (
	blankLines  = regexp.MustCompile(`\s*\n\s*`)
	headingLine = regexp.MustCompile(`^(?:Art\.|§)\s*\S+[ \t]*\n`)
)

func (r *asking) announce(sources []Citation) error {
	r.answer.Timings.RetrieveMS = milliseconds(time.Since(r.start))
	if sources == nil {
		sources = []Citation{}
	}
	return r.report(Sources{Rewritten: r.answer.Rewritten, Sources: sources, Degraded: r.answer.Degraded})
}

func (r *asking) finish() error {
	r.answer.Timings.TotalMS = milliseconds(time.Since(r.start))
	return r.report(Finished{r.answer})
}

// write lets the model answer, one question at a time, and checks what it wrote.
func (r *asking) write(ctx context.Context) error {
	messages, err := r.messages()
	if err != nil {
		return err
	}
	leave, err := r.gate.enter(ctx, func(ahead int) error { return r.report(Waiting{ahead}) })
	if err != nil {
		return err
	}
	defer leave()
	options := Options{Seed: r.Seed, MaxTokens: maxAnswer}
	made, err := r.Generator.Generate(ctx, messages, options, func(text string) error {
		if r.answer.Timings.FirstTokenMS == 0 {
			r.answer.Timings.FirstTokenMS = milliseconds(time.Since(r.start))
		}
		return r.report(Token{text})
	})
	if err != nil {
		return err
	}
	r.answer.Timings.PromptTokens, r.answer.Timings.AnswerTokens = made.PromptTokens, made.AnswerTokens
	sources := make([]Source, len(r.sources))
	for i, source := range r.sources {
		sources[i] = source.Source
	}
	r.answer.Answer, r.answer.Claims = r.Check(strings.TrimSpace(made.Text), sources)
	return r.cite(ctx)
}

// messages fills the prompt. A source cannot end its own fence.
func (r *asking) messages() ([]Message, error) {
	var sources strings.Builder
	for i, source := range r.sources {
		if i > 0 {
			sources.WriteString("\n")
		}
		sources.WriteString(marker(source.N) + " " + unfenced.Replace(source.Label) + "\n" + unfenced.Replace(source.Text))
	}
	filled, err := r.Prompt.Messages(map[string]string{
		"sources": sources.String(), "question": unfenced.Replace(r.understood.text),
	})
	return messagesOf(filled), err
}

var unfenced = strings.NewReplacer("<zrodla>", "", "</zrodla>", "")

func messagesOf(parts []prompts.Message) []Message {
	messages := make([]Message, len(parts))
	for i, part := range parts {
		messages[i] = Message(part)
	}
	return messages
}
