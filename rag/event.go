package rag

// Event is something that happens while a question is answered, in this order:
// Waiting*, Sources, Waiting*, Token*, Finished. A refusal is Sources, Finished.
type Event interface{ event() }

// Waiting says how many answers go before this one; 0 when it is its turn.
type Waiting struct {
	Ahead int `json:"ahead"`
}

// Sources are the units found, sent before the model says a word. Sources[i]
// is what marker [i+1] will mean.
type Sources struct {
	Rewritten string        `json:"rewritten"`
	Sources   []Citation    `json:"sources"`
	Degraded  []Degradation `json:"degraded"`
}

// Token is a piece of the answer as the model writes it, not yet checked.
type Token struct {
	Text string `json:"text"`
}

// Finished carries the whole, checked answer; it replaces the tokens.
type Finished struct {
	Answer Answer `json:"answer"`
}

func (Waiting) event()  {}
func (Sources) event()  {}
func (Token) event()    {}
func (Finished) event() {}
