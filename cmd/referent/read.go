package main

import (
	"errors"
	"fmt"

	"referent/ingest"
	"referent/rag"
)

type readCommand struct {
	JSON bool     `name:"json" help:"${help_json}"`
	Text bool     `help:"${help_text}"`
	File []string `arg:"" help:"${help_file}"`
}

// readResult is a line of `referent read --json`.
type readResult struct {
	File     string     `json:"file"`
	Kind     string     `json:"kind"`
	Title    string     `json:"title"`
	Act      string     `json:"act"`
	Pages    []readPage `json:"pages"`
	Units    []rag.Unit `json:"units"`
	Problems []string   `json:"problems"`
}

type readPage struct {
	Page    int     `json:"page"`
	Label   string  `json:"label"`
	Words   int     `json:"words"`
	Quality float64 `json:"quality"`
	OCR     bool    `json:"ocr"`
}

// Run shows what is read in each file, and in each file that lies in one; nothing is stored.
func (c *readCommand) Run(a *app) error {
	var reader ingest.Reader
	failed := false
	for _, path := range c.File {
		err := reader.ReadAll(a.ctx, path, func(file string, document rag.Document, err error) error {
			failed = failed || err != nil
			return c.show(a, file, document, err)
		})
		if err != nil {
			return err
		}
	}
	if failed {
		return errPartly
	}
	return nil
}

// show prints one document, or why there is none.
func (c *readCommand) show(a *app, file string, document rag.Document, err error) error {
	if err != nil {
		fmt.Fprintln(a.stderr, explain(a.text, err))
	}
	for _, remark := range document.Remarks {
		fmt.Fprintln(a.stderr, explain(a.text, remark))
	}
	switch {
	case c.JSON:
		return a.printJSON(newReadResult(file, document, err))
	case err == nil && c.Text:
		_, err = fmt.Fprintln(a.stdout, document.Text)
		return err
	case err == nil:
		a.printUnits(document)
	}
	return nil
}

func newReadResult(path string, document rag.Document, err error) readResult {
	result := readResult{File: path, Kind: document.Kind, Title: document.Title, Act: document.Act,
		Pages: []readPage{}, Units: []rag.Unit{}, Problems: []string{}}
	var known *rag.Error
	if errors.As(err, &known) {
		result.Problems = append(result.Problems, string(known.Code))
	} else if err != nil {
		result.Problems = append(result.Problems, string(rag.CodeInternal))
	}
	for _, remark := range document.Remarks {
		problem := string(remark.Code)
		if remark.Err != nil { // which pages
			problem += ": " + remark.Err.Error()
		}
		result.Problems = append(result.Problems, problem)
	}
	for _, p := range document.Pages {
		result.Pages = append(result.Pages, readPage{p.Number, p.Label, p.Words, p.Share, p.OCR})
	}
	runes := []rune(document.Text)
	for _, unit := range document.Units {
		unit.Text = string(runes[unit.Start:unit.End])
		result.Units = append(result.Units, unit)
	}
	return result
}

func (a *app) printUnits(document rag.Document) {
	fmt.Fprintf(a.stdout, "%s (%s) %s\n", document.Title, document.Kind, document.Act)
	runes := []rune(document.Text)
	for _, unit := range document.Units {
		fmt.Fprintf(a.stdout, "%-28s %s\n", unit.Citation, shorten(string(runes[unit.Start:unit.End])))
	}
	if len(document.Units) == 0 {
		fmt.Fprintln(a.stdout, document.Text)
	}
}
