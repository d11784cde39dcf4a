package eval

import (
	"referent/internal/law"
	"referent/rag"
)

// Found is a hit as it is kept and held against the gold.
type Found struct {
	Rank     int     `json:"rank"`
	Score    float64 `json:"score"`
	Act      string  `json:"act,omitempty"`
	Article  string  `json:"article,omitempty"`
	Unit     string  `json:"unit,omitempty"`
	Key      string  `json:"key,omitempty"`
	Title    string  `json:"title,omitempty"`
	Document string  `json:"document,omitempty"`
	Name     string  `json:"name"` // of act and article; the document of a TREC run
}

// Name gives a hit the name that its gold has: act and article, or the identifier of
// a document of the corpus. "" leaves the hit out.
type Name func(rag.Hit) string

// ByArticle names hits by act and article; what has no act by its document.
func ByArticle(hit rag.Hit) string { return articleName(hit.Act, hit.Document, hit.Article) }

// found keeps of the hits those that have a name, each name once: two passages of one
// document are one document found.
func found(hits []rag.Hit, name Name) []Found {
	list := []Found{}
	seen := map[string]bool{}
	for _, hit := range hits {
		called := name(hit)
		if called == "" || seen[called] {
			continue
		}
		seen[called] = true
		list = append(list, Found{
			Rank: len(list) + 1, Score: hit.Score, Act: hit.Act, Article: hit.Article,
			Unit: hit.Unit, Key: hit.Key, Title: hit.Title, Document: hit.Document, Name: called,
		})
	}
	return list
}

// Level is how close a hit must come.
type Level string

// The levels. At LevelUnit a hit counts when it is the gold unit or lies inside it.
const (
	LevelArticle Level = "article"
	LevelUnit    Level = "unit"
)

// Levels lists the levels in the order of reports.
var Levels = []Level{LevelArticle, LevelUnit}

// judged is a ranking held against the gold: the gain of each rank, and the gains that
// the gold could give at best.
type judged struct {
	gains   []float64 // by rank; a gold counts once
	golds   []int     // by rank: how many gold units it is
	ideal   []float64 // descending
	broader []bool    // by rank: the hit only contains a gold unit
}

func newJudged(hits int) judged {
	return judged{gains: make([]float64, hits), golds: make([]int, hits), broader: make([]bool, hits)}
}

// judge holds hits against the gold.
func judge(level Level, hits []Found, gold []Gold) judged {
	if level == LevelArticle {
		return judgeArticles(hits, gold)
	}
	return judgeUnits(hits, gold)
}

func judgeArticles(hits []Found, gold []Gold) judged {
	gains := map[string]float64{}
	for _, g := range gold {
		gains[g.name()] = max(gains[g.name()], g.grade())
	}
	j := newJudged(len(hits))
	for i, hit := range hits {
		if j.gains[i] = gains[hit.Name]; j.gains[i] > 0 {
			j.golds[i] = 1
		}
	}
	for _, gain := range gains {
		j.ideal = append(j.ideal, gain)
	}
	return j.sorted()
}

func judgeUnits(hits []Found, gold []Gold) judged {
	j := newJudged(len(hits))
	taken := make([]bool, len(gold))
	for i, hit := range hits {
		for n, g := range gold {
			exact, broader := g.meets(hit)
			j.broader[i] = j.broader[i] || broader
			if exact && !taken[n] {
				taken[n] = true
				j.gains[i] += g.grade()
				j.golds[i]++
			}
		}
		if j.gains[i] > 0 {
			j.broader[i] = false
		}
	}
	for _, g := range gold {
		j.ideal = append(j.ideal, g.grade())
	}
	return j.sorted()
}

// meets says whether a hit is the gold unit or lies inside it, and whether it only
// contains it.
func (g Gold) meets(hit Found) (exact, broader bool) {
	if g.key == "" {
		return g.Document == hit.Name, false
	}
	same := g.Act != "" && g.Act == hit.Act || g.name() == hit.Name
	if !same || hit.Key == "" {
		return false, false
	}
	key := law.Key(hit.Key)
	exact = g.key.Contains(key)
	return exact, !exact && key.Contains(g.key)
}
