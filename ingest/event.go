package ingest

import "referent/rag"

// EventKind says what happened; the values are those of `ingest --json`.
type EventKind string

// The kinds of events.
const (
	EventDocument EventKind = "document" // a document is stored, was found unchanged, or was forgotten
	EventProgress EventKind = "progress" // documents read or texts embedded so far
	EventProblem  EventKind = "problem"  // an input failed, or is gone; the others go on
	EventDone     EventKind = "done"     // the summary; the last event
)

// Event is one line of `ingest --json`. A problem's Err carries its *rag.Error, whose
// code is Reason.
type Event struct {
	Event     EventKind `json:"event"`
	File      string    `json:"file"`
	Act       string    `json:"act"`
	Document  string    `json:"document"`
	Units     int       `json:"units"`
	Passages  int       `json:"passages"`
	Embedded  int       `json:"embedded"` // passages of a document that have vectors; of all, texts embedded in this run
	Reason    rag.Code  `json:"reason"`
	Unchanged bool      `json:"unchanged,omitempty"`
	Forgotten bool      `json:"forgotten,omitempty"` // its source is gone and so is it

	Wording *Wording `json:"wording,omitempty"` // of an act that a service gave
	Change  *Change  `json:"change,omitempty"`  // what this wording changed against the one before

	Stage string  `json:"stage,omitempty"` // of progress: "read" or "embed"
	Done  int     `json:"done,omitempty"`
	Total int     `json:"total,omitempty"`
	Rate  float64 `json:"rate_per_s,omitempty"` // files, or characters embedded, a second
	Left  float64 `json:"left_s,omitempty"`     // seconds, as far as the rate tells

	Summary *Summary `json:"summary,omitempty"` // of done
	Err     error    `json:"-"`
}

// Stages of progress.
const (
	StageRead  = "read"
	StageEmbed = "embed"
)

// Summary says what a run did.
type Summary struct {
	Files     int `json:"files"`     // inputs found
	Stored    int `json:"stored"`    // documents stored
	Unchanged int `json:"unchanged"` // documents that were there already
	Problems  int `json:"problems"`  // inputs that failed
	Units     int `json:"units"`
	Passages  int `json:"passages"`
	Embedded  int `json:"embedded"` // texts embedded in this run; 0: nothing was
	Pending   int `json:"pending"`  // texts that still have no vector

	Changed   int `json:"changed"`   // acts of which a newer wording was stored
	Missing   int `json:"missing"`   // documents whose source is gone: they stay out of answers
	Forgotten int `json:"forgotten"` // of these, those that were forgotten in this run
}

// Report takes events as they happen, one at a time.
type Report func(Event)
