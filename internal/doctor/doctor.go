// Package doctor says what works, what is missing and which command mends it: the
// state page and `referent doctor` show the same report. It imports rag,
// rag/ollama and internal/message.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"referent/internal/message"
	"referent/rag"
	"referent/rag/ollama"
)

// Level says how well a thing works.
type Level string

// The levels of a check.
const (
	OK      Level = "ok"
	Warning Level = "warning" // Referent does without it
	Failed  Level = "failed"  // Referent cannot do its work
)

// Check is one thing that was looked at.
type Check struct {
	ID      string `json:"id"`
	Level   Level  `json:"level"`
	Text    string `json:"text"`    // for people, in the language asked for
	Command string `json:"command"` // what mends it, "" when nothing has to be mended
}

// Report is the whole examination.
type Report struct {
	Version     string                `json:"version"`
	Checks      []Check               `json:"checks"`
	Ollama      ollama.Status         `json:"ollama"`
	Collections []rag.CollectionState `json:"collections"`
	FreeBytes   uint64                `json:"free_bytes"` // on the data folder's disk
	Waiting     int                   `json:"waiting"`    // questions in the queue, the one being answered included
	Failures    []Failure             `json:"failures"`   // the latest, newest first
}

// Models is what the doctor asks of Ollama.
type Models interface {
	Status(ctx context.Context) (ollama.Status, error)
}

// Library is what the doctor asks of the library.
type Library interface {
	Collections(ctx context.Context, digest string) ([]rag.CollectionState, error)
}

// Doctor examines one installation.
type Doctor struct {
	Version string
	Data    string // the data folder
	Models  Models
	Library Library     // nil where the library could not be opened; then Opening says why
	Opening error       // what opening the library failed with
	Waiting func() int  // length of the queue of questions; nil where nothing is served
	Log     *FailureLog // nil where nothing is served
}

// lowDisk is what indices and vectors of a large library want to have.
const lowDisk = 2 << 30

// Examine looks at everything. Texts come in the printer's language.
func (d *Doctor) Examine(ctx context.Context, text *message.Printer) Report {
	report := Report{Version: d.Version, Collections: []rag.CollectionState{}, Failures: []Failure{}}
	report.add(d.ollama(ctx, text, &report)...)
	report.add(d.library(ctx, text, &report))
	report.add(d.disk(text, &report))
	if d.Waiting != nil {
		report.Waiting = d.Waiting()
	}
	if d.Log != nil {
		report.Failures = d.Log.Latest()
	}
	return report
}

// Worst is the level of the worst check.
func (r Report) Worst() Level {
	worst := OK
	for _, c := range r.Checks {
		if c.Level == Failed || c.Level == Warning && worst == OK {
			worst = c.Level
		}
	}
	return worst
}

func (r *Report) add(checks ...Check) { r.Checks = append(r.Checks, checks...) }

func (d *Doctor) ollama(ctx context.Context, text *message.Printer, report *Report) []Check {
	status, err := d.Models.Status(ctx)
	report.Ollama = status
	if err != nil {
		return []Check{{ID: "ollama", Level: Warning, Text: text.Text("doctor.ollama.missing", place{Subject: status.Host}), Command: "make run"}}
	}
	return []Check{
		{ID: "ollama", Level: OK, Text: text.Text("doctor.ollama.ok", place{Subject: status.Host, Detail: status.Version})},
		model(text, "chat", status.Chat, status.Speed.Answer),
		model(text, "embedding", status.Embedding, status.Speed.Embed),
	}
}

// model says which model has a role and why, or what is missing.
func model(text *message.Printer, role string, choice ollama.Choice, speed float64) Check {
	check := Check{ID: role, Level: OK}
	switch choice.Reason {
	case ollama.None:
		check.Level, check.Command = Warning, "referent setup"
		check.Text = text.Text("doctor."+role+".none", nil)
	case ollama.Missing:
		check.Level, check.Command = Warning, "ollama pull "+choice.Name
		check.Text = text.Text("doctor.model.missing", place{Subject: choice.Name})
	default:
		why := text.Text("doctor.reason."+string(choice.Reason), nil)
		check.Text = text.Text("doctor."+role+".ok", place{Subject: choice.Name, Detail: why})
		if speed > 0 {
			check.Text += " " + text.Text("doctor.speed", place{Subject: fmt.Sprintf("%.0f", speed)})
		}
	}
	return check
}

func (d *Doctor) library(ctx context.Context, text *message.Printer, report *Report) Check {
	check := Check{ID: "library", Level: OK}
	if d.Library == nil {
		check.Level = Failed
		check.Text = text.Text("doctor.library.closed", place{Subject: d.Data, Detail: errorText(d.Opening)})
		var held *rag.Error
		if errors.As(d.Opening, &held) && held.Code == rag.CodeDataFolderHeld {
			check.Level = Warning // it works, in another process
		}
		return check
	}
	collections, err := d.Library.Collections(ctx, report.Ollama.Embedding.Digest)
	if err != nil {
		return Check{ID: "library", Level: Failed, Text: text.Text("doctor.library.closed", place{Subject: d.Data, Detail: err.Error()})}
	}
	report.Collections = collections
	documents, passages, embedded := 0, 0, 0
	for _, c := range collections {
		documents, passages, embedded = documents+c.Documents, passages+c.Passages, embedded+c.Embedded
	}
	switch {
	case documents == 0:
		check.Level, check.Command = Warning, "referent ingest FOLDER"
		check.Text = text.Text("doctor.library.empty", nil)
	case embedded < passages && report.Ollama.Embedding.Digest != "":
		check.Text = text.Plural("doctor.library.documents", documents) + " " +
			text.Text("doctor.library.pending", place{Subject: fmt.Sprint(embedded), Detail: fmt.Sprint(passages)})
	default:
		check.Text = text.Plural("doctor.library.documents", documents) + " " + text.Plural("doctor.library.passages", passages)
	}
	return check
}

func (d *Doctor) disk(text *message.Printer, report *Report) Check {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(d.Data, &stat); err != nil {
		return Check{ID: "disk", Level: Warning, Text: text.Text("doctor.disk.unknown", place{Subject: d.Data, Detail: err.Error()})}
	}
	report.FreeBytes = stat.Bavail * uint64(stat.Bsize)
	check := Check{ID: "disk", Level: OK}
	id := "doctor.disk.ok"
	if report.FreeBytes < lowDisk {
		check.Level, id = Warning, "doctor.disk.low"
	}
	check.Text = text.Text(id, place{Subject: d.Data, Detail: fmt.Sprintf("%.1f", float64(report.FreeBytes)/(1<<30))})
	return check
}

// place fills the places of a text.
type place struct{ Subject, Detail string }

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Failure is an error that was logged.
type Failure struct {
	Time time.Time `json:"time"`
	Text string    `json:"text"`
}
