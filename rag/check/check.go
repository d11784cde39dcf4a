// Package check holds the sentences of an answer against the sources they cite: every
// number must stand there and most words. It imports rag and internal packages only.
package check

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"referent/internal/polish"
	"referent/rag"
)

// Problems of a claim, as rag.Claim gives them.
const (
	NoCitation        = "no_citation"
	UnknownMarker     = "unknown_marker"
	NumberNotInSource = "number_not_in_source"
	LittleOverlap     = "little_overlap"
)

const (
	// supported is the share of a claim's words that its sources must hold. Half a
	// sentence may be the model's own way of putting it.
	supported = 0.5
	// attached is the share from which a source is taken to be what a sentence without
	// a marker was written from.
	attached = 0.7
)

// Answer is the rag.Check of this package. It takes markers away that resolve to
// nothing, adds one where a sentence has none and a source clearly supports it, and
// judges each sentence.
func Answer(answer string, sources []rag.Source) (string, []rag.Claim) {
	runes := []rune(answer)
	claims := []rag.Claim{}
	var checked strings.Builder
	at := 0
	for _, span := range rag.Sentences(answer) {
		s := read(string(runes[span.Start:span.End]), sources)
		if s.text == "" {
			at = span.End // nothing but markers that resolve to nothing
			continue
		}
		if len(s.markers) == 0 && len(s.problems) == 0 && isStatement(s.text) {
			s.attach(sources)
		}
		checked.WriteString(string(runes[at:span.Start]) + s.String())
		at = span.End
		if isStatement(s.text) {
			claims = append(claims, s.claim(sources))
		}
	}
	return strings.TrimSpace(checked.String()), claims
}

// markers are what models write for [n]: also [1, 2], [1][2], [źródło 1].
var markers = regexp.MustCompile(`\s*\[\s*(?:źródło|zrodlo|nr)?\s*(\d+(?:\s*[,;]\s*\d+)*)\s*\]`)

var number = regexp.MustCompile(`\d+`)

// sentence is a sentence of the answer without its markers.
type sentence struct {
	text     string
	markers  []int
	problems []string
}

func read(text string, sources []rag.Source) sentence {
	s := sentence{problems: []string{}}
	for _, match := range markers.FindAllStringSubmatch(text, -1) {
		for _, digits := range number.FindAllString(match[1], -1) {
			n, err := strconv.Atoi(digits)
			switch {
			case err != nil || !slices.ContainsFunc(sources, func(source rag.Source) bool { return source.N == n }):
				if !slices.Contains(s.problems, UnknownMarker) {
					s.problems = append(s.problems, UnknownMarker)
				}
			case !slices.Contains(s.markers, n):
				s.markers = append(s.markers, n)
			}
		}
	}
	s.text = strings.TrimSpace(markers.ReplaceAllString(text, ""))
	if s.text == "." {
		s.text = ""
	}
	return s
}

// attach gives a sentence the marker of the source that supports it best, if one does.
func (s *sentence) attach(sources []rag.Source) {
	best := attached
	for _, source := range sources {
		overlap := rag.Overlap(s.text, source.Text)
		if overlap >= best && numbersIn(s.text, source.Text) && (len(s.markers) == 0 || overlap > best) {
			best, s.markers = overlap, []int{source.N}
		}
	}
}

// String gives the sentence with its markers before the stop that ends it.
func (s sentence) String() string {
	if len(s.markers) == 0 {
		return s.text
	}
	body := strings.TrimRight(s.text, ".!?…")
	var b strings.Builder
	b.WriteString(body + " ")
	for _, n := range s.markers {
		b.WriteString("[" + strconv.Itoa(n) + "]")
	}
	b.WriteString(s.text[len(body):])
	return b.String()
}

func (s sentence) claim(sources []rag.Source) rag.Claim {
	claim := rag.Claim{Text: s.text, Citations: []int{}, Problems: s.problems}
	var cited strings.Builder
	for _, source := range sources {
		if slices.Contains(s.markers, source.N) {
			claim.Citations = append(claim.Citations, source.N)
			cited.WriteString(source.Label + "\n" + source.Text + "\n")
		}
	}
	switch {
	case len(claim.Citations) == 0:
		claim.Problems = append(claim.Problems, NoCitation)
	default:
		if !numbersIn(s.text, cited.String()) {
			claim.Problems = append(claim.Problems, NumberNotInSource)
		}
		if rag.Overlap(s.text, cited.String()) < supported {
			claim.Problems = append(claim.Problems, LittleOverlap)
		}
	}
	claim.Supported = len(claim.Citations) > 0 && !slices.Contains(claim.Problems, NumberNotInSource) &&
		!slices.Contains(claim.Problems, LittleOverlap)
	return claim
}

// isStatement says whether there is anything to check: a heading or the lead of a list has
// no stop of its own and ends in a colon.
func isStatement(text string) bool {
	return len(polish.Terms(text)) > 1 && !strings.HasSuffix(text, ":")
}

// numbersIn says whether every number of the claim stands in the text, in figures or,
// for small ones, in words.
func numbersIn(claim, text string) bool {
	there := map[string]bool{}
	for _, n := range numbers(text) {
		there[n] = true
	}
	for _, n := range numbers(claim) {
		if !there[n] {
			return false
		}
	}
	return true
}

var (
	figures    = regexp.MustCompile(`\d+(?:[ \x{a0}]\d{3})*(?:[.,/^]\d+)*`)
	itemNumber = regexp.MustCompile(`^\s*\d+[.)]\s`)
	separators = strings.NewReplacer(" ", "", "\u00a0", "", ".", ",")
)

// numbers gives the numbers of a text in one form: "1 000" is "1000", "12.5" is
// "12,5", "trzech" is "3". The number of a list item is none of the claim's.
func numbers(text string) []string {
	text = itemNumber.ReplaceAllString(text, "")
	var all []string
	for _, figure := range figures.FindAllString(text, -1) {
		all = append(all, separators.Replace(figure))
	}
	for _, word := range polish.Words(text) {
		if n, ok := numerals[polish.Fold(word)]; ok {
			all = append(all, n)
		}
	}
	return all
}
