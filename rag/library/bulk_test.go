package library

import (
	"context"
	"fmt"
	"testing"
	"time"

	"referent/rag"
)

func TestBulkIsFoundOnceItIsSettled(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	l := open(t, dir)
	settle := l.Bulk()
	for i := range 20 {
		put(t, l, document(fmt.Sprintf("/%d.txt", i), "opłata numer 7", "wspólny przepis"))
	}
	if err := l.Delete(ctx, documentID("biuro", "/3.txt")); err != nil {
		t.Fatal(err)
	}
	put(t, l, document("/4.txt", "uchwała"))
	if err := settle(ctx); err != nil {
		t.Fatal(err)
	}
	equal(t, "found", len(words(t, l, rag.Scope{}, "opłata")), 18)
	equal(t, "found of the one that was replaced", units(t, l, words(t, l, rag.Scope{}, "uchwała"))[0], "/4.txt art. 1")
	checkWhole(t, l)
	equal(t, "waiting passages", l.bulk.waiting, 0)
}

func TestBulkIsFoundSoonWithoutBeingSettled(t *testing.T) {
	l := open(t, t.TempDir())
	l.Bulk()
	put(t, l, document("/a.txt", "opłata"))
	for deadline := time.Now().Add(time.Minute); len(words(t, l, rag.Scope{}, "opłata")) == 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a document was not found within a minute")
		}
	}
}

func TestBulkThatWaitsForManyIsFoundAtOnce(t *testing.T) {
	l := open(t, t.TempDir())
	l.Bulk()
	articles := make([]string, bulkPassages)
	for i := range articles {
		articles[i] = "opłata"
	}
	put(t, l, document("/a.txt", articles...))
	equal(t, "found", len(words(t, l, rag.Scope{}, "opłata")), 100)
}

// What is durable is found when the library is opened again, whether the run came to its
// end or not.
func TestBulkThatWasCutShortIsCaughtUp(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	l := open(t, dir)
	settle := l.Bulk()
	put(t, l, document("/a.txt", "opłata"))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := settle(ctx); err != nil {
		t.Error(err)
	}
	l = open(t, dir)
	equal(t, "found", units(t, l, words(t, l, rag.Scope{}, "opłata")), []string{"/a.txt art. 1"})
	checkWhole(t, l)
}

// The words counted piece by piece when a document is stored are those of the whole
// texts, counted when the index is built anew.
func TestWordsAreCountedAsTheyAreIndexed(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	doc := document("/a.txt", "k.p.a. i e-mail", "Ustawa-o opłacie 2016/679.")
	doc.Passages[0].Heading, doc.Passages[1].Heading = "Rozdział 1", "-2"
	put(t, l, doc)
	count := func() (words int) {
		if err := l.reader.QueryRowContext(ctx, `SELECT words FROM documents`).Scan(&words); err != nil {
			t.Fatal(err)
		}
		return words
	}
	stored := count()
	fresh, err := rebuildWords(ctx, l.writer, t.TempDir()+"/fresh", corpora.passages, l.words.indexState)
	if err != nil {
		t.Fatal(err)
	}
	if err := fresh.close(); err != nil {
		t.Error(err)
	}
	equal(t, "words", stored, count())
}
