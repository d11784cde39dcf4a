package documents

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"referent/internal/message"
	"referent/rag"
	"referent/web/shell"
	"referent/web/source"
)

// JobState says how far a job is.
type JobState string

// The states of a job, in the order it goes through them; the last four end it.
const (
	JobWaiting   JobState = "waiting"
	JobReading   JobState = "reading"   // documents become searchable by words
	JobEmbedding JobState = "embedding" // and by meaning
	JobDone      JobState = "done"
	JobPartly    JobState = "partly" // some sources failed, each is among the problems
	JobFailed    JobState = "failed"
	JobCancelled JobState = "cancelled"
)

// Job is the intake of the sources of one request.
type Job struct {
	ID         string        `json:"id"`
	Collection string        `json:"collection"`
	Sources    []string      `json:"sources"` // paths, or "eli:…"
	Refresh    bool          `json:"refresh"` // it looks for newer wordings
	State      JobState      `json:"state"`
	Current    string        `json:"current"` // what is being read
	Done       int           `json:"done"`    // documents while reading, passages while embedding
	Total      int           `json:"total"`   // 0 while not known
	Left       time.Duration `json:"-"`       // 0 while not known
	Started    time.Time     `json:"started"`
	Wordings   []Wording     `json:"wordings"` // of the acts that a service was asked for
	Problems   []Problem     `json:"-"`
	Err        error         `json:"-"` // why it failed
}

// Problem is a source that could not be taken in.
type Problem struct {
	File string
	Err  error
}

// Wording is what a service said of an act: which wording it has now and what that changed.
type Wording struct {
	Act        string       `json:"act"`
	Document   string       `json:"document"`
	Date       string       `json:"wording_date"`
	Kind       rag.TextKind `json:"text_kind"`
	AmendedBy  []string     `json:"amended_since"` // acts whose changes the wording does not hold
	Newer      bool         `json:"newer"`         // than the one that answered before
	BeforeDate string       `json:"before_date"`
	Added      []string     `json:"added"` // articles
	Removed    []string     `json:"removed"`
	Changed    []string     `json:"changed"`
}

// Ended says that nothing more happens to a job.
func (j Job) Ended() bool {
	switch j.State {
	case JobDone, JobPartly, JobFailed, JobCancelled:
		return true
	default:
		return false
	}
}

type jobJSON struct {
	Job
	LeftSeconds int              `json:"left_seconds"`
	Problems    []problemJSON    `json:"problems"`
	Error       *shell.ErrorText `json:"error"`
}

type problemJSON struct {
	File string `json:"file"`
	shell.ErrorText
}

// jobsView is the list of jobs; it renews itself while one of them works.
type jobsView struct {
	Jobs    []jobView
	Working bool
}

type jobView struct {
	Job
	Title    string
	State    string
	Working  bool
	Left     string
	Wordings []wordingView // newer ones first
	Found    string        // how many of them are newer
	Problems []problemJSON
	Failure  string
}

// wordingView is a line on an act that was looked for.
type wordingView struct {
	Name  string
	Link  string
	Text  string
	Newer bool
}

func (h *Documents) jobs(p *message.Printer) jobsView {
	var v jobsView
	for _, j := range h.Intake.Jobs() {
		j = named(j)
		view := jobView{Job: j, State: p.Text("documents.job."+string(j.State), nil), Working: !j.Ended(), Problems: problems(p, j)}
		view.Wordings, view.Found = wordings(p, j)
		switch len(j.Sources) {
		case 0:
			view.Title = j.Collection
			if j.Refresh {
				view.Title = p.Text("documents.refresh_job", nil)
			}
		case 1:
			view.Title = j.Sources[0]
		default:
			view.Title = p.Plural("documents.files", len(j.Sources))
		}
		if j.Left > 0 && view.Working {
			view.Left = shell.Duration(p, j.Left)
		}
		if j.Err != nil {
			view.Failure = shell.Explain(p, nameless(j.Err)).Message
		}
		v.Working = v.Working || view.Working
		v.Jobs = append(v.Jobs, view)
	}
	return v
}

// shownArticles is how many changed articles of an act a line names.
const shownArticles = 12

// wordings says of each act what was found, newer wordings first.
func wordings(p *message.Printer, j Job) (views []wordingView, found string) {
	newer := 0
	for _, w := range j.Wordings {
		v := wordingView{Name: source.ActName(p, w.Act), Link: source.Link(w.Document, "", rag.Span{}), Newer: w.Newer}
		if v.Name == "" {
			v.Name = w.Act
		}
		v.Text = wordingText(p, w)
		if w.Newer {
			views = slices.Insert(views, newer, v)
			newer++
			continue
		}
		views = append(views, v)
	}
	if len(views) > 0 {
		found = p.Plural("documents.wordings_asked", len(views)) + ", " + p.Plural("documents.wordings_newer", newer)
	}
	return views, found
}

func wordingText(p *message.Printer, w Wording) string {
	date := func(iso string) string {
		if iso == "" {
			return p.Text("documents.wording_undated", nil)
		}
		return shell.Date(p, iso)
	}
	places := struct{ Date, Before, List string }{Date: date(w.Date), Before: date(w.BeforeDate)}
	id := "documents.wording_same"
	if w.Newer {
		id = "documents.wording_newer"
	}
	text := p.Text(id, places)
	for _, part := range []struct {
		id   string
		list []string
	}{{"changed", w.Changed}, {"added", w.Added}, {"removed", w.Removed}, {"amended", w.AmendedBy}} {
		if len(part.list) == 0 {
			continue
		}
		places.List = strings.Join(part.list[:min(len(part.list), shownArticles)], ", ")
		if rest := len(part.list) - shownArticles; rest > 0 {
			places.List += " " + p.Plural("documents.wording_more", rest)
		}
		text += " " + p.Text("documents.wording_"+part.id, places)
	}
	return text
}

// named calls files by their names: folders of the server are nobody's affair who
// does not sit at it.
func named(j Job) Job {
	names := make([]string, 0, len(j.Sources))
	for _, s := range j.Sources {
		names = append(names, source.Name(s))
	}
	j.Sources, j.Current = names, source.Name(j.Current)
	return j
}

// nameless is a failure whose text calls a file by its name alone.
func nameless(err error) error {
	var known *rag.Error
	if !errors.As(err, &known) {
		return err
	}
	told := *known
	told.Subject = source.Name(known.Subject)
	return &told
}

func problems(p *message.Printer, j Job) []problemJSON {
	told := make([]problemJSON, 0, len(j.Problems))
	for _, problem := range j.Problems {
		told = append(told, problemJSON{source.Name(problem.File), shell.Explain(p, nameless(problem.Err))})
	}
	return told
}

// JobsFragment is GET /dokumenty/zadania: the list of jobs for a page that is open.
func (h *Documents) JobsFragment(c *gin.Context) error {
	p := h.Shell.Printer(c)
	html, err := h.Shell.Fragment(p.Lang, "documents", "jobs", h.jobs(p))
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(html))
	return nil
}

// PostCancel is the form that stops a job.
func (h *Documents) PostCancel(c *gin.Context) error {
	return h.back(c, filter{}, h.Intake.Cancel(c.Param("id")))
}

// ListJobs is GET /api/v1/jobs.
func (h *Documents) ListJobs(c *gin.Context) error {
	p := h.Shell.Printer(c)
	jobs := []jobJSON{}
	for _, j := range h.Intake.Jobs() {
		j = named(j)
		if j.Wordings == nil {
			j.Wordings = []Wording{}
		}
		told := jobJSON{Job: j, LeftSeconds: int(j.Left.Seconds()), Problems: problems(p, j)}
		if j.Err != nil {
			text := shell.Explain(p, nameless(j.Err))
			told.Error = &text
		}
		jobs = append(jobs, told)
	}
	return h.Shell.JSON(c, http.StatusOK, struct {
		Jobs []jobJSON `json:"jobs"`
	}{jobs})
}

// Cancel is DELETE /api/v1/jobs/:id.
func (h *Documents) Cancel(c *gin.Context) error {
	if err := h.Intake.Cancel(c.Param("id")); err != nil {
		return err
	}
	c.Status(http.StatusNoContent)
	return nil
}

type started struct {
	Job string `json:"job"`
}

func (h *Documents) start(c *gin.Context, r Request) (started, error) {
	if r.Refresh && r.Collection == "" { // of all collections
		id, err := h.Intake.Start(c.Request.Context(), r)
		return started{id}, err
	}
	if r.Collection == "" {
		r.Collection = rag.DefaultCollection
	}
	if !collectionName.MatchString(r.Collection) {
		return started{}, &rag.Error{Code: CodeBadCollection, Subject: r.Collection}
	}
	id, err := h.Intake.Start(c.Request.Context(), r)
	return started{id}, err
}
