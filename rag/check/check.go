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
	MovedMarker       = "moved_marker" // it stood at a source that does not support the sentence; another clearly does
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
// nothing, adds one where a sentence has none and a source clearly supports it, moves
// one from a source that does not support its sentence to one that clearly does, and
// judges each sentence. A word alone ("Tak [1].") belongs to the sentence after it.
func Answer(answer string, sources []rag.Source) (string, []rag.Claim) {
	runes := []rune(answer)
	claims := []rag.Claim{}
	var checked strings.Builder
	at := 0
	for _, span := range whole(answer, runes) {
		s := read(string(runes[span.Start:span.End]), sources)
		if s.text == "" {
			at = span.End // nothing but markers that resolve to nothing
			continue
		}
		s.attach(sources)
		checked.WriteString(string(runes[at:span.Start]) + s.String())
		at = span.End
		if isStatement(s.text) || len(s.markers) > 0 {
			claims = append(claims, s.claim(sources))
		}
	}
	return strings.TrimSpace(checked.String()), claims
}

// whole gives the sentences of an answer, a "Tak [1]." or "Nie." joined to what follows
// it on its line: alone there is nothing in it to check.
func whole(answer string, runes []rune) []rag.Span {
	var spans []rag.Span
	joined := false
	for _, span := range rag.Sentences(answer) {
		text := string(runes[span.Start:span.End])
		if last := len(spans) - 1; joined && !strings.Contains(string(runes[spans[last].End:span.Start]), "\n") {
			spans[last].End = span.End
		} else {
			spans = append(spans, span)
		}
		joined = len(polish.Words(markers.ReplaceAllString(text, ""))) == 1
	}
	return spans
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
	s := sentence{text: text, problems: []string{}}
	for markers.MatchString(s.text) { // one taken away may leave another: "[ 3 [1] ]"
		for _, match := range markers.FindAllStringSubmatch(s.text, -1) {
			s.mark(match[1], sources)
		}
		s.text = markers.ReplaceAllString(s.text, "")
	}
	if s.text = strings.TrimSpace(s.text); s.text == "." {
		s.text = ""
	}
	return s
}

// mark notes the numbers of a marker.
func (s *sentence) mark(numbers string, sources []rag.Source) {
	for _, digits := range number.FindAllString(numbers, -1) {
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

// attach gives a statement that has no marker, or none at a source that supports it,
// that of the source which clearly supports it best, if there is one. A sentence whose
// only marker resolves to nothing stays without: what it stood for is not known.
func (s *sentence) attach(sources []rag.Source) {
	if !isStatement(s.text) || len(s.markers) == 0 && len(s.problems) > 0 {
		return
	}
	if cited := s.cited(sources); cited != "" && supports(s.text, cited, supported) {
		return
	}
	best, at := 0.0, 0
	for _, source := range sources {
		text := said(source)
		if overlap := rag.Overlap(s.text, text); overlap > best && supports(s.text, text, attached) {
			best, at = overlap, source.N
		}
	}
	if at == 0 {
		return
	}
	if len(s.markers) > 0 {
		s.problems = append(s.problems, MovedMarker)
	}
	s.markers = []int{at}
}

// supports says whether a text holds the numbers of a claim and so much of its words.
func supports(claim, text string, share float64) bool {
	return numbersIn(claim, text) && rag.Overlap(claim, text) >= share
}

// cited gives the texts that a sentence cites, with their labels.
func (s *sentence) cited(sources []rag.Source) string {
	var b strings.Builder
	for _, source := range sources {
		if slices.Contains(s.markers, source.N) {
			b.WriteString(said(source) + "\n")
		}
	}
	return b.String()
}

// said is all that a source says: its label too, for an answer may name the unit.
func said(source rag.Source) string { return source.Label + "\n" + source.Text }

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
	for _, source := range sources {
		if slices.Contains(s.markers, source.N) {
			claim.Citations = append(claim.Citations, source.N)
		}
	}
	cited := s.cited(sources)
	claim.Supported = cited != "" && supports(s.text, cited, supported)
	switch {
	case claim.Supported:
	case cited == "":
		claim.Problems = append(claim.Problems, NoCitation)
	default:
		if !numbersIn(s.text, cited) {
			claim.Problems = append(claim.Problems, NumberNotInSource)
		}
		if rag.Overlap(s.text, cited) < supported {
			claim.Problems = append(claim.Problems, LittleOverlap)
		}
	}
	return claim
}

// isStatement says whether there is anything to check: a heading or the lead of a list has
// no stop of its own and ends in a colon.
func isStatement(text string) bool {
	return len(polish.Terms(text)) > 1 && !strings.HasSuffix(text, ":")
}

// numbersIn says whether every number of the claim stands in the text, in figures or,
// for small ones, in words. The number of a unit ("§ 10", "art. 6 ust. 1") vouches for
// no amount and no term.
func numbersIn(claim, text string) bool {
	return allIn(numbers(claim), numbers(text)) &&
		allIn(numbers(unitNumber.ReplaceAllString(claim, "")), numbers(unitNumber.ReplaceAllString(text, "")))
}

func allIn(some, all []string) bool {
	return !slices.ContainsFunc(some, func(n string) bool { return !slices.Contains(all, n) })
}

var (
	figures    = regexp.MustCompile(`\d+(?:[ \x{a0}]\d{3})*(?:[.,/^]\d+)*`)
	itemNumber = regexp.MustCompile(`(?m)^\s*\d+[.)]\s`)
	unitNumber = regexp.MustCompile(`(?i)(?:§|\bart\.|\bust\.|\bpkt|\bpoz\.|\bnr)\s*\d+\pL*(?:\^\d+)?(?:\s*(?:i|lub|oraz|,|–|-)\s*\d+\pL*)*`)
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
