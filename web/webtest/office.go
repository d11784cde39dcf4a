// Package webtest is an office that behaves as written in a script: pages are
// developed and tested with it, without a library and a model. It imports rag and
// the ports of web's features.
package webtest

import (
	"context"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"referent/internal/doctor"
	"referent/internal/message"
	"referent/rag"
	"referent/web/documents"
)

// Words in a question that choose what happens; any other question is answered.
const (
	AskRefused    = "pogoda"
	AskBroken     = "awaria"
	AskEndless    = "bez końca"
	AskExtractive = "bez modelu"
	AskQueued     = "kolejka"
)

// Office answers from its one statute. Pace is what it waits between events.
type Office struct {
	Pace   time.Duration
	Report doctor.Report
	Answer func(q rag.Question) rag.Answer // nil: the answer about petitions

	mu        sync.Mutex
	asked     []rag.Question
	documents []rag.Document
	effects   map[string][]rag.Effect
	folders   []rag.WatchedFolder
	undrawn   error // why pages cannot be drawn
	jobs      []documents.Job
	requests  []documents.Request
	received  map[string]string
	left      chan struct{}
	everyday  map[string][]rag.AskedQuestion // by document; ids count from 1
}

// New makes an office with a statute, a note without structure and a healthy report.
func New() *Office {
	return &Office{
		documents: []rag.Document{Statute(), Note()},
		received:  map[string]string{},
		left:      make(chan struct{}, 8),
		Report:    healthy(),
	}
}

// Asked gives the questions so far.
func (o *Office) Asked() []rag.Question {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]rag.Question(nil), o.asked...)
}

// Left is told each time an endless answer is given up because its context ended.
func (o *Office) Left() <-chan struct{} { return o.left }

// Ask plays the script.
func (o *Office) Ask(ctx context.Context, q rag.Question, event func(rag.Event) error) (rag.Answer, error) {
	o.mu.Lock()
	o.asked = append(o.asked, q)
	o.mu.Unlock()
	if strings.TrimSpace(q.Question) == "" {
		return rag.Answer{}, &rag.Error{Code: rag.CodeEmptyQuestion}
	}
	if len([]rune(q.Question)) > rag.MaxQuestionRunes {
		return rag.Answer{}, &rag.Error{Code: rag.CodeQuestionTooLong, Limit: rag.MaxQuestionRunes}
	}
	play := &player{ctx: ctx, pace: o.Pace, event: event}
	if strings.Contains(q.Question, AskQueued) {
		play.send(rag.Waiting{Ahead: 2})
		play.send(rag.Waiting{Ahead: 1})
	}
	play.send(rag.Waiting{})
	if strings.Contains(q.Question, AskRefused) {
		answer := refused(q)
		play.send(rag.Sources{Sources: []rag.Citation{}})
		play.send(rag.Finished{Answer: answer})
		return answer, play.err
	}
	answer := answered(q)
	if o.Answer != nil {
		answer = o.Answer(q)
	}
	play.send(rag.Sources{Rewritten: answer.Rewritten, Sources: answer.Citations, Degraded: answer.Degraded})
	switch {
	case strings.Contains(q.Question, AskEndless):
		for play.err == nil {
			play.send(rag.Token{Text: "i tak dalej, "})
			play.wait(10 * time.Millisecond)
		}
		o.left <- struct{}{}
		return rag.Answer{}, play.err
	case strings.Contains(q.Question, AskBroken):
		play.send(rag.Token{Text: "Petycję rozpatruje się"})
		return rag.Answer{}, &rag.Error{Code: rag.CodeOllamaInterrupted}
	}
	if answer.Model != "" {
		for _, word := range strings.SplitAfter(answer.Answer, " ") {
			play.send(rag.Token{Text: word})
		}
	}
	play.send(rag.Finished{Answer: answer})
	return answer, play.err
}

// player sends events until one fails or the context ends.
type player struct {
	ctx   context.Context
	pace  time.Duration
	event func(rag.Event) error
	err   error
}

func (p *player) send(e rag.Event) {
	if p.err != nil {
		return
	}
	if p.err = p.ctx.Err(); p.err == nil {
		p.err = p.event(e)
	}
	pace := p.pace
	if _, isToken := e.(rag.Token); !isToken {
		pace *= 10
	}
	p.wait(pace)
}

func (p *player) wait(d time.Duration) {
	if d == 0 || p.err != nil {
		return
	}
	select {
	case <-p.ctx.Done():
		p.err = p.ctx.Err()
	case <-time.After(d):
	}
}

// Search finds the article that answers.
func (o *Office) Search(_ context.Context, q rag.Question) (rag.SearchResult, error) {
	if strings.TrimSpace(q.Question) == "" {
		return rag.SearchResult{}, &rag.Error{Code: rag.CodeEmptyQuestion}
	}
	return rag.SearchResult{ID: q.ID, Query: q.Question, Hits: []rag.Hit{hit()}, Degraded: []rag.Degradation{}, TookMS: 4.2}, nil
}

// Document gives a stored document.
func (o *Office) Document(_ context.Context, id string) (rag.Document, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, d := range o.documents {
		if d.ID == id {
			return d, nil
		}
	}
	return rag.Document{}, &rag.Error{Code: rag.CodeNotFound, Subject: id}
}

// Put stores a document.
func (o *Office) Put(d rag.Document) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.documents = append(o.documents, d)
}

// Documents lists what is stored; a document's vectors are those that Percent says.
func (o *Office) Documents(_ context.Context, collection, digest string) ([]rag.DocumentState, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var list []rag.DocumentState
	for i, d := range o.documents {
		if collection != "" && d.Collection != collection {
			continue
		}
		state := rag.DocumentState{Info: d.Info, Units: len(d.Units), Passages: 10, Pages: len(d.Pages), Effects: o.effects[d.ID]}
		for _, p := range d.Pages {
			if p.OCR {
				state.OCR++
			}
			if p.Unread {
				state.Unread++
			}
		}
		if digest != "" {
			state.Embedded = []int{10, 4}[i%2]
		}
		list = append(list, state)
	}
	return list, nil
}

// Collections counts what is stored.
func (o *Office) Collections(ctx context.Context, digest string) ([]rag.CollectionState, error) {
	listed, err := o.Documents(ctx, "", digest)
	if err != nil {
		return nil, err
	}
	var list []rag.CollectionState
	for _, d := range listed {
		i := slices.IndexFunc(list, func(c rag.CollectionState) bool { return c.Name == d.Collection })
		if i < 0 {
			i, list = len(list), append(list, rag.CollectionState{Name: d.Collection})
		}
		c := &list[i]
		c.Documents, c.Passages, c.Embedded = c.Documents+1, c.Passages+d.Passages, c.Embedded+d.Embedded
	}
	slices.SortFunc(list, func(a, b rag.CollectionState) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

// Empty takes everything out.
func (o *Office) Empty() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.documents = nil
}

// Start begins a job that stays at work until somebody cancels it.
func (o *Office) Start(_ context.Context, r documents.Request) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.requests = append(o.requests, r)
	job := documents.Job{
		ID: "zadanie-1", Collection: r.Collection, Sources: r.Sources, State: documents.JobReading,
		Current: "instrukcja.pdf", Done: 3, Total: 12, Left: 90 * time.Second, Started: time.Date(2026, 11, 3, 14, 5, 0, 0, time.UTC),
		Problems: []documents.Problem{{File: "skan.pdf", Err: &rag.Error{Code: rag.CodeFileNoText, Subject: "/srv/akta/skan.pdf"}}},
	}
	if r.Refresh {
		job.Refresh, job.State, job.Current, job.Problems, job.Wordings = true, documents.JobDone, "", nil, wordings()
	}
	o.jobs = append([]documents.Job{job}, o.jobs...)
	return job.ID, nil
}

// Requests gives what was asked to be taken in.
func (o *Office) Requests() []documents.Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]documents.Request(nil), o.requests...)
}

// Jobs gives the jobs.
func (o *Office) Jobs() []documents.Job {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]documents.Job(nil), o.jobs...)
}

// Cancel ends a job.
func (o *Office) Cancel(id string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.jobs {
		if o.jobs[i].ID == id {
			o.jobs[i].State = documents.JobCancelled
			return nil
		}
	}
	return &rag.Error{Code: rag.CodeNotFound, Subject: id}
}

// Save keeps an upload in memory.
func (o *Office) Save(_ context.Context, collection, name string, file io.Reader) (string, error) {
	body, err := io.ReadAll(file)
	if err != nil {
		return "", err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.received[collection+"/"+name] = string(body)
	return "/uploads/" + collection + "/" + name, nil
}

// Received gives the uploads: collection and name, and the content.
func (o *Office) Received() map[string]string {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := map[string]string{}
	for name, body := range o.received {
		list[name] = body
	}
	return list
}

// Examine gives the report as it stands.
func (o *Office) Examine(context.Context, *message.Printer) doctor.Report { return o.Report }

// EmbeddingModel is the digest of the office's embedding model.
func EmbeddingModel(context.Context) string { return "sha256:e5" }
