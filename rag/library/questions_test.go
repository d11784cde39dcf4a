package library

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"referent/rag"
)

const (
	petition = "Adresat rozpatruje petycję bez zbędnej zwłoki w terminie trzech miesięcy od dnia złożenia pisma przez mieszkańca gminy"
	duty     = "Opłatę skarbową od pełnomocnictwa wpłaca się na rachunek urzędu"
)

// act makes a wording of one act.
func act(source, date string, articles ...string) rag.Document {
	doc := document(source, articles...)
	doc.Act, doc.WordingDate = "DU/2014/1195", date
	return doc
}

// asks makes a question that was written from the n-th article of a text.
func asks(key, unit, text string) rag.EverydayQuestion {
	return rag.EverydayQuestion{Key: key, Text: text, TextHash: rag.UnitHash(unit), Sketch: rag.NewSketch(unit)}
}

func waitLong() rag.EverydayQuestion {
	return asks("art=1", "Art. 1.   "+petition, "ile urzad ma czasu na odpisanie ludziom") // spaced in another way
}

func putQuestions(t testing.TB, l *Library, origin rag.Origin, questions ...rag.EverydayQuestion) {
	t.Helper()
	if err := l.PutQuestions(context.Background(), "DU/2014/1195", origin, questions); err != nil {
		t.Fatal(err)
	}
}

// asked gives the units that a question finds by everyday questions: by words, by vectors.
func asked(t testing.TB, l *Library, scope rag.Scope, question string) (byWords, byVectors []string) {
	t.Helper()
	words, err := l.QuestionWords(context.Background(), scope, question, 10)
	if err != nil {
		t.Fatal(err)
	}
	near, err := l.QuestionsNearest(context.Background(), scope, model, vectorOf(question), 10)
	if err != nil {
		t.Fatal(err)
	}
	ids := func(hits []rag.Scored) (list []int64) {
		for _, hit := range hits {
			list = append(list, hit.Passage)
		}
		return list
	}
	return units(t, l, ids(words.Hits)), units(t, l, ids(near))
}

// holdsAsked checks what both legs find.
func holdsAsked(t *testing.T, what string, l *Library, scope rag.Scope, question string, want ...string) {
	t.Helper()
	byWords, byVectors := asked(t, l, scope, question)
	want = append([]string{}, want...)
	equal(t, what+" by words", byWords, want)
	equal(t, what+" by vectors", byVectors, want)
}

func stale(t *testing.T, l *Library, source string) map[string]bool {
	t.Helper()
	questions, err := l.AskedOf(context.Background(), documentID(rag.DefaultCollection, source))
	if err != nil {
		t.Fatal(err)
	}
	marks := map[string]bool{}
	for _, q := range questions {
		marks[q.Text] = q.Stale
	}
	return marks
}

func TestQuestionsFindTheirArticle(t *testing.T) {
	l := open(t, t.TempDir())
	put(t, l, act("/a.txt", "2020-01-01", petition, duty))
	put(t, l, document("/b.txt", petition))
	embedAll(t, l)
	holdsAsked(t, "before", l, rag.Scope{}, "czas urzad")
	putQuestions(t, l, rag.OriginBank, waitLong(), asks("art=2", "Art. 2. "+duty, "gdzie zaplacic za upowaznienie"), asks("art=99", "x", "czas na nic"))
	byWords, byVectors := asked(t, l, rag.Scope{}, "ile czasu ma urząd")
	equal(t, "by words", byWords, []string{"/a.txt art. 1"})
	equal(t, "by vectors, not embedded yet", byVectors, []string{})
	pending, err := l.Pending(context.Background(), rag.Scope{}, model)
	if err != nil || pending != 2 {
		t.Error("pending", pending, err)
	}
	equal(t, "texts embedded", embedAll(t, l), 2)
	_, byVectors = asked(t, l, rag.Scope{}, "gdzie zaplacic za upowaznienie")
	equal(t, "by vectors", byVectors, []string{"/a.txt art. 2", "/a.txt art. 1"})
	documents, err := l.Asked(context.Background(), rag.Scope{})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "documents with questions", documents, map[string]bool{documentID("biuro", "/a.txt"): true})
	equal(t, "passages by words", units(t, l, words(t, l, rag.Scope{}, "upowaznienie")), []string{})

	putQuestions(t, l, rag.OriginBank)
	holdsAsked(t, "taken away", l, rag.Scope{}, "gdzie zaplacic za upowaznienie")
	checkWhole(t, l)
}

func TestQuestionsFollowTheWording(t *testing.T) {
	l := open(t, t.TempDir())
	put(t, l, act("/old.txt", "2020-01-01", petition))
	putQuestions(t, l, rag.OriginEditor, waitLong())
	equal(t, "same text", stale(t, l, "/old.txt"), map[string]bool{waitLong().Text: false})

	put(t, l, act("/amended.txt", "2021-01-01", strings.Replace(petition, "trzech", "dwóch", 1)))
	embedAll(t, l)
	equal(t, "a word changed", stale(t, l, "/amended.txt"), map[string]bool{waitLong().Text: true})
	holdsAsked(t, "the newest wording answers", l, rag.Scope{}, "ile czasu ma urzad", "/amended.txt art. 1")
	holdsAsked(t, "of a day", l, rag.Scope{AsOf: "2020-06-01"}, "ile czasu ma urzad", "/old.txt art. 1")

	put(t, l, act("/other.txt", "2022-01-01", duty))
	equal(t, "another text", stale(t, l, "/other.txt"), map[string]bool{})
	holdsAsked(t, "an article that says something else", l, rag.Scope{}, "ile czasu ma urzad")

	foreign := act("/en.txt", "2023-01-01", "The addressee shall examine the petition")
	foreign.Language = "en"
	put(t, l, foreign)
	equal(t, "another language", stale(t, l, "/en.txt"), map[string]bool{waitLong().Text: true})

	repealed := act("/repealed.txt", "2024-01-01", petition)
	repealed.Passages[0].Status = rag.StatusRepealed
	put(t, l, repealed)
	embedAll(t, l)
	holdsAsked(t, "a repealed article", l, rag.Scope{}, "ile czasu ma urzad")
	holdsAsked(t, "a repealed article asked for", l, rag.Scope{Repealed: true}, "ile czasu ma urzad", "/repealed.txt art. 1")
}

// shelfBank is a bank of one act.
type shelfBank struct {
	edition   string
	questions []rag.EverydayQuestion
}

func (b shelfBank) Edition() string { return b.edition }

func (b shelfBank) Questions(act string) ([]rag.EverydayQuestion, error) {
	if act != "DU/2014/1195" {
		return nil, nil
	}
	return b.questions, nil
}

func TestBankComesWithItsActs(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	l := open(t, dir)
	use := func(b shelfBank) {
		t.Helper()
		if err := l.UseBank(ctx, b); err != nil {
			t.Fatal(err)
		}
	}
	use(shelfBank{"1", []rag.EverydayQuestion{waitLong()}})
	put(t, l, act("/a.txt", "2020-01-01", petition))
	embedAll(t, l)
	holdsAsked(t, "installed with its act", l, rag.Scope{}, "ile czasu ma urzad", "/a.txt art. 1")
	putQuestions(t, l, rag.OriginEditor, asks("art=1", "Art. 1. "+petition, "kiedy odpisza"))
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}

	l = open(t, dir)
	before := l.seq.Load()
	use(shelfBank{"1", nil})
	equal(t, "changes of the same edition", l.seq.Load(), before)
	newer := asks("art=1", "Art. 1. "+petition, "jak dlugo czeka sie na wojta")
	use(shelfBank{"2", []rag.EverydayQuestion{newer}})
	equal(t, "newer edition", stale(t, l, "/a.txt"), map[string]bool{newer.Text: false, "kiedy odpisza": false})
	embedAll(t, l)
	holdsAsked(t, "newer edition", l, rag.Scope{}, newer.Text, "/a.txt art. 1")
	if err := l.Delete(ctx, documentID("biuro", "/a.txt")); err != nil {
		t.Fatal(err)
	}
	holdsAsked(t, "gone with its document", l, rag.Scope{}, newer.Text)
	put(t, l, act("/a.txt", "2020-01-01", petition))
	holdsAsked(t, "back, with the vectors it had", l, rag.Scope{}, newer.Text, "/a.txt art. 1")
}

func TestIndexOfQuestionsIsBuiltAnew(t *testing.T) {
	for name, damage := range map[string]func(dir string) error{
		"left alone":  func(string) error { return nil },
		"gone":        func(dir string) error { return os.RemoveAll(filepath.Join(dir, questionsName)) },
		"without its": func(dir string) error { return os.RemoveAll(filepath.Join(dir, questionsName, "store")) },
	} {
		dir := t.TempDir()
		l := open(t, dir)
		put(t, l, act("/a.txt", "2020-01-01", petition))
		putQuestions(t, l, rag.OriginBank, waitLong())
		embedAll(t, l)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if err := damage(dir); err != nil {
			t.Fatal(err)
		}
		l = open(t, dir)
		holdsAsked(t, name, l, rag.Scope{}, "ile czasu ma urzad", "/a.txt art. 1")
	}
}

func TestPassageAndQuestionWithTheSameText(t *testing.T) {
	l := open(t, t.TempDir())
	doc := act("/a.txt", "2020-01-01", petition)
	put(t, l, doc)
	text := doc.Passages[0].EmbeddingText(doc.Title)
	putQuestions(t, l, rag.OriginClerk, asks("art=1", "Art. 1. "+petition, text))
	tasks, err := l.PendingTexts(context.Background(), model, 10)
	if err != nil {
		t.Fatal(err)
	}
	if len(tasks) != 2 || tasks[0].Question || !tasks[1].Question || tasks[0].Text != tasks[1].Text || tasks[0].Hash == tasks[1].Hash {
		t.Errorf("tasks %+v", tasks)
	}
}
