package pdftext

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Span is a page's part of a text, in bytes, with the number that the page prints.
type Span struct {
	Number     int
	Label      string
	Start, End int
}

// Compose makes one text of pages: a paragraph, or a row of a table, is a line. A running
// header or footer is left out and gives the page's label. A paragraph goes on over the
// end of a page; the footnotes of that page follow it.
func Compose(pages []Page) (text string, spans []Span) {
	drop, labels := running(pages)
	c := composer{}
	for i, p := range pages {
		start := c.length()
		body, notes := partNotes(p, drop[i])
		for _, l := range body {
			c.add(l)
		}
		c.flushNotes(false)
		c.notes = append(c.notes, notes...)
		spans = append(spans, Span{Number: p.Number, Label: labels[i], Start: start})
		if i > 0 {
			spans[i-1].End = start
		}
	}
	c.end()
	c.flushNotes(true)
	if n := len(spans); n > 0 {
		spans[n-1].End = c.done.Len()
	}
	return c.done.String(), spans
}

// partNotes parts the lines of a page from the footnotes below them: smaller lines at its
// end whose first begins with a raised mark.
func partNotes(p Page, drop map[int]bool) (body, notes []Line) {
	for i, l := range p.Lines {
		if !drop[i] && l.Text != "" {
			body = append(body, l)
		}
	}
	main := 0.0
	for _, l := range body {
		if !l.Row {
			main = max(main, l.Size)
		}
	}
	for i, l := range body {
		if l.Note && !l.Row && onlyNotes(body[i:], l.Size) {
			return body[:i], body[i:]
		}
	}
	return body, nil
}

func onlyNotes(lines []Line, size float64) bool {
	for _, l := range lines {
		if l.Row || l.Size > 1.1*size {
			return false
		}
	}
	return true
}

// composer joins lines to paragraphs.
type composer struct {
	done  strings.Builder
	open  string // the paragraph that is being read
	first Line   // its first line
	last  Line   // and its last
	notes []Line // of a page whose last paragraph goes on
}

// length of the text with the open paragraph.
func (c *composer) length() int { return c.done.Len() + len(c.open) }

func (c *composer) add(l Line) {
	if c.open != "" && (l.Row || c.last.Row || l.Aside != c.last.Aside || !l.Aside && c.parts(l)) {
		c.end()
		c.flushNotes(true)
	}
	if c.open == "" {
		c.first = l
	}
	c.open = joinLines(c.open, l.Text)
	c.last = l
}

func (c *composer) end() {
	if c.open != "" {
		c.done.WriteString(c.open)
		c.done.WriteByte('\n')
	}
	c.open = ""
}

// flushNotes writes footnotes, each a paragraph, unless a paragraph is open above them.
func (c *composer) flushNotes(always bool) {
	if len(c.notes) == 0 || c.open != "" && !always {
		return
	}
	notes := c.notes
	c.notes = nil
	open := ""
	for _, l := range notes {
		if l.Note && open != "" {
			c.done.WriteString(open + "\n")
			open = ""
		}
		open = joinLines(open, l.Text)
	}
	c.done.WriteString(open + "\n")
}

var (
	// what always begins a paragraph
	opensAlways = regexp.MustCompile(`^(?:Art\. ?\d|U ?S ?T ?A ?W ?A$|R ?O ?Z ?P ?O ?R ?Z|(?:ROZDZIAŁ|Rozdział|ODDZIAŁ|Oddział|DZIAŁ|Dział|TYTUŁ|Tytuł|KSIĘGA|Księga|CZĘŚĆ|Część) (?:[IVXLCDM]+|\d|[A-ZŚĄ]{4})|ZAŁĄCZNIK|Załącznik (?:nr|do)|UZASADNIENIE$)`)
	// what begins one unless the line before it runs on
	opensUnit = regexp.MustCompile(`^(?:§ ?\d+[a-z]*\.|§ ?\d+[a-z]*$|\d{1,3}[a-z]{0,3}\.(?:\s|$)|\d{1,3}[a-z]{0,3}\)|[a-zł]{1,2}\)\s|[-–—•]\s|[IVXLC]+\.\s|\(\d+\)\s)`)
	// ends of lines behind which a unit begins
	closes = regexp.MustCompile(`(?:[.:;,)–—”\]]|\b(?:oraz|albo|lub|i|a także|i/lub|lub też))$`)
	// ends of lines that cite: a unit's number follows
	cites   = regexp.MustCompile(`(?:\b(?:art|ust|pkt|lit|poz|nr|Nr|zm|ww|tj|par|zał|tir)\.?|[§,] ?|\b(?:i|w|z|oraz|lub|albo|do|od|o|na|po))$`)
	capital = regexp.MustCompile(`^[\p{Lu}\d\s.,"„”–-]+$`)
)

// Shares of the size of a font.
const (
	indent   = 0.6  // a line that begins so far in begins a paragraph
	slack    = 0.35 // what a space takes at least
	otherOne = 0.12 // difference of sizes of lines of one paragraph
	wideStep = 1.75 // distance of baselines, above which a paragraph ends
)

// parts says whether a line begins a paragraph behind the one that is open.
func (c *composer) parts(l Line) bool {
	last := c.last
	size := max(last.Size, l.Size)
	_, hyphen := cutHyphen(last.Text)
	sameColumn := last.Left == l.Left && last.Right == l.Right && l.Y < last.Y
	switch {
	case hyphen && startsLower(l.Text):
		return false
	case opensAlways.MatchString(l.Text):
		return true
	case opensUnit.MatchString(l.Text) && (!cites.MatchString(last.Text) && closes.MatchString(last.Text) || c.moved(l) && !cites.MatchString(last.Text)):
		return true
	case size-min(last.Size, l.Size) > otherOne*size:
		return true
	case !sameColumn && strings.HasSuffix(last.Text, ".") && startsUpper(l.Text):
		return true
	case sameColumn && last.Y-l.Y > wideStep*size:
		return true
	case capital.MatchString(c.open) != capital.MatchString(l.Text) && utf8.RuneCountInString(c.open) >= 4 && capital.MatchString(c.open):
		return true
	}
	return c.wouldFit(l) || c.indented(l)
}

// moved says whether a line begins elsewhere than the one before it.
func (c *composer) moved(l Line) bool {
	d := (l.X0 - l.Left) - (c.last.X0 - c.last.Left)
	return d > indent*l.Size || d < -indent*l.Size
}

// wouldFit says whether the line's first word had room in the line before it, which
// therefore ended a paragraph; of a line in the middle both sides are room.
func (c *composer) wouldFit(l Line) bool {
	left, right := c.last.X0-c.last.Left, c.last.Right-c.last.X1
	room := right
	if left > c.last.Size && right > c.last.Size && max(left, right)-min(left, right) < 2*c.last.Size {
		room = left + right
	}
	return room > l.First+(slack+0.9)*c.last.Size
}

// indented says whether a line stands further in than the one before, which is not the
// first of a hanging paragraph.
func (c *composer) indented(l Line) bool {
	d := (l.X0 - l.Left) - (c.last.X0 - c.last.Left)
	return d > indent*l.Size && d < 6*l.Size && !opensUnit.MatchString(c.last.Text) && !c.last.Note
}
