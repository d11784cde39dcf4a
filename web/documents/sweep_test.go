package documents

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestUploadsWithoutADocumentAreRemoved(t *testing.T) {
	root := t.TempDir()
	now := time.Now()
	file := func(name string, age time.Duration) string {
		t.Helper()
		path := filepath.Join(root, "biuro", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	used, taken, fresh := file("umowa.pdf", 90*24*time.Hour), file("skarga.pdf", 90*24*time.Hour), file("nowa.pdf", time.Hour)
	there := func(path string) bool { _, err := os.Stat(path); return err == nil }
	sources := []string{used, taken}
	s := &Sweeper{Root: root, Now: func() time.Time { return now }, Sources: func(context.Context) ([]string, error) { return sources, nil }}
	look := func(later time.Duration) {
		t.Helper()
		now = now.Add(later)
		if err := s.Look(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	look(0)
	sources = []string{used} // a person takes the complaint out
	look(UndoTime)
	if !there(taken) {
		t.Fatal("removed while the deletion could be undone")
	}
	sources = []string{used, taken} // and takes that back
	look(UndoTime)
	sources = []string{used}
	look(time.Minute)
	if !there(taken) {
		t.Fatal("the time without a document goes on counting after it came back")
	}
	look(UndoTime + time.Second)
	if there(taken) || !there(used) || !there(fresh) {
		t.Errorf("taken out %t, in use %t, fresh %t", there(taken), there(used), there(fresh))
	}
}

func TestNothingIsRemovedWhenTheLibraryDoesNotAnswer(t *testing.T) {
	broken := errors.New("library is closed")
	s := &Sweeper{Root: t.TempDir(), Sources: func(context.Context) ([]string, error) { return nil, broken }}
	if err := s.Look(t.Context()); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
	s = &Sweeper{Root: filepath.Join(t.TempDir(), "none"), Sources: func(context.Context) ([]string, error) { return nil, nil }}
	if err := s.Look(t.Context()); err != nil {
		t.Errorf("no uploads yet: %v", err)
	}
}
