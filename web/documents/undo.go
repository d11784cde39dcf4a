package documents

import (
	"crypto/rand"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"referent/rag"
)

// How long and how much can be undone. What no longer fits goes first that was done first.
const (
	UndoTime  = 10 * time.Minute
	undoRunes = 4 * rag.MaxTextRunes // of the documents kept
)

// Undo keeps what a person took out or moved, so that it can be taken back for a while.
// It lives in memory: whoever restarts Referent reads the source again instead.
type Undo struct {
	Now func() time.Time // nil: the clock

	mu   sync.Mutex
	kept []undoable // oldest first
}

// undoable is one act of a person. Its token is known to whoever did it alone.
type undoable struct {
	token  string
	until  time.Time
	taken  []rag.Document // whole
	moved  string         // id of a document that was moved
	from   string         // the collection it came from
	title  string         // of the one document
	target string         // the collection it was moved to
}

func (u undoable) runes() (n int) {
	for _, d := range u.taken {
		n += utf8.RuneCountInString(d.Text)
	}
	return n
}

func (u *Undo) now() time.Time {
	if u.Now != nil {
		return u.Now()
	}
	return time.Now()
}

// keep remembers an act and gives it back with its token.
func (u *Undo) keep(act undoable) undoable {
	act.token, act.until = rand.Text(), u.now().Add(UndoTime)
	u.mu.Lock()
	defer u.mu.Unlock()
	u.kept = append(u.kept, act)
	u.forget()
	return act
}

// forget drops what is too old or too much; the last act stays however large it is. The
// caller holds the lock.
func (u *Undo) forget() {
	runes := 0
	for i, act := range slices.Backward(u.kept) {
		runes += act.runes()
		if u.now().After(act.until) || runes > undoRunes && i < len(u.kept)-1 {
			u.kept = slices.Clone(u.kept[i+1:])
			return
		}
	}
}

// find gives an act that can still be undone.
func (u *Undo) find(token string) (undoable, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.forget()
	i := slices.IndexFunc(u.kept, func(act undoable) bool { return act.token == token })
	if i < 0 {
		return undoable{}, false
	}
	return u.kept[i], true
}

// done drops an act that was undone.
func (u *Undo) done(token string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.kept = slices.DeleteFunc(u.kept, func(act undoable) bool { return act.token == token })
}
