package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"go.uber.org/goleak"

	"referent/rag"
)

// fakeLibrary keeps documents and vectors in memory, as the library does on disk.
type fakeLibrary struct {
	mu      sync.Mutex
	docs    map[string]rag.Document
	vectors map[string]bool
	puts    int
	putErr  error
	refused string // end of the name of a source that it does not take
	broken  bool   // it answers nothing any more once it refused one
	down    bool
}

func newLibrary() *fakeLibrary {
	return &fakeLibrary{docs: map[string]rag.Document{}, vectors: map[string]bool{}}
}

func (f *fakeLibrary) Known(_ context.Context, collection, source string) (rag.Known, bool, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		return rag.Known{}, false, errors.New("database is closed")
	}
	doc, found := f.docs[collection+"|"+source]
	return rag.Known{Info: doc.Info, Stamp: doc.Stamp}, found, nil
}

func (f *fakeLibrary) State(_ context.Context, id, _ string) (rag.Stored, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, doc := range f.docs {
		if doc.ID == id {
			return rag.Stored{Document: id, Units: len(doc.Units), Passages: len(doc.Passages)}, nil
		}
	}
	return rag.Stored{}, fmt.Errorf("no document %q", id)
}

func (f *fakeLibrary) Put(_ context.Context, doc rag.Document, _ string) (rag.Stored, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.puts++
	if f.putErr != nil {
		return rag.Stored{}, f.putErr
	}
	if f.refused != "" && strings.HasSuffix(doc.Source, f.refused) {
		f.down = f.broken
		return rag.Stored{}, errors.New("it has no passages")
	}
	doc.ID = doc.Source
	f.docs[doc.Collection+"|"+doc.Source] = doc
	return rag.Stored{Document: doc.Source, Units: len(doc.Units), Passages: len(doc.Passages)}, nil
}

func (f *fakeLibrary) PendingTexts(_ context.Context, _ string, limit int) ([]rag.EmbeddingTask, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var tasks []rag.EmbeddingTask
	seen := map[string]bool{}
	for _, doc := range f.docs {
		for _, p := range doc.Passages {
			text := p.EmbeddingText(doc.Title)
			if !f.vectors[text] && !seen[text] && len(tasks) < limit {
				seen[text] = true
				tasks = append(tasks, rag.EmbeddingTask{Hash: text, Text: text})
			}
		}
	}
	return tasks, nil
}

func (f *fakeLibrary) PutVectors(_ context.Context, _ string, vectors []rag.Vector) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, v := range vectors {
		f.vectors[v.Hash] = true
	}
	return nil
}

func (f *fakeLibrary) CountPending(ctx context.Context, digest string) (texts int, runes int64, err error) {
	tasks, err := f.PendingTexts(ctx, digest, 1<<30)
	for _, task := range tasks {
		runes += int64(len([]rune(task.Text)))
	}
	return len(tasks), runes, err
}

// scriptedEmbedder remembers what it embedded and fails from a call on, if told to.
type scriptedEmbedder struct {
	mu       sync.Mutex
	embedded []string
	calls    int
	failFrom int // 0: never
	onCall   func()
}

func (e *scriptedEmbedder) Model(context.Context) (rag.Model, bool, error) {
	return rag.Model{Name: "e5", Digest: "d1"}, true, nil
}

func (e *scriptedEmbedder) EmbedQuery(context.Context, string) ([]float32, error) {
	return nil, errors.New("nobody asks")
}

func (e *scriptedEmbedder) EmbedPassages(_ context.Context, texts []string) ([][]float32, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls++
	if e.onCall != nil {
		e.onCall()
	}
	if e.failFrom > 0 && e.calls >= e.failFrom {
		return nil, &rag.Error{Code: rag.CodeOllamaUnreachable}
	}
	e.embedded = append(e.embedded, texts...)
	return make([][]float32, len(texts)), nil
}

type recorder struct{ events []Event }

func (r *recorder) report(e Event) { r.events = append(r.events, e) }

func (r *recorder) problems() map[string]rag.Code {
	found := map[string]rag.Code{}
	for _, e := range r.events {
		if e.Event == EventProblem {
			found[filepath.Base(e.File)] = e.Reason
		}
	}
	return found
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestRunStoresEmbedsAndKnowsWhatIsUnchanged(t *testing.T) {
	defer goleak.VerifyNone(t)
	dir := folder(t, map[string]string{"a.md": "# A\n\nPierwszy tekst.", "b.txt": "Drugi tekst.", "c.png": "\x89PNG\r\n\x1a\n\x00", ".ukryty.txt": "x", ".git/x.txt": "x"})
	lib, model := newLibrary(), &scriptedEmbedder{}
	p := Pipeline{Store: lib, Vectors: lib, Embedder: model}
	var first recorder
	got, err := p.Run(t.Context(), []Item{{Path: dir}}, first.report)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Summary{Files: 3, Stored: 2, Problems: 1, Passages: 2, Embedded: 2}); got != want {
		t.Errorf("summary %+v, want %+v", got, want)
	}
	if code := first.problems()["c.png"]; code != rag.CodeFileUnsupported {
		t.Errorf("c.png: %s", code)
	}
	if last := first.events[len(first.events)-1]; last.Event != EventDone || *last.Summary != got {
		t.Errorf("last event %+v", last)
	}
	var second recorder
	got, err = p.Run(t.Context(), []Item{{Path: dir}}, second.report)
	if err != nil || got.Stored != 0 || got.Unchanged != 2 || got.Passages != 2 || got.Embedded != 0 || lib.puts != 2 || len(model.embedded) != 2 {
		t.Errorf("again: %+v, %v; %d puts, %d embedded", got, err, lib.puts, len(model.embedded))
	}
	if err := os.WriteFile(filepath.Join(dir, "b.txt"), []byte("Zmieniony tekst."), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err = p.Run(t.Context(), []Item{{Path: dir}}, second.report)
	if err != nil || got.Stored != 1 || got.Unchanged != 1 || got.Embedded != 1 {
		t.Errorf("after a change: %+v, %v", got, err)
	}
}

func TestRunWithoutModelStoresAndEmbedCatchesUp(t *testing.T) {
	dir := folder(t, map[string]string{"a.md": "# A\n\nTekst."})
	lib, model := newLibrary(), &scriptedEmbedder{}
	var rec recorder
	if got, err := (Pipeline{Store: lib, Vectors: lib}).Run(t.Context(), []Item{{Path: dir, Collection: "inna"}}, rec.report); err != nil || got.Stored != 1 || got.Embedded != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, doc := range lib.docs {
		if doc.Collection != "inna" || !filepath.IsAbs(doc.Source) {
			t.Errorf("stored as %+v", doc.Info)
		}
	}
	if n, err := (Pipeline{Vectors: lib, Embedder: model}).Embed(t.Context(), rec.report); err != nil || n != 1 {
		t.Errorf("Embed = %d, %v", n, err)
	}
	if last := rec.events[len(rec.events)-1]; last.Stage != StageEmbed || last.Done != 1 || last.Total != 1 {
		t.Errorf("progress %+v", last)
	}
}

func manyFiles(t *testing.T, n int) string {
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprintf("%03d.txt", i)] = fmt.Sprintf("Dokument numer %d.", i)
	}
	return folder(t, files)
}

func TestModelThatDiesLeavesEverythingStored(t *testing.T) {
	lib, model := newLibrary(), &scriptedEmbedder{failFrom: 1}
	var rec recorder
	got, err := Pipeline{Store: lib, Vectors: lib, Embedder: model}.Run(t.Context(), []Item{{Path: manyFiles(t, 40)}}, rec.report)
	if !errors.Is(err, &rag.Error{Code: rag.CodeOllamaUnreachable}) || got.Stored != 40 || got.Pending != 40 {
		t.Errorf("%+v, %v", got, err)
	}
	model.failFrom = 0
	if n, err := (Pipeline{Vectors: lib, Embedder: model}).Embed(t.Context(), rec.report); err != nil || n != 40 {
		t.Errorf("catching up: %d, %v", n, err)
	}
}

func TestInterruptedEmbeddingLosesNoBatchThatWasStored(t *testing.T) {
	lib := newLibrary()
	var rec recorder
	if _, err := (Pipeline{Store: lib, Vectors: lib}).Run(t.Context(), []Item{{Path: manyFiles(t, 100)}}, rec.report); err != nil {
		t.Fatal(err)
	}
	model := &scriptedEmbedder{failFrom: 3}
	if n, err := (Pipeline{Vectors: lib, Embedder: model}).Embed(t.Context(), rec.report); err == nil || n != 2*embedBatch {
		t.Fatalf("interrupted: %d, %v", n, err)
	}
	model.failFrom = 0
	if n, err := (Pipeline{Vectors: lib, Embedder: model}).Embed(t.Context(), rec.report); err != nil || n != 100-2*embedBatch {
		t.Errorf("resumed: %d, %v", n, err)
	}
	seen := map[string]bool{}
	for _, text := range model.embedded {
		if seen[text] {
			t.Errorf("%q was embedded twice", text)
		}
		seen[text] = true
	}
}

func TestFullDiskStopsTheRun(t *testing.T) {
	lib := newLibrary()
	lib.putErr = fmt.Errorf("writing: %w", syscall.ENOSPC)
	var rec recorder
	_, err := Pipeline{Store: lib, Vectors: lib}.Run(t.Context(), []Item{{Path: manyFiles(t, 5)}}, rec.report)
	if !errors.Is(err, &rag.Error{Code: rag.CodeDiskFull}) || lib.puts != 1 || len(rec.problems()) != 0 {
		t.Errorf("%v after %d puts, problems %v", err, lib.puts, rec.problems())
	}
}

func TestCancelEndsTheRun(t *testing.T) {
	defer goleak.VerifyNone(t)
	ctx, cancel := context.WithCancel(t.Context())
	lib, model := newLibrary(), &scriptedEmbedder{onCall: cancel}
	var rec recorder
	_, err := Pipeline{Store: lib, Vectors: lib, Embedder: model}.Run(ctx, []Item{{Path: manyFiles(t, 200)}}, rec.report)
	if !errors.Is(err, &rag.Error{Code: rag.CodeCancelled}) {
		t.Errorf("%v", err)
	}
}

func TestFileThatVanishes(t *testing.T) {
	dir := folder(t, map[string]string{"1.txt": "Pierwszy.", "3.txt": "Trzeci."})
	lib := newLibrary()
	var rec recorder
	r := &run{Pipeline: Pipeline{Store: lib, Vectors: lib}, report: rec.report}
	var files []Item
	for _, name := range []string{"1.txt", "2.txt", "3.txt"} { // the second went after it was listed
		files = append(files, Item{Path: filepath.Join(dir, name), Source: name})
	}
	if _, err := r.readAndEmbed(t.Context(), files); err != nil || r.summary.Stored != 2 || rec.problems()["2.txt"] != rag.CodeFileVanished {
		t.Errorf("%+v, %v, %v", r.summary, err, rec.problems())
	}
}

func TestNothingToRead(t *testing.T) {
	lib := newLibrary()
	for name, c := range map[string]struct {
		path string
		want rag.Code
	}{
		"an empty folder":          {t.TempDir(), rag.CodeNoReadableFiles},
		"only unreadable files":    {folder(t, map[string]string{"a.png": "\x89PNG\r\n\x1a\n\x00"}), rag.CodeNoReadableFiles},
		"a path that is not there": {filepath.Join(t.TempDir(), "nie-ma"), rag.CodeFileUnreadable},
	} {
		var rec recorder
		if _, err := (Pipeline{Store: lib, Vectors: lib}).Run(t.Context(), []Item{{Path: c.path}}, rec.report); !errors.Is(err, &rag.Error{Code: c.want}) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestLinksOutOfTheFolderAreNotFollowed(t *testing.T) {
	outside := folder(t, map[string]string{"tajne.txt": "Tajne."})
	dir := folder(t, map[string]string{"a.txt": "Jawne."})
	for link, target := range map[string]string{"wyjscie.txt": filepath.Join(outside, "tajne.txt"), "folder": outside, "drugi.txt": filepath.Join(dir, "a.txt"), "zepsuty": filepath.Join(dir, "nie-ma")} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	files, problems := expand([]Item{{Path: dir}})
	var names []string
	for _, f := range files {
		names = append(names, filepath.Base(f.Path))
	}
	if got := strings.Join(names, " "); got != "a.txt drugi.txt" || len(problems) != 0 {
		t.Errorf("expanded to %q, %v", got, problems)
	}
}

// questionShelf is a library where a passage and everyday questions wait.
type questionShelf struct {
	fakeLibrary
	tasks []rag.EmbeddingTask
	kept  map[string]float32
}

func (q *questionShelf) PendingTexts(context.Context, string, int) ([]rag.EmbeddingTask, error) {
	var waiting []rag.EmbeddingTask
	for _, task := range q.tasks {
		if _, done := q.kept[task.Hash]; !done {
			waiting = append(waiting, task)
		}
	}
	return waiting, nil
}

func (q *questionShelf) PutVectors(_ context.Context, _ string, vectors []rag.Vector) error {
	for _, v := range vectors {
		q.kept[v.Hash] = v.Values[0]
	}
	return nil
}

func (q *questionShelf) CountPending(ctx context.Context, digest string) (texts int, runes int64, err error) {
	tasks, err := q.PendingTexts(ctx, digest, 0)
	return len(tasks), 0, err
}

// sides embeds queries as 1 and passages as 2.
type sides struct{ scriptedEmbedder }

func (*sides) EmbedQuery(context.Context, string) ([]float32, error) { return []float32{1}, nil }

func (*sides) EmbedPassages(_ context.Context, texts []string) ([][]float32, error) {
	vectors := make([][]float32, len(texts))
	for i := range vectors {
		vectors[i] = []float32{2}
	}
	return vectors, nil
}

func TestEverydayQuestionsAreEmbeddedAsQueries(t *testing.T) {
	shelf := &questionShelf{kept: map[string]float32{}, tasks: []rag.EmbeddingTask{
		{Hash: "p", Text: "ile urząd ma czasu"}, {Hash: "q", Text: "ile urząd ma czasu", Question: true},
		{Hash: "long", Text: "Adresat rozpatruje petycję bez zbędnej zwłoki"}, {Hash: "r", Text: "kiedy odpiszą", Question: true},
	}}
	n, err := Pipeline{Vectors: shelf, Embedder: &sides{}}.Embed(t.Context(), func(Event) {})
	if err != nil || n != 4 {
		t.Fatal(n, err)
	}
	for hash, want := range map[string]float32{"p": 2, "long": 2, "q": 1, "r": 1} {
		if shelf.kept[hash] != want {
			t.Errorf("%s was embedded as %v, want %v", hash, shelf.kept[hash], want)
		}
	}
}

func TestRunSettlesTheBulkItBegan(t *testing.T) {
	for name, full := range map[string]error{"done": nil, "disk full": fmt.Errorf("writing: %w", syscall.ENOSPC)} {
		t.Run(name, func(t *testing.T) {
			lib := newLibrary()
			begun, settled, puts := 0, 0, 0
			bulk := func() func(context.Context) error {
				begun++
				return func(context.Context) error {
					settled, puts = settled+1, lib.puts
					return full
				}
			}
			var rec recorder
			_, err := Pipeline{Store: lib, Vectors: lib, Bulk: bulk}.Run(t.Context(), []Item{{Path: manyFiles(t, 5)}}, rec.report)
			if begun != 1 || settled != 1 || puts != 5 {
				t.Errorf("begun %d times, settled %d times, after %d documents", begun, settled, puts)
			}
			if disk := errors.Is(err, &rag.Error{Code: rag.CodeDiskFull}); disk != (full != nil) {
				t.Errorf("settling failed with %v, the run with %v", full, err)
			}
		})
	}
}
