package office

import (
	"strings"
	"unicode/utf8"
)

// block is a paragraph or a row.
type block struct {
	text string
	rank int  // as a heading, 0 for none
	head bool // the title of the whole document
}

// writer makes a Text of blocks.
type writer struct {
	out   Text
	b     strings.Builder
	notes []string // footnotes and endnotes
}

func (w *writer) block(b block) error {
	text := tidy(b.text)
	if text == "" {
		if so := w.b.String(); so != "" && !strings.HasSuffix(so, "\n\n") {
			w.b.WriteByte('\n')
		}
		return nil
	}
	if w.b.Len()+len(text) > maxTextBytes {
		return ErrTooLarge
	}
	if b.rank == RankBold && !headsSomething(text) {
		b.rank = 0
	}
	start := w.b.Len()
	w.b.WriteString(text)
	if b.rank > 0 {
		w.out.Headings = append(w.out.Headings, Heading{Rank: b.rank, Start: start, End: w.b.Len()})
	}
	if b.head && w.out.Title == "" {
		w.out.Title = strings.Join(strings.Fields(text), " ")
	}
	w.b.WriteByte('\n')
	return nil
}

// note keeps a footnote for the end of the text.
func (w *writer) note(text string) {
	if text = strings.Join(strings.Fields(text), " "); text != "" {
		w.notes = append(w.notes, text)
	}
}

// notesHeading parts the footnotes from the text, so that they belong to no unit of it.
const notesHeading = "Przypisy"

func (w *writer) finish() (Text, error) {
	w.out.Footnotes = len(w.notes)
	if len(w.notes) > 0 {
		if err := w.block(block{text: notesHeading, rank: 1}); err != nil {
			return Text{}, err
		}
	}
	for _, note := range w.notes {
		if err := w.block(block{text: note}); err != nil {
			return Text{}, err
		}
	}
	w.out.Text = w.b.String()
	return w.out, nil
}

// longestHeading of those that are but bold: a bold paragraph is an emphasis.
const longestHeading = 160

// headsSomething says whether a bold line may head what follows it.
func headsSomething(text string) bool {
	return utf8.RuneCountInString(text) <= longestHeading && !strings.ContainsAny(text[len(text)-1:], ".,;|") && !strings.Contains(text, " | ")
}

// tidy takes white space off the ends of a paragraph and of its lines.
func tidy(text string) string {
	lines := strings.Split(text, "\n")
	kept := lines[:0]
	for _, line := range lines {
		if line = strings.TrimSpace(strings.ReplaceAll(line, "\u00a0", " ")); line != "" {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

// row is a row of a table as a line. What stood on lines of its own in a cell is joined.
func row(cells []string) string {
	for i, cell := range cells {
		cells[i] = strings.Join(strings.Fields(cell), " ")
	}
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	if strings.Join(cells, "") == "" {
		return ""
	}
	return strings.Join(cells, " | ")
}

var raised = strings.NewReplacer("0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// superscript writes what is raised: behind a digit an index of a unit is 33^1 and a
// footnote's mark such as 1) nothing; behind a letter it is a power, m².
func superscript(before, text string) string {
	mark := strings.TrimSpace(text)
	if mark == "" {
		return text
	}
	digits := strings.Trim(mark, "0123456789") == ""
	if digits && strings.TrimSpace(before) == "" {
		return text + " " // a note that stands in the text itself begins with its mark
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	switch {
	case digits && last >= '0' && last <= '9':
		return "^" + text
	case digits && len(mark) == 1 && (last == 'm' || last == 'M'):
		return raised.Replace(text)
	case digits || strings.HasSuffix(mark, ")") && strings.Trim(mark, "0123456789)*") == "" || mark == "*":
		return ""
	}
	return text
}
