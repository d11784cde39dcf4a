package pdftext

import (
	"math"
	"regexp"
	"strings"
	"unicode/utf8"

	"referent/internal/polish"
)

// spacing says before which words of a row a space stands. A gap that may be one of
// letters or one of words ("Opr acowano", "i wniosków") is decided by the lexicon, for all
// such gaps in a row of pieces at once.
func spacing(row []Word, gap float64) []bool {
	spaces := make([]bool, len(row))
	distances := make([]float64, len(row))
	start := 0 // of the pieces whose gaps are open
	for i := 1; i <= len(row); i++ {
		if i < len(row) {
			last, next := row[i-1], row[i]
			distances[i] = (next.X0 - last.X1) / math.Max(last.Size, next.Size)
			if !last.Space && distances[i] <= wideGap && !next.raised && !last.raised {
				continue
			}
			spaces[i] = last.Space || distances[i] > gap
		}
		decide(row[start:i], distances[start:i], spaces[start:i], gap)
		start = i
	}
	return spaces
}

// maxPieces whose gaps are decided together: more are a text set letter by letter.
const maxPieces = 24

// Costs of a reading: of each letter of a word that is none, and of a gap read against
// its width.
const (
	unknownCost = 0.12
	gapCost     = 0.3
)

// decide finds the reading of pieces that costs least.
func decide(pieces []Word, distances []float64, spaces []bool, gap float64) {
	n := len(pieces)
	if n < 2 {
		return
	}
	open := false
	for i := 1; i < n; i++ {
		spaces[i] = distances[i] > gap
		open = open || distances[i] > pieceGap
	}
	if !open || n > maxPieces {
		return
	}
	best, from := make([]float64, n+1), make([]int, n+1)
	for end := 1; end <= n; end++ {
		best[end] = math.Inf(1)
		text, joined := "", 0.0
		for start := end - 1; start >= 0; start-- {
			if start+1 < end {
				joined += gapPrice(pieces, distances, start+1, gap, false)
			}
			text = pieces[start].Text + text
			cost := best[start] + joined + wordPrice(text)
			if start > 0 {
				cost += gapPrice(pieces, distances, start, gap, true)
			}
			if cost < best[end] {
				best[end], from[end] = cost, start
			}
		}
	}
	for i := 1; i < n; i++ {
		spaces[i] = false
	}
	for end := from[n]; end > 0; end = from[end] {
		spaces[end] = true
	}
}

// gapPrice is what it costs to read the gap before a piece as a space, or as none.
func gapPrice(pieces []Word, distances []float64, i int, gap float64, space bool) float64 {
	if distances[i] <= pieceGap || strings.ContainsAny(pieces[i].Text[:1], ".,;:)") {
		if space {
			return math.Inf(1)
		}
		return 0
	}
	if letters(lastWord(pieces[i-1].Text)) == 0 || letters(firstWord(pieces[i].Text)) == 0 {
		gap = wordGap // the lexicon has no say here
	}
	if (distances[i] > gap) == space {
		return 0
	}
	return gapCost
}

func letters(text string) int { return utf8.RuneCountInString(text) }

// shortWords have one letter; the lexicon holds others too, as abbreviations.
var shortWords = map[string]bool{"a": true, "i": true, "o": true, "u": true, "w": true, "z": true, "A": true, "I": true, "O": true, "U": true, "W": true, "Z": true}

var numeral = regexp.MustCompile(`^\d+[a-zł]{0,3}$`)

func wordPrice(text string) float64 {
	text = strings.Trim(text, `.,;:()[]„”"“–—-'`)
	switch {
	case shortWords[text], numeral.MatchString(text), strings.IndexFunc(text, noLetter) < 0 && polish.Known(text), text == "":
		return 0
	}
	return unknownCost * float64(letters(text))
}
