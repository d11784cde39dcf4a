package rag

import "referent/internal/law"

// RefusalReason says why a question was not answered.
type RefusalReason string

// The reasons of the command contract.
const (
	NotInLibrary     RefusalReason = "not_in_library"
	OutsideScope     RefusalReason = "outside_scope"
	DecisionOnPerson RefusalReason = "decision_on_person"
	PersonalData     RefusalReason = "personal_data"
	Injection        RefusalReason = "injection"
	TooVague         RefusalReason = "too_vague"
)

// Refusal is a result: what was searched and what stood nearest.
type Refusal struct {
	Reason   RefusalReason `json:"reason"`
	Searched []string      `json:"searched"` // names of the collections searched
	Nearest  []Hit         `json:"nearest"`
	Choices  []string      `json:"choices"` // concrete questions to ask instead
	Missing  []Missing     `json:"missing,omitempty"`
}

// Missing is a unit that a question cites and the library does not hold.
type Missing struct {
	Act     string `json:"act"`
	Unit    string `json:"unit"`     // "art. 999"
	Label   string `json:"label"`    // "art. 999 k.p.a."
	ActHeld bool   `json:"act_held"` // the act is there, without that unit

	document string // of the act, where it is held
	key      law.Key
}

// Citation is a source of an answer, resolved by code.
type Citation struct {
	N           int      `json:"n"` // the marker [n] in the answer
	Act         string   `json:"act"`
	Unit        string   `json:"unit"` // "art. 35 § 3"
	Key         string   `json:"key"`
	Label       string   `json:"label"` // as a reader sees it: "art. 35 § 3 k.p.a."
	Article     string   `json:"article"`
	Document    string   `json:"document"`
	Title       string   `json:"title"`
	Page        int      `json:"page"`
	Quote       string   `json:"quote"` // verbatim span [start, end) of the document's text
	Start       int      `json:"start"`
	End         int      `json:"end"`
	Status      Status   `json:"status"`
	WordingDate string   `json:"wording_date"`
	TextKind    TextKind `json:"text_kind"`
}

// Claim is a sentence of the answer held against what it cites.
type Claim struct {
	Text      string   `json:"text"`
	Citations []int    `json:"citations"`
	Supported bool     `json:"supported"`
	Problems  []string `json:"problems"` // codes: no_citation, unknown_marker, moved_marker, number_not_in_source, little_overlap
}

// Timings of an answer. FirstTokenMS is 0 when no model spoke.
type Timings struct {
	RetrieveMS   float64 `json:"retrieve_ms"`
	FirstTokenMS float64 `json:"first_token_ms"`
	TotalMS      float64 `json:"total_ms"`
	PromptTokens int     `json:"prompt_tokens"`
	AnswerTokens int     `json:"answer_tokens"`
}

// Answer is the answer of `referent ask --json` and /api/v1/ask. Model is ""
// for an extractive answer, which is made of quoted units.
type Answer struct {
	ID            string        `json:"id"`
	Question      string        `json:"question"`
	Rewritten     string        `json:"rewritten"` // what was searched, when it differs
	Answer        string        `json:"answer"`    // with markers [n]
	Refused       bool          `json:"refused"`
	Refusal       *Refusal      `json:"refusal"`
	Citations     []Citation    `json:"citations"`
	Claims        []Claim       `json:"claims"`
	Model         string        `json:"model"`
	ModelDigest   string        `json:"model_digest"`
	PromptVersion string        `json:"prompt_version"`
	Seed          int           `json:"seed"`
	Degraded      []Degradation `json:"degraded"`
	Timings       Timings       `json:"timings"`
}
