package rag

import "testing"

func TestRefuse(t *testing.T) {
	for name, c := range map[string]struct {
		evidence evidence
		want     RefusalReason
	}{
		"a cited unit answers whatever else":      {evidence{cited: true}, ""},
		"no word of its own":                      {evidence{found: true, words: 1}, TooVague},
		"nothing found":                           {evidence{terms: 5}, NotInLibrary},
		"words that hardly meet":                  {evidence{terms: 5, found: true, words: thresholds.words / 2}, NotInLibrary},
		"people ask so":                           {evidence{terms: 5, found: true, asked: 0.3}, ""},
		"words that meet":                         {evidence{terms: 5, found: true, words: thresholds.words}, ""},
		"neither words nor meaning":               {evidence{terms: 5, found: true, vectors: true, words: thresholds.wordsBeside / 2, cosine: 0.7, floor: 0.8}, NotInLibrary},
		"meaning alone":                           {evidence{terms: 5, found: true, vectors: true, cosine: 0.8, floor: 0.8}, ""},
		"a model without a floor":                 {evidence{terms: 5, found: true, vectors: true, cosine: 0.9, words: thresholds.words / 2}, NotInLibrary},
		"words alone, where meaning was searched": {evidence{terms: 5, found: true, vectors: true, words: thresholds.wordsBeside, floor: 0.8}, ""},
	} {
		if reason, refused := c.evidence.refuse(); reason != c.want || refused != (c.want != "") {
			t.Errorf("%s: %q, %v, want %q", name, reason, refused, c.want)
		}
	}
}
