package rag

// Leg is what one leg of retrieval said of a hit.
type Leg struct {
	Name  string  `json:"name"` // lookup, words, vectors, question_words, question_vectors, act
	Rank  int     `json:"rank"` // from 1; 0 when the leg did not return it
	Score float64 `json:"score"`
}

// Hit is an article that was found (or a passage of unstructured text), with
// its best unit and passage.
type Hit struct {
	Rank        int      `json:"rank"`
	Score       float64  `json:"score"`
	Act         string   `json:"act"`
	Unit        string   `json:"unit"`    // citation of the best unit: "art. 35 § 3"
	Key         string   `json:"key"`     // its key: "art=35;par=3"
	Article     string   `json:"article"` // "35", "39^3"; "" for unstructured text
	Title       string   `json:"title"`
	Document    string   `json:"document"`
	Collection  string   `json:"collection"`
	Page        int      `json:"page"`
	Passage     int64    `json:"passage"`
	Text        string   `json:"text"`
	Span        Span     `json:"span"`
	Status      Status   `json:"status"`
	WordingDate string   `json:"wording_date"`
	TextKind    TextKind `json:"text_kind"`
	Legs        []Leg    `json:"legs,omitempty"`
}

// Degradation is something Referent did without, said to the user and in JSON.
type Degradation string

// The degradations of the command contract.
const (
	NoModel          Degradation = "no_model"
	NoEmbeddings     Degradation = "no_embeddings"
	EmbeddingPending Degradation = "embedding_pending"
	NoQuestions      Degradation = "no_questions"
	NoOCR            Degradation = "no_ocr"
)

// SearchResult is the answer of `referent search --json` and /api/v1/search.
type SearchResult struct {
	ID       string        `json:"id"`
	Query    string        `json:"query"`
	Hits     []Hit         `json:"hits"`
	Degraded []Degradation `json:"degraded"`
	TookMS   float64       `json:"took_ms"`
}
