package office

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// properties are what a style or a paragraph says of itself; nil and "" leave it to the
// style it is based on.
type properties struct {
	style   string
	list    string // w:numId; "0" takes the list away
	level   int    // w:ilvl, -1 where it is not said
	outline int    // w:outlineLvl, -1 where it is not said
	bold    *bool
	hidden  *bool
	gone    bool // the paragraph's mark is deleted: it goes on in the next one
}

// style is a style of the document.
type style struct {
	properties
	name  string
	based string
}

// styles are those of a DOCX by their identifiers.
type styles map[string]style

// on reads a switch: <w:b/> and <w:b w:val="1"/> are on, "0" and "false" off.
func on(e xml.StartElement) *bool {
	value := attr(e, "val")
	is := value != "0" && value != "false" && value != "off" && value != "none"
	return &is
}

func readStyles(s *stream) (styles, error) {
	all := styles{}
	var current *style
	id := ""
	err := s.walk(func(e xml.StartElement) {
		if e.Name.Local == "style" {
			if current != nil {
				all[id] = *current
			}
			id, current = attr(e, "styleId"), &style{properties: properties{level: -1, outline: -1}}
			return
		}
		if current == nil {
			return
		}
		switch e.Name.Local {
		case "name":
			current.name = strings.ToLower(attr(e, "val"))
		case "basedOn":
			current.based = attr(e, "val")
		case "numId":
			current.list = attr(e, "val")
		case "ilvl":
			current.level = number(attr(e, "val"))
		case "outlineLvl":
			current.outline = number(attr(e, "val"))
		case "b":
			current.bold = on(e)
		case "vanish":
			current.hidden = on(e)
		}
	})
	if current != nil {
		all[id] = *current
	}
	return all, err
}

// number reads a number that is not negative, -1 where it is none.
func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// maxBased is how long a chain of styles may be; some are based on themselves.
const maxBased = 20

// chain gives a style and those it is based on.
func (all styles) chain(id string) []style {
	var list []style
	for range maxBased {
		s, ok := all[id]
		if !ok {
			break
		}
		list = append(list, s)
		id = s.based
	}
	return list
}

// resolve fills what a paragraph leaves to its style. owner is the style that says in
// which list it stands, "" when the paragraph says so itself.
func (all styles) resolve(p properties) (resolved properties, owner string) {
	id := p.style
	for range maxBased {
		s, ok := all[id]
		if !ok {
			break
		}
		if p.list == "" && s.list != "" {
			p.list, owner = s.list, id
			if p.level < 0 {
				p.level = s.level
			}
		}
		if p.outline < 0 {
			p.outline = s.outline
		}
		if p.bold == nil {
			p.bold = s.bold
		}
		if p.hidden == nil {
			p.hidden = s.hidden
		}
		id = s.based
	}
	return p, owner
}

// rank gives the rank of a paragraph as a heading by its style, 0 for none.
func (all styles) rank(p properties) (rank int, title bool) {
	const bodyLevel = 9
	if p.outline >= 0 && p.outline < bodyLevel {
		rank = p.outline + 1
	}
	for _, s := range all.chain(p.style) {
		switch {
		case s.name == "title":
			return 1, true
		case rank == 0 && strings.HasPrefix(s.name, "heading "):
			rank = min(max(number(strings.TrimPrefix(s.name, "heading ")), 0), RankBold-1)
		}
	}
	return min(rank, RankBold-1), false
}

// contents says whether a paragraph is a line of a table of contents.
func (all styles) contents(p properties) bool {
	for _, s := range all.chain(p.style) {
		if strings.HasPrefix(s.name, "toc ") || s.name == "table of figures" {
			return true
		}
	}
	return false
}
