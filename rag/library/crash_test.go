package library

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"referent/internal/polish"
	"referent/rag"
)

const crashChild = "REFERENT_TEST_CRASH_CHILD"

// storeUntilKilled is what the killed child does: it stores, replaces, embeds, notes and
// deletes without an end, and says what it begins and what was acknowledged.
func storeUntilKilled(dir string) {
	ctx := context.Background()
	l, err := Open(ctx, dir, Holder{})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return
	}
	start := time.Now().UnixNano()
	for i := start; ; i++ {
		source := fmt.Sprintf("/%d.txt", rand.N(8))
		text := fmt.Sprintf("opłata numer %d", i)
		fmt.Println("begin", source, i)
		stored, err := l.Put(ctx, document(source, text, "wspólny przepis", "trzeci artykuł"), model)
		if err == nil {
			fmt.Println("stored", source, i)
			var tasks []rag.EmbeddingTask
			if tasks, err = l.PendingTexts(ctx, model, 2); err == nil && len(tasks) > 0 {
				err = l.PutVectors(ctx, model, []rag.Vector{{Hash: tasks[0].Hash, Values: vectorOf(tasks[0].Text)}})
			}
		}
		if err == nil && i%7 == 3 {
			err = l.SetMissing(ctx, []string{stored.Document}, "2026-05-06")
		}
		if err == nil && i%5 == 4 {
			fmt.Println("begin", source, 0)
			if err = l.Delete(ctx, stored.Document); err == nil {
				fmt.Println("stored", source, 0)
			}
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return
		}
	}
}

// kills is how often the child is killed: REFERENT_KILLS, else few.
func kills(t *testing.T) int {
	t.Helper()
	text := os.Getenv("REFERENT_KILLS")
	if text == "" {
		return 10
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestKilledProcessLeavesTheLibraryWhole(t *testing.T) {
	dir := t.TempDir()
	state := acknowledged{last: map[string]int64{}, begun: map[string]int64{}}
	operations, rounds := 0, kills(t)
	for round := range rounds {
		operations += state.killOnce(t, dir, round)
		l := open(t, dir)
		state.check(t, l)
		checkWhole(t, l)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d kills, %d acknowledged operations: each library opened, nothing acknowledged was lost, indices as built anew", rounds, operations)
}

// acknowledged is what the child was told is durable, by source: the number of the
// document, 0 where it was deleted; and what it had begun when it was killed.
type acknowledged struct{ last, begun map[string]int64 }

// killOnce runs the child until a random moment and reads what it said.
func (a *acknowledged) killOnce(t *testing.T, dir string, round int) (operations int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashChild+"="+dir)
	child.Stderr = os.Stderr
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	said := bufio.NewScanner(output)
	first := true
	for said.Scan() {
		if first { // the library is open
			first = false
			time.AfterFunc(time.Duration(rand.IntN(300))*time.Millisecond, func() { _ = child.Process.Kill() })
		}
		var word, source string
		var n int64
		if _, err := fmt.Sscan(said.Text(), &word, &source, &n); err != nil {
			continue // a line that was cut short
		}
		a.begun[source] = n
		if word == "stored" {
			a.last[source] = n
			operations++
		}
	}
	if err := child.Wait(); err == nil || first {
		t.Fatalf("round %d: the child ended before it was killed", round)
	}
	return operations
}

// check holds the library against what was acknowledged. An operation that was under way
// may have come through or not.
func (a *acknowledged) check(t *testing.T, l *Library) {
	t.Helper()
	for source, want := range a.last {
		var got int64
		known, found, err := l.Known(context.Background(), "biuro", source)
		if err != nil {
			t.Fatal(err)
		}
		if found {
			doc, err := l.Document(context.Background(), known.ID)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := fmt.Sscanf(doc.Text, "Art. 1. opłata numer %d", &got); err != nil {
				t.Fatalf("%s holds %q", source, doc.Text)
			}
		}
		if got != want && got != a.begun[source] {
			t.Errorf("%s holds document %d, acknowledged was %d (begun: %d)", source, got, want, a.begun[source])
		}
		a.last[source], a.begun[source] = got, got
	}
}

// checkWhole holds the tables against their own rules and the derived indices
// against ones made anew.
func checkWhole(t *testing.T, l *Library) {
	t.Helper()
	ctx := context.Background()
	var integrity string
	if err := l.reader.QueryRowContext(ctx, `PRAGMA integrity_check`).Scan(&integrity); err != nil || integrity != "ok" {
		t.Fatal(integrity, err)
	}
	var broken int
	const orphans = `SELECT COUNT(*) FROM documents d WHERE d.passages != (SELECT COUNT(*) FROM passages p
		WHERE p.document = d.id AND p.id BETWEEN d.first_passage AND d.last_passage)
		OR d.units != (SELECT COUNT(*) FROM units u WHERE u.document = d.id)`
	if err := l.reader.QueryRowContext(ctx, orphans).Scan(&broken); err != nil || broken != 0 {
		t.Fatalf("%d documents are in pieces (%v)", broken, err)
	}
	fresh, err := rebuildWords(ctx, l.writer, filepath.Join(t.TempDir(), "fresh"), corpora.passages, l.words.indexState)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := fresh.close(); err != nil {
			t.Error(err)
		}
	}()
	words := polish.Alternatives("opłata numer wspólny przepis uchwała 1 7")
	all := func(int64) bool { return true }
	got, err := l.words.search(ctx, words, 1000, 1000, all)
	if err != nil {
		t.Fatal(err)
	}
	want, err := fresh.search(ctx, words, 1000, 1000, all)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "index by words against one built anew", got, want)
}

func TestCommitWithoutIndexIsCaughtUp(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	l := open(t, dir)
	put(t, l, document("/old.txt", "stara opłata"))
	put(t, l, document("/gone.txt", "opłata usunięta"))
	doc := document("/new.txt", "nowa opłata")
	doc.Collection, doc.ID = "biuro", documentID("biuro", "/new.txt")
	if _, err := l.commitDocument(ctx, doc); err != nil {
		t.Fatal(err)
	}
	replaced := document("/old.txt", "zmieniona opłata")
	replaced.Collection, replaced.ID = "biuro", documentID("biuro", "/old.txt")
	if _, err := l.commitDocument(ctx, replaced); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil { // as a crash between the commit and the indices would
		t.Fatal(err)
	}
	l = open(t, dir)
	equal(t, "found", units(t, l, words(t, l, rag.Scope{}, "nowa zmieniona stara usunięta")),
		[]string{"/gone.txt art. 1", "/old.txt art. 1", "/new.txt art. 1"})
	equal(t, "found of what was replaced", words(t, l, rag.Scope{}, "stara"), []int64{})
	checkWhole(t, l)
}

func TestCommitOfAFailedIndexIsCaughtUpByTheNextChange(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	doc := document("/a.txt", "pierwsza opłata")
	doc.Collection, doc.ID = "biuro", documentID("biuro", "/a.txt")
	if _, err := l.commitDocument(ctx, doc); err != nil {
		t.Fatal(err)
	}
	if !put(t, l, doc).Unchanged {
		t.Error("what was committed is not there")
	}
	equal(t, "found", units(t, l, words(t, l, rag.Scope{}, "pierwsza")), []string{"/a.txt art. 1"})
}

func TestDamagedIndexIsBuiltAnew(t *testing.T) {
	segments := func(t *testing.T, dir string) []string {
		t.Helper()
		files, err := filepath.Glob(filepath.Join(dir, wordsName, "store", "*.zap"))
		if err != nil || len(files) == 0 {
			t.Fatal("no segments", err)
		}
		return files
	}
	for name, damage := range map[string]func(t *testing.T, dir string) error{
		"folder gone": func(_ *testing.T, dir string) error { return os.RemoveAll(filepath.Join(dir, wordsName)) },
		"no meta": func(_ *testing.T, dir string) error {
			return os.Remove(filepath.Join(dir, wordsName, "index_meta.json"))
		},
		"store gone": func(_ *testing.T, dir string) error { return os.RemoveAll(filepath.Join(dir, wordsName, "store")) },
		"a file": func(_ *testing.T, dir string) error {
			return errors.Join(os.RemoveAll(filepath.Join(dir, wordsName)), os.WriteFile(filepath.Join(dir, wordsName), []byte("x"), 0o600))
		},
		"root damaged": func(_ *testing.T, dir string) error {
			return os.WriteFile(filepath.Join(dir, wordsName, "store", "root.bolt"), []byte("nothing"), 0o600)
		},
		"segment gone":  func(t *testing.T, dir string) error { return os.Remove(segments(t, dir)[0]) },
		"segment empty": func(t *testing.T, dir string) error { return os.Truncate(segments(t, dir)[0], 0) },
		"segment cut":   func(t *testing.T, dir string) error { return os.Truncate(segments(t, dir)[0], 300) },
		"segment zeroed": func(t *testing.T, dir string) error {
			file := segments(t, dir)[0]
			stat, err := os.Stat(file)
			if err != nil {
				return err
			}
			return os.WriteFile(file, make([]byte, stat.Size()), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			l := open(t, dir)
			put(t, l, document("/a.txt", "opłata skarbowa", "zwrot"))
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
			if err := damage(t, dir); err != nil {
				t.Fatal(err)
			}
			l = open(t, dir)
			equal(t, "found", units(t, l, words(t, l, rag.Scope{}, "skarbowa")), []string{"/a.txt art. 1"})
			checkWhole(t, l)
		})
	}
}

func TestIndexOfAnotherLibraryIsBuiltAnew(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	for folder, text := range map[string]string{dir: "gminna opłata", other: "powiatowa opłata"} {
		l := open(t, folder)
		put(t, l, document("/a.txt", text))
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, wordsName)); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, wordsName), os.DirFS(filepath.Join(other, wordsName))); err != nil {
		t.Fatal(err)
	}
	l := open(t, dir)
	equal(t, "found", len(words(t, l, rag.Scope{}, "gminna")), 1)
	equal(t, "found of the other library", len(words(t, l, rag.Scope{}, "powiatowa")), 0)
}

func TestIndexBehindAPrunedListOrOfAnotherAnalyserIsBuiltAnew(t *testing.T) {
	for name, spoil := range map[string]string{
		"behind":           `DELETE FROM changes`,
		"another library":  `UPDATE meta SET value = 'x' WHERE name = 'generation'`,
		"ahead of a table": `UPDATE sqlite_sequence SET seq = 0 WHERE name = 'changes'`,
	} {
		ctx, dir := context.Background(), t.TempDir()
		l := open(t, dir)
		put(t, l, document("/b.txt", "druga"))
		doc := document("/a.txt", "opłata")
		doc.Collection, doc.ID = "biuro", documentID("biuro", "/a.txt")
		if _, err := l.commitDocument(ctx, doc); err != nil {
			t.Fatal(err)
		}
		// Word counts of another analyser.
		if _, err := l.writer.ExecContext(ctx, `UPDATE documents SET words = 0`); err != nil {
			t.Fatal(err)
		}
		if _, err := l.writer.ExecContext(ctx, spoil); err != nil {
			t.Fatal(err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		l = open(t, dir)
		equal(t, name+": found", len(words(t, l, rag.Scope{}, "opłata druga")), 2)
		h, err := l.held(ctx)
		if err != nil || h.words == 0 {
			t.Errorf("%s: words were not counted anew (%v)", name, err)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
