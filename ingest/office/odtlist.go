package office

import "encoding/xml"

// list reads a list; one inside an item is the next level of the same list.
func (o *odt) list(e xml.StartElement, out sink) error {
	var l *odtList
	if depth := len(o.stack); depth > 0 {
		l = o.stack[depth-1]
	} else {
		l = o.newList(e)
	}
	outer, item := o.stack, o.item
	o.stack = append(append([]*odtList{}, o.stack...), l)
	depth := len(o.stack)
	style := l.style
	if own := attr(e, "style-name"); own != "" {
		l.style = own // a level may be numbered by a style of its own
	}
	if depth > 1 { // an inner list begins anew under each item
		l.counts = l.counts[:min(len(l.counts), depth-1)]
	}
	err := o.each(func(e xml.StartElement) error {
		switch e.Name.Local {
		case "list-item":
			if start := number(attr(e, "start-value")); start >= 0 {
				l.set(depth, start-1)
			}
			o.item = &odtItem{list: l, depth: depth}
		case "list-header":
			o.item = &odtItem{silent: true}
		default:
			return o.skip()
		}
		return o.blocks(out)
	}, nil)
	l.style = style
	o.stack, o.item = outer, item
	return err
}

// newList begins a list, or takes up one that it goes on with.
func (o *odt) newList(e xml.StartElement) *odtList {
	id, style := attr(e, "id"), attr(e, "style-name")
	l := &odtList{style: style}
	if before := o.lists["id "+attr(e, "continue-list")]; before != nil {
		l.counts = append(l.counts, before.counts...)
	} else if before := o.lists["style "+style]; before != nil && attr(e, "continue-numbering") == "true" {
		l.counts = append(l.counts, before.counts...)
	}
	if id != "" {
		o.lists["id "+id] = l
	}
	o.lists["style "+style] = l
	return l
}

// unsetCount is the count of a level that has not begun.
const unsetCount = -1 << 30

func (l *odtList) set(depth, count int) {
	for len(l.counts) < depth {
		l.counts = append(l.counts, unsetCount)
	}
	l.counts[depth-1] = count
}

// number gives what is printed before a paragraph: the number of its item, or of a heading.
func (o *odt) number(e xml.StartElement, item *odtItem) string {
	if item == nil {
		if e.Name.Local == "h" && attr(e, "is-list-header") != "true" && len(o.stack) == 0 {
			return o.headingNumber(number(attr(e, "outline-level")))
		}
		return ""
	}
	if item.silent {
		return ""
	}
	style := item.list.style
	if style == "" {
		style = o.styles.resolve(attr(e, "style-name")).list
	}
	return item.list.next(o.styles.lists[style], item.depth)
}

func (l *odtList) next(levels map[int]odtLevel, depth int) string {
	if depth > maxLevels {
		return ""
	}
	if len(l.counts) < depth || l.counts[depth-1] == unsetCount {
		l.set(depth, levels[depth].start-1)
	}
	l.counts = l.counts[:depth]
	l.counts[depth-1]++
	for i := range depth - 1 {
		if l.counts[i] == unsetCount {
			l.counts[i] = levels[i+1].start
		}
	}
	return label(levels, l.counts)
}

// headingNumber counts a heading where the file numbers them.
func (o *odt) headingNumber(depth int) string {
	if l := o.styles.outline[depth]; depth < 1 || depth > maxLevels || l.format == "" && l.text == "" {
		return ""
	}
	headings := odtList{counts: o.heads}
	printed := headings.next(o.styles.outline, depth)
	o.heads = headings.counts
	return printed
}

// table reads the rows of a table. What spans rows or columns stands where it begins.
func (o *odt) table(out sink) error {
	var visit func(xml.StartElement) error
	visit = func(e xml.StartElement) error {
		switch e.Name.Local {
		case "table-row":
			return o.row(out)
		case "table-header-rows", "table-rows", "table-row-group":
			return o.each(visit, nil)
		}
		return o.skip()
	}
	stack, item := o.stack, o.item
	o.stack, o.item = nil, nil
	err := o.each(visit, nil)
	o.stack, o.item = stack, item
	return err
}

func (o *odt) row(out sink) error {
	var cells []cell
	err := o.each(func(e xml.StartElement) error {
		if e.Name.Local != "table-cell" && e.Name.Local != "covered-table-cell" {
			return o.skip()
		}
		c := cell{goes: e.Name.Local == "covered-table-cell"}
		err := o.blocks(func(b block) error { c.blocks = append(c.blocks, b); return nil })
		if len(cells) < maxColumns && !c.goes {
			cells = append(cells, c)
		}
		return err
	}, nil)
	if err != nil {
		return err
	}
	if len(cells) == 1 {
		for _, b := range cells[0].blocks {
			if err := out(b); err != nil {
				return err
			}
		}
		return nil
	}
	line := make([]string, len(cells))
	for i, c := range cells {
		line[i] = c.text()
	}
	return out(block{text: row(line)})
}
