package rag

import "time"

// Span is a half-open range [Start, End) of a document's text, counted in
// Unicode code points (runes), so that it means the same in Go, SQL and JSON.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// Status is what the law says of a document or a unit.
type Status string

// The statuses of the command contract. StatusUnknown answers and says so;
// StatusRepealed and StatusNotYet stay out of answers unless asked for.
const (
	StatusInForce  Status = "in_force"
	StatusRepealed Status = "repealed"
	StatusOmitted  Status = "omitted"
	StatusNotYet   Status = "not_yet"
	StatusUnknown  Status = "unknown"
)

// TextKind says how official a wording is: ogłoszony (O), jednolity (T) or
// ujednolicony (U, without official force); "" when unknown.
type TextKind string

// The kinds of the Sejm ELI service.
const (
	TextPromulgated  TextKind = "O"
	TextConsolidated TextKind = "T"
	TextUnofficial   TextKind = "U"
	TextKindUnknown  TextKind = ""
)

// Info is what is known of a document without its text.
type Info struct {
	ID          string    `json:"document"`   // stable for a collection and source
	Collection  string    `json:"collection"` // "biuro" unless named
	Act         string    `json:"act"`        // ELI ("DU/1960/168", "EU/2016/679", "local/<issuer>/<kind>/<number>"), "" where there is none
	Title       string    `json:"title"`
	Source      string    `json:"source"` // absolute path, URL, "eli:…" or "pack:…" it was read from
	Kind        string    `json:"kind"`   // markdown, text, html, pdf, docx, odt, …
	Language    string    `json:"language"`
	Hash        string    `json:"hash"`         // SHA-256 of the source's bytes, hexadecimal
	Status      Status    `json:"status"`       // before it is stored: as the source says; stored: on the day it is asked
	WordingDate string    `json:"wording_date"` // YYYY-MM-DD, "" when unknown
	TextKind    TextKind  `json:"text_kind"`
	Extractor   string    `json:"extractor"` // "name/version" of what read it
	FetchedAt   time.Time `json:"fetched_at"`

	InForceFrom  string `json:"in_force_from"` // YYYY-MM-DD, "" when unknown
	RepealedFrom string `json:"repealed_from"` // by what it says itself, or by what repeals it
	WordingAfter string `json:"wording_after"` // an undated text is no older than this day
	Origin       string `json:"origin"`        // the address its text was taken from, "" where that is Source
	MissingSince string `json:"missing_since"` // the day its source was found gone, "" while it is there
}

// isForeign says whether the document is in another language than people ask in.
func (i *Info) isForeign() bool { return i.Language != "" && i.Language != "pl" }

// Document is a source as read: its text and the structure found in it.
type Document struct {
	Info
	Text     string
	Pages    []Page    // empty where the source has no pages
	Units    []Unit    // in reading order; empty for unstructured text
	Passages []Passage // in reading order; never empty for a readable document
	Remarks  []*Error  // what was left out in reading; not stored

	Relations []Relation // what it says of other acts
	Stamp     Stamp      // how its source looked; zero when it is read from the library
}

// Page is a page of the source and the part of the text that stands on it.
type Page struct {
	Number int     `json:"page"`  // from 1
	Label  string  `json:"label"` // as printed, "" when unknown
	Span   Span    `json:"span"`
	Words  int     `json:"words"`
	Share  float64 `json:"quality"` // share of plausible words, 0–1; -1 when not measured; 1 of an empty page
	OCR    bool    `json:"ocr"`     // its words were read in its image
	Unread bool    `json:"unread"`  // it holds an image or a damage that could not be read
}

// Unit is an editorial unit of a legal text: article, paragraph, ustęp, punkt,
// litera, tiret. Units nest: a unit's span holds the spans of its sub-units.
type Unit struct {
	Key      string `json:"key"`      // levels as in "art=33^1;ust=2;pkt=3;lit=a" (see law.Key)
	Citation string `json:"citation"` // as printed: "art. 33^1 ust. 2 pkt 3 lit. a"
	Article  string `json:"article"`  // of its article or paragraph alone: "33^1"
	Page     int    `json:"page"`     // 0 where the source has no pages
	Span
	Status Status `json:"status"`
	Text   string `json:"text,omitempty"` // the span's text, filled on reading
}

// Passage is what retrieval finds: a legal unit, or a piece of unstructured text.
type Passage struct {
	ID       int64  // given by the library, never used again
	Article  string // article it belongs to, "" for unstructured text
	Key      string // key of the unit it holds, "" for unstructured text
	Unit     string // that unit's citation; for unstructured text the heading, if any
	Page     int    // first page, 0 where the source has no pages
	Span            // of the unit in the document's text
	Heading  string // breadcrumb: "Dział I > Rozdział 2 > Art. 5", "" when the file has none
	Text     string // with the intro and common part of an enumeration where it needs them
	Status   Status
	Document *Info // nil until stored
}

// EmbeddingText is what is embedded of a passage: the act's or document's title and
// the heading in front of the text, so that a vector knows where it stands.
func (p Passage) EmbeddingText(title string) string {
	text := title
	if p.Heading != "" {
		text += " > " + p.Heading
	}
	if p.Unit != "" && p.Article != "" {
		text += ", " + p.Unit
	}
	return text + "\n" + p.Text
}

// Stored says what storing a document did.
type Stored struct {
	Document  string
	Units     int
	Passages  int
	Embedded  int  // passages whose text already has a vector of the model in use
	Unchanged bool // the library had this very document: nothing was written
}

// EmbeddingTask is a text that has no vector yet, by the hash that its vector is kept by.
type EmbeddingTask struct {
	Hash     string
	Text     string
	Question bool // an everyday question: it is embedded as a query
}

// Vector is the embedding of a text with that hash; its values have unit length.
type Vector struct {
	Hash   string
	Values []float32
}

// DocumentState is a stored document as the documents page lists it.
type DocumentState struct {
	Info
	Units    int `json:"units"`
	Passages int `json:"passages"`
	Embedded int `json:"embedded"` // passages with a vector of the model in use
	Pages    int `json:"pages"`
	OCR      int `json:"ocr_pages"`    // pages whose words were read in their images
	Unread   int `json:"unread_pages"` // pages that hold what could not be read

	Effects []Effect `json:"effects"` // what other documents do to its act, earliest first
}

// CollectionState is a collection and how far it is.
type CollectionState struct {
	Name      string `json:"name"`
	Documents int    `json:"documents"`
	Passages  int    `json:"passages"`
	Embedded  int    `json:"embedded"`
}

// DefaultCollection is where documents go unless a collection is named;
// SampleCollection is the sample office that comes with Referent.
const (
	DefaultCollection = "biuro"
	SampleCollection  = "przyklad"
)
