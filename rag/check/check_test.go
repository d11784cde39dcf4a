package check

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"referent/rag"
)

var sources = []rag.Source{
	{N: 1, Label: "art. 10 ust. 1 ustawy o petycjach", Text: "1. Petycja powinna być rozpatrzona bez zbędnej zwłoki, jednak nie później niż w terminie 3 miesięcy od dnia jej złożenia."},
	{N: 2, Label: "art. 6 ustawy o petycjach", Text: "Adresat petycji, który jest niewłaściwy do jej rozpatrzenia, przesyła ją niezwłocznie, nie później jednak niż w terminie 30 dni od dnia jej złożenia. Opłata wynosi 1 000 zł."},
}

func TestAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		in, out string
		claims  []rag.Claim
	}{
		"supported": {
			"Petycja powinna być rozpatrzona w terminie 3 miesięcy [1].",
			"Petycja powinna być rozpatrzona w terminie 3 miesięcy [1].",
			[]rag.Claim{{Text: "Petycja powinna być rozpatrzona w terminie 3 miesięcy.", Citations: []int{1}, Supported: true, Problems: []string{}}},
		},
		"numbers in words": {
			"Petycja powinna być rozpatrzona w terminie trzech miesięcy [1].",
			"Petycja powinna być rozpatrzona w terminie trzech miesięcy [1].",
			[]rag.Claim{{Text: "Petycja powinna być rozpatrzona w terminie trzech miesięcy.", Citations: []int{1}, Supported: true, Problems: []string{}}},
		},
		"another number": {
			"Petycja powinna być rozpatrzona w terminie 2 miesięcy [1].",
			"Petycja powinna być rozpatrzona w terminie 2 miesięcy [1].",
			[]rag.Claim{{Text: "Petycja powinna być rozpatrzona w terminie 2 miesięcy.", Citations: []int{1}, Problems: []string{NumberNotInSource}}},
		},
		"thousands": {
			"Opłata wynosi 1000 zł [2].",
			"Opłata wynosi 1000 zł [2].",
			[]rag.Claim{{Text: "Opłata wynosi 1000 zł.", Citations: []int{2}, Supported: true, Problems: []string{}}},
		},
		"another matter": {
			"Burmistrz ogłasza konkurs na dyrektora szkoły [1].",
			"Burmistrz ogłasza konkurs na dyrektora szkoły [1].",
			[]rag.Claim{{Text: "Burmistrz ogłasza konkurs na dyrektora szkoły.", Citations: []int{1}, Problems: []string{LittleOverlap}}},
		},
		"unknown marker": {
			"Petycja powinna być rozpatrzona w terminie 3 miesięcy [1][7].",
			"Petycja powinna być rozpatrzona w terminie 3 miesięcy [1].",
			[]rag.Claim{{Text: "Petycja powinna być rozpatrzona w terminie 3 miesięcy.", Citations: []int{1}, Supported: true, Problems: []string{UnknownMarker}}},
		},
		"only an unknown marker": {
			"Petycja powinna być rozpatrzona [9].",
			"Petycja powinna być rozpatrzona.",
			[]rag.Claim{{Text: "Petycja powinna być rozpatrzona.", Citations: []int{}, Problems: []string{UnknownMarker, NoCitation}}},
		},
		"no marker, clear source": {
			"Niewłaściwy adresat przesyła petycję w terminie 30 dni.",
			"Niewłaściwy adresat przesyła petycję w terminie 30 dni [2].",
			[]rag.Claim{{Text: "Niewłaściwy adresat przesyła petycję w terminie 30 dni.", Citations: []int{2}, Supported: true, Problems: []string{}}},
		},
		"no marker, no source": {
			"Burmistrz ogłasza konkurs na dyrektora.",
			"Burmistrz ogłasza konkurs na dyrektora.",
			[]rag.Claim{{Text: "Burmistrz ogłasza konkurs na dyrektora.", Citations: []int{}, Problems: []string{NoCitation}}},
		},
		"forms of markers": {
			"Termin rozpatrzenia petycji to 3 miesiące. [źródło 1] Niewłaściwy adresat ma 30 dni [1, 2].",
			"Termin rozpatrzenia petycji to 3 miesiące [1]. Niewłaściwy adresat ma 30 dni [1][2].",
			[]rag.Claim{
				{Text: "Termin rozpatrzenia petycji to 3 miesiące.", Citations: []int{1}, Supported: true, Problems: []string{}},
				{Text: "Niewłaściwy adresat ma 30 dni.", Citations: []int{1, 2}, Supported: true, Problems: []string{}},
			},
		},
		"a citation of the unit is no number of its own": {
			"Zgodnie z art. 10 ust. 1 petycja powinna być rozpatrzona w terminie 3 miesięcy [1].",
			"Zgodnie z art. 10 ust. 1 petycja powinna być rozpatrzona w terminie 3 miesięcy [1].",
			[]rag.Claim{{Text: "Zgodnie z art. 10 ust. 1 petycja powinna być rozpatrzona w terminie 3 miesięcy.", Citations: []int{1}, Supported: true, Problems: []string{}}},
		},
		"lead of a list": {
			"Terminy są takie:\n1. Petycja powinna być rozpatrzona w terminie 3 miesięcy [1].",
			"Terminy są takie:\n1. Petycja powinna być rozpatrzona w terminie 3 miesięcy [1].",
			[]rag.Claim{{Text: "Terminy są takie:\n1. Petycja powinna być rozpatrzona w terminie 3 miesięcy.", Citations: []int{1}, Supported: true, Problems: []string{}}},
		},
		"a marker at the wrong source": {
			"Petycja powinna być rozpatrzona w terminie 3 miesięcy [2].",
			"Petycja powinna być rozpatrzona w terminie 3 miesięcy [1].",
			[]rag.Claim{{Text: "Petycja powinna być rozpatrzona w terminie 3 miesięcy.", Citations: []int{1}, Supported: true, Problems: []string{MovedMarker}}},
		},
		"one of two markers is right": {
			"Petycja powinna być rozpatrzona w terminie 3 miesięcy [1][2].",
			"Petycja powinna być rozpatrzona w terminie 3 miesięcy [1][2].",
			[]rag.Claim{{Text: "Petycja powinna być rozpatrzona w terminie 3 miesięcy.", Citations: []int{1, 2}, Supported: true, Problems: []string{}}},
		},
		"no source has the number": {
			"Petycja powinna być rozpatrzona w terminie 5 miesięcy [2].",
			"Petycja powinna być rozpatrzona w terminie 5 miesięcy [2].",
			[]rag.Claim{{Text: "Petycja powinna być rozpatrzona w terminie 5 miesięcy.", Citations: []int{2}, Problems: []string{NumberNotInSource}}},
		},
		"a word alone goes with the sentence after it": {
			"Tak [1]. Petycja powinna być rozpatrzona w terminie 3 miesięcy.",
			"Tak. Petycja powinna być rozpatrzona w terminie 3 miesięcy [1].",
			[]rag.Claim{{Text: "Tak. Petycja powinna być rozpatrzona w terminie 3 miesięcy.", Citations: []int{1}, Supported: true, Problems: []string{}}},
		},
		"a word that stays alone cannot be checked": {
			"Tak [1].",
			"Tak [1].",
			[]rag.Claim{{Text: "Tak.", Citations: []int{1}, Problems: []string{LittleOverlap}}},
		},
		"the number of a unit is no amount": {
			"Petycja powinna być rozpatrzona w terminie 10 miesięcy [1].",
			"Petycja powinna być rozpatrzona w terminie 10 miesięcy [1].",
			[]rag.Claim{{Text: "Petycja powinna być rozpatrzona w terminie 10 miesięcy.", Citations: []int{1}, Problems: []string{NumberNotInSource}}},
		},
		"markers within markers": {
			"Niewłaściwy adresat ma 30 dni [ 3 [2] ].",
			"Niewłaściwy adresat ma 30 dni [2].",
			[]rag.Claim{{Text: "Niewłaściwy adresat ma 30 dni.", Citations: []int{2}, Supported: true, Problems: []string{UnknownMarker}}},
		},
		"nothing": {"", "", []rag.Claim{}},
	} {
		out, claims := Answer(c.in, sources)
		if out != c.out {
			t.Errorf("%s: %q, want %q", name, out, c.out)
		}
		if diff := cmp.Diff(c.claims, claims); c.claims != nil && diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Whatever a model writes, what is left resolves to a source.
func TestEveryMarkerLeftResolves(t *testing.T) {
	found := regexp.MustCompile(`\[[ \t]*(\d+)[ \t]*\]`) // a line break ends a sentence, and makes none a marker
	rapid.Check(t, func(t *rapid.T) {
		part := rapid.SampledFrom([]string{"Petycja", "termin", "3", "miesiące", "[1]", "[2]", "[3]", "[ 12, 1 ]", "[źródło 4]", ".", ".", "\n", "[", "]", "art. 5", "[99999999999999999999]"})
		text := strings.Join(rapid.SliceOf(part).Draw(t, "parts"), " ")
		checked, claims := Answer(text, sources)
		for _, match := range found.FindAllStringSubmatch(checked, -1) {
			n, err := strconv.Atoi(match[1])
			if err != nil || n < 1 || n > len(sources) {
				t.Fatalf("%q left %q", text, checked)
			}
		}
		for _, claim := range claims {
			if claim.Supported && (len(claim.Citations) == 0 || slices.Contains(claim.Problems, NumberNotInSource)) {
				t.Fatalf("supported by nothing: %+v", claim)
			}
		}
	})
}
