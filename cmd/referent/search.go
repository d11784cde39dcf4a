package main

import (
	"fmt"
	"os"

	"referent/rag"
)

// scopeFlags say what a question may see; shared by search and ask.
type scopeFlags struct {
	Collection []string `placeholder:"NAME" help:"${help_collection}"`
	AsOf       string   `name:"as-of" placeholder:"RRRR-MM-DD" help:"${help_as_of}"`
	Repealed   bool     `help:"${help_repealed}"`
	NoModel    bool     `name:"no-model" help:"${help_no_model}"`
	JSON       bool     `name:"json" help:"${help_json}"`
	Batch      string   `placeholder:"FILE" help:"${help_batch}"`
	Question   string   `arg:"" optional:"" help:"${help_question}"`
}

// apply puts the flags into a question.
func (f scopeFlags) apply(q rag.Question) rag.Question {
	collections := f.Collection
	if len(collections) == 0 {
		collections = nil // --collection "" names none, which is not the same as an empty choice
	}
	q.Scope = rag.Scope{Collections: collections, AsOf: f.AsOf, Repealed: f.Repealed}
	q.NoModel = f.NoModel
	return q
}

// each runs answer for the question of the command line, or for each line of the
// batch: a line that fails is named and the others go on.
func (f scopeFlags) each(a *app, answer func(rag.Question) error) error {
	if (f.Batch == "") == (f.Question == "") && f.Batch != "" {
		return usageError{fmt.Errorf("%s", a.text.Text("usage.question_or_batch", nil))}
	}
	if f.Batch == "" {
		return answer(f.apply(rag.Question{Question: f.Question}))
	}
	input := a.stdin
	if f.Batch != "-" {
		file, err := os.Open(f.Batch)
		if err != nil {
			return &rag.Error{Code: rag.CodeFileUnreadable, Subject: f.Batch, Err: err}
		}
		defer func() { _ = file.Close() }() // it was only read
		input = file
	}
	failed := false
	for q, err := range rag.ReadBatch(input) {
		if err == nil {
			err = answer(f.apply(q))
		}
		if a.ctx.Err() != nil {
			return &rag.Error{Code: rag.CodeCancelled, Err: a.ctx.Err()}
		}
		if err != nil {
			failed = true
			fmt.Fprintln(a.stderr, named(q.ID, explain(a.text, err)))
		}
	}
	if failed {
		return errPartly
	}
	return nil
}

// named puts a question's identifier before what went wrong with it; a line that cannot
// be read has none, and its number stands in the text.
func named(id, text string) string {
	if id == "" {
		return text
	}
	return id + ": " + text
}

type searchCommand struct {
	K       int  `short:"k" default:"10" help:"${help_k}"`
	Explain bool `help:"${help_explain}"`
	scopeFlags
}

// Run searches and prints the hits.
func (c *searchCommand) Run(a *app) error {
	o, err := a.open()
	if err != nil {
		return err
	}
	defer a.close(o)
	return c.each(a, func(q rag.Question) error {
		q.K, q.Explain = c.K, c.Explain
		result, err := o.assistant.Search(a.ctx, q)
		if err != nil {
			return err
		}
		for _, hit := range result.Hits {
			a.sayUndated(q.Scope.AsOf, hit.Act, hit.WordingDate)
		}
		if c.JSON {
			return a.printJSON(result)
		}
		a.printHits(result)
		return nil
	})
}

func (a *app) printHits(result rag.SearchResult) {
	a.sayDegraded(result.Degraded)
	if len(result.Hits) == 0 {
		a.say("search.none", nil)
	}
	for _, hit := range result.Hits {
		fmt.Fprintf(a.stdout, "%d. %s (%.3f)\n   %s\n", hit.Rank, hit.Label(), hit.Score, shorten(hit.Text))
		for _, leg := range hit.Legs {
			fmt.Fprintf(a.stdout, "   %s: %d. (%.3f)\n", leg.Name, leg.Rank, leg.Score)
		}
	}
}

// sayUndated says that nobody knows whether a text without a date was the law on the day
// that is asked about.
func (a *app) sayUndated(asOf, act, wordingDate string) {
	if asOf != "" && act != "" && wordingDate == "" {
		a.say("search.undated", messageData{Subject: act, Cause: asOf})
	}
}

func (a *app) sayDegraded(degraded []rag.Degradation) {
	for _, d := range degraded {
		a.say("degraded."+string(d), nil)
	}
}
