// Package doctor says what works, what is missing and which command mends it: the
// state page and `referent doctor` show the same report. It imports rag,
// rag/ollama and internal/message.
package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
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
	ID      string `json:"id"`   // ollama, chat, embedding, library, disk, scans, converter
	Name    string `json:"name"` // as people call it
	Level   Level  `json:"level"`
	Text    string `json:"text"`
	Command string `json:"command"` // what mends it, "" when nothing has to be mended
}

// Report is the whole examination; its texts come in one language.
type Report struct {
	Version  string    `json:"version"`
	Checks   []Check   `json:"checks"`
	Models   []Model   `json:"models"`
	Disk     Disk      `json:"disk"`
	Library  Holdings  `json:"library"`
	Queue    Queue     `json:"queue"`
	Failures []Failure `json:"failures"` // the latest, newest first
}

// Model is a model that Ollama has. Speeds are those of its latest work here, in
// tokens a second; 0 when it has not worked yet.
type Model struct {
	Name   string  `json:"name"`
	Use    string  `json:"use"` // chat, embedding; "" when it is not in use
	Reason string  `json:"reason"`
	Bytes  int64   `json:"bytes"`
	Reads  float64 `json:"reads"`
	Writes float64 `json:"writes"`
}

// Disk is the room for the data folder, in bytes.
type Disk struct {
	Folder string `json:"folder"`
	Used   uint64 `json:"used"`
	Free   uint64 `json:"free"`
}

// Holdings counts what the library holds.
type Holdings struct {
	Collections []rag.CollectionState `json:"collections"`
	Documents   int                   `json:"documents"`
	Passages    int                   `json:"passages"`
	Embedded    int                   `json:"embedded"`
}

// Queue is what is being worked on.
type Queue struct {
	Questions int `json:"questions"` // being answered or waiting for the model
	Jobs      int `json:"jobs"`      // sources being taken in
}

// Models is what the doctor asks of Ollama.
type Models interface {
	Status(ctx context.Context) (ollama.Status, error)
}

// Library is what the doctor asks of the library.
type Library interface {
	Collections(ctx context.Context, digest string) ([]rag.CollectionState, error)
}

// Scans names the command that installs what reading scans needs, "" when all is there.
type Scans func(ctx context.Context) string

// Doctor examines one installation.
type Doctor struct {
	Version string
	Data    string // the data folder
	Models  Models
	Library Library       // nil where the library could not be opened; then Opening says why
	Opening error         // what opening the library failed with
	Scans   Scans         // nil where nobody looks
	Office  func() string // names the command that installs LibreOffice; nil where nobody looks
	Queue   func() Queue  // nil where nothing is served
	Log     *FailureLog   // nil where nothing is served
}

// lowDisk is what indices and vectors of a large library want to have.
const lowDisk = 2 << 30

// Examine looks at everything. Texts come in the printer's language.
func (d *Doctor) Examine(ctx context.Context, text *message.Printer) Report {
	report := Report{Version: d.Version, Models: []Model{}, Library: Holdings{Collections: []rag.CollectionState{}}, Failures: []Failure{}}
	status, err := d.Models.Status(ctx)
	report.add(text, ollamaChecks(text, status, err)...)
	report.Models = models(text, status)
	report.add(text, d.library(ctx, text, status.Embedding.Digest, &report.Library))
	report.add(text, d.disk(text, &report.Disk))
	if d.Scans != nil {
		report.add(text, scans(text, d.Scans(ctx)))
	}
	if d.Office != nil {
		report.add(text, converter(text, d.Office()))
	}
	if d.Queue != nil {
		report.Queue = d.Queue()
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

func (r *Report) add(text *message.Printer, checks ...Check) {
	for _, c := range checks {
		c.Name = text.Text("doctor.name."+c.ID, nil)
		r.Checks = append(r.Checks, c)
	}
}

func ollamaChecks(text *message.Printer, status ollama.Status, err error) []Check {
	if err != nil {
		return []Check{{ID: "ollama", Level: Warning, Text: text.Text("doctor.ollama.missing", place{Subject: status.Host}), Command: "make run"}}
	}
	return []Check{
		{ID: "ollama", Level: OK, Text: text.Text("doctor.ollama.ok", place{Subject: status.Host, Detail: status.Version})},
		model(text, "chat", status.Chat, status.Speed.Answer),
		model(text, "embedding", status.Embedding, status.Speed.Embed),
	}
}

// models lists what Ollama has; models that the table does not know are offered,
// never chosen.
func models(text *message.Printer, status ollama.Status) []Model {
	list := []Model{}
	for _, present := range status.Models {
		m := Model{Name: present.Name, Bytes: present.Bytes}
		switch {
		case ollama.SameName(present.Name, status.Chat.Name):
			m.Use, m.Reason = "chat", string(status.Chat.Reason)
			m.Reads, m.Writes = status.Speed.Prompt, status.Speed.Answer
		case ollama.SameName(present.Name, status.Embedding.Name):
			m.Use, m.Reason = "embedding", string(status.Embedding.Reason)
			m.Reads = status.Speed.Embed
		case present.Known:
			m.Reason = "known"
		default:
			m.Reason = "unknown"
		}
		m.Reason = text.Text("doctor.reason."+m.Reason, nil)
		list = append(list, m)
	}
	return list
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

// scans says whether pages that are images can be read.
func scans(text *message.Printer, command string) Check {
	if command == "" {
		return Check{ID: "scans", Level: OK, Text: text.Text("doctor.scans.ok", nil)}
	}
	return Check{ID: "scans", Level: Warning, Text: text.Text("doctor.scans.missing", nil), Command: command}
}

// converter says whether DOC and XLS can be read; most offices do without.
func converter(text *message.Printer, command string) Check {
	id := "doctor.converter.ok"
	if command != "" {
		id = "doctor.converter.missing"
	}
	return Check{ID: "converter", Level: OK, Text: text.Text(id, nil), Command: command}
}

func (d *Doctor) library(ctx context.Context, text *message.Printer, digest string, holdings *Holdings) Check {
	opening := d.Opening
	if d.Library != nil {
		var err error
		if holdings.Collections, err = d.Library.Collections(ctx, digest); err != nil {
			opening = err
		}
	}
	if opening != nil {
		return closed(text, d.Data, opening)
	}
	for _, c := range holdings.Collections {
		holdings.Documents += c.Documents
		holdings.Passages += c.Passages
		holdings.Embedded += c.Embedded
	}
	count := text.Plural("doctor.library.documents", holdings.Documents) + " "
	switch {
	case holdings.Documents == 0:
		return Check{ID: "library", Level: Warning, Text: text.Text("doctor.library.empty", nil), Command: "referent ingest FOLDER"}
	case holdings.Embedded < holdings.Passages && digest != "":
		count += text.Text("doctor.library.pending", place{Subject: fmt.Sprint(holdings.Embedded), Detail: fmt.Sprint(holdings.Passages)})
	default:
		count += text.Plural("doctor.library.passages", holdings.Passages)
	}
	return Check{ID: "library", Level: OK, Text: count}
}

// closed says why the library could not be opened, in the words of the failure.
func closed(text *message.Printer, folder string, err error) Check {
	check := Check{ID: "library", Level: Failed}
	var known *rag.Error
	if !errors.As(err, &known) {
		check.Text = text.Text("doctor.library.closed", place{Subject: folder, Detail: err.Error()})
		return check
	}
	told := place{Subject: known.Subject}
	if known.Err != nil {
		told.Detail = known.Err.Error()
	}
	if known.Code == rag.CodeDataFolderHeld { // it works, in another process
		check.Level = Warning
		check.Text = text.Text("doctor.library.held", told)
		return check
	}
	check.Text = text.Text("error."+string(known.Code), struct{ Subject, Cause string }{told.Subject, told.Detail})
	return check
}

func (d *Doctor) disk(text *message.Printer, disk *Disk) Check {
	disk.Folder = d.Data
	var stat syscall.Statfs_t
	err := syscall.Statfs(d.Data, &stat)
	if err == nil {
		disk.Used, err = folderBytes(d.Data)
	}
	if err != nil {
		return Check{ID: "disk", Level: Warning, Text: text.Text("doctor.disk.unknown", place{Subject: d.Data, Detail: err.Error()})}
	}
	disk.Free = stat.Bavail * uint64(stat.Bsize)
	check, id := Check{ID: "disk", Level: OK}, "doctor.disk.ok"
	if disk.Free < lowDisk {
		check.Level, id = Warning, "doctor.disk.low"
	}
	check.Text = text.Text(id, place{Subject: d.Data, Detail: fmt.Sprintf("%.1f", float64(disk.Free)/(1<<30))})
	return check
}

func folderBytes(folder string) (uint64, error) {
	var total uint64
	err := filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			var info fs.FileInfo
			if info, err = entry.Info(); err == nil {
				total += uint64(info.Size())
			}
		}
		if errors.Is(err, fs.ErrNotExist) { // indices replace their files while we count
			return nil
		}
		return err
	})
	return total, err
}

// place fills the places of a text.
type place struct{ Subject, Detail string }

// Failure is an error that was logged.
type Failure struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}
