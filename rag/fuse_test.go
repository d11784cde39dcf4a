package rag

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// shelf gives passages of one document; two passages share each article.
func shelf(n int) map[int64]Passage {
	passages := map[int64]Passage{}
	for i := range n {
		id := int64(i + 1)
		passages[id] = Passage{ID: id, Article: fmt.Sprint(i / 2), Document: &Info{ID: "d"}}
	}
	return passages
}

func order(all []fused) []int64 {
	ids := []int64{}
	for _, f := range all {
		ids = append(ids, f.passage.ID)
	}
	return ids
}

func TestFuse(t *testing.T) {
	words := func(hits ...Scored) leg { return leg{name: LegWords, weight: 0.7, hits: hits} }
	vectors := func(hits ...Scored) leg { return leg{name: LegVectors, weight: 3, hits: hits} }
	lookup := func(hits ...Scored) leg { return leg{name: LegLookup, weight: 10, hits: hits} }
	for name, c := range map[string]struct {
		legs []leg
		want []int64
	}{
		"nothing":                    {nil, []int64{}},
		"one leg keeps its order":    {[]leg{words(Scored{3, 0.9}, Scored{1, 0.5})}, []int64{3, 1}},
		"an article comes once":      {[]leg{words(Scored{2, 0.9}, Scored{1, 0.5})}, []int64{2}},
		"scores count, not ranks":    {[]leg{words(Scored{1, 0.9}, Scored{3, 0.1}), vectors(Scored{3, 0.81}, Scored{1, 0.80})}, []int64{1, 3}},
		"meaning can win":            {[]leg{words(Scored{1, 0.3}, Scored{3, 0.2}), vectors(Scored{3, 0.95}, Scored{1, 0.80})}, []int64{3, 1}},
		"missing is lowest, not nil": {[]leg{words(Scored{1, 0.8}), vectors(Scored{3, 0.82}, Scored{5, 0.80})}, []int64{3, 1, 5}},
		"cited comes first":          {[]leg{lookup(Scored{7, 1}), words(Scored{1, 1}), vectors(Scored{1, 1})}, []int64{7, 1}},
		"ties go by identifier":      {[]leg{words(Scored{5, 0.5}, Scored{3, 0.5}, Scored{1, 0.5})}, []int64{1, 3, 5}},
		"gone passages are left out": {[]leg{words(Scored{99, 0.5}, Scored{3, 0.4})}, []int64{3}},
	} {
		if diff := cmp.Diff(c.want, order(fuse(c.legs, shelf(10), nil, nil))); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestFuseHoldsForAnyLegs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		passages := shelf(20)
		draw := func(name string, weight float64) leg {
			ids := rapid.SliceOfNDistinct(rapid.Int64Range(1, 20), 0, 20, rapid.ID).Draw(t, name)
			l := leg{name: name, weight: weight}
			score := 1.0
			for _, id := range ids {
				score *= rapid.Float64Range(0.5, 1).Draw(t, "step")
				l.hits = append(l.hits, Scored{id, score})
			}
			return l
		}
		legs := []leg{draw(LegWords, 0.7), draw(LegVectors, 3)}
		all := fuse(legs, passages, nil, nil)
		seen := map[group]bool{}
		for i, f := range all {
			if seen[f.group] {
				t.Fatalf("%v twice", f.group)
			}
			seen[f.group] = true
			if i > 0 && all[i-1].score < f.score {
				t.Fatalf("out of order at %d", i)
			}
			if len(f.legs) != len(legs) {
				t.Fatalf("%d legs", len(f.legs))
			}
		}
		if diff := cmp.Diff(order(all), order(fuse([]leg{legs[1], legs[0]}, passages, nil, nil))); diff != "" {
			t.Fatalf("the order of the legs matters: %s", diff)
		}
	})
}

func BenchmarkFuse(b *testing.B) {
	passages := shelf(200)
	random := rand.New(rand.NewPCG(1, 2))
	legs := []leg{{name: LegWords, weight: 0.7}, {name: LegVectors, weight: 3}}
	for i := range legs {
		for j, id := range random.Perm(200)[:legHits] {
			legs[i].hits = append(legs[i].hits, Scored{int64(id + 1), 1 / float64(j+1)})
		}
	}
	for b.Loop() {
		fuse(legs, passages, nil, nil)
	}
}
