package rag

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"referent/internal/polish"
)

// Origin says who wrote an everyday question.
type Origin string

// The origins of everyday questions.
const (
	OriginBank   Origin = "bank"   // came with Referent
	OriginModel  Origin = "model"  // the configured chat model
	OriginEditor Origin = "editor" // a person of the office
	OriginClerk  Origin = "clerk"  // asked, and the answer was marked good
)

// EverydayQuestion is what people ask that a unit of an act answers. It is a way to
// find the unit, never a source. It belongs to the unit, not to a document: each
// wording of the act that still says nearly the same is found by it.
type EverydayQuestion struct {
	Key           string // of the unit
	Text          string
	Model         string // that wrote it, "" for people
	PromptVersion string
	Language      string // of the text it was written from
	TextHash      string // UnitHash of that text
	Sketch        Sketch // of that text
}

// QuestionIndex is what retrieval asks of the everyday questions. Hits are passages of
// the articles that the questions belong to, one an article, and obey the scope.
type QuestionIndex interface {
	// QuestionWords scores articles by BM25 over the words of all their questions together.
	QuestionWords(ctx context.Context, scope Scope, question string, k int) (WordHits, error)
	// QuestionsNearest scores articles by the cosine of their nearest question.
	QuestionsNearest(ctx context.Context, scope Scope, digest string, vector []float32, k int) ([]Scored, error)
	// Asked names the documents of the scope that have questions.
	Asked(ctx context.Context, scope Scope) (map[string]bool, error)
}

// everyday searches the everyday questions of the scope, if anything in it has any, and
// says which documents have them. texts is what the texts themselves gave by words.
func (a *Assistant) everyday(ctx context.Context, scope Scope, text string, texts []Scored, m meaning) ([]leg, map[string]bool, error) {
	if a.Questions == nil {
		return nil, nil, nil
	}
	asked, err := a.Questions.Asked(ctx, scope)
	if err != nil || len(asked) == 0 {
		return nil, nil, err
	}
	words, err := a.Questions.QuestionWords(ctx, scope, text, legHits)
	if err != nil {
		return nil, nil, err
	}
	hits := shares(words)
	t := trust(hits, texts)
	legs := []leg{{name: LegQuestionWords, weight: DefaultWeights.QuestionWords * t * t, hits: hits, of: LegWords}}
	if m.vector == nil {
		return legs, asked, nil
	}
	near, err := a.Questions.QuestionsNearest(ctx, scope, m.digest, m.vector, legHits)
	if err != nil {
		return nil, nil, err
	}
	if len(near) > 0 {
		legs = append(legs, leg{name: LegQuestionVectors, weight: DefaultWeights.QuestionVectors * t, hits: near, of: LegVectors})
	}
	return legs, asked, nil
}

// trust says how far to go by everyday questions: fully where their words hold as much of
// what is asked as any text's do, less where a text holds more. Who asks in the words of
// the law is answered by the law. The leg by words, whose own scores say so, takes it squared.
func trust(questions, texts []Scored) float64 {
	if len(questions) == 0 || len(texts) == 0 || texts[0].Score <= 0 {
		return 1
	}
	return min(1, questions[0].Score/texts[0].Score)
}

// UnitHash tells whether the text of a unit is still the one that questions were
// written from, however it is spaced.
func UnitHash(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(norm.NFKC.String(text)), " ")))
	return hex.EncodeToString(sum[:])
}

// Sketch stands for the lemmas of a text: the sketchSize smallest of their hashes of
// three bytes, in base64. Two sketches tell how much of two texts is the same without
// either text (a bottom-k sketch; with 32 hashes an overlap of 0.6 is known within 0.09).
type Sketch string

const (
	sketchSize  = 32
	sketchBytes = 3
)

// NewSketch makes the sketch of a text.
func NewSketch(text string) Sketch {
	var hashes []string
	for _, lemma := range polish.Terms(text) {
		// Not a fast hash: those of words that look alike would lie close together, and
		// the smallest ones would be no fair sample.
		sum := sha256.Sum256([]byte(lemma))
		hashes = append(hashes, string(sum[:sketchBytes]))
	}
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	return Sketch(base64.StdEncoding.EncodeToString([]byte(strings.Join(hashes[:min(sketchSize, len(hashes))], ""))))
}

// Overlap estimates the share of the lemmas of two texts that both have, 0 to 1; 0
// where one of the sketches is none.
func (s Sketch) Overlap(other Sketch) float64 {
	a, b := s.hashes(), other.hashes()
	union := append(slices.Clone(a), b...)
	slices.Sort(union)
	union = slices.Compact(union)
	if len(a) == sketchSize || len(b) == sketchSize {
		union = union[:sketchSize] // of a longer list one of the sketches may lack what its text has
	}
	if len(union) == 0 {
		return 0
	}
	shared := 0
	for _, hash := range union {
		_, inA := slices.BinarySearch(a, hash)
		_, inB := slices.BinarySearch(b, hash)
		if inA && inB {
			shared++
		}
	}
	return float64(shared) / float64(len(union))
}

func (s Sketch) hashes() []string {
	content, err := base64.StdEncoding.DecodeString(string(s))
	if err != nil || len(content)%sketchBytes != 0 {
		return nil
	}
	hashes := make([]string, 0, sketchSize)
	for part := range slices.Chunk(content, sketchBytes) {
		hashes = append(hashes, string(part))
	}
	return hashes
}
