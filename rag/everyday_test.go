package rag

import (
	"context"
	"math"
	"strings"
	"testing"
)

func TestUnitHashLooksPastSpacing(t *testing.T) {
	if UnitHash("Art. 1.\n\n  Opłata\u00a0wynosi ﬁx") != UnitHash("Art. 1. Opłata wynosi fix") {
		t.Error("spacing or a ligature changes the hash")
	}
	if UnitHash("Opłata wynosi 5 zł") == UnitHash("Opłata wynosi 6 zł") {
		t.Error("two texts have one hash")
	}
}

func TestSketchesEstimateWhatTextsShare(t *testing.T) {
	word := func(from, to int) string { // words that no lexicon knows: each is a lemma of its own
		var b strings.Builder
		for i := from; i < to; i++ {
			b.WriteString("qx" + string(rune('a'+i/26)) + string(rune('a'+i%26)) + "w ")
		}
		return b.String()
	}
	for _, c := range []struct {
		name      string
		a, b      string
		want, off float64
	}{
		{"the same", petitions, petitions, 1, 0},
		{"inflected", "rozpatruje petycję", "rozpatrywania petycji", 1.0 / 3, 0.67},
		{"nothing", petitions, word(0, 50), 0, 0},
		{"empty", "", "", 0, 0},
		{"few words, counted", word(0, 10), word(5, 15), 1.0 / 3, 0.001},
		{"a word of few changed", word(0, 10), word(1, 11), 9.0 / 11, 0.001},
		{"most of many", word(0, 300), word(60, 360), 240.0 / 360, 0.25},
		{"little of many", word(0, 300), word(240, 540), 60.0 / 540, 0.2},
	} {
		got := NewSketch(c.a).Overlap(NewSketch(c.b))
		if math.Abs(got-c.want) > c.off {
			t.Errorf("%s: %.3f, want %.3f ± %.3f", c.name, got, c.want, c.off)
		}
	}
	if Sketch("no base64!").Overlap(NewSketch(petitions)) != 0 {
		t.Error("a broken sketch overlaps")
	}
}

// statuteQuestions are everyday questions about the acts of memory, not about the note.
type statuteQuestions struct {
	m     *memory
	texts map[int64]string
}

func (s statuteQuestions) QuestionWords(_ context.Context, _ Scope, question string, k int) (WordHits, error) {
	var hits []Scored
	asked := Stems(question)
	for passage, text := range s.texts {
		if n := countIn(asked, setOf(Stems(text))); n > 0 {
			hits = append(hits, Scored{passage, float64(n)})
		}
	}
	return WordHits{best(hits, k), float64(len(asked))}, nil
}

func (s statuteQuestions) QuestionsNearest(_ context.Context, _ Scope, _ string, vector []float32, k int) ([]Scored, error) {
	var hits []Scored
	for passage, text := range s.texts {
		cosine := 0.0
		for i, value := range bag(text) {
			cosine += float64(value) * float64(vector[i])
		}
		hits = append(hits, Scored{passage, cosine})
	}
	return best(hits, k), nil
}

func (s statuteQuestions) Asked(context.Context, Scope) (map[string]bool, error) {
	return map[string]bool{"petycje": true, "oplata": true}, nil
}

func withQuestions(t *testing.T, e Embedder) *Assistant {
	t.Helper()
	m := newMemory()
	a := assistant(t, m, e, nil)
	a.Questions = statuteQuestions{m, map[int64]string{
		1: "ile urzad ma czasu na odpisanie mieszkancom",
		2: "pismo trafilo do zlego urzedu co z nim zrobic",
		4: "ile kosztuje upowaznienie dla sasiada przy zalatwianiu parkingu",
		5: "kiedy trzeba zaplacic za wydanie papieru z urzedu",
	}}
	return a
}

func TestEverydayWordsFindTheArticle(t *testing.T) {
	for name, e := range map[string]Embedder{"by words": nil, "with vectors": &bags{}} {
		const question = "ile czasu na odpisanie mieszkańcom"
		result, err := withQuestions(t, e).Search(t.Context(), Question{Question: question, Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Hits) == 0 || result.Hits[0].Unit[:6] != "art. 9" {
			t.Fatalf("%s: %+v", name, result.Hits)
		}
		legs := map[string]int{}
		for _, leg := range result.Hits[0].Legs {
			legs[leg.Name] = leg.Rank
		}
		if legs[LegQuestionWords] != 1 || e != nil && legs[LegQuestionVectors] == 0 {
			t.Errorf("%s: legs %v", name, legs)
		}
	}
}

// The note on the car park has no questions; a statute's question shares words with
// what is asked.
func TestOfficeDocumentWithoutQuestionsWins(t *testing.T) {
	for name, e := range map[string]Embedder{"by words": nil, "with vectors": &bags{}} {
		result, err := withQuestions(t, e).Search(t.Context(), Question{Question: "ile kosztuje abonament na parking przy ratuszu, jaka to opłata"})
		if err != nil {
			t.Fatal(err)
		}
		if len(result.Hits) == 0 || result.Hits[0].Document != "parking" {
			t.Errorf("%s: %+v", name, result.Hits)
		}
	}
}

func TestStandsFor(t *testing.T) {
	passages := map[int64]Passage{
		1: {ID: 1, Article: "1", Document: &Info{ID: "statute"}},
		2: {ID: 2, Article: "2", Document: &Info{ID: "statute"}},
		3: {ID: 3, Document: &Info{ID: "office"}},
	}
	legs := []leg{
		{name: LegWords, weight: 1, hits: []Scored{{3, 0.9}, {2, 0.5}, {1, 0.1}}},
		{name: LegQuestionWords, weight: 1, hits: []Scored{{1, 0.6}, {2, 0.2}}, of: LegWords},
	}
	scores := map[int64]float64{}
	for _, f := range fuse(legs, passages, map[string]bool{"statute": true}, nil) {
		scores[f.passage.ID] = math.Round(100*f.score) / 100
	}
	// The office's text stands highest among passages, so as high as any among questions.
	if scores[3] != 1.5 || scores[1] != 0.7 || scores[2] != 0.7 {
		t.Errorf("scores %v", scores)
	}
	for _, f := range fuse(legs, passages, map[string]bool{"statute": true, "office": true}, nil) {
		if f.passage.ID == 3 && math.Abs(f.score-1.1) > 1e-9 {
			t.Errorf("a document with questions that were not found takes the lowest: %v", f.score)
		}
	}
}

func TestQuestionsDoNotChooseThePassage(t *testing.T) {
	passages := map[int64]Passage{
		1: {ID: 1, Article: "1", Document: &Info{ID: "d"}},
		2: {ID: 2, Article: "1", Document: &Info{ID: "d"}},
	}
	legs := []leg{
		{name: LegWords, weight: 0.7, hits: []Scored{{2, 0.3}}},
		{name: LegQuestionWords, weight: 0.7, hits: []Scored{{1, 0.9}}, of: LegWords},
	}
	if all := fuse(legs, passages, nil, nil); len(all) != 1 || all[0].passage.ID != 2 {
		t.Errorf("%+v", all)
	}
}

func TestTheLawsOwnWordsNeedNoQuestions(t *testing.T) {
	for _, c := range []struct{ questions, texts, want float64 }{
		{0.2, 0.1, 1}, {0.2, 0.2, 1}, {0.2, 0.4, 0.5}, {0, 0.4, 0},
	} {
		got := trust([]Scored{{1, c.questions}}, []Scored{{2, c.texts}})
		if math.Abs(got-c.want) > 1e-9 {
			t.Errorf("questions %.1f, texts %.1f: %.2f, want %.2f", c.questions, c.texts, got, c.want)
		}
	}
	if trust(nil, []Scored{{1, 0.5}}) != 1 || trust([]Scored{{1, 0.5}}, nil) != 1 {
		t.Error("an empty leg changes a weight")
	}
}

func TestAForeignTextRisesByItsQuestions(t *testing.T) {
	polish := &Info{ID: "polish", Act: "DU/2018/1000", Language: "pl"}
	foreign := &Info{ID: "foreign", Act: "EU/2016/679", Language: "en"}
	passages := map[int64]Passage{
		1: {ID: 1, Article: "1", Document: polish}, 2: {ID: 2, Article: "2", Document: polish},
		3: {ID: 3, Article: "33", Document: foreign},
	}
	legs := func(weight float64) []leg {
		return []leg{
			{name: LegVectors, weight: 3, hits: []Scored{{1, 0.90}, {2, 0.80}}},
			{name: LegQuestionVectors, weight: weight, of: LegVectors, hits: []Scored{{3, 0.92}, {1, 0.88}, {2, 0.85}}},
		}
	}
	asked := map[string]bool{"polish": true, "foreign": true}
	if first := fuse(legs(3), passages, asked, nil)[0]; first.group.document != "foreign" {
		t.Errorf("first is %v, though the questions of the foreign act are nearest", first.group)
	}
	if first := fuse(legs(0.6), passages, asked, nil)[0]; first.group.document != "polish" {
		t.Errorf("first is %v, though the question is in the words of the law", first.group)
	}
}
