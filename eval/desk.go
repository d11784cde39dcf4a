package eval

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"referent/rag"
)

// Desk keeps the questions that an office asks itself, with the units that answer
// them, and the runs over them, in a folder. Its methods may be called at once.
type Desk struct {
	dir      string
	searcher Searcher
	wake     chan struct{}

	mu       sync.Mutex
	progress *Progress // of the run that is on its way
}

// Progress says how far a run is.
type Progress struct{ Done, Total int }

// Run is a run that was kept.
type Run struct {
	ID     string
	Result *Result
}

const (
	runName      = "20060102-150405.000"
	deskMetrics  = "hit@1 hit@5 recall@5 mrr@10"
	questionFile = "questions.jsonl"
)

// NewDesk opens the desk in a folder, which is made when something is kept.
func NewDesk(dir string, searcher Searcher) *Desk {
	return &Desk{dir: dir, searcher: searcher, wake: make(chan struct{}, 1)}
}

// Questions gives the questions in the order they were written.
func (d *Desk) Questions() ([]Question, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.read()
}

// Question gives one; CodeNotFound where there is none.
func (d *Desk) Question(id string) (Question, error) {
	questions, err := d.Questions()
	if err != nil {
		return Question{}, err
	}
	for _, q := range questions {
		if q.ID == id {
			return q, nil
		}
	}
	return Question{}, &rag.Error{Code: rag.CodeNotFound, Subject: id}
}

func (d *Desk) read() ([]Question, error) {
	path := filepath.Join(d.dir, questionFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var questions []Question
	err := eachLine(path, func(line clerkLine) error {
		q := Question{ID: line.ID, Question: line.Question}
		for _, g := range line.Gold {
			resolved, err := g.resolve()
			if err != nil {
				return err
			}
			q.Gold = append(q.Gold, resolved...)
		}
		questions = append(questions, q)
		return nil
	})
	return questions, err
}

// Add writes a new question down and gives it with its identifier.
func (d *Desk) Add(text string) (Question, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Question{}, &rag.Error{Code: rag.CodeEmptyQuestion}
	case len([]rune(text)) > rag.MaxQuestionRunes:
		return Question{}, &rag.Error{Code: rag.CodeQuestionTooLong, Limit: rag.MaxQuestionRunes}
	}
	q := Question{ID: strings.ToLower(rand.Text()[:10]), Question: text}
	return q, d.change(func(questions []Question) ([]Question, error) {
		if len(questions) >= MaxOwn {
			return nil, &rag.Error{Code: rag.CodeTooManyQuestions, Limit: MaxOwn}
		}
		return append(questions, q), nil
	})
}

// Mark says that a unit answers a question; marking it again does nothing.
func (d *Desk) Mark(id string, gold Gold) error {
	resolved, err := gold.resolve()
	if err != nil {
		return &rag.Error{Code: rag.CodeNotFound, Subject: gold.Unit, Err: err}
	}
	return d.edit(id, func(q *Question) {
		for _, g := range resolved {
			if !slices.ContainsFunc(q.Gold, g.same) {
				q.Gold = append(q.Gold, g)
			}
		}
	})
}

// Unmark takes a unit back.
func (d *Desk) Unmark(id string, gold Gold) error {
	resolved, err := gold.resolve()
	if err != nil {
		return &rag.Error{Code: rag.CodeNotFound, Subject: gold.Unit, Err: err}
	}
	return d.edit(id, func(q *Question) {
		q.Gold = slices.DeleteFunc(q.Gold, func(g Gold) bool { return slices.ContainsFunc(resolved, g.same) })
	})
}

func (g Gold) same(other Gold) bool {
	return g.Act == other.Act && g.Document == other.Document && g.key == other.key
}

// Drop takes a question out; earlier runs keep what they measured.
func (d *Desk) Drop(id string) error {
	return d.change(func(questions []Question) ([]Question, error) {
		return slices.DeleteFunc(questions, func(q Question) bool { return q.ID == id }), nil
	})
}

func (d *Desk) edit(id string, edit func(*Question)) error {
	return d.change(func(questions []Question) ([]Question, error) {
		for i := range questions {
			if questions[i].ID == id {
				edit(&questions[i])
				return questions, nil
			}
		}
		return nil, &rag.Error{Code: rag.CodeNotFound, Subject: id}
	})
}

// change reads the questions, changes them and puts the new file in the old one's place.
func (d *Desk) change(change func([]Question) ([]Question, error)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	questions, err := d.read()
	if err != nil {
		return err
	}
	if questions, err = change(questions); err != nil {
		return err
	}
	if err := os.MkdirAll(d.dir, 0o750); err != nil {
		return err
	}
	return replace(filepath.Join(d.dir, questionFile), func(w *bufio.Writer) error {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		for _, q := range questions {
			if err := encoder.Encode(clerkLine{ID: q.ID, Question: q.Question, Gold: q.Gold}); err != nil {
				return err
			}
		}
		return nil
	})
}

// suite makes a suite of the questions that have an answer marked; nil when none has.
func (d *Desk) suite() (*Suite, error) {
	questions, err := d.Questions()
	if err != nil {
		return nil, err
	}
	questions = slices.DeleteFunc(questions, func(q Question) bool { return len(q.Gold) == 0 })
	if len(questions) == 0 {
		return nil, nil
	}
	s := &Suite{Name: "own", Questions: []Set{{}}, Metrics: strings.Fields(deskMetrics), asked: questions}
	return s, s.check()
}

// Start asks for a run; one that is on its way goes on instead. Without a marked
// question it is CodeNothingToMeasure.
func (d *Desk) Start() error {
	s, err := d.suite()
	if err != nil {
		return err
	}
	if s == nil {
		return &rag.Error{Code: rag.CodeNothingToMeasure}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.progress == nil {
		d.progress = &Progress{Total: len(s.asked)}
		d.wake <- struct{}{}
	}
	return nil
}

// Progress tells of the run on its way; false when there is none.
func (d *Desk) Progress() (Progress, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.progress == nil {
		return Progress{}, false
	}
	return *d.progress, true
}

// Work makes the runs that are asked for until the context ends.
func (d *Desk) Work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-d.wake:
		}
		if err := d.run(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "a run of the office's questions failed", "error", err)
		}
		d.note(nil)
	}
}

func (d *Desk) note(p *Progress) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.progress = p
}

func (d *Desk) run(ctx context.Context) error {
	s, err := d.suite()
	if err != nil || s == nil {
		return err
	}
	// Words alone where there is no model are this office's quality, not a fault.
	result, err := s.Run(ctx, Options{Searcher: d.searcher, AnyLegs: true, Progress: func(done, of int) { d.note(&Progress{done, of}) }})
	if err != nil {
		return err
	}
	dir := filepath.Join(d.dir, "runs")
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	if err := result.Write(filepath.Join(dir, time.Now().UTC().Format(runName)+".json")); err != nil {
		return err
	}
	return d.forget(dir)
}

// forget removes the oldest runs.
func (d *Desk) forget(dir string) error {
	names, err := runNames(dir)
	if err != nil {
		return err
	}
	for _, name := range names[min(keptRuns, len(names)):] {
		if err := os.Remove(filepath.Join(dir, name+".json")); err != nil {
			return err
		}
	}
	return nil
}

// runNames gives the runs, newest first.
func runNames(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = strings.TrimSuffix(filepath.Base(file), ".json")
	}
	slices.Sort(names)
	slices.Reverse(names)
	return names, nil
}

// Runs gives the kept runs, newest first. One that cannot be read is left out and logged.
func (d *Desk) Runs() ([]Run, error) {
	names, err := runNames(filepath.Join(d.dir, "runs"))
	if err != nil {
		return nil, err
	}
	var runs []Run
	for _, name := range names {
		result, err := ReadResult(filepath.Join(d.dir, "runs", name+".json"))
		if err != nil {
			slog.Warn("a kept run cannot be read", "run", name, "error", err)
			continue
		}
		runs = append(runs, Run{name, result})
	}
	return runs, nil
}
