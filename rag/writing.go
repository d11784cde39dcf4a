package rag

import (
	"strings"
	"time"
)

// textKey begins the key of everyday questions about a passage that no unit holds; the
// beginning of its UnitHash follows, for such a passage has no other name.
const textKey = "tekst="

// TextKey is the key of everyday questions about a passage of unstructured text.
func TextKey(hash string) string { return textKey + hash[:min(12, len(hash))] }

// IsTextKey says whether questions with that key are about a passage of unstructured text.
func IsTextKey(key string) bool { return strings.HasPrefix(key, textKey) }

// About is what the everyday questions of a document are kept under: its act, whose
// wordings share them, or the document itself where it is of no act.
func (i Info) About() string {
	if i.Act != "" {
		return i.Act
	}
	return "document/" + i.ID
}

// Askable is what everyday questions can be written for: an article of a legal text in
// force, or a passage of unstructured text.
type Askable struct {
	Document   string
	Collection string
	About      string
	Title      string // of the document
	Language   string
	Key        string
	Citation   string
	Passage    int64 // its first one
	Span
	Hash string // UnitHash of its text

	Bank bool // it has questions of the bank or of people, written from this very text
	Done bool // the hand that was asked about has written for this very text
}

// Runes is how long the text is.
func (a Askable) Runes() int { return a.End - a.Start }

// Hand is a model with a prompt: what writes everyday questions.
type Hand struct {
	Model  string // name
	Digest string
	Prompt string // version
}

// Written is what a hand made of a unit.
type Written struct {
	Askable
	Hand
	Questions []EverydayQuestion
	Dropped   int // questions that broke the rules
}

// Pace is how long a hand took here, measured.
type Pace struct {
	Units   int           `json:"units"`
	Runes   int           `json:"runes"`  // of the units' texts
	Tokens  int           `json:"tokens"` // written
	Reading time.Duration `json:"reading"`
	Writing time.Duration `json:"writing"` // and all else but reading
}

// Add joins two measurements.
func (p Pace) Add(other Pace) Pace {
	return Pace{p.Units + other.Units, p.Runes + other.Runes, p.Tokens + other.Tokens, p.Reading + other.Reading, p.Writing + other.Writing}
}

// TokensPerSecond is how fast it writes; 0 where nothing was measured.
func (p Pace) TokensPerSecond() float64 {
	if p.Writing <= 0 {
		return 0
	}
	return float64(p.Tokens) / p.Writing.Seconds()
}

// Estimate says how long units with so many runes will take: reading goes by the length
// of the texts, writing by their number. known is false where nothing was measured.
func (p Pace) Estimate(units, runes int) (left time.Duration, known bool) {
	if p.Units == 0 || p.Runes == 0 {
		return 0, false
	}
	seconds := p.Reading.Seconds()*float64(runes)/float64(p.Runes) + p.Writing.Seconds()*float64(units)/float64(p.Units)
	return time.Duration(seconds * float64(time.Second)), true
}

// AskedQuestion is an everyday question as it stands at a unit of a document.
type AskedQuestion struct {
	EverydayQuestion
	ID       int64
	Passage  int64 // it finds the document by this one, the first of its unit
	Origin   Origin
	Stale    bool // written from another wording
	TakenOff bool // a person took it off: it finds nothing
}

// QuestionEdit is what a person changes of the questions about a document, at once.
type QuestionEdit struct {
	Add     []EverydayQuestion
	Origin  Origin  // of those added
	TakeOff []int64 // they find nothing any more, and stay to be brought back
	Restore []int64
}
