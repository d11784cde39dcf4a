package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"referent/ingest"
	"referent/ingest/official"
	"referent/rag"
)

type ingestCommand struct {
	Collection    string   `placeholder:"NAME" help:"${help_collection}"`
	JSON          bool     `name:"json" help:"${help_json}"`
	NoModel       bool     `name:"no-model" help:"${help_no_model}"`
	Refresh       bool     `help:"${help_refresh}"`
	ForgetMissing bool     `name:"forget-missing" help:"${help_forget_missing}"`
	Source        []string `arg:"" optional:"" help:"${help_source}"`
}

// Run takes the sources in and returns when all is embedded.
func (c *ingestCommand) Run(a *app) error {
	if len(c.Source) == 0 && !c.Refresh && !c.ForgetMissing {
		return usageError{errors.New(a.text.Text("usage.source_missing", nil))}
	}
	o, err := a.open()
	if err != nil {
		return err
	}
	defer a.close(o)
	pipeline := a.pipeline(o)
	if pipeline.Official, err = a.named(o, c.Source); err != nil {
		return err
	}
	if c.NoModel {
		pipeline.Embedder = nil
	}
	progress := &progress{app: a, json: c.JSON}
	var summary ingest.Summary
	for _, step := range c.steps(pipeline) {
		done, err := step(a.ctx, progress.event)
		summary = added(summary, done)
		if progress.err == nil && progress.named(err) {
			return errSaid
		}
		if err = errors.Join(progress.err, err); err != nil && !a.degraded(err, summary) {
			return err
		}
	}
	if !c.JSON {
		a.sayIngested(summary, c.NoModel)
	}
	switch {
	case summary.Problems > 0 && summary.Stored+summary.Unchanged+summary.Forgotten == 0:
		return errSaid
	case summary.Problems > 0:
		return errPartly
	}
	return nil
}

// steps are the runs that were asked for: forgetting comes last, for a source that has
// moved within a folder is known by then.
func (c *ingestCommand) steps(p ingest.Pipeline) []func(context.Context, ingest.Report) (ingest.Summary, error) {
	var steps []func(context.Context, ingest.Report) (ingest.Summary, error)
	var items []ingest.Item
	for _, source := range c.Source {
		if c.ForgetMissing && isGone(source) {
			continue // named to be forgotten
		}
		items = append(items, ingest.Item{Collection: c.Collection, Path: source})
	}
	if len(items) > 0 {
		steps = append(steps, func(ctx context.Context, report ingest.Report) (ingest.Summary, error) {
			return p.Run(ctx, items, report)
		})
	}
	if c.Refresh {
		steps = append(steps, func(ctx context.Context, report ingest.Report) (ingest.Summary, error) {
			return p.Refresh(ctx, c.Collection, report)
		})
	}
	if c.ForgetMissing {
		steps = append(steps, func(ctx context.Context, report ingest.Report) (ingest.Summary, error) {
			return p.ForgetMissing(ctx, c.Collection, c.Source, report)
		})
	}
	return steps
}

func isGone(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist) && !strings.Contains(path, ":")
}

// added sums what several runs of one command did.
func added(a, b ingest.Summary) ingest.Summary {
	b.Files, b.Stored, b.Unchanged, b.Problems = a.Files+b.Files, a.Stored+b.Stored, a.Unchanged+b.Unchanged, a.Problems+b.Problems
	b.Units, b.Passages, b.Embedded = a.Units+b.Units, a.Passages+b.Passages, a.Embedded+b.Embedded
	b.Changed, b.Forgotten, b.Missing = a.Changed+b.Changed, a.Forgotten+b.Forgotten, max(a.Missing, b.Missing)
	return b
}

// named lets the hosts be asked that the administrator names now or named before.
func (a *app) named(o *office, sources []string) (*official.Client, error) {
	known, err := o.library.Sources(a.ctx, "")
	if err != nil {
		return nil, err
	}
	for _, k := range known {
		sources = append(sources, k.Source)
	}
	var hosts []string
	for _, source := range sources {
		if address, err := url.Parse(source); err == nil && address.Host != "" {
			hosts = append(hosts, address.Host)
		}
	}
	return a.official(hosts...), nil
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
	for id, n := range map[string]int{"ingest.changed": s.Changed, "ingest.missing": s.Missing - s.Forgotten, "ingest.forgotten": s.Forgotten} {
		if n > 0 {
			a.say(id, messageData{Limit: n})
		}
	}
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
		p.sayWording(e)
		if e.Forgotten {
			p.say("ingest.forgot", messageData{Subject: e.File})
		}
		if e.Unchanged || e.Forgotten {
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
		left := ""
		if e.Left > 0 {
			left = duration(e.Left)
		}
		p.say("ingest.embedding", struct {
			Done, Total int
			Rate        string
			Left        string
		}{e.Done, e.Total, fmt.Sprintf("%.0f", e.Rate), left})
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
