// Package office reads the text of word processors' files: DOCX, ODT and RTF, with the
// numbers of lists as they are printed, tables as rows, footnotes apart, tracked changes
// as if accepted and without comments.
//
// It believes nothing a file says of its own size, but a caller that must not hang or run
// out of memory calls it in a child process. It imports nothing of ours.
package office

import "errors"

// Why a file gave no text.
var (
	ErrEncrypted = errors.New("the file is encrypted")
	ErrTooLarge  = errors.New("the file unpacks to more than is read")
	ErrTooDeep   = errors.New("the file nests deeper than any document")
	ErrDamaged   = errors.New("the file is damaged")
)

// Limits of a file.
const (
	maxPartBytes = 256 << 20 // of a part of the file, unpacked
	maxTextBytes = 80 << 20  // of the text
	maxDepth     = 500       // elements or groups inside one another
	maxColumns   = 1024      // of a row; repeated empty cells are not counted
)

// Text is what a file says.
type Text struct {
	Title     string    `json:"title"`
	Text      string    `json:"text"` // a line for a paragraph or a row of a table
	Headings  []Heading `json:"headings"`
	Footnotes int       `json:"footnotes"` // they stand at the end of Text, below a heading of their own
	Comments  int       `json:"comments"`  // left out
	Changes   int       `json:"changes"`   // tracked changes, read as accepted
	Hidden    int       `json:"hidden"`    // sheets left out because they are hidden
}

// Heading is a line of a Text that heads what follows; offsets are bytes.
type Heading struct {
	Rank  int `json:"rank"` // 1 is the widest
	Start int `json:"start"`
	End   int `json:"end"`
}

// RankBold is the rank of a line that is a heading only by being bold.
const RankBold = 9
