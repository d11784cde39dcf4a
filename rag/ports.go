package rag

import (
	"context"
	"encoding/json"
	"time"
)

// Scored is a passage and what a leg of retrieval gave it.
type Scored struct {
	Passage int64
	Score   float64
}

// WordHits is what the words of a question found. Reach is the largest score
// the question could have had: the sum over its words of the largest BM25
// contribution each could make (unknown words with the highest idf).
type WordHits struct {
	Hits  []Scored
	Reach float64
}

// Index is what retrieval asks of the derived indices. Results are ordered by
// score, ties by passage, and hold only passages that the scope lets in.
type Index interface {
	// Words scores passages by BM25 over the words of a question.
	Words(ctx context.Context, scope Scope, question string, k int) (WordHits, error)
	// Nearest scores passages by cosine against vectors of the model with that digest.
	Nearest(ctx context.Context, scope Scope, digest string, vector []float32, k int) ([]Scored, error)
	// Restored gives a question that was typed without diacritics with them.
	Restored(ctx context.Context, question string) (string, error)
}

// Shelf is what retrieval asks of the stored documents.
type Shelf interface {
	// Passages gives stored passages with their documents, in the order asked; gone ones are left out.
	Passages(ctx context.Context, ids []int64) ([]Passage, error)
	// Units gives the units of a document whose key is key or lies below it, with their texts.
	Units(ctx context.Context, document, key string) ([]Unit, error)
	// Lookup gives the passages that hold a unit of an act (key "" for its first), newest wording first;
	// act "" looks in every act of the scope.
	Lookup(ctx context.Context, scope Scope, act, key string) ([]Passage, error)
}

// Catalogue is what a question must know of the library before it searches.
type Catalogue interface {
	// Searched names the collections a scope reads; an unknown one is CodeUnknownCollection.
	Searched(ctx context.Context, scope Scope) ([]string, error)
	// Pending counts the scope's passages that have no vector of the model with that digest.
	Pending(ctx context.Context, scope Scope, digest string) (int, error)
	// Unread counts the pages of the scope's documents that could not be read.
	Unread(ctx context.Context, scope Scope) (int, error)
}

// Model is a model as Ollama has it.
type Model struct {
	Name      string `json:"name"`
	Digest    string `json:"digest"`
	Dimension int    `json:"dimension,omitempty"` // of an embedding model; 0 for a chat model
	// Floor is the cosine below which the embedding model finds that texts do not meet;
	// 0 where that was not measured: models differ widely.
	Floor float64 `json:"floor,omitempty"`
}

// Embedder turns texts into vectors of unit length. Prefixes and normalisation of the
// model are its own affair. It fails with CodeOllamaUnreachable or CodeModelMissing.
type Embedder interface {
	// Model says which model embeds; found is false where there is none.
	Model(ctx context.Context) (m Model, found bool, err error)
	EmbedQuery(ctx context.Context, text string) ([]float32, error)
	EmbedPassages(ctx context.Context, texts []string) ([][]float32, error)
}

// Generation is what a model made of a prompt.
type Generation struct {
	Text         string
	PromptTokens int
	AnswerTokens int
	Reading      time.Duration // the prompt, or what of it was not read before
}

// Generator makes a model write. It calls token for each piece; an error from token
// stops the model. A stream that ends before its end is an error, never a short answer.
type Generator interface {
	// Model says which model writes; found is false where there is none.
	Model(ctx context.Context) (m Model, found bool, err error)
	Generate(ctx context.Context, messages []Message, options Options, token func(text string) error) (Generation, error)
}

// Message is a part of a prompt.
type Message struct {
	Role string // system, user, assistant
	Text string
}

// Options of a generation.
type Options struct {
	Seed        int
	Temperature float64
	MaxTokens   int
	Schema      json.RawMessage // JSON schema that the text obeys; nil: any text
}
