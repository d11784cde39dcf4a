package rag

// evidence is what retrieval says for a question being answered by the library.
type evidence struct {
	terms   int     // content words of the question
	cited   bool    // it cites a unit that is there
	found   bool    // some leg returned something
	words   float64 // best BM25 as a share of what the question could reach
	vectors bool    // the vectors were searched
	cosine  float64 // best cosine
	lead    float64 // best cosine over the mean of those returned
}

// Thresholds below which a question is refused. They are set so that a question that
// the library answers is hardly ever refused, which lets many others through: the
// sources stand beside the answer, a refusal hides them.
var thresholds = struct {
	words       float64 // share of reach, when there are no vectors
	wordsBeside float64 // share of reach, beside vectors
	lead        float64 // lead of the best cosine, beside words
}{words: 0.035, wordsBeside: 0.035, lead: 0.03}

func weigh(u understood, cited bool, words WordHits, near []Scored) evidence {
	e := evidence{terms: u.terms, cited: cited, found: cited || len(words.Hits)+len(near) > 0}
	if len(words.Hits) > 0 {
		e.words = share(words.Hits[0].Score, words.Reach)
	}
	if len(near) > 0 {
		e.vectors, e.cosine = true, near[0].Score
		sum := 0.0
		for _, hit := range near {
			sum += hit.Score
		}
		e.lead = e.cosine - sum/float64(len(near))
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
	case e.vectors && e.words < thresholds.wordsBeside && e.lead < thresholds.lead:
		return NotInLibrary, true
	case !e.vectors && e.words < thresholds.words:
		return NotInLibrary, true
	}
	return "", false
}
