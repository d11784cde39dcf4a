package main

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"referent/ingest"
	"referent/rag"
)

type ingestCommand struct {
	Collection string   `placeholder:"NAME" help:"${help_collection}"`
	JSON       bool     `name:"json" help:"${help_json}"`
	NoModel    bool     `name:"no-model" help:"${help_no_model}"`
	Source     []string `arg:"" help:"${help_source}"`
}

// Run takes the sources in and returns when all is embedded.
func (c *ingestCommand) Run(a *app) error {
	o, err := a.open()
	if err != nil {
		return err
	}
	defer a.close(o)
	pipeline := a.pipeline(o)
	if c.NoModel {
		pipeline.Embedder = nil
	}
	items := make([]ingest.Item, len(c.Source))
	for i, source := range c.Source {
		items[i] = ingest.Item{Collection: c.Collection, Path: source}
	}
	progress := &progress{app: a, json: c.JSON}
	summary, err := pipeline.Run(a.ctx, items, progress.event)
	if progress.err == nil && progress.named(err) {
		return errSaid
	}
	if err = errors.Join(progress.err, err); err != nil && !a.degraded(err, summary) {
		return err
	}
	if !c.JSON {
		a.sayIngested(summary, c.NoModel)
	}
	if summary.Problems > 0 {
		return errPartly
	}
	return nil
}

// degraded says that nothing is wrong but that there is no model to embed with:
// what was stored is found by words, and a later ingest or serve embeds it.
func (a *app) degraded(err error, summary ingest.Summary) bool {
	stored := summary.Stored+summary.Unchanged > 0
	if !stored || !errors.Is(err, &rag.Error{Code: rag.CodeOllamaUnreachable}) {
		return false
	}
	fmt.Fprintln(a.stderr, explain(a.text, err))
	return true
}

func (a *app) sayIngested(s ingest.Summary, noModel bool) {
	a.say("ingest.summary", s)
	switch {
	case noModel:
		a.say("ingest.words_only", nil)
	case s.Embedded == 0 && s.Pending == 0:
		a.say("ingest.nothing_embedded", nil)
	}
}

// progress shows the events of an intake: on stdout as JSON, on stderr for people.
type progress struct {
	*app
	json     bool
	said     time.Time // when progress was said last
	err      error     // of writing
	problems []error   // those that were shown
}

// named says whether the error was shown as a problem already: where nothing else was
// given, it is the run's too.
func (p *progress) named(err error) bool {
	return err != nil && slices.Contains(p.problems, err)
}

const progressEvery = 2 * time.Second

func (p *progress) event(e ingest.Event) {
	if p.json && p.err == nil {
		p.err = p.printJSON(e)
	}
	switch e.Event {
	case ingest.EventProblem:
		p.problems = append(p.problems, e.Err)
		fmt.Fprintln(p.stderr, explain(p.text, e.Err))
	case ingest.EventDocument:
		if e.Unchanged {
			return
		}
		p.say("ingest.document", struct {
			Subject         string
			Units, Passages int
		}{e.File, e.Units, e.Passages})
	case ingest.EventProgress:
		if e.Stage != ingest.StageEmbed || time.Since(p.said) < progressEvery {
			return
		}
		p.said = time.Now()
		p.say("ingest.embedding", struct {
			Done, Total int
			Rate        string
			Left        string
		}{e.Done, e.Total, fmt.Sprintf("%.0f", e.Rate), duration(e.Left)})
	}
}

// duration writes seconds as people read them: "45 s", "3 min", "1 h 20 min".
func duration(seconds float64) string {
	d := time.Duration(seconds * float64(time.Second)).Round(time.Second)
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Round(time.Minute).Minutes()))
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}
