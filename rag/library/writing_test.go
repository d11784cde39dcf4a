package library

import (
	"context"
	"errors"
	"testing"
	"time"

	"referent/rag"
)

var writer = rag.Hand{Model: "model", Digest: "d1", Prompt: "questions-1"}

const loose = "Parking dla rowerów przed urzędem ma dwanaście stojaków, jest zadaszony i czynny od rana do wieczora."

// note is a document without units.
func note(source string, texts ...string) rag.Document {
	doc := document(source, texts...)
	doc.Units = nil
	for i := range doc.Passages {
		p := &doc.Passages[i]
		p.Article, p.Key, p.Unit = "", "", ""
	}
	return doc
}

func askables(t *testing.T, l *Library, by rag.Hand) []rag.Askable {
	t.Helper()
	units, err := l.Askable(context.Background(), rag.Scope{}, by)
	if err != nil {
		t.Fatal(err)
	}
	return units
}

// writes keeps a question of a model about a unit.
func writes(t *testing.T, l *Library, u rag.Askable, question string) {
	t.Helper()
	text, err := l.AskableText(context.Background(), u)
	if err != nil {
		t.Fatal(err)
	}
	q := asks(u.Key, text, question)
	if q.TextHash != u.Hash {
		t.Fatalf("%s: the text is not the one that was hashed: %q", u.Key, text)
	}
	if err := l.PutWritten(context.Background(), rag.Written{Askable: u, Hand: writer, Questions: []rag.EverydayQuestion{q}, Dropped: 1}); err != nil {
		t.Fatal(err)
	}
}

func TestAskable(t *testing.T) {
	l := open(t, t.TempDir())
	put(t, l, act("/a.txt", "2020-01-01", petition, "Krótko."))
	put(t, l, note("/n.txt", loose, "Krótko."))
	units := askables(t, l, writer)
	if len(units) != 2 || units[0].Key != "art=1" || !rag.IsTextKey(units[1].Key) || units[1].About != "document/"+units[1].Document {
		t.Fatalf("%+v", units)
	}
	for i, question := range []string{"ile urzad ma czasu na odpisanie", "gdzie postawic rower pod urzedem"} {
		writes(t, l, units[i], question)
	}
	holdsAskedByWords(t, l, "odpisanie", "/a.txt art. 1")
	holdsAskedByWords(t, l, "postawic rower", "/n.txt ")
	for _, u := range askables(t, l, writer) {
		if !u.Done || u.Bank {
			t.Errorf("%s is not done: %+v", u.Key, u)
		}
	}
	for _, u := range askables(t, l, rag.Hand{Digest: "d2", Prompt: "questions-1"}) {
		if u.Done {
			t.Errorf("%s was not written for by another model", u.Key)
		}
	}
	putQuestions(t, l, rag.OriginBank, waitLong())
	if units := askables(t, l, writer); !units[0].Bank {
		t.Error("a question of the bank does not count")
	}
	checkWhole(t, l)
}

func holdsAskedByWords(t *testing.T, l *Library, question string, want ...string) {
	t.Helper()
	hits, err := l.QuestionWords(context.Background(), rag.Scope{}, question, 10)
	if err != nil {
		t.Fatal(err)
	}
	var ids []int64
	for _, hit := range hits.Hits {
		ids = append(ids, hit.Passage)
	}
	equal(t, question, units(t, l, ids), append([]string{}, want...))
}

func TestQuestionsOfUnstructuredTextFollowIt(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	put(t, l, note("/n.txt", duty+" i dołącza się potwierdzenie wpłaty do pisma, które się składa", loose))
	units := askables(t, l, writer)
	writes(t, l, units[1], "gdzie postawic rower pod urzedem")

	put(t, l, note("/n.txt", "Nowy wstęp, którego nie było: "+duty, loose+" Także zimą."))
	marks := stale(t, l, "/n.txt")
	equal(t, "a little changed", marks, map[string]bool{"gdzie postawic rower pod urzedem": true})
	moved, err := l.Move(ctx, documentID(rag.DefaultCollection, "/n.txt"), "inna")
	if err != nil {
		t.Fatal(err)
	}
	asked, err := l.AskedOf(ctx, moved)
	if err != nil || len(asked) != 1 {
		t.Fatalf("moved: %v %v", asked, err)
	}
	doc := note("/n.txt", duty)
	doc.Collection = "inna"
	put(t, l, doc)
	holdsAskedByWords(t, l, "postawic rower")
	checkWhole(t, l)
}

func TestEditedQuestions(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	put(t, l, act("/a.txt", "2020-01-01", petition))
	putQuestions(t, l, rag.OriginBank, waitLong())
	id := documentID(rag.DefaultCollection, "/a.txt")
	before, err := l.AskedOf(ctx, id)
	if err != nil || len(before) != 1 {
		t.Fatal(before, err)
	}
	better := asks("art=1", petition, "jak dlugo wojt moze milczec")
	added, err := l.EditQuestions(ctx, id, rag.QuestionEdit{Add: []rag.EverydayQuestion{better}, Origin: rag.OriginEditor, TakeOff: []int64{before[0].ID}})
	if err != nil || len(added) != 1 {
		t.Fatal(added, err)
	}
	holdsAskedByWords(t, l, "odpisanie ludziom")
	holdsAskedByWords(t, l, "wojt milczec", "/a.txt art. 1")
	off, err := l.TakenOff(ctx, id)
	if err != nil || len(off) != 1 || off[0].Origin != rag.OriginBank {
		t.Fatal(off, err)
	}
	putQuestions(t, l, rag.OriginBank, waitLong()) // a newer bank brings it again
	holdsAskedByWords(t, l, "odpisanie ludziom")
	if off, err = l.TakenOff(ctx, id); err != nil || len(off) != 1 {
		t.Fatal("no longer taken off", off, err)
	}
	if _, err := l.EditQuestions(ctx, id, rag.QuestionEdit{TakeOff: added, Restore: []int64{off[0].ID}}); err != nil {
		t.Fatal(err)
	}
	holdsAskedByWords(t, l, "odpisanie ludziom", "/a.txt art. 1")
	holdsAskedByWords(t, l, "wojt milczec")
	for what, err := range map[string]error{
		"no question": func() error { _, err := l.EditQuestions(ctx, id, rag.QuestionEdit{TakeOff: []int64{999}}); return err }(),
		"no document": func() error { _, err := l.EditQuestions(ctx, "x", rag.QuestionEdit{}); return err }(),
	} {
		if !errors.Is(err, &rag.Error{Code: rag.CodeNotFound}) {
			t.Errorf("%s: %v", what, err)
		}
	}
	checkWhole(t, l)
}

func TestPace(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	one := rag.Pace{Units: 1, Runes: 100, Tokens: 50, Reading: 2 * time.Second, Writing: 5 * time.Second}
	for range 2 {
		if err := l.AddPace(ctx, writer, one); err != nil {
			t.Fatal(err)
		}
	}
	pace, err := l.Pace(ctx, writer)
	if err != nil || pace != one.Add(one) || pace.TokensPerSecond() != 10 {
		t.Fatal(pace, err)
	}
	if left, known := pace.Estimate(10, 500); !known || left != time.Minute {
		t.Errorf("10 units, 500 characters: %v", left)
	}
	if other, err := l.Pace(ctx, rag.Hand{Digest: "d2"}); err != nil || other.Units != 0 {
		t.Error(other, err)
	}
	if _, known := (rag.Pace{}).Estimate(1, 1); known {
		t.Error("an estimate of nothing")
	}
}
