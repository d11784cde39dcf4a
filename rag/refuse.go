package rag

// evidence is what retrieval says for a question being answered by the library.
type evidence struct {
	terms   int     // content words of the question
	cited   bool    // it cites a unit that is there
	found   bool    // some leg returned something
	words   float64 // best BM25 as a share of what the question could reach
	asked   float64 // the same over everyday questions
	vectors bool    // the vectors were searched
	cosine  float64 // best cosine
	floor   float64 // cosine below which the model says that texts do not meet; 0 when not measured
}

// Thresholds below which a question is refused. They are set so that a question that
// the library answers is hardly ever refused, which lets many others through: the
// sources stand beside the answer, a refusal hides them. Words alone tell the two kinds
// apart in a small library only; in one of 33 acts they hardly do (docs/benchmarks.md).
var thresholds = struct {
	words       float64 // share of reach, when there are no vectors to go by
	wordsBeside float64 // share of reach, when the best cosine is below the model's floor
}{words: 0.029, wordsBeside: 0.09}

func weigh(u understood, cited bool, words WordHits, near []Scored, floor float64, everyday []leg) evidence {
	e := evidence{terms: u.terms, cited: cited, found: cited || len(words.Hits)+len(near) > 0}
	for _, l := range everyday {
		if len(l.hits) == 0 {
			continue
		}
		e.found = true
		if l.name == LegQuestionWords {
			e.asked = l.hits[0].Score
		}
	}
	if len(words.Hits) > 0 {
		e.words = share(words.Hits[0].Score, words.Reach)
	}
	if len(near) > 0 {
		e.vectors, e.cosine, e.floor = true, near[0].Score, floor
	}
	return e
}

// refuse decides by the evidence whether a question is answered at all.
func (e evidence) refuse() (RefusalReason, bool) {
	switch {
	case e.cited:
		return "", false
	case e.terms == 0:
		return TooVague, true
	case !e.found:
		return NotInLibrary, true
	case e.vectors && e.floor > 0:
		if e.cosine < e.floor && e.words < thresholds.wordsBeside {
			return NotInLibrary, true
		}
	case max(e.words, e.asked) < thresholds.words:
		return NotInLibrary, true
	}
	return "", false
}
