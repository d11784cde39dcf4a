package office

import (
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"regexp"
	"strings"
)

// placeholder is the number of a level in a list's text.
var placeholder = regexp.MustCompile(`%[1-9]`)

// docx reads a DOCX. The parts beside the text are read first: they are small.
type docx struct {
	*stream
	writer
	styles    styles
	numbering *numbering
	notes     map[string]string // text of footnotes ("f1") and endnotes ("e1")
	carry     string            // text of a paragraph whose mark is deleted
	inNotes   bool
}

// sink takes blocks: the text of the document, or a cell of a table.
type sink func(block) error

// ReadDOCX reads the text of a DOCX.
func ReadDOCX(r io.ReaderAt, size int64) (Text, error) {
	p, err := openParts(r, size)
	if err != nil {
		return Text{}, err
	}
	mainPart, err := mainPart(p)
	if err != nil {
		return Text{}, err
	}
	d := &docx{notes: map[string]string{}, styles: styles{}}
	if err := d.readBeside(p, path.Dir(mainPart)); err != nil {
		return Text{}, err
	}
	found, err := p.read(mainPart, func(s *stream) error {
		d.stream = s
		return d.blocks(d.block)
	})
	switch {
	case err != nil:
		return Text{}, err
	case !found:
		return Text{}, fmt.Errorf("%w: there is no %s", ErrDamaged, mainPart)
	}
	if d.carry != "" {
		if err := d.block(block{text: d.carry}); err != nil {
			return Text{}, err
		}
	}
	return d.finish()
}

// mainPart finds where the text lies.
func mainPart(p parts) (string, error) {
	name := "word/document.xml"
	_, err := p.read("_rels/.rels", func(s *stream) error {
		return s.walk(func(e xml.StartElement) {
			if strings.HasSuffix(attr(e, "Type"), "/officeDocument") {
				name = strings.TrimPrefix(path.Clean("/"+attr(e, "Target")), "/")
			}
		})
	})
	return name, err
}

// readBeside reads styles, lists, notes, and counts comments.
func (d *docx) readBeside(p parts, dir string) error {
	read := func(name string, visit func(*stream) error) error {
		_, err := p.read(path.Join(dir, name), visit)
		return err
	}
	if err := read("styles.xml", func(s *stream) (err error) { d.styles, err = readStyles(s); return err }); err != nil {
		return err
	}
	if err := read("numbering.xml", func(s *stream) (err error) { d.numbering, err = readNumbering(s); return err }); err != nil {
		return err
	}
	if err := read("comments.xml", func(s *stream) error {
		return s.walk(func(e xml.StartElement) {
			if e.Name.Local == "comment" {
				d.out.Comments++
			}
		})
	}); err != nil {
		return err
	}
	for kind, name := range map[string]string{"f": "footnotes.xml", "e": "endnotes.xml"} {
		if err := read(name, func(s *stream) error { return d.readNotes(s, kind) }); err != nil {
			return err
		}
	}
	return nil
}

// readNotes keeps the notes; those of the separator lines have a type.
func (d *docx) readNotes(s *stream, kind string) error {
	d.stream, d.inNotes = s, true
	defer func() { d.inNotes = false }()
	var visit func(e xml.StartElement) error
	visit = func(e xml.StartElement) error {
		if e.Name.Local != "footnote" && e.Name.Local != "endnote" {
			return s.each(visit, nil)
		}
		var text []string
		err := d.blocks(func(b block) error { text = append(text, b.text); return nil })
		if t := attr(e, "type"); t == "" || t == "normal" {
			d.notes[kind+attr(e, "id")] = strings.Join(text, " ")
		}
		d.carry = ""
		return err
	}
	return s.each(visit, nil)
}

// blocks reads paragraphs and tables, whatever wraps them.
func (d *docx) blocks(out sink) error {
	return d.each(func(e xml.StartElement) error { return d.oneBlock(e, out) }, nil)
}

func (d *docx) oneBlock(e xml.StartElement, out sink) error {
	switch e.Name.Local {
	case "p":
		return d.paragraph(out)
	case "tbl":
		return d.table(out)
	case "document", "body", "sdt", "sdtContent", "customXml", "smartTag", "ins", "moveTo", "AlternateContent", "Choice", "txbxContent":
		d.countChange(e)
		return d.blocks(out)
	case "del", "moveFrom":
		d.countChange(e)
	}
	return d.skip()
}

func (d *docx) countChange(e xml.StartElement) {
	switch e.Name.Local {
	case "ins", "del", "moveTo", "moveFrom":
		d.out.Changes++
	}
}

// paragraph reads a paragraph and hands it on with the number that its list prints.
func (d *docx) paragraph(out sink) error {
	p := paragraph{docx: d, props: properties{level: -1, outline: -1}, allBold: true}
	if err := d.each(p.child, nil); err != nil {
		return err
	}
	text := d.carry + p.b.String()
	d.carry = ""
	props, owner := d.styles.resolve(p.props)
	if props.gone {
		d.carry = text
		return d.emitAll(p.boxes, out)
	}
	if !d.styles.contents(props) {
		if err := out(d.shape(&p, props, owner, text)); err != nil {
			return err
		}
	}
	if err := d.emitAll(p.boxes, out); err != nil {
		return err
	}
	for _, note := range p.noted {
		d.note(d.notes[note])
	}
	return nil
}

func (d *docx) emitAll(blocks []block, out sink) error {
	for _, b := range blocks {
		if err := out(b); err != nil {
			return err
		}
	}
	return nil
}

// shape gives a paragraph its number and its rank.
func (d *docx) shape(p *paragraph, props properties, owner, text string) block {
	label := ""
	if props.list != "" && props.list != "0" && d.numbering != nil && !d.inNotes {
		if props.level < 0 {
			props.level = d.numbering.levelOf(props.list, owner)
		}
		label = d.numbering.next(props.list, props.level)
	}
	text = tidy(text)
	if text == "" && props.list != "" && strings.HasPrefix(label, "§") {
		return block{text: label} // the paragraph's text stands in the next one
	}
	if text == "" {
		return block{}
	}
	rank, title := d.styles.rank(props)
	if rank == 0 && p.allBold && p.bold {
		rank = RankBold
	}
	if label != "" {
		text = label + " " + text
	}
	return block{text: text, rank: rank, head: title}
}
