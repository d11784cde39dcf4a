package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"referent/rag"
	"referent/rag/enrich"
)

// enrichCommand is `referent enrich`: everyday questions written by the chat model.
type enrichCommand struct {
	Collection []string `placeholder:"NAME" help:"${help_collection}"`
	Estimate   bool     `help:"${help_estimate}"`
	JSON       bool     `name:"json" help:"${help_json}"`
}

// Run writes for every unit that has no questions, or says how long that would take.
func (c *enrichCommand) Run(a *app) error {
	o, err := a.open()
	if err != nil {
		return err
	}
	defer a.close(o)
	enricher, err := a.enricher(o)
	if err != nil {
		return err
	}
	scope := rag.Scope{Collections: c.Collection}
	estimate, err := enricher.Estimate(a.ctx, scope)
	if err != nil {
		return err
	}
	if c.Estimate {
		return a.printEstimate(estimate, c.JSON)
	}
	a.say("enrich.estimate", estimateText(estimate))
	writing := &enrichProgress{app: a, json: c.JSON}
	summary, err := enricher.Run(a.ctx, estimate.Plan, writing.event)
	if err = errors.Join(writing.err, err); err != nil {
		a.say("enrich.kept", summary)
		return err
	}
	if !c.JSON {
		fmt.Fprintln(a.stdout, a.text.Text("enrich.summary", summaryText(summary)))
	}
	if err := a.embedQuestions(o); err != nil {
		return err
	}
	if summary.Problems > 0 {
		return errPartly
	}
	return nil
}

// embedQuestions embeds what was written, and whatever else waits. Without an embedding
// model the questions are found by words.
func (a *app) embedQuestions(o *office) error {
	embedding := &progress{app: a}
	_, err := a.pipeline(o).Embed(a.ctx, embedding.event)
	if errors.Is(err, &rag.Error{Code: rag.CodeModelMissing}) {
		fmt.Fprintln(a.stderr, explain(a.text, err))
		return nil
	}
	return err
}

// enricher writes questions into the office's library, within the configured limits.
func (a *app) enricher(o *office) (*enrich.Enricher, error) {
	enricher, err := enrich.New(o.library, o.library, o.models.Generator())
	if err != nil {
		return nil, err
	}
	enricher.Limit = a.config.Enrich.limit
	return enricher, nil
}

func (a *app) printEstimate(e enrich.Estimate, asJSON bool) error {
	if asJSON {
		return a.printJSON(e)
	}
	_, err := fmt.Fprintln(a.stdout, a.text.Text("enrich.estimate", estimateText(e)))
	return err
}

// estimateData fills the text of an estimate.
type estimateData struct {
	enrich.Estimate
	Time  string
	Speed string
}

func estimateText(e enrich.Estimate) estimateData {
	return estimateData{e, duration(e.Seconds), fmt.Sprintf("%.1f", e.Tokens)}
}

// summaryData fills the text of a summary.
type summaryData struct {
	enrich.Summary
	Thrown int
	Time   string
}

func summaryText(s enrich.Summary) summaryData {
	thrown := 0
	for _, n := range s.Dropped {
		thrown += n
	}
	return summaryData{s, thrown, duration(s.Seconds)}
}

// enrichProgress shows the events of a run: on stdout as JSON, on stderr for people.
type enrichProgress struct {
	*app
	json bool
	err  error // of writing
}

func (p *enrichProgress) event(e enrich.Event) {
	if p.json && p.err == nil {
		p.err = p.printJSON(e)
	}
	switch e.Event {
	case "problem":
		fmt.Fprintln(p.stderr, e.Unit+": "+explain(p.text, e.Err))
	case "unit":
		p.say("enrich.unit", struct {
			enrich.Event
			Time string
		}{e, duration(e.Left)})
	}
}

// enriching writes questions while the page is served, where an administrator turned that
// on. Whoever asks goes first: what is being written for a unit is given up for that and
// begun again later.
type enriching struct {
	enricher *enrich.Enricher
	busy     func() bool // somebody asks, or documents are being taken in
	embed    func()      // questions wait for their vectors
}

// enrichPause is how often the library is looked at for units without questions.
const enrichPause = 5 * time.Minute

func (w enriching) run(ctx context.Context) {
	w.enricher.Generator = yielding{w.enricher.Generator, w.busy}
	for ctx.Err() == nil {
		if err := w.once(ctx); err != nil && ctx.Err() == nil {
			slog.Warn("no everyday questions are being written", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(enrichPause):
		}
	}
}

func (w enriching) once(ctx context.Context) error {
	plan, err := w.enricher.Plan(ctx, rag.Scope{})
	if errors.Is(err, &rag.Error{Code: rag.CodeEmptyLibrary}) || err == nil && plan.Units == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	summary, err := w.enricher.Run(ctx, plan, func(e enrich.Event) {
		if e.Kept > 0 {
			w.embed()
		}
	})
	slog.Info("everyday questions written", "units", summary.Written, "questions", summary.Kept, "of", plan.Units)
	return err
}

// yielding lets whoever asks go first.
type yielding struct {
	rag.Generator
	busy func() bool
}

const yieldLook = 200 * time.Millisecond

// Generate writes when nobody asks; it begins again when somebody came meanwhile.
func (y yielding) Generate(ctx context.Context, messages []rag.Message, options rag.Options, token func(string) error) (rag.Generation, error) {
	for {
		for y.busy() {
			if err := sleep(ctx, yieldLook); err != nil {
				return rag.Generation{}, err
			}
		}
		try, stop := context.WithCancel(ctx)
		go func() {
			for sleep(try, yieldLook) == nil {
				if y.busy() {
					stop()
				}
			}
		}()
		made, err := y.Generator.Generate(try, messages, options, token)
		gaveWay := try.Err() != nil && ctx.Err() == nil
		stop()
		if err == nil || !gaveWay {
			return made, err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
