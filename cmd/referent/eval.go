package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"referent/eval"
	"referent/ingest"
	"referent/rag"
)

type evalCommand struct {
	Run  evalRunCommand  `cmd:"" help:"${help_eval_run}"`
	Beir evalBEIRCommand `cmd:"" help:"${help_eval_beir}"`
}

type evalRunCommand struct {
	Suite    string   `arg:"" help:"${help_suite}"`
	Output   []string `short:"o" placeholder:"FILE" help:"${help_eval_output}"`
	Baseline string   `placeholder:"FILE" help:"${help_baseline}"`
	NoModel  bool     `name:"no-model" help:"${help_no_model}"`
	Restart  bool     `help:"${help_eval_restart}"`
}

// Run measures a suite, writes its results and says which thresholds were missed.
func (c *evalRunCommand) Run(a *app) error {
	if err := a.checkOutputs(c.Output); err != nil {
		return err
	}
	suite, err := eval.LoadSuite(c.Suite, os.LookupEnv)
	if err != nil {
		return err
	}
	var baseline *eval.Result
	if c.Baseline != "" {
		if baseline, err = eval.ReadResult(c.Baseline); err != nil {
			return err
		}
	}
	result, err := c.measure(a, suite)
	if err != nil {
		return err
	}
	if baseline != nil {
		result.Compare(baseline, c.Baseline)
	}
	for _, path := range c.Output {
		if err := result.Write(path); err != nil {
			return &rag.Error{Code: rag.CodeFileUnwritable, Subject: path, Err: err}
		}
	}
	a.printResult(result)
	return a.verdict(result)
}

// checkOutputs finds out before an hour of measuring that a result cannot be written.
func (a *app) checkOutputs(paths []string) error {
	for _, path := range paths {
		if !eval.CanWrite(path) {
			return usageError{fmt.Errorf("%s", a.text.Text("usage.eval_output", messageData{Subject: path}))}
		}
		if _, err := os.Stat(filepath.Dir(path)); err != nil {
			return &rag.Error{Code: rag.CodeFileUnwritable, Subject: path, Err: err}
		}
	}
	return nil
}

// measure opens what the suite searches and asks its questions.
func (c *evalRunCommand) measure(a *app, suite *eval.Suite) (*eval.Result, error) {
	if path := suite.Missing(); path != "" {
		return nil, &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: os.ErrNotExist}
	}
	bench, err := a.bench(suite.Corpus.Paths, c.NoModel)
	if err != nil {
		return nil, err
	}
	defer bench.close()
	items := make([]ingest.Item, len(suite.Corpus.Paths))
	for i, path := range suite.Corpus.Paths {
		items[i] = ingest.Item{Path: path, Source: "suite:" + filepath.Base(path)} // the same on every machine
	}
	if len(items) > 0 {
		if err := bench.ingest(items); err != nil {
			return nil, err
		}
	}
	options := bench.options(suite.Answers)
	if path := c.journal(); path != "" {
		if options.Journal, err = c.openJournal(bench, suite, path); err != nil {
			return nil, err
		}
	}
	result, err := suite.Run(a.ctx, options)
	if err != nil {
		if options.Journal != nil {
			err = errors.Join(err, options.Journal.Close())
		}
		return nil, err
	}
	if options.Journal != nil {
		if err := options.Journal.Remove(); err != nil {
			return nil, err
		}
	}
	return result, bench.sign(result)
}

// journal names the file that a stopped run goes on from: beside its first output.
func (c *evalRunCommand) journal() string {
	if len(c.Output) == 0 {
		return ""
	}
	return c.Output[0] + ".part"
}

func (c *evalRunCommand) openJournal(b *bench, suite *eval.Suite, path string) (*eval.Journal, error) {
	if c.Restart {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, err
		}
	}
	identity, err := b.identity(suite, c.Suite)
	if err != nil {
		return nil, err
	}
	journal, err := eval.OpenJournal(path, identity...)
	if err == nil && journal.Done() > 0 {
		b.app.say("eval.resumed", messageData{Limit: journal.Done()})
	}
	return journal, err
}

// verdict turns a result into the command's end: thresholds before questions that
// could not be asked.
func (a *app) verdict(result *eval.Result) error {
	for _, q := range result.Questions {
		if q.Error != "" {
			fmt.Fprintln(a.stderr, named(q.ID, q.Error))
		}
	}
	switch {
	case result.Failed() > 0:
		return errThreshold
	case result.Broken() > 0:
		return errPartly
	}
	return nil
}

// identity is all that could change an outcome: the binary, the suite with its
// questions, the documents and the models.
func (b *bench) identity(suite *eval.Suite, path string) ([]string, error) {
	binary, err := os.Executable()
	if err != nil {
		return nil, err
	}
	list := []string{"referent " + version}
	for _, file := range append([]string{binary, path}, suite.Files()...) {
		sum, err := fileHash(file)
		if err != nil {
			return nil, &rag.Error{Code: rag.CodeFileUnreadable, Subject: file, Err: err}
		}
		list = append(list, sum)
	}
	documents, err := b.office.library.Documents(b.app.ctx, "", "")
	if err != nil {
		return nil, err
	}
	for _, d := range documents {
		list = append(list, d.ID+" "+d.Hash)
	}
	models, err := b.models()
	return append(list, models...), err
}

func fileHash(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }() // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// printResult writes the figures of the groups as a table, a line a group and level.
func (a *app) printResult(r *eval.Result) {
	metrics := r.Measured
	fmt.Fprintf(a.stdout, "%-28s %5s  %-8s %s\n", "group", "n", "level", columns(metrics))
	for _, g := range r.Groups {
		for _, level := range eval.Levels {
			values := make([]string, len(metrics))
			for i, m := range metrics {
				values[i] = fmt.Sprintf("%.3f", g.Levels[level][m].Mean)
			}
			fmt.Fprintf(a.stdout, "%-28s %5d  %-8s %s\n", g.Name, g.N, level, columns(values))
		}
	}
	for _, s := range r.Answers {
		a.sayAnswers(s)
	}
	for _, t := range r.Thresholds {
		id := "eval.reached"
		if !t.Passed {
			id = "eval.missed"
		}
		a.say(id, struct{ Group, Level, Metric, Value, Min string }{
			t.Group, string(t.Level), t.Metric, fmt.Sprintf("%.3f", t.Value), fmt.Sprint(t.Min)})
	}
	if c := r.Comparison; c != nil {
		a.say("eval.compared", struct{ Shared, Changed, Significant int }{c.Shared, len(c.Changed), c.Significant()})
	}
}

func (a *app) sayAnswers(s eval.AnswerSum) {
	kind := "answer"
	if s.Refuse {
		kind = "refuse"
	}
	fmt.Fprintf(a.stdout, "%-28s %5d  right %.3f, cites gold %.3f, supported %.3f, nuggets %.3f\n",
		"answers to "+kind, s.N, s.Right, s.Cited, s.Supported, s.Nuggets)
}

func columns(values []string) string {
	var b strings.Builder
	for _, v := range values {
		fmt.Fprintf(&b, "%10s", v)
	}
	return b.String()
}

// questionProgress says on stderr how far a run is, now and then.
func (a *app) questionProgress() func(done, of int) {
	said := time.Now()
	return func(done, of int) {
		if time.Since(said) < progressEvery && done < of {
			return
		}
		said = time.Now()
		a.say("eval.asked", struct{ Done, Total int }{done, of})
	}
}

// vectors opens the cache of the embedding model's vectors in the user's cache folder.
func (a *app) vectors(ctx context.Context, embedder rag.Embedder) (*eval.Vectors, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	return eval.OpenVectors(ctx, embedder, filepath.Join(cache, "referent", "vectors"))
}

// cassettes opens the recordings of model answers in the user's cache folder.
func (a *app) cassettes(model rag.Generator) (*eval.Cassettes, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, err
	}
	return eval.OpenCassettes(model, filepath.Join(cache, "referent", "answers"))
}
