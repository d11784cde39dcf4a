package source

import (
	"strings"
	"unicode/utf8"

	"referent/rag"
)

// contents is the table of contents of a legal text: its articles under the headings
// that stand above them.
type contents []section

type section struct {
	Heading string // "DZIAŁ II Postępowanie", "" for units above the first heading
	Link    string // to the heading
	Entries []entry
	Open    bool // holds the unit asked for, or the table is short
}

type entry struct {
	Label   string // "Art. 5."
	Text    string // its first words
	Link    string
	Current bool
}

// entryRunes is how much of a unit's text the table shows: about a line.
const entryRunes = 64

// openEntries is the length of a table that needs no folding.
const openEntries = 40

// newContents reads the table from all blocks of a document, shown or not. A document
// without units has none.
func newContents(document string, blocks []block) contents {
	var c contents
	units := 0
	for i, b := range blocks {
		if b.Level == "text" {
			continue
		}
		if b.Level == "heading" {
			c = c.head(document, b, i > 0 && blocks[i-1].Level == "heading")
			continue
		}
		if len(c) == 0 {
			c = append(c, section{})
		}
		e := entry{Label: b.Label, Text: firstWords(b), Link: Link(document, b.Key, rag.Span{}) + "#" + b.Anchor, Current: b.holdsTarget()}
		last := &c[len(c)-1]
		last.Entries = append(last.Entries, e)
		last.Open = last.Open || e.Current
		units++
	}
	if units < 2 {
		return nil
	}
	for i := range c {
		c[i].Open = c[i].Open || units <= openEntries
	}
	return c
}

// head begins a section; a heading straight below another one, such as a chapter's
// name below its number, belongs to the same.
func (c contents) head(document string, b block, joined bool) contents {
	if joined && len(c) > 0 && len(c[len(c)-1].Entries) == 0 {
		c[len(c)-1].Heading += " " + b.plain()
		return c
	}
	return append(c, section{Heading: b.plain(), Link: partLink(document, b.Start)})
}

// firstWords gives the beginning of a unit's text, cut at a word.
func firstWords(b block) string {
	text := b.text()
	if utf8.RuneCountInString(text) <= entryRunes {
		return text
	}
	cut := string([]rune(text)[:entryRunes])
	if space := strings.LastIndexByte(cut, ' '); space > 0 {
		cut = cut[:space]
	}
	return strings.TrimRight(cut, ",;:–- ") + "…"
}

// text is what a block and the first of what it holds say.
func (b block) text() string {
	if plain := b.plain(); plain != "" {
		return plain
	}
	for _, inner := range b.Blocks {
		if text := inner.text(); text != "" {
			return text
		}
	}
	return ""
}
