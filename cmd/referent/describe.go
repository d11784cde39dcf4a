package main

import (
	"errors"
	"fmt"
	"time"

	"referent/dataset"
	"referent/rag"
)

type describeCommand struct {
	JSON    bool     `name:"json" help:"${help_json}"`
	NoModel bool     `help:"${help_no_model}"`
	File    []string `arg:"" help:"${help_file}"`
}

// describeResult is a line of `referent describe --json`.
type describeResult struct {
	File     string           `json:"file"`
	Profile  *dataset.Profile `json:"profile"`
	Problems []string         `json:"problems"`
}

// Run describes each file; one that fails does not stop the others.
func (c *describeCommand) Run(a *app) error {
	failed := false
	for _, path := range c.File {
		profile, err := dataset.Read(a.ctx, path, a.recordProgress(path))
		if a.ctx.Err() != nil {
			return &rag.Error{Code: rag.CodeCancelled, Err: a.ctx.Err()}
		}
		result := describeResult{File: path, Profile: profile, Problems: []string{}}
		if err != nil {
			failed = true
			result.Problems = append(result.Problems, a.datasetProblem(err))
		} else {
			profile.Explain(func(id string, words dataset.Words) string { return a.text.Text(id, words) })
		}
		if c.JSON {
			if err := a.printJSON(result); err != nil {
				return err
			}
		} else if err == nil {
			a.printProfile(path, profile)
		}
	}
	if failed {
		return errPartly
	}
	return nil
}

// recordProgress says now and then how far the reading of a long file is.
func (a *app) recordProgress(path string) func(records int) {
	last := time.Now()
	return func(records int) {
		if time.Since(last) > 2*time.Second {
			last = time.Now()
			a.say("dataset.progress", struct {
				Subject string
				Count   int
			}{path, records})
		}
	}
}

// datasetProblem says on stderr what failed and gives its code.
func (a *app) datasetProblem(err error) string {
	var known *dataset.Error
	if !errors.As(err, &known) {
		fmt.Fprintln(a.stderr, explain(a.text, err))
		return string(rag.CodeInternal)
	}
	a.say("dataset.error."+string(known.Code), messageData{Subject: known.File, Limit: int(known.Limit)})
	return string(known.Code)
}

// printProfile writes what a person looks for first.
func (a *app) printProfile(path string, p *dataset.Profile) {
	fmt.Fprintf(a.stdout, "%s (%s) %d × %d\n", path, p.Format, p.Rows, p.Cols)
	for _, c := range p.Columns {
		fmt.Fprintf(a.stdout, "  %-32s %-9s %-12s %d / %d\n", c.Name, c.Type, c.Semantic, p.Rows-c.Missing, c.Distinct)
	}
	for _, d := range p.Defects {
		fmt.Fprintf(a.stdout, "  ! %s → %s\n", d.Where, d.Repair)
	}
	for _, found := range p.Personal {
		fmt.Fprintf(a.stdout, "  # %s %v %d (%s) %v\n", found.Kind, []string(found.Column), found.Count, found.Level, found.Examples)
	}
}
