package dataset

import (
	"context"
	"strings"

	"referent/internal/table"
)

// A node is a value of a nested file: a text with its kind, named parts, or items.
type node struct {
	kind   nodeKind
	text   string
	scalar table.Kind
	names  []string // of the parts of an object
	parts  []node   // of an object or a list
}

type nodeKind uint8

const (
	nodeScalar nodeKind = iota
	nodeObject
	nodeList
)

// objects says whether a list holds records rather than values.
func (n *node) objects() bool {
	return n.kind == nodeList && len(n.parts) > 0 && n.parts[0].kind == nodeObject
}

// A flattener turns nodes into rows: attributes in the order in which they first come,
// those of inner objects behind a dot; lists of records become tables of their own.
type flattener struct {
	index    map[string]int
	order    []string
	cells    []string
	kinds    []table.Kind
	children map[string]*children
	lists    []string // paths of children, in order
	ctx      context.Context
	prefix   string // path of the records
	skip     map[string]bool
	typed    bool // the format says what kind a value is
}

// children is a table inside the records.
type children struct {
	path    string
	flatten *flattener
	gather  *gatherer
	count   int
}

func newFlattener(ctx context.Context, path string) *flattener {
	return &flattener{index: map[string]int{}, children: map[string]*children{}, ctx: ctx, prefix: path}
}

func (f *flattener) names() []string { return f.order }

// row flattens a record.
func (f *flattener) row(number int, n *node) (table.Row, error) {
	for i := range f.cells {
		f.cells[i], f.kinds[i] = "", table.Null
	}
	if err := f.object("", n, 0); err != nil {
		return table.Row{}, err
	}
	return table.Row{Number: number, Cells: f.cells, Kinds: f.kinds}, nil
}

func (f *flattener) object(prefix string, n *node, depth int) error {
	for i, name := range n.names {
		part := &n.parts[i]
		path := prefix + name
		switch {
		case f.skip[path]:
		case part.kind == nodeObject && depth < maxDepth:
			if err := f.object(path+".", part, depth+1); err != nil {
				return err
			}
		case part.objects():
			if err := f.child(path, part); err != nil {
				return err
			}
		case part.kind == nodeList:
			texts := make([]string, 0, len(part.parts))
			for _, item := range part.parts {
				texts = append(texts, item.text)
			}
			f.set(path, strings.Join(texts, "; "), table.Text)
		default:
			f.set(path, part.text, part.scalar)
		}
	}
	return nil
}

func (f *flattener) set(path, text string, kind table.Kind) {
	at, known := f.index[path]
	if !known {
		at = len(f.order)
		f.index[path] = at
		f.order = append(f.order, path)
		f.cells, f.kinds = append(f.cells, ""), append(f.kinds, table.Null)
	}
	f.cells[at], f.kinds[at] = text, kind
}

// child hands the records of an inner list on.
func (f *flattener) child(path string, list *node) error {
	c := f.children[path]
	if c == nil {
		inner := newFlattener(f.ctx, strings.TrimPrefix(f.prefix+"."+path, "."))
		s := &source{name: inner.prefix, typed: f.typed, names: inner.names}
		inner.typed = f.typed
		c = &children{path: inner.prefix, flatten: inner, gather: newGatherer(f.ctx, s, nil)}
		f.children[path] = c
		f.lists = append(f.lists, path)
	}
	for i := range list.parts {
		c.count++
		row, err := c.flatten.row(c.count, &list.parts[i])
		if err != nil {
			return err
		}
		if err := c.gather.take(record{Row: row}); err != nil {
			return err
		}
	}
	return nil
}

// all gives the inner tables, outer ones first.
func (f *flattener) all() []*children {
	var all []*children
	for _, path := range f.lists {
		c := f.children[path]
		all = append(all, c)
		all = append(all, c.flatten.all()...)
	}
	return all
}
