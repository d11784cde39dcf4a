package rag

// Exchange is an earlier turn of a conversation.
type Exchange struct {
	Q string `json:"q"`
	A string `json:"a"`
}

// Scope says what a question may see.
type Scope struct {
	Collections []string // nil: all but "przyklad", which is read when it is alone
	AsOf        string   // YYYY-MM-DD: the wording of that day; "" the newest
	Repealed    bool     // let repealed and not yet binding units in
}

// Question is what a person asks. The zero Scope is the default one.
type Question struct {
	ID       string     `json:"id"`
	Question string     `json:"question"`
	History  []Exchange `json:"history"`
	Scope    Scope      `json:"-"`
	NoModel  bool       `json:"-"` // no call to Ollama at all
	K        int        `json:"-"` // hits wanted; 0: DefaultHits
	Explain  bool       `json:"-"` // fill Hit.Legs
}
