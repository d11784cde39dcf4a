package ingest

import (
	"sort"
	"strings"
	"unicode/utf8"

	"referent/rag"
)

// layout is a source's text with what its reader saw in it. Offsets are bytes of text
// until a document is made of it.
type layout struct {
	text     string
	title    string
	headings []heading
	pages    []pageSpan
	remarks  []*rag.Error
	table    bool // rows of tables, a line each: no act, and no title in its words
	plain    bool // a message: no act, whatever it quotes
}

// heading is a line of the text that heads what follows.
type heading struct {
	rank       int // 1 is the widest
	start, end int
	text       string
}

// pageSpan is the part of the text that stands on a page.
type pageSpan struct {
	number     int
	label      string // as printed
	start, end int
	quality    float64 // share of known words, 1 of an empty page, -1 when not measured
	ocr        bool    // read in the page's image
	unread     bool    // it holds something that could not be read
}

// runeIndex turns byte offsets of a text into code points, by counts kept every few bytes.
type runeIndex struct {
	text   string
	counts []int // code points before each block
}

const runeBlock = 256

func newRuneIndex(text string) runeIndex {
	idx := runeIndex{text: text, counts: make([]int, 0, len(text)/runeBlock+1)}
	count := 0
	for at := 0; ; at += runeBlock {
		idx.counts = append(idx.counts, count)
		if at+runeBlock >= len(text) {
			return idx
		}
		count += countStarts(text[at : at+runeBlock])
	}
}

// countStarts counts the bytes that begin a code point: a block may cut one in two.
func countStarts(block string) int {
	n := 0
	for i := 0; i < len(block); i++ {
		if utf8.RuneStart(block[i]) {
			n++
		}
	}
	return n
}

func (idx runeIndex) at(offset int) int {
	block := min(offset/runeBlock, len(idx.counts)-1)
	return idx.counts[block] + countStarts(idx.text[block*runeBlock:offset])
}

func (idx runeIndex) span(start, end int) rag.Span {
	return rag.Span{Start: idx.at(start), End: idx.at(end)}
}

// pageAt gives the page of an offset, 0 where the source has no pages.
func (l layout) pageAt(offset int) int {
	i := sort.Search(len(l.pages), func(i int) bool { return l.pages[i].end > offset })
	if i == len(l.pages) {
		i--
	}
	if i < 0 {
		return 0
	}
	return l.pages[i].number
}

// trim narrows [start, end) of a text to what is not white space.
func trim(text string, start, end int) (from, to int) {
	part := text[start:end]
	left := strings.TrimLeft(part, " \t\n\r\u00a0")
	from = start + len(part) - len(left)
	return from, from + len(strings.TrimRight(left, " \t\n\r\u00a0"))
}
