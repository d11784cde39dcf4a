package enrich

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"time"

	"referent/prompts"
	"referent/rag"
)

// Shelf has the units to write for.
type Shelf interface {
	Askable(ctx context.Context, scope rag.Scope, by rag.Hand) ([]rag.Askable, error)
	AskableText(ctx context.Context, u rag.Askable) (string, error)
}

// Store keeps what was written and how long it took.
type Store interface {
	PutWritten(ctx context.Context, w rag.Written) error
	AddPace(ctx context.Context, by rag.Hand, pace rag.Pace) error
	Pace(ctx context.Context, by rag.Hand) (rag.Pace, error)
}

// Enricher writes everyday questions.
type Enricher struct {
	Shelf     Shelf
	Store     Store
	Generator rag.Generator
	Limit     func(collection string) int // units of a collection that it writes for at the most; nil or 0: all

	prompt *prompts.Prompt
}

// New makes an enricher with the prompt that comes with Referent.
func New(shelf Shelf, store Store, generator rag.Generator) (*Enricher, error) {
	prompt, err := prompts.Load(prompts.Questions)
	if err != nil {
		return nil, err
	}
	return &Enricher{Shelf: shelf, Store: store, Generator: generator, prompt: prompt}, nil
}

// Plan is what a run would do.
type Plan struct {
	Units   int `json:"units"`   // to write for
	Runes   int `json:"runes"`   // of their texts
	Done    int `json:"done"`    // written by this model with this prompt before
	Bank    int `json:"bank"`    // that have questions of the bank or of people
	Limited int `json:"limited"` // left out by the collection's limit

	Hand rag.Hand `json:"-"`
	todo []rag.Askable
}

// Event is how far a run is, after each unit.
type Event struct {
	Event    string  `json:"event"` // unit, problem, done
	Document string  `json:"document"`
	Unit     string  `json:"unit"`
	Kept     int     `json:"kept"`
	Dropped  Dropped `json:"dropped"`
	Done     int     `json:"done"`
	Total    int     `json:"total"`
	Tokens   float64 `json:"tokens_per_s"`
	Left     float64 `json:"left_s"`

	Reason  rag.Code `json:"reason,omitempty"`
	Summary *Summary `json:"summary,omitempty"`
	Err     error    `json:"-"`
}

// Summary says what a run did.
type Summary struct {
	Plan
	Written  int     `json:"written"` // units
	Empty    int     `json:"empty"`   // units whose questions were all thrown away
	Kept     int     `json:"kept"`    // questions
	Dropped  Dropped `json:"dropped"`
	Problems int     `json:"problems"`
	Seconds  float64 `json:"seconds"`
}

// hand says who writes; without a chat model it is CodeModelMissing.
func (e *Enricher) hand(ctx context.Context) (rag.Hand, error) {
	model, found, err := e.Generator.Model(ctx)
	if err != nil {
		return rag.Hand{}, err
	}
	if !found {
		return rag.Hand{}, &rag.Error{Code: rag.CodeModelMissing, Subject: "chat"}
	}
	return rag.Hand{Model: model.Name, Digest: model.Digest, Prompt: e.prompt.Version()}, nil
}

// Plan says what a run over a scope would do. Documents without any questions come first.
func (e *Enricher) Plan(ctx context.Context, scope rag.Scope) (Plan, error) {
	by, err := e.hand(ctx)
	if err != nil {
		return Plan{}, err
	}
	units, err := e.Shelf.Askable(ctx, scope, by)
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Hand: by}
	begun, written := map[string]bool{}, map[string]int{}
	for _, u := range units {
		begun[u.Document] = begun[u.Document] || u.Done || u.Bank
		if u.Done {
			written[u.Collection]++
		}
	}
	slices.SortStableFunc(units, func(a, b rag.Askable) int { return rank(begun[a.Document]) - rank(begun[b.Document]) })
	for _, u := range units {
		limit := 0
		if e.Limit != nil {
			limit = e.Limit(u.Collection)
		}
		switch {
		case u.Done:
			p.Done++
		case u.Bank:
			p.Bank++
		case limit > 0 && written[u.Collection] >= limit:
			p.Limited++
		default:
			written[u.Collection]++
			p.Units, p.Runes = p.Units+1, p.Runes+u.Runes()
			p.todo = append(p.todo, u)
		}
	}
	return p, nil
}

func rank(later bool) int {
	if later {
		return 1
	}
	return 0
}

// Estimate is how long a run would take here.
type Estimate struct {
	Plan
	Model    string  `json:"model"`
	Measured int     `json:"measured"`     // units that the pace was measured on
	Tokens   float64 `json:"tokens_per_s"` // written
	Seconds  float64 `json:"seconds"`
}

// Estimate measures where nothing was measured yet: it lets the model write for a unit of
// middle length and throws that away. The first unit's reading would hold the whole of
// the prompt, so the prompt is read before.
func (e *Enricher) Estimate(ctx context.Context, scope rag.Scope) (Estimate, error) {
	p, err := e.Plan(ctx, scope)
	if err != nil {
		return Estimate{}, err
	}
	pace, err := e.Store.Pace(ctx, p.Hand)
	if err != nil {
		return Estimate{}, err
	}
	if pace.Units == 0 && len(p.todo) > 0 {
		if pace, err = e.measure(ctx, p); err != nil {
			return Estimate{}, stopped(ctx, err)
		}
	}
	left, _ := pace.Estimate(p.Units, p.Runes)
	return Estimate{Plan: p, Model: p.Hand.Model, Measured: pace.Units, Tokens: pace.TokensPerSecond(), Seconds: left.Seconds()}, nil
}

func (e *Enricher) measure(ctx context.Context, p Plan) (rag.Pace, error) {
	byLength := slices.Clone(p.todo)
	slices.SortStableFunc(byLength, func(a, b rag.Askable) int { return a.Runes() - b.Runes() })
	u := byLength[len(byLength)/2]
	text, err := e.Shelf.AskableText(ctx, u)
	if err != nil {
		return rag.Pace{}, err
	}
	beginning, err := e.messages("-", "-")
	if err != nil {
		return rag.Pace{}, err
	}
	if _, err := e.Generator.Generate(ctx, beginning, rag.Options{MaxTokens: 1}, func(string) error { return nil }); err != nil {
		return rag.Pace{}, err
	}
	d, err := e.write(ctx, p.Hand, u, text)
	if err != nil {
		return rag.Pace{}, err
	}
	return d.pace, e.Store.AddPace(ctx, p.Hand, d.pace)
}

// patience is how many units in a row may fail before a run gives up.
const patience = 3

// Run writes for all units of the plan that have no questions; each is kept at once, so
// that a run that was stopped goes on where it was. A unit that the model fails at is
// reported and left; a model that is not there ends the run.
func (e *Enricher) Run(ctx context.Context, p Plan, report func(Event)) (Summary, error) {
	s := Summary{Plan: p, Dropped: Dropped{}}
	started := time.Now()
	pace, err := e.Store.Pace(ctx, p.Hand)
	if err != nil {
		return s, err
	}
	left, failed := p.Runes, 0
	for i, u := range p.todo {
		d, err := e.one(ctx, p.Hand, u)
		left -= u.Runes()
		event := Event{Event: "unit", Document: u.Title, Unit: u.Citation, Kept: len(d.questions), Dropped: d.dropped, Done: i + 1, Total: p.Units}
		switch {
		case err == nil:
			failed = 0
			s.add(d)
			pace = pace.Add(d.pace)
		case ctx.Err() != nil || !survivable(err) || failed+1 == patience:
			s.Seconds = time.Since(started).Seconds()
			return s, stopped(ctx, err)
		default:
			failed++
			s.Problems++
			event.Event, event.Err, event.Reason = "problem", err, rag.CodeOllamaFailed
		}
		if remaining, known := pace.Estimate(p.Units-i-1, left); known {
			event.Left, event.Tokens = remaining.Seconds(), pace.TokensPerSecond()
		}
		report(event)
	}
	s.Seconds = time.Since(started).Seconds()
	report(Event{Event: "done", Done: s.Written, Total: p.Units, Kept: s.Kept, Dropped: s.Dropped, Tokens: pace.TokensPerSecond(), Summary: &s})
	return s, nil
}

// one writes for a unit and keeps it.
func (e *Enricher) one(ctx context.Context, by rag.Hand, u rag.Askable) (draft, error) {
	text, err := e.Shelf.AskableText(ctx, u)
	if err != nil {
		return draft{}, err
	}
	d, err := e.write(ctx, by, u, text)
	if err != nil {
		return d, err
	}
	if err := e.Store.PutWritten(ctx, rag.Written{Askable: u, Hand: by, Questions: d.questions, Dropped: d.dropped.total()}); err != nil {
		return d, err
	}
	return d, e.Store.AddPace(ctx, by, d.pace)
}

func (s *Summary) add(d draft) {
	s.Written++
	s.Kept += len(d.questions)
	if len(d.questions) == 0 {
		s.Empty++
	}
	for reason, n := range d.dropped {
		s.Dropped[reason] += n
	}
}

// survivable says whether the next unit may go well: a prompt may not fit, a document may
// have gone meanwhile.
func survivable(err error) bool {
	return errors.Is(err, &rag.Error{Code: rag.CodeOllamaFailed}) || errors.Is(err, &rag.Error{Code: rag.CodeNotFound})
}

func stopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return &rag.Error{Code: rag.CodeCancelled, Err: err}
	}
	return err
}

// Measured gives the pace of the model in use, the zero one where nothing was measured or
// no model is there.
func (e *Enricher) Measured(ctx context.Context) rag.Pace {
	by, err := e.hand(ctx)
	if err != nil {
		return rag.Pace{}
	}
	pace, err := e.Store.Pace(ctx, by)
	if err != nil {
		slog.WarnContext(ctx, "the pace of writing questions cannot be read", "error", err)
		return rag.Pace{}
	}
	return pace
}
