package eval

import (
	"math"
	"testing"

	"referent/rag"
)

func gold(t *testing.T, act, unit string) []Gold {
	t.Helper()
	g, err := Gold{Act: act, Unit: unit}.resolve()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func hit(act, article, key string) rag.Hit { return rag.Hit{Act: act, Article: article, Key: key} }

func TestLevelsAndMetrics(t *testing.T) {
	want := append(gold(t, "DU/2020/1", "art. 7 ust. 2"), gold(t, "DU/2020/2", "art. 3")...)
	hits := found([]rag.Hit{
		hit("DU/2020/9", "7", "art=7;ust=2"), // another act
		hit("DU/2020/1", "7", "art=7"),       // only contains the gold
		hit("DU/2020/2", "3", "art=3;pkt=1"), // lies inside it
		hit("DU/2020/2", "3", "art=3;pkt=2"), // the same article again
	}, ByArticle)
	if len(hits) != 3 {
		t.Fatalf("%d hits, an article counts once", len(hits))
	}
	for _, c := range []struct {
		level  Level
		metric string
		want   float64
	}{
		{LevelArticle, "hit@1", 0}, {LevelArticle, "hit@2", 1}, {LevelArticle, "recall@2", 0.5}, {LevelArticle, "recall@3", 1},
		{LevelArticle, "mrr", 0.5}, {LevelArticle, "broader@3", 0},
		{LevelArticle, "ndcg@3", (1/math.Log2(3) + 1/math.Log2(4)) / (1 + 1/math.Log2(3))},
		{LevelUnit, "hit@2", 0}, {LevelUnit, "broader@2", 1}, {LevelUnit, "broader@3", 0}, // something right is there
		{LevelUnit, "recall@3", 0.5}, {LevelUnit, "mrr@3", 1.0 / 3}, {LevelUnit, "mrr@2", 0},
	} {
		m, err := ParseMetric(c.metric)
		if err != nil {
			t.Fatal(err)
		}
		if got := m.of(judge(c.level, hits, want)); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s %s = %v, want %v", c.level, c.metric, got, c.want)
		}
	}
}

func TestUnitsOfOneArticleAreOneArticle(t *testing.T) {
	want := gold(t, "DU/2020/1", "art. 7 ust. 1 i 2")
	hits := found([]rag.Hit{hit("DU/2020/1", "7", "art=7;ust=2")}, ByArticle)
	recall := Metric{"recall", 5}
	if got := recall.of(judge(LevelArticle, hits, want)); got != 1 {
		t.Errorf("recall of articles %v, want 1", got)
	}
	if got := recall.of(judge(LevelUnit, hits, want)); got != 0.5 {
		t.Errorf("recall of units %v, want 0.5", got)
	}
}

func TestDocumentsWithoutAnAct(t *testing.T) {
	rules := Gold{Document: "d1", Unit: "§ 4"}
	resolved, err := rules.resolve()
	if err != nil {
		t.Fatal(err)
	}
	hits := found([]rag.Hit{{Document: "d1", Article: "3", Key: "par=3"}, {Document: "d1", Article: "4", Key: "par=4;ust=1"}, {Document: "d2"}}, ByArticle)
	if rank := judge(LevelUnit, hits, resolved).first(); rank != 2 {
		t.Errorf("a paragraph of a document without an act has rank %d, want 2", rank)
	}
	if rank := judge(LevelArticle, hits, []Gold{{Document: "d2"}}).first(); rank != 3 {
		t.Errorf("a document without units has rank %d, want 3", rank)
	}
}

func TestUnknownMetrics(t *testing.T) {
	for _, text := range []string{"", "hits@1", "hit@", "hit@0", "hit@-1", "hit@101", "hit@x", "precision@5"} {
		if m, err := ParseMetric(text); err == nil {
			t.Errorf("%q was read as %s", text, m)
		}
	}
}

func TestGoldThatNamesNothing(t *testing.T) {
	for _, g := range []Gold{{Unit: "art. 5"}, {Act: "DU/2020/1"}, {Act: "DU/2020/1", Unit: "gdzieś"}, {}} {
		if got, err := g.resolve(); err == nil {
			t.Errorf("%+v resolved to %+v", g, got)
		}
	}
}
