package library

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"referent/rag"
)

// kept is a document with all that must survive when it is taken out and comes back.
func kept() rag.Document {
	doc := document("/akty/targ.pdf", "Opłata targowa wynosi 5 zł.", "Zwalnia się rolników.")
	doc.Act, doc.Status, doc.RepealedFrom, doc.InForceFrom = "local/rada/uchwala/1", rag.StatusInForce, "2099-01-01", "2010-02-01"
	doc.Pages[0].OCR, doc.Pages[0].Unread = true, true
	doc.Passages[1].Heading = "Rozdział 2"
	doc.Relations = []rag.Relation{{Kind: rag.Amends, Act: "local/rada/uchwala/0", Key: "art=1"}}
	doc.Stamp = rag.Stamp{Size: 7, MTime: 8, Inode: 9, ETag: `"e"`, Checked: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)}
	return doc
}

func TestWhatIsTakenOutComesBackAsItWas(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	repeal := resolution("/uchylenie", "local/rada/uchwala/2", func(d *rag.Document) {
		d.WordingDate = "2020-01-02"
		d.Relations = []rag.Relation{{Kind: rag.Repeals, Act: "local/rada/uchwala/1", Date: "2020-02-01"}}
	})
	stored := put(t, l, kept())
	put(t, l, repeal)
	if err := l.SetMissing(ctx, []string{stored.Document}, "2026-11-01"); err != nil {
		t.Fatal(err)
	}
	embedAll(t, l)
	before := wholeOf(t, l, stored.Document)
	taken, err := l.Take(ctx, stored.Document)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Document(ctx, stored.Document); !errors.Is(err, &rag.Error{Code: rag.CodeNotFound}) {
		t.Errorf("taken out, it is still there: %v", err)
	}
	if _, err := l.Take(ctx, stored.Document); !errors.Is(err, &rag.Error{Code: rag.CodeNotFound}) {
		t.Errorf("taken twice: %v", err)
	}
	if err := l.Restore(ctx, taken); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, wholeOf(t, l, stored.Document)); diff != "" {
		t.Errorf("-before +after\n%s", diff)
	}
	if pending := embedAll(t, l); pending != 0 {
		t.Errorf("%d texts lost their vectors", pending)
	}
	if err := l.Restore(ctx, taken); !errors.Is(err, &rag.Error{Code: rag.CodeAlreadyThere}) {
		t.Errorf("restored over what is there: %v", err)
	}
	checkWhole(t, l)
}

// wholeOf gives a document with its passages but their numbers, which are given anew.
func wholeOf(t *testing.T, l *Library, id string) rag.Document {
	t.Helper()
	tx, err := l.reader.BeginTx(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	doc, err := readWhole(context.Background(), tx, id)
	if err != nil {
		t.Fatal(err)
	}
	for i := range doc.Passages {
		doc.Passages[i].ID = 0
	}
	if !doc.Pages[0].Unread || doc.RepealedFrom != "2099-01-01" || doc.Status != rag.StatusInForce || doc.MissingSince == "" {
		t.Errorf("not what was put: %+v %+v", doc.Info, doc.Pages)
	}
	return doc
}

func TestMove(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	stored := put(t, l, kept())
	embedAll(t, l)
	moved, err := l.Move(ctx, stored.Document, "akty")
	if err != nil || moved == stored.Document {
		t.Fatalf("moved to %s, %v", moved, err)
	}
	states, err := l.Documents(ctx, "", model)
	if err != nil || len(states) != 1 || states[0].Collection != "akty" || states[0].ID != moved {
		t.Fatalf("%+v, %v", states, err)
	}
	if s := states[0]; s.Embedded != s.Passages || s.Pages != 1 || s.OCR != 1 || s.Unread != 1 {
		t.Errorf("state %+v", s)
	}
	equal(t, "found there", named(t, l, words(t, l, rag.Scope{Collections: []string{"akty"}}, "targowa")), []string{"/akty/targ.pdf"})
	put(t, l, kept())
	if _, err := l.Move(ctx, moved, rag.DefaultCollection); !errors.Is(err, &rag.Error{Code: rag.CodeAlreadyThere}) {
		t.Errorf("moved onto another one: %v", err)
	}
	if _, err := l.Document(ctx, moved); err != nil {
		t.Errorf("a move that was refused lost it: %v", err)
	}
	if same, err := l.Move(ctx, moved, "akty"); err != nil || same != moved {
		t.Errorf("moved to where it is: %s, %v", same, err)
	}
	checkWhole(t, l)
}

func TestTheSameBytesReadIntoAnotherTextAreStored(t *testing.T) {
	l := open(t, t.TempDir())
	doc := kept()
	put(t, l, doc)
	if !put(t, l, doc).Unchanged {
		t.Error("nothing changed, yet it was stored")
	}
	again := document("/akty/targ.pdf", "Opłata targowa wynosi 6 zł.")
	again.Info = doc.Info
	if put(t, l, again).Unchanged {
		t.Error("another text of the same bytes was not stored")
	}
}

func TestFoldersRestAndRememberTheirLook(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	look := rag.Look{At: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC), Files: 9, Stored: 3, Problems: 2, Missing: 1}
	for _, err := range []error{
		l.Watch(ctx, "biuro", "/srv/akty"), l.Watch(ctx, "biuro", "/srv/pisma"),
		l.Pause(ctx, "biuro", "/srv/akty", true), l.Looked(ctx, "biuro", "/srv/akty", look), l.Watch(ctx, "biuro", "/srv/akty"),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	folders, err := l.Folders(ctx)
	if err != nil || len(folders) != 2 {
		t.Fatalf("%+v, %v", folders, err)
	}
	if f := folders[0]; !f.Paused || f.Look != look {
		t.Errorf("got %+v", f)
	}
	if f := folders[1]; f.Paused || !f.Look.At.IsZero() {
		t.Errorf("got %+v", f)
	}
}
