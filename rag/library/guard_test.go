package library

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"referent/internal/polish"
	"referent/rag"
)

func TestSecondProcessLearnsWhoHoldsTheFolder(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	l, err := Open(ctx, dir, Holder{PID: 4711})
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(ctx, dir, Holder{})
	hasCode(t, err, rag.CodeDataFolderHeld)
	if err := l.Announce("http://127.0.0.1:8080"); err != nil {
		t.Fatal(err)
	}
	_, err = Open(ctx, dir, Holder{})
	var held *HeldError
	if !errors.As(err, &held) {
		t.Fatal(err)
	}
	equal(t, "holder", held.Holder, Holder{PID: 4711, URL: "http://127.0.0.1:8080"})
	equal(t, "holder's text", held.Error(), "PID 4711, http://127.0.0.1:8080")
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	equal(t, "holder after closing", readHolder(filepath.Join(dir, "lock")), Holder{})
	again, err := Open(ctx, dir, Holder{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "holder", readHolder(filepath.Join(dir, "lock")).PID, os.Getpid())
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestNewerLibraryIsLeftUntouched(t *testing.T) {
	ctx, dir := context.Background(), filepath.Join(t.TempDir(), "dane z ?# i %20 w nazwie")
	l := open(t, dir)
	put(t, l, document("/a.txt", "opłata"))
	if _, err := l.writer.ExecContext(ctx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, databaseName))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(ctx, dir, Holder{})
	hasCode(t, err, rag.CodeLibraryNewer)
	if coded := (*rag.Error)(nil); !errors.As(err, &coded) || coded.Subject != dir {
		t.Errorf("the error does not name the folder: %v", err)
	}
	after, err := os.ReadFile(filepath.Join(dir, databaseName))
	if err != nil || !bytes.Equal(before, after) {
		t.Error("the newer library was written to", err)
	}
}

func TestFullDisk(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	put(t, l, document("/small.txt", "opłata skarbowa"))
	embedAll(t, l)
	var pages int
	if err := l.writer.QueryRowContext(ctx, `PRAGMA page_count`).Scan(&pages); err != nil {
		t.Fatal(err)
	}
	if _, err := l.writer.ExecContext(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages+2)); err != nil {
		t.Fatal(err)
	}
	large := document("/large.txt", strings.Repeat("opłata ", 20000))
	_, err := l.Put(ctx, large, model)
	hasCode(t, err, rag.CodeDiskFull)
	equal(t, "found", units(t, l, words(t, l, rag.Scope{}, "opłata")), []string{"/small.txt art. 1"})
	checkWhole(t, l)

	if _, err := l.writer.ExecContext(ctx, `PRAGMA max_page_count = 1000000`); err != nil {
		t.Fatal(err)
	}
	put(t, l, large)
	equal(t, "found once there is room", len(words(t, l, rag.Scope{}, "opłata")), 2)
}

// The index holds what polish.Terms made of the texts when they were stored. When this
// fails, raise analyserVersion: libraries are then indexed anew.
func TestAnalyserVersionBelongsToTheTerms(t *testing.T) {
	const probe = "Zażółć GĘŚLĄ jaźń, art. 39^3 § 2 k.p.a.; rozp. 2016/679 i e-mail: dzieci, roku, sprawach, opłaty, które nie są"
	terms := strings.Join(polish.Terms(probe), " ")
	equal(t, analyserVersion, terms, "zażółcić gęśl jaźń art 39^3 2 k.p.a rozp 2016/679 e mail dziecko rok sprawa opłata")
}
