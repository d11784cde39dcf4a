package office

import (
	"encoding/xml"
	"strings"
)

// odtStyle is a style of an ODT.
type odtStyle struct {
	parent string
	list   string
	rank   int // default outline level
	title  bool
	bold   *bool
	raised *bool
	hidden *bool
}

// odtLevel is a level of a list's style.
type odtLevel struct {
	format, prefix, suffix string
	text                   string // "%1%.%2%)", which newer files have instead of prefix and suffix
	bullet                 string
	start, display         int
}

// odtStyles are the styles of both parts of an ODT.
type odtStyles struct {
	all     map[string]odtStyle
	lists   map[string]map[int]odtLevel
	outline map[int]odtLevel // numbers of headings
}

// odtStyleReader takes the elements of styles in order.
type odtStyleReader struct {
	*odtStyles
	name  string
	style *odtStyle
	list  map[int]odtLevel
}

func (r *odtStyleReader) element(e xml.StartElement) {
	switch e.Name.Local {
	case "style":
		r.close()
		r.list = nil
		r.name = attr(e, "name")
		r.style = &odtStyle{parent: attr(e, "parent-style-name"), list: attr(e, "list-style-name"), rank: max(number(attr(e, "default-outline-level")), 0), title: r.name == "Title"}
	case "text-properties":
		if r.style != nil {
			r.style.looks(e)
		}
	case "list-style":
		r.close()
		r.list = map[int]odtLevel{}
		r.lists[attr(e, "name")] = r.list
	case "outline-style":
		r.close()
		r.list = r.outline
	case "list-level-style-number", "outline-level-style":
		r.level(e)
	case "list-level-style-bullet":
		if r.list != nil {
			r.list[number(attr(e, "level"))] = odtLevel{bullet: bulletOf(attr(e, "bullet-char"))}
		}
	}
}

func (r *odtStyleReader) level(e xml.StartElement) {
	if r.list == nil {
		return
	}
	l := odtLevel{format: attr(e, "num-format"), prefix: attr(e, "num-prefix"), suffix: attr(e, "num-suffix"), text: attr(e, "num-list-format"), start: 1, display: 1}
	if start, ok := lookup(e, "start-value"); ok {
		l.start = max(number(start), 0)
	}
	if shown := number(attr(e, "display-levels")); shown > 0 {
		l.display = shown
	}
	r.list[number(attr(e, "level"))] = l
}

func (r *odtStyleReader) close() {
	if r.style != nil {
		r.all[r.name] = *r.style
	}
	r.style = nil
}

func (s *odtStyle) looks(e xml.StartElement) {
	if weight, ok := lookup(e, "font-weight"); ok {
		bold := weight == "bold" || weight >= "600" && len(weight) == 3
		s.bold = &bold
	}
	if position, ok := lookup(e, "text-position"); ok {
		up := strings.HasPrefix(position, "super") || position[:min(1, len(position))] != "-" && position != "" && position[0] != '0' && !strings.HasPrefix(position, "sub")
		s.raised = &up
	}
	if display, ok := lookup(e, "display"); ok {
		hidden := display == "none"
		s.hidden = &hidden
	}
}

// resolve gives a style with what it takes from those it is based on.
func (o *odtStyles) resolve(name string) odtStyle {
	var made odtStyle
	for range maxBased {
		s, ok := o.all[name]
		if !ok {
			break
		}
		if made.list == "" {
			made.list = s.list
		}
		if made.rank == 0 {
			made.rank = s.rank
		}
		made.title = made.title || s.title
		made.bold = first(made.bold, s.bold)
		made.raised = first(made.raised, s.raised)
		made.hidden = first(made.hidden, s.hidden)
		name = s.parent
	}
	return made
}

func first(a, b *bool) *bool {
	if a != nil {
		return a
	}
	return b
}

func is(flag *bool) bool { return flag != nil && *flag }

// label writes the numbers of a level and of those above it that it shows.
func label(levels map[int]odtLevel, counts []int) string {
	at := len(counts)
	l, ok := levels[at]
	switch {
	case !ok:
		return ""
	case l.bullet != "":
		return l.bullet
	case l.text != "":
		return strings.TrimSpace(odtPlaceholder.ReplaceAllStringFunc(l.text, func(place string) string {
			of := number(strings.Trim(place, "%"))
			if of < 1 || of > at {
				return ""
			}
			return numeral(counts[of-1], levels[of].format)
		}))
	case l.format == "":
		return strings.TrimSpace(l.prefix + l.suffix)
	}
	var shown []string
	for of := max(at-l.display, 0) + 1; of <= at; of++ {
		if n := numeral(counts[of-1], levels[of].format); n != "" {
			shown = append(shown, n)
		}
	}
	return strings.TrimSpace(l.prefix + strings.Join(shown, ".") + l.suffix)
}
