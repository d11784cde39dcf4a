package rag

import (
	"cmp"
	"slices"
)

// Weights of the legs of retrieval. An article's score is their sum over the legs.
type Weights struct {
	Lookup          float64 // a unit that the question cites
	Words           float64 // BM25 divided by what the question could have reached
	Vectors         float64 // cosine
	QuestionWords   float64 // the same over everyday questions
	QuestionVectors float64
	Act             float64 // the question names the act
}

// DefaultWeights were set by hand on development questions; a fitted regression was
// no better. Lookup is more than the other legs can give together.
var DefaultWeights = Weights{Lookup: 10, Words: 0.7, Vectors: 3, QuestionWords: 0.7, QuestionVectors: 3, Act: 0.1}

// Names of the legs, as Hit.Legs gives them.
const (
	LegLookup          = "lookup"
	LegWords           = "words"
	LegVectors         = "vectors"
	LegQuestionWords   = "question_words"
	LegQuestionVectors = "question_vectors"
	LegAct             = "act"
)

// leg is what one way of retrieval found, best first, with scores as they are fused.
type leg struct {
	name   string
	weight float64
	hits   []Scored
	of     string // of a leg over everyday questions: the leg over passages beside it
}

// group is what hits are gathered by: an article of a document, or a single passage
// of unstructured text.
type group struct {
	document string
	article  string
	passage  int64 // 0 for an article
}

func groupOf(p Passage) group {
	if p.Article == "" {
		return group{p.Document.ID, "", p.ID}
	}
	return group{p.Document.ID, p.Article, 0}
}

// fused is an article with its best passage.
type fused struct {
	group   group
	passage Passage
	score   float64
	legs    []Leg
}

// lookedUp says whether the article is there because the question cites it.
func (f fused) lookedUp() bool {
	return slices.ContainsFunc(f.legs, func(l Leg) bool { return l.Name == LegLookup && l.Rank > 0 })
}

// fuse joins the legs over articles by scores, not ranks: fixed weights of ranks that
// win on one kind of question ruin another. Of each leg an article takes its best
// passage; one that a leg did not return takes the lowest score the leg gave at all,
// or of a leg over everyday questions, where nobody has written any about its document,
// what standsFor gives it. A text in another language shares no words with a question and
// lies far from it, so it rises in the legs over texts as its everyday questions stand, as
// far as those are trusted. An article of an act that
// the question names is a little more likely, and no other is left out for that. Ties go
// by identifier. Passages that are not in the map are
// gone and left out.
func fuse(legs []leg, passages map[int64]Passage, asked, named map[string]bool) []fused {
	best := map[group]*fused{}
	own := passageScores(legs)
	place := make([]map[group]Leg, len(legs))
	for i, l := range legs {
		place[i] = map[group]Leg{}
		for _, hit := range l.hits {
			p, there := passages[hit.Passage]
			if !there {
				continue
			}
			key := groupOf(p)
			if _, seen := place[i][key]; !seen {
				place[i][key] = Leg{Name: l.name, Rank: len(place[i]) + 1, Score: hit.Score}
			}
			if f := best[key]; f == nil || own[p.ID] > own[f.passage.ID] || own[p.ID] == own[f.passage.ID] && p.ID < f.passage.ID {
				best[key] = &fused{group: key, passage: p}
			}
		}
	}
	all := make([]fused, 0, len(best))
	for key, f := range best {
		for i, l := range legs {
			at, found := place[i][key]
			if !found {
				at = Leg{Name: l.name, Score: lowest(l)}
				if l.of != "" && !asked[key.document] {
					at.Score = standsFor(l, legs, place, key)
				}
			}
			if l.of == "" && f.passage.Document.isForeign() {
				at.Score += trusted(l, legs) * max(0, standsFor(l, legs, place, key)-at.Score)
			}
			f.legs = append(f.legs, at)
			f.score += l.weight * at.Score
		}
		if named[f.passage.Document.Act] {
			f.legs = append(f.legs, Leg{Name: LegAct, Rank: 1, Score: 1})
			f.score += DefaultWeights.Act
		}
		all = append(all, *f)
	}
	slices.SortFunc(all, func(a, b fused) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.group.document, b.group.document), cmp.Compare(a.passage.ID, b.passage.ID))
	})
	return all
}

// standsFor is what an article of a document without everyday questions takes of a leg
// over them: as far up between the leg's lowest and highest score as the article stands
// in the leg over passages. Else no text of the office could win beside statutes that
// come with questions. Its own score would not do: texts and questions score on
// different scales.
func standsFor(l leg, legs []leg, place []map[group]Leg, key group) float64 {
	for i, beside := range legs {
		at, found := place[i][key]
		if beside.name != l.of && beside.of != l.name || !found || len(l.hits) == 0 {
			continue
		}
		bottom, top := lowest(beside), beside.hits[0].Score
		if top <= bottom {
			return l.hits[0].Score // nothing stands above it
		}
		return lowest(l) + (at.Score-bottom)/(top-bottom)*(l.hits[0].Score-lowest(l))
	}
	return lowest(l)
}

// trusted is how far the leg over everyday questions beside a leg over texts is trusted.
func trusted(l leg, legs []leg) float64 {
	for _, beside := range legs {
		if beside.of == l.name {
			return beside.weight / l.weight
		}
	}
	return 0
}

// passageScores gives each passage's own weighted score, which picks the best passage
// of an article. Everyday questions are about the article, so they say nothing of it.
func passageScores(legs []leg) map[int64]float64 {
	scores := map[int64]float64{}
	for _, l := range legs {
		if l.of != "" {
			continue
		}
		for _, hit := range l.hits {
			if _, seen := scores[hit.Passage]; !seen {
				for _, other := range legs {
					scores[hit.Passage] += other.weight * lowest(other)
				}
			}
			scores[hit.Passage] += l.weight * (hit.Score - lowest(l))
		}
	}
	return scores
}

func lowest(l leg) float64 {
	if len(l.hits) == 0 || l.name == LegLookup { // nothing else is cited
		return 0
	}
	return l.hits[len(l.hits)-1].Score
}
