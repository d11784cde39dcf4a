package library

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"referent/internal/polish"
	"referent/rag"
)

// everyPassage reads all passages, for computing by brute force what the indices give.
func everyPassage(t testing.TB, l *Library) []rag.Passage {
	t.Helper()
	ids := make([]int64, 5000)
	for i := range ids {
		ids[i] = int64(i + 1)
	}
	passages, err := l.Passages(context.Background(), ids)
	if err != nil {
		t.Fatal(err)
	}
	return passages
}

// bruteWords is BM25 as in a textbook, over all passages.
func bruteWords(passages []rag.Passage, question string) (scores map[int64]float64, reach float64) {
	frequency := map[string]map[int64]float64{}
	length := map[int64]float64{}
	total := 0.0
	for _, p := range passages {
		for _, term := range polish.Terms(p.Document.Title + " " + p.Heading + " " + p.Text) {
			if frequency[term] == nil {
				frequency[term] = map[int64]float64{}
			}
			frequency[term][p.ID]++
			length[p.ID]++
			total++
		}
	}
	n := float64(len(passages))
	scores = map[int64]float64{}
	asked := map[string]bool{}
	for _, word := range polish.QuestionAlternatives(question) {
		if asked[strings.Join(word, " ")] {
			continue
		}
		asked[strings.Join(word, " ")] = true
		most, best := 0.0, map[int64]float64{}
		for _, term := range word {
			df := float64(len(frequency[term]))
			weight := math.Log(1 + (n-df+0.5)/(df+0.5))
			most = max(most, weight*1.8)
			for id, tf := range frequency[term] {
				best[id] = max(best[id], weight*tf*1.8/(tf+0.8*(0.25+0.75*length[id]/(total/n))))
			}
		}
		reach += most
		for id, score := range best {
			scores[id] += score
		}
	}
	return scores, reach
}

// shuffled stores documents of random words, replaces some and deletes others, so
// that the index by words has several segments with holes.
func shuffled(t testing.TB, l *Library) {
	t.Helper()
	random := rand.New(rand.NewPCG(1, 2))
	vocabulary := strings.Fields("opłata gmina wójt rada uchwała petycja wniosek termin odwołanie decyzja strona organ skarga zwrot podatek")
	article := func() string {
		var text []string
		for range 1 + random.IntN(60) {
			text = append(text, vocabulary[random.IntN(1+random.IntN(len(vocabulary)))])
		}
		return strings.Join(text, " ")
	}
	for i := range 40 {
		doc := document(fmt.Sprintf("/%d.txt", i%25), article(), article(), article())
		stored := put(t, l, doc)
		if i%7 == 0 {
			if err := l.Delete(context.Background(), stored.Document); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestWordsAreBM25AsComputedByHand(t *testing.T) {
	l := open(t, t.TempDir())
	shuffled(t, l)
	passages := everyPassage(t, l)
	for _, question := range []string{"opłata", "Opłata za wniosek, opłata!", "termin odwołania skargi podatek zwrot", "opłata hipopotam", "hipopotam", "w i na", ""} {
		got, err := l.Words(context.Background(), rag.Scope{}, question, 1000)
		if err != nil {
			t.Fatal(err)
		}
		want, reach := bruteWords(passages, question)
		if math.Abs(got.Reach-reach) > 1e-9 {
			t.Errorf("%q: reach %v, want %v", question, got.Reach, reach)
		}
		if len(got.Hits) != len(want) {
			t.Errorf("%q: %d hits, want %d", question, len(got.Hits), len(want))
		}
		for i, hit := range got.Hits {
			if math.Abs(hit.Score-want[hit.Passage]) > 1e-5 {
				t.Errorf("%q: passage %d scores %v, want %v", question, hit.Passage, hit.Score, want[hit.Passage])
			}
			if hit.Score > got.Reach {
				t.Errorf("%q: passage %d scores %v, above the reach of %v", question, hit.Passage, hit.Score, got.Reach)
			}
			if i > 0 && !ordered(got.Hits[i-1], hit) {
				t.Errorf("%q: hits %d and %d are out of order", question, i-1, i)
			}
		}
		few, err := l.Words(context.Background(), rag.Scope{}, question, 5)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, question+": the first five", few.Hits, got.Hits[:min(5, len(got.Hits))])
	}
}

func ordered(a, b rag.Scored) bool {
	return a.Score > b.Score || a.Score == b.Score && a.Passage < b.Passage
}

func TestNearestIsCosineAsComputedByHand(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	l := open(t, dir)
	if hits, err := l.Nearest(ctx, rag.Scope{}, model, vectorOf("x"), 3); err != nil || len(hits) != 0 {
		t.Error("an empty library has near passages", hits, err)
	}
	shuffled(t, l) // with the index by vectors already in memory
	embedAll(t, l)
	shuffled(t, l)
	embedAll(t, l)
	question := vectorOf("termin odwołania")
	type pair struct {
		passage int64
		score   float64
	}
	var want []pair
	for _, p := range everyPassage(t, l) {
		want = append(want, pair{p.ID, cosine(question, vectorOf(p.EmbeddingText(p.Document.Title)))})
	}
	check := func(l *Library) {
		t.Helper()
		got, err := l.Nearest(ctx, rag.Scope{}, model, question, 1000)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != len(want) {
			t.Fatalf("%d near passages, want %d", len(got), len(want))
		}
		for _, hit := range got {
			i := slices.IndexFunc(want, func(p pair) bool { return p.passage == hit.Passage })
			if i < 0 || math.Abs(want[i].score-hit.Score) > 1e-5 {
				t.Errorf("passage %d: cosine %v, want %v", hit.Passage, hit.Score, want[i])
			}
		}
		for k := 1; k < 8; k++ {
			few, err := l.Nearest(ctx, rag.Scope{}, model, question, k)
			if err != nil {
				t.Fatal(err)
			}
			equal(t, fmt.Sprintf("the first %d", k), few, got[:k])
		}
	}
	check(l)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	check(open(t, dir))
}

func cosine(a, b []float32) float64 {
	var dot, aa, bb float64
	for i := range a {
		dot += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return dot / math.Sqrt(aa*bb)
}

func TestTiesEndByPassage(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	doc := document("/a.txt", slices.Repeat([]string{"(uchylony)"}, 40)...)
	for i := range doc.Passages {
		doc.Passages[i].Unit = "" // so that their embedding texts are one
	}
	put(t, l, doc)
	equal(t, "texts", embedAll(t, l), 1)
	for range 5 {
		near, err := l.Nearest(ctx, rag.Scope{}, model, vectorOf("uchylony"), 3)
		if err != nil {
			t.Fatal(err)
		}
		found, err := l.Words(ctx, rag.Scope{}, "uchylony", 3)
		if err != nil {
			t.Fatal(err)
		}
		for name, hits := range map[string][]rag.Scored{"vectors": near, "words": found.Hits} {
			var ids []int64
			for _, hit := range hits {
				ids = append(ids, hit.Passage)
			}
			equal(t, name, ids, []int64{1, 2, 3})
		}
	}
}

func TestBadVectorsAreRefused(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	put(t, l, document("/a.txt", "opłata", "zwrot"))
	tasks, err := l.PendingTexts(ctx, model, 10)
	if err != nil {
		t.Fatal(err)
	}
	good := rag.Vector{Hash: tasks[0].Hash, Values: vectorOf(tasks[0].Text)}
	nan := float32(math.NaN())
	for name, bad := range map[string][]float32{"short": {1, 2}, "zero": make([]float32, 16), "not a number": {nan, 15: 0}, "empty": nil} {
		if err := l.PutVectors(ctx, model, []rag.Vector{good, {Hash: tasks[1].Hash, Values: bad}}); err == nil {
			t.Errorf("a %s vector was kept", name)
		}
		if texts, _, err := l.CountPending(ctx, model); err != nil || texts != 2 {
			t.Errorf("after a %s vector %d texts are pending, want 2 (%v)", name, texts, err)
		}
	}
	if err := l.PutVectors(ctx, "", []rag.Vector{good}); err == nil {
		t.Error("a vector of no model was kept")
	}
	embedAll(t, l)
	for name, bad := range map[string][]float32{"short": {1, 2}, "zero": make([]float32, 16)} {
		if _, err := l.Nearest(ctx, rag.Scope{}, model, bad, 2); err == nil {
			t.Errorf("a %s question was answered", name)
		}
	}
}

func TestCancelledQuestionIsAnError(t *testing.T) {
	l := open(t, t.TempDir())
	put(t, l, document("/a.txt", "opłata", "zwrot"))
	embedAll(t, l)
	if _, err := l.Nearest(context.Background(), rag.Scope{}, model, vectorOf("opłata"), 2); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if hits, err := l.Nearest(ctx, rag.Scope{}, model, vectorOf("opłata"), 2); !errors.Is(err, context.Canceled) {
		t.Error("a cancelled question by vectors gave", hits, err)
	}
	if hits, err := l.Words(ctx, rag.Scope{}, "opłata", 2); !errors.Is(err, context.Canceled) {
		t.Error("a cancelled question by words gave", hits, err)
	}
}

func TestAnotherModelHasItsOwnVectors(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	put(t, l, document("/a.txt", "opłata", "zwrot"))
	embedAll(t, l)
	if hits, err := l.Nearest(ctx, rag.Scope{}, "small", []float32{1, 0}, 5); err != nil || len(hits) != 0 {
		t.Error("a model that embedded nothing has vectors", hits, err)
	}
	tasks, err := l.PendingTexts(ctx, "small", 1)
	if err != nil || len(tasks) != 1 {
		t.Fatal(tasks, err)
	}
	if err := l.PutVectors(ctx, "small", []rag.Vector{{Hash: tasks[0].Hash, Values: []float32{3, 4}}}); err != nil {
		t.Fatal(err)
	}
	for digest, question := range map[string][]float32{"small": {1, 0}, model: vectorOf("opłata")} {
		hits, err := l.Nearest(ctx, rag.Scope{}, digest, question, 5)
		if want := map[string]int{"small": 1, model: 2}[digest]; err != nil || len(hits) != want {
			t.Errorf("%d hits of %s, want %d (%v)", len(hits), digest, want, err)
		}
		if digest == "small" && math.Abs(hits[0].Score-0.6) > 1e-6 {
			t.Errorf("cosine %v, want 0.6", hits[0].Score)
		}
	}
}

func TestManyReadWhileOneWrites(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	put(t, l, document("/fixed.txt", "opłata stała"))
	embedAll(t, l)
	done := make(chan struct{})
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				hits, err := l.Words(ctx, rag.Scope{}, "stała opłata", 3)
				if err != nil || len(hits.Hits) == 0 {
					t.Error("words", hits, err)
					return
				}
				near, err := l.Nearest(ctx, rag.Scope{}, model, vectorOf("opłata"), 2)
				if err != nil || len(near) == 0 {
					t.Error("nearest", near, err)
					return
				}
				if _, err := l.Pending(ctx, rag.Scope{}, model); err != nil {
					t.Error(err)
				}
				if _, err := l.Lookup(ctx, rag.Scope{}, "", "art=1"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range 15 {
		stored := put(t, l, document(fmt.Sprintf("/%d.txt", i%4), fmt.Sprintf("opłata %d", i), "zwrot"))
		embedAll(t, l)
		if i%3 == 0 {
			if err := l.Delete(ctx, stored.Document); err != nil {
				t.Error(err)
			}
		}
	}
	close(done)
	group.Wait()
	checkWhole(t, l)
	near, err := l.Nearest(ctx, rag.Scope{}, model, vectorOf("opłata"), 1000)
	if err != nil || len(near) != len(everyPassage(t, l)) {
		t.Errorf("%d vectors for %d passages (%v)", len(near), len(everyPassage(t, l)), err)
	}
}

func TestClosedLibraryAnswersWithAnError(t *testing.T) {
	l := open(t, t.TempDir())
	put(t, l, document("/a.txt", "opłata"))
	words(t, l, rag.Scope{}, "opłata")
	for range 2 {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := l.Words(context.Background(), rag.Scope{}, "opłata", 1); err == nil {
		t.Error("a closed library was searched")
	}
	if _, err := l.Put(context.Background(), document("/b.txt", "opłata"), model); err == nil {
		t.Error("a closed library was written to")
	}
}

func TestWordsLookPastASlip(t *testing.T) {
	l := open(t, t.TempDir())
	put(t, l, document("/a.txt", "Pozwolenie na budowę wydaje starosta", "Sosnodół leży nad rzeką", "Sprawa znak OR.0050.12.2024"))
	for question, want := range map[string][]string{
		"pozwolemie":      {"/a.txt art. 1"},
		"pozwolneie":      {"/a.txt art. 1"},
		"sosnodol":        {"/a.txt art. 2"}, // a name that the lexicon lacks is no slip
		"zaswiadczeie":    {},
		"OR.0050.12.2024": {"/a.txt art. 3"},
		"jakim komu ilu":  {},
	} {
		equal(t, question, units(t, l, words(t, l, rag.Scope{}, question)), want)
	}
}
