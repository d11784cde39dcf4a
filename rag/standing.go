package rag

import "time"

// StatusOn says what the law says of a document on a day (YYYY-MM-DD): its dates decide,
// and where there is none, what its source said.
func (i Info) StatusOn(day string) Status {
	switch {
	case i.RepealedFrom != "" && i.RepealedFrom <= day:
		return StatusRepealed
	case i.InForceFrom != "" && i.InForceFrom > day:
		return StatusNotYet
	case i.Status == StatusRepealed && i.RepealedFrom == "", i.Status == StatusNotYet && i.InForceFrom == "":
		return i.Status
	case i.Status == StatusRepealed, i.Status == StatusNotYet:
		return StatusInForce // before the one day, after the other
	}
	return i.Status // also unknown: that an act came into force does not say that it still is
}

// Of gives the status of a unit that has one of its own: a repealed unit stays one,
// whatever its document is; any other is what the document is.
func (i Info) Of(own Status) Status {
	if own == StatusRepealed || own == StatusOmitted {
		return own
	}
	return i.Status
}

// RelationKind says what one act does to another.
type RelationKind string

// The kinds of relations.
const (
	Repeals RelationKind = "repeals"
	Amends  RelationKind = "amends"
)

// Relation is what a document says of another act.
type Relation struct {
	Kind RelationKind `json:"kind"`
	Act  string       `json:"act"`  // the other act
	Date string       `json:"date"` // YYYY-MM-DD from when, "" when the document does not say
	Key  string       `json:"key"`  // of the unit that says it, "" for the title
}

// Effect is what another document does to an act: a Relation seen from its other end.
type Effect struct {
	Kind     RelationKind `json:"kind"`
	Date     string       `json:"date"`
	Document string       `json:"document"` // that does it
	Act      string       `json:"act"`
	Title    string       `json:"title"`
	Key      string       `json:"key"`
}

// Stamp tells, without reading it, that a source has not changed since it was checked.
type Stamp struct {
	Size     int64
	MTime    int64  // nanoseconds since 1970
	Inode    uint64 // 0 where the system has none
	ETag     string // of an address
	Modified string // Last-Modified of an address
	Checked  time.Time
}

// Known is a stored document as the intake finds it again.
type Known struct {
	Info
	Stamp Stamp
}

// WatchedFolder is a folder that is looked at again for what changed in it.
type WatchedFolder struct {
	Collection string    `json:"collection"`
	Path       string    `json:"path"`
	Added      time.Time `json:"added"`
	Paused     bool      `json:"paused"` // it is not looked at until somebody says so
	Look       Look      `json:"look"`   // the last one; zero before the first
}

// Look is what a look at a folder found.
type Look struct {
	At       time.Time `json:"at"`
	Files    int       `json:"files"`    // that can be read
	Stored   int       `json:"stored"`   // documents that are new or changed
	Problems int       `json:"problems"` // files that could not be read
	Missing  int       `json:"missing"`  // documents whose file is gone
}
