package office

import (
	"encoding/xml"
	"strings"
)

// level is a level of a list as numbering.xml describes it.
type level struct {
	start   int
	format  string
	text    string // "%1.%2)"
	restart int    // the level after which it begins again; 0 never, -1 any above
	legal   bool   // all numbers are decimal
	style   string // the paragraph style that stands for it
}

// list is a kind of list: w:abstractNum.
type list struct {
	levels [maxLevels]level
	link   string // another list's style stands for it
	owns   string // the style that others link to
}

// numbering holds the lists of a document and how far each has counted.
type numbering struct {
	kinds     map[string]*list // w:abstractNum by its identifier
	lists     map[string]listUse
	counts    map[string]*[maxLevels]int
	restarted map[string]bool // numbers and levels whose own start was used
}

// listUse is w:num: a list of a kind, with what it changes.
type listUse struct {
	kind   string
	starts map[int]int
	levels map[int]level
}

func newLevel() level { return level{start: 1, format: "decimal", restart: -1} }

func readNumbering(s *stream) (*numbering, error) {
	n := &numbering{kinds: map[string]*list{}, lists: map[string]listUse{}, counts: map[string]*[maxLevels]int{}, restarted: map[string]bool{}}
	r := numberingReader{numbering: n}
	if err := s.walk(r.element); err != nil {
		return nil, err
	}
	r.close()
	n.followLinks()
	return n, nil
}

// numberingReader takes the elements of numbering.xml in order.
type numberingReader struct {
	*numbering
	kind   *list
	use    string
	level  *level
	number int // of the level
}

func (r *numberingReader) element(e xml.StartElement) {
	value := attr(e, "val")
	switch e.Name.Local {
	case "abstractNum":
		r.close()
		r.use, r.kind = "", &list{}
		for i := range r.kind.levels {
			r.kind.levels[i] = newLevel()
		}
		r.kinds[attr(e, "abstractNumId")] = r.kind
	case "num":
		r.close()
		r.kind, r.use = nil, attr(e, "numId")
		r.lists[r.use] = listUse{starts: map[int]int{}, levels: map[int]level{}}
	case "abstractNumId":
		if u, ok := r.lists[r.use]; ok {
			u.kind = value
			r.lists[r.use] = u
		}
	case "lvlOverride":
		r.close()
		r.number = number(attr(e, "ilvl"))
	case "startOverride":
		if u, ok := r.lists[r.use]; ok {
			u.starts[r.number] = number(value)
		}
	case "styleLink":
		if r.kind != nil {
			r.kind.owns = value
		}
	case "numStyleLink":
		if r.kind != nil {
			r.kind.link = value
		}
	case "lvl":
		r.close()
		fresh := newLevel()
		r.level, r.number = &fresh, number(attr(e, "ilvl"))
	default:
		r.property(e.Name.Local, value, e)
	}
}

func (r *numberingReader) property(name, value string, e xml.StartElement) {
	if r.level == nil {
		return
	}
	switch name {
	case "start":
		r.level.start = max(number(value), 0)
	case "numFmt":
		if r.level.format = value; value == "custom" {
			r.level.format = "decimal"
		}
	case "lvlText":
		r.level.text = value
	case "lvlRestart":
		r.level.restart = number(value)
	case "isLgl":
		r.level.legal = *on(e)
	case "pStyle":
		r.level.style = value
	}
}

// close puts the level that was read where it belongs.
func (r *numberingReader) close() {
	if r.level == nil || r.number < 0 || r.number >= maxLevels {
		r.level = nil
		return
	}
	if r.kind != nil {
		r.kind.levels[r.number] = *r.level
	} else if u, ok := r.lists[r.use]; ok {
		u.levels[r.number] = *r.level
	}
	r.level = nil
}

// followLinks gives a list that stands for another one's style that one's levels.
func (n *numbering) followLinks() {
	owners := map[string]*list{}
	for _, kind := range n.kinds {
		if kind.owns != "" {
			owners[kind.owns] = kind
		}
	}
	for id, kind := range n.kinds {
		if owner := owners[kind.link]; owner != nil && kind.link != "" {
			n.kinds[id] = owner
		}
	}
}

// levelOf gives the level that a style stands for in its list, 0 where none says so.
func (n *numbering) levelOf(listID, style string) int {
	use, ok := n.lists[listID]
	if kind := n.kinds[use.kind]; ok && kind != nil {
		for i, l := range kind.levels {
			if l.style == style && style != "" {
				return i
			}
		}
	}
	return 0
}

// next counts a paragraph of a list and gives what is printed before it, "" for nothing.
func (n *numbering) next(listID string, at int) string {
	if n == nil {
		return ""
	}
	use, ok := n.lists[listID]
	kind := n.kinds[use.kind]
	if !ok || kind == nil || at < 0 || at >= maxLevels {
		return ""
	}
	counts := n.counts[use.kind]
	if counts == nil {
		counts = &[maxLevels]int{}
		for i := range counts {
			counts[i] = unset
		}
		n.counts[use.kind] = counts
	}
	n.count(counts, use, kind, listID, at)
	return n.label(counts, use, kind, at)
}

// unset is the count of a level that has not begun.
const unset = -1

func (use listUse) level(kind *list, at int) level {
	if l, ok := use.levels[at]; ok {
		return l
	}
	return kind.levels[at]
}

func (n *numbering) count(counts *[maxLevels]int, use listUse, kind *list, listID string, at int) {
	key := listID + "/" + string(rune('0'+at))
	start, own := use.starts[at]
	switch {
	case own && !n.restarted[key]:
		n.restarted[key] = true
		counts[at] = max(start, 0)
	case counts[at] == unset:
		counts[at] = use.level(kind, at).start
	default:
		counts[at]++
	}
	for above := range at { // a level that was passed over counts from its start
		if counts[above] == unset {
			counts[above] = use.level(kind, above).start
		}
	}
	for below := at + 1; below < maxLevels; below++ {
		if r := use.level(kind, below).restart; r < 0 || r > at {
			counts[below] = unset
		}
	}
}

func (n *numbering) label(counts *[maxLevels]int, use listUse, kind *list, at int) string {
	l := use.level(kind, at)
	if l.format == "bullet" {
		return bulletOf(l.text)
	}
	if l.format == "none" {
		return strings.TrimSpace(placeholder.ReplaceAllString(l.text, ""))
	}
	label := placeholder.ReplaceAllStringFunc(l.text, func(place string) string {
		of := int(place[1] - '1')
		format := use.level(kind, of).format
		if l.legal {
			format = "decimal"
		}
		return numeral(max(counts[of], 0), format)
	})
	return strings.TrimSpace(label)
}
