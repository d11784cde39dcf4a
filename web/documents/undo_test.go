package documents

import (
	"strings"
	"testing"
	"time"

	"referent/rag"
)

func TestUndoEnds(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	u := &Undo{Now: func() time.Time { return now }}
	first := u.keep(undoable{title: "a"})
	now = now.Add(UndoTime / 2)
	second := u.keep(undoable{title: "b"})
	now = now.Add(UndoTime/2 + time.Second)
	if _, found := u.find(first.token); found {
		t.Error("the first act outlived its time")
	}
	if act, found := u.find(second.token); !found || act.title != "b" {
		t.Errorf("the second act: %+v, %v", act, found)
	}
	if _, found := u.find(""); found {
		t.Error("no token is a token")
	}
}

func TestUndoKeepsSoMuch(t *testing.T) {
	u := &Undo{}
	half := []rag.Document{{Text: strings.Repeat("a", undoRunes/2+1)}}
	small := u.keep(undoable{taken: []rag.Document{{Text: "a"}}})
	large := u.keep(undoable{taken: half})
	last := u.keep(undoable{taken: half})
	for token, want := range map[string]bool{small.token: false, large.token: false, last.token: true} {
		if _, found := u.find(token); found != want {
			t.Errorf("found %v, want %v", found, want)
		}
	}
	whole := u.keep(undoable{taken: append(half, half...)})
	if _, found := u.find(whole.token); !found {
		t.Error("the last act cannot be undone because it is large")
	}
}
