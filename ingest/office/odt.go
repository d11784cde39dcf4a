package office

import (
	"encoding/xml"
	"fmt"
	"io"
	"regexp"
	"strings"
)

var odtPlaceholder = regexp.MustCompile(`%\d{1,2}%`)

// odt reads an ODT.
type odt struct {
	*stream
	writer
	styles odtStyles
	lists  map[string]*odtList // by identifier and by style, for lists that go on
	stack  []*odtList          // the lists around the paragraph
	item   *odtItem            // the item around the paragraph
	heads  []int               // counts of numbered headings
}

// odtList is a list with the counts of its levels.
type odtList struct {
	style  string
	counts []int
}

// odtItem is an item whose number its first paragraph has not printed yet.
type odtItem struct {
	list   *odtList
	depth  int
	silent bool
}

// ReadODT reads the text of an ODT.
func ReadODT(r io.ReaderAt, size int64) (Text, error) {
	p, err := openParts(r, size)
	if err != nil {
		return Text{}, err
	}
	if err := encrypted(p); err != nil {
		return Text{}, err
	}
	o := &odt{lists: map[string]*odtList{}, styles: odtStyles{all: map[string]odtStyle{}, lists: map[string]map[int]odtLevel{}, outline: map[int]odtLevel{}}}
	reader := odtStyleReader{odtStyles: &o.styles}
	for _, part := range []string{"styles.xml", "content.xml"} {
		if _, err := p.read(part, func(s *stream) error { return s.walk(reader.element) }); err != nil {
			return Text{}, err
		}
		reader.close()
	}
	found, err := p.read("content.xml", func(s *stream) error {
		o.stream = s
		return o.blocks(o.block)
	})
	switch {
	case err != nil:
		return Text{}, err
	case !found:
		return Text{}, fmt.Errorf("%w: there is no content.xml", ErrDamaged)
	}
	return o.finish()
}

// encrypted reads from the manifest whether the text is.
func encrypted(p parts) error {
	hidden := false
	_, err := p.read("META-INF/manifest.xml", func(s *stream) error {
		return s.walk(func(e xml.StartElement) { hidden = hidden || e.Name.Local == "encryption-data" })
	})
	if err == nil && hidden {
		return ErrEncrypted
	}
	return err
}

func (o *odt) blocks(out sink) error {
	return o.each(func(e xml.StartElement) error { return o.oneBlock(e, out) }, nil)
}

func (o *odt) oneBlock(e xml.StartElement, out sink) error {
	switch e.Name.Local {
	case "p", "h":
		return o.paragraph(e, out)
	case "list":
		return o.list(e, out)
	case "table":
		return o.table(out)
	case "tracked-changes": // what was deleted lies in here, away from the text
		return o.each(func(e xml.StartElement) error {
			if e.Name.Local == "changed-region" {
				o.out.Changes++
			}
			return o.skip()
		}, nil)
	case "document-content", "body", "text", "section", "numbered-paragraph", "frame", "text-box", "g", "custom-shape", "rect":
		return o.blocks(out)
	}
	return o.skip()
}

// odtParagraph is a paragraph while it is read.
type odtParagraph struct {
	*odt
	b       strings.Builder
	words   bool
	allBold bool
	boxes   []block
	notes   []string
}

func (o *odt) paragraph(e xml.StartElement, out sink) error {
	s := o.styles.resolve(attr(e, "style-name"))
	p := odtParagraph{odt: o, allBold: true}
	// the item's number belongs to this paragraph, not to one inside its frames or notes
	item := o.item
	o.item = nil
	if err := p.inside(s); err != nil {
		return err
	}
	b := block{text: tidy(p.b.String()), head: s.title}
	switch {
	case s.title:
		b.rank = 1
	case e.Name.Local == "h":
		b.rank = min(max(number(attr(e, "outline-level")), 1), RankBold-1)
	case s.rank > 0:
		b.rank = min(s.rank, RankBold-1)
	case p.words && p.allBold:
		b.rank = RankBold
	}
	if printed := o.number(e, item); printed != "" && (b.text != "" || strings.HasPrefix(printed, "§")) {
		b.text = strings.TrimSpace(printed + " " + b.text)
	}
	if err := out(b); err != nil {
		return err
	}
	for _, box := range p.boxes {
		if err := out(box); err != nil {
			return err
		}
	}
	for _, note := range p.notes {
		o.note(note)
	}
	return nil
}

// inside reads what stands in a paragraph or a span of it.
func (p *odtParagraph) inside(look odtStyle) error {
	return p.each(func(e xml.StartElement) error { return p.child(e, look) }, func(text string) {
		p.write(strings.Join(splitKeep(text), " "), look)
	})
}

func (p *odtParagraph) child(e xml.StartElement, look odtStyle) error {
	switch e.Name.Local {
	case "span":
		own := p.styles.resolve(attr(e, "style-name"))
		return p.inside(odtStyle{bold: first(own.bold, look.bold), raised: first(own.raised, look.raised), hidden: first(own.hidden, look.hidden)})
	case "s":
		p.write(strings.Repeat(" ", min(max(number(attr(e, "c")), 1), 100)), look)
	case "tab":
		p.write(" ", look)
	case "line-break":
		p.write("\n", look)
	case "note":
		return p.footnote()
	case "annotation":
		p.out.Comments++
	case "frame", "text-box", "g", "custom-shape", "rect":
		return p.blocks(func(b block) error { p.boxes = append(p.boxes, b); return nil })
	case "a", "meta", "meta-field", "ruby", "ruby-base", "hidden-text", "conditional-text", "date", "time", "page-number", "page-count", "author-name", "title", "subject", "user-field-get", "variable-get", "variable-set", "sequence", "bookmark-ref", "reference-ref", "placeholder", "text-input", "database-display", "expression", "sender-firstname", "sender-lastname", "sender-company", "file-name", "chapter", "initial-creator", "creator", "description", "keywords", "drop-down", "reference-mark":
		return p.inside(look)
	}
	return p.skip()
}

func (p *odtParagraph) footnote() error {
	return p.each(func(e xml.StartElement) error {
		if e.Name.Local != "note-body" {
			return p.skip() // its mark
		}
		var lines []string
		stack, item := p.stack, p.item
		p.stack, p.item = nil, nil
		err := p.blocks(func(b block) error { lines = append(lines, b.text); return nil })
		p.stack, p.item = stack, item
		p.notes = append(p.notes, strings.Join(lines, " "))
		return err
	}, nil)
}

// splitKeep takes text apart at white space and keeps that it began or ended with some:
// an ODT counts runs of spaces and line ends as one space.
func splitKeep(text string) []string {
	words := strings.Fields(text)
	if len(words) == 0 {
		if text == "" {
			return nil
		}
		return []string{"", ""}
	}
	if strings.TrimLeft(text, " \t\r\n") != text {
		words = append([]string{""}, words...)
	}
	if strings.TrimRight(text, " \t\r\n") != text {
		words = append(words, "")
	}
	return words
}

func (p *odtParagraph) write(text string, look odtStyle) {
	if is(look.hidden) || text == "" {
		return
	}
	if is(look.raised) {
		text = superscript(p.b.String(), text)
	}
	if strings.TrimSpace(text) != "" {
		p.words = true
		p.allBold = p.allBold && is(look.bold)
	}
	p.b.WriteString(text)
}
