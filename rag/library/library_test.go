package library

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"referent/rag"
)

const model = "sha256:test-model"

func TestMain(m *testing.M) {
	if dir := os.Getenv(crashChild); dir != "" {
		storeUntilKilled(dir)
		return
	}
	// bleve's workers live as long as the process.
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/blevesearch/bleve_index_api.AnalysisWorker"))
}

func open(t testing.TB, dir string) *Library {
	t.Helper()
	l, err := Open(context.Background(), dir, Holder{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() }) // a test that closes it itself leaves nothing to do
	return l
}

// document makes a document whose articles are the given texts.
func document(source string, articles ...string) rag.Document {
	doc := rag.Document{Info: rag.Info{
		Title: "Uchwała o " + source, Source: source, Kind: "text", Language: "pl", Status: rag.StatusInForce,
		Extractor: "test/1", FetchedAt: time.Date(2025, 5, 6, 7, 8, 9, 0, time.UTC),
		Hash: textHash(strings.Join(articles, "\n")),
	}}
	var text strings.Builder
	at := 0
	for i, article := range articles {
		head := fmt.Sprintf("Art. %d. ", i+1)
		text.WriteString(head + article + "\n")
		span := rag.Span{Start: at, End: at + utf8.RuneCountInString(head+article)}
		at = span.End + 1
		key, number := fmt.Sprintf("art=%d", i+1), fmt.Sprint(i+1)
		inner := rag.Span{Start: span.Start + utf8.RuneCountInString(head), End: span.End}
		doc.Units = append(doc.Units,
			rag.Unit{Key: key, Citation: "art. " + number, Article: number, Page: 1, Span: span, Status: rag.StatusInForce},
			rag.Unit{Key: key + ";ust=1", Citation: "art. " + number + " ust. 1", Article: number, Page: 1, Span: inner, Status: rag.StatusInForce})
		doc.Passages = append(doc.Passages, rag.Passage{
			Article: number, Key: key, Unit: "art. " + number, Page: 1, Span: span, Text: article, Status: rag.StatusInForce,
		})
	}
	doc.Text = text.String()
	doc.Pages = []rag.Page{{Number: 1, Label: "i", Span: rag.Span{End: at}, Words: 3, Share: 0.5}}
	return doc
}

func put(t testing.TB, l *Library, doc rag.Document) rag.Stored {
	t.Helper()
	stored, err := l.Put(context.Background(), doc, model)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// embedAll gives every pending text a vector made from its words.
func embedAll(t testing.TB, l *Library) (texts int) {
	t.Helper()
	for {
		tasks, err := l.PendingTexts(context.Background(), model, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(tasks) == 0 {
			return texts
		}
		texts += len(tasks)
		var vectors []rag.Vector
		for _, task := range tasks {
			vectors = append(vectors, rag.Vector{Hash: task.Hash, Values: vectorOf(task.Text)})
		}
		if err := l.PutVectors(context.Background(), model, vectors); err != nil {
			t.Fatal(err)
		}
	}
}

// vectorOf hashes the letters of a text into 16 buckets.
func vectorOf(text string) []float32 {
	vector := make([]float32, 16)
	for i, r := range text {
		vector[(int(r)*31+i%3)%len(vector)]++
	}
	return vector
}

func words(t testing.TB, l *Library, scope rag.Scope, question string) []int64 {
	t.Helper()
	hits, err := l.Words(context.Background(), scope, question, 100)
	if err != nil {
		t.Fatal(err)
	}
	ids := []int64{}
	for _, hit := range hits.Hits {
		ids = append(ids, hit.Passage)
	}
	return ids
}

func units(t testing.TB, l *Library, ids []int64) []string {
	t.Helper()
	passages, err := l.Passages(context.Background(), ids)
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, p := range passages {
		list = append(list, p.Document.Source+" "+p.Unit)
	}
	return list
}

func equal[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func hasCode(t testing.TB, err error, code rag.Code) {
	t.Helper()
	if !errors.Is(err, &rag.Error{Code: code}) {
		t.Errorf("error %v, want code %s", err, code)
	}
}

func TestDocumentComesBackAsItWasStored(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	doc := document("/a.txt", "Zażółć 🙂 gęślą jaźń.", "Opłata wynosi 5 zł.")
	stored := put(t, l, doc)
	equal(t, "stored", stored, rag.Stored{Document: documentID("biuro", "/a.txt"), Units: 4, Passages: 2})

	got, err := l.Document(ctx, stored.Document)
	if err != nil {
		t.Fatal(err)
	}
	want := doc
	want.ID, want.Collection, want.Passages = stored.Document, rag.DefaultCollection, nil
	runes := []rune(doc.Text)
	for i, u := range want.Units {
		want.Units[i].Text = string(runes[u.Start:u.End])
	}
	equal(t, "document", got, want)

	below, err := l.Units(ctx, stored.Document, "art=2")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "units of article 2", below, want.Units[2:])

	info, found, err := l.Known(ctx, "biuro", "/a.txt")
	if err != nil || !found {
		t.Fatal(found, err)
	}
	equal(t, "source", info, rag.Known{Info: want.Info})
	if _, found, err := l.Known(ctx, "inna", "/a.txt"); found || err != nil {
		t.Error("a source of another collection was found", err)
	}
	_, err = l.Document(ctx, "nothing")
	hasCode(t, err, rag.CodeNotFound)
	hasCode(t, l.Delete(ctx, "nothing"), rag.CodeNotFound)
}

func TestUnchangedDocumentIsLeftAlone(t *testing.T) {
	l := open(t, t.TempDir())
	doc := document("/a.txt", "opłata skarbowa")
	first := put(t, l, doc)
	embedAll(t, l)
	before := words(t, l, rag.Scope{}, "opłata")
	again := put(t, l, doc)
	equal(t, "stored again", again, rag.Stored{Document: first.Document, Units: 2, Passages: 1, Embedded: 1, Unchanged: true})
	equal(t, "passages", words(t, l, rag.Scope{}, "opłata"), before)

	doc.Extractor = "test/2"
	if put(t, l, doc).Unchanged {
		t.Error("a document read by another extractor counts as unchanged")
	}
}

func TestNothingIsEmbeddedTwice(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	doc := document("/a.txt", "opłata skarbowa", "zwrot opłaty")
	put(t, l, doc)
	texts, runes, err := l.CountPending(ctx, model)
	if err != nil {
		t.Fatal(err)
	}
	wanted := 0
	for _, p := range doc.Passages {
		wanted += utf8.RuneCountInString(p.EmbeddingText(doc.Title))
	}
	equal(t, "pending", []int{texts, int(runes)}, []int{2, wanted})
	equal(t, "embedded texts", embedAll(t, l), 2)
	old := words(t, l, rag.Scope{}, "opłata opłaty zwrot")

	changed := document("/a.txt", "opłata skarbowa", "zwrot opłaty", "nowy przepis")
	equal(t, "embedded of the changed document", put(t, l, changed).Embedded, 2)
	equal(t, "texts of the changed document", embedAll(t, l), 1)
	for _, id := range words(t, l, rag.Scope{}, "opłata opłaty zwrot nowy") {
		if id <= old[0] || id <= old[1] {
			t.Errorf("passage %d was given twice", id)
		}
	}
	equal(t, "old passages", units(t, l, old), []string{})

	if err := l.Delete(ctx, documentID("biuro", "/a.txt")); err != nil {
		t.Fatal(err)
	}
	equal(t, "words of a deleted document", words(t, l, rag.Scope{}, "opłata"), []int64{})
	moved := document("/b.txt", "opłata skarbowa", "zwrot opłaty", "nowy przepis")
	moved.Title = changed.Title
	equal(t, "embedded of the moved document", put(t, l, moved).Embedded, 3)
	other, err := l.PendingTexts(ctx, "another model", 10)
	if err != nil || len(other) != 3 {
		t.Errorf("%d texts for another model, want 3 (%v)", len(other), err)
	}
}

func TestListsCountWhatIsEmbedded(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	put(t, l, document("/a.txt", "jeden", "dwa"))
	embedAll(t, l)
	sample := document("/b.txt", "trzy")
	sample.Collection = rag.SampleCollection
	put(t, l, sample)

	collections, err := l.Collections(ctx, model)
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "collections", collections, []rag.CollectionState{
		{Name: "biuro", Documents: 1, Passages: 2, Embedded: 2}, {Name: "przyklad", Documents: 1, Passages: 1},
	})
	for collection, want := range map[string][]string{"": {"/a.txt 2/2", "/b.txt 0/1"}, "przyklad": {"/b.txt 0/1"}, "inna": nil} {
		documents, err := l.Documents(ctx, collection, model)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range documents {
			got = append(got, fmt.Sprintf("%s %d/%d", d.Source, d.Embedded, d.Passages))
		}
		equal(t, "documents of "+collection, got, want)
	}
	for scope, want := range map[string]int{"biuro": 0, "przyklad": 1} {
		pending, err := l.Pending(ctx, rag.Scope{Collections: []string{scope}}, model)
		if err != nil || pending != want {
			t.Errorf("%d pending in %s, want %d (%v)", pending, scope, want, err)
		}
	}
	embedAll(t, l)
	if pending, err := l.Pending(ctx, rag.Scope{Collections: []string{"przyklad"}}, model); err != nil || pending != 0 {
		t.Errorf("%d pending after all was embedded (%v)", pending, err)
	}
}

func TestUnsoundDocumentsAreRefused(t *testing.T) {
	l := open(t, t.TempDir())
	for name, spoil := range map[string]func(*rag.Document){
		"no source":         func(d *rag.Document) { d.Source = "" },
		"no passages":       func(d *rag.Document) { d.Passages = nil },
		"a zero byte":       func(d *rag.Document) { d.Text = "\x00" + d.Text },
		"broken UTF-8":      func(d *rag.Document) { d.Text += "\xff" },
		"passage outside":   func(d *rag.Document) { d.Passages[0].End = 1000 },
		"unit before":       func(d *rag.Document) { d.Units[0].Start = -1 },
		"page upside down":  func(d *rag.Document) { d.Pages[0].Span.Start = d.Pages[0].Span.End + 1 },
		"unit upside down":  func(d *rag.Document) { d.Units[1].Start = d.Units[1].End + 1 },
		"passage too early": func(d *rag.Document) { d.Passages[0].Start = -5 },
	} {
		doc := document("/a.txt", "tekst")
		spoil(&doc)
		if _, err := l.Put(context.Background(), doc, model); err == nil {
			t.Errorf("a document with %s was stored", name)
		}
	}
	equal(t, "stored after all", words(t, l, rag.Scope{}, "tekst"), []int64{})
}
