package office

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// paragraph is a paragraph of a DOCX while it is read.
type paragraph struct {
	*docx
	props   properties
	b       strings.Builder
	bold    bool    // it has words
	allBold bool    // all of them are bold
	boxes   []block // what stands in text boxes anchored here
	noted   []string
}

// child reads one child of a paragraph, whatever wraps its runs.
func (p *paragraph) child(e xml.StartElement) error {
	switch e.Name.Local {
	case "pPr":
		return p.each(func(e xml.StartElement) error { return p.property(e, false) }, nil)
	case "r":
		return p.run()
	case "hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "dir", "bdo", "customXml", "AlternateContent", "Choice", "ruby", "rubyBase",
		"oMath", "oMathPara", "f", "num", "den", "sSup", "sSub", "sup", "sub", "d", "rad", "deg", "nary":
		p.countChange(e)
		return p.each(p.child, nil)
	case "e":
		return p.each(p.child, nil)
	case "del", "moveFrom":
		p.countChange(e)
	}
	return p.skip()
}

// property reads what a paragraph says of itself; mark is true inside the properties of
// its mark.
func (p *paragraph) property(e xml.StartElement, mark bool) error {
	value := attr(e, "val")
	switch e.Name.Local {
	case "pStyle":
		p.props.style = value
	case "numPr":
		return p.each(func(e xml.StartElement) error { return p.property(e, mark) }, nil)
	case "ilvl":
		p.props.level = number(value)
	case "numId":
		p.props.list = value
	case "outlineLvl":
		p.props.outline = number(value)
	case "rPr":
		return p.each(func(e xml.StartElement) error { return p.property(e, true) }, nil)
	case "del", "moveFrom":
		if mark {
			p.countChange(e)
			p.props.gone = true
		}
	case "ins":
		if mark {
			p.countChange(e)
		}
	}
	return p.skip()
}

// looks is how a run looks.
type looks struct{ bold, hidden, raised bool }

func (p *paragraph) run() error {
	style, _ := p.styles.resolve(p.props)
	look := looks{bold: style.bold != nil && *style.bold, hidden: style.hidden != nil && *style.hidden}
	return p.each(func(e xml.StartElement) error { return p.piece(e, &look) }, nil)
}

// look reads the properties of a run.
func (p *paragraph) look(e xml.StartElement, look *looks) error {
	switch e.Name.Local {
	case "b":
		look.bold = *on(e)
	case "vanish":
		look.hidden = *on(e)
	case "vertAlign":
		look.raised = attr(e, "val") == "superscript"
	case "rStyle":
		for _, s := range p.styles.chain(attr(e, "val")) {
			if s.bold != nil {
				look.bold = *s.bold
			}
			if s.hidden != nil {
				look.hidden = *s.hidden
			}
		}
	}
	return p.skip()
}

// piece reads one piece of a run.
func (p *paragraph) piece(e xml.StartElement, look *looks) error {
	switch e.Name.Local {
	case "rPr":
		return p.each(func(e xml.StartElement) error { return p.look(e, look) }, nil)
	case "t":
		text, err := p.words()
		p.write(text, *look)
		return err
	case "tab", "ptab":
		p.write(" ", *look)
	case "br", "cr":
		p.write("\n", *look)
	case "noBreakHyphen":
		p.write("-", *look)
	case "sym":
		p.write(symbol(attr(e, "char")), *look)
	case "footnoteReference":
		p.noted = append(p.noted, "f"+attr(e, "id"))
	case "endnoteReference":
		p.noted = append(p.noted, "e"+attr(e, "id"))
	case "drawing", "pict", "object", "AlternateContent", "Choice":
		return p.box()
	}
	return p.skip()
}

// box looks for the text of a text box; the fall-back for old readers says it again.
func (p *paragraph) box() error {
	return p.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "txbxContent":
			// what the box holds is no part of the paragraph that goes on
			carry := p.carry
			p.carry = ""
			err := p.blocks(func(b block) error { p.boxes = append(p.boxes, b); return nil })
			p.carry = carry
			return err
		case "Fallback":
			return p.skip()
		}
		return p.box()
	}, nil)
}

func (p *paragraph) write(text string, look looks) {
	if look.hidden {
		return
	}
	if look.raised {
		text = superscript(p.b.String(), text)
	}
	if strings.TrimSpace(text) != "" {
		p.bold = true
		p.allBold = p.allBold && look.bold
	}
	p.b.WriteString(text)
}

// symbol gives the sign of a symbol font that forms use, "" for ornaments.
func symbol(code string) string {
	n, err := strconv.ParseUint(code, 16, 16)
	if err != nil {
		return ""
	}
	switch n & 0xFF {
	case 0xA8, 0x6F, 0x71, 0x72:
		return "☐"
	case 0xFE, 0x78:
		return "☒"
	case 0xB7:
		return bullet
	case 0x2D:
		return "–"
	}
	if n < 0xF000 {
		return string(rune(n))
	}
	return ""
}
