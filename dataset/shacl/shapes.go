// Package shacl holds graphs against the part of SHACL core (https://www.w3.org/TR/shacl/)
// that the shapes of DCAT-AP and its profile for high-value datasets use: class targets,
// predicate, inverse, sequence and alternative paths, cardinality, class, datatype, kind of
// node, value, node, property and or. It imports dataset/rdf only.
package shacl

import (
	"fmt"
	"strconv"

	"referent/dataset/rdf"
)

const ns = "http://www.w3.org/ns/shacl#"

func term(name string) rdf.Term { return rdf.Named(ns + name) }

// Shapes are rules for graphs.
type Shapes struct{ nodes []*shape }

// shape is a node shape, or a property shape when it has a path.
type shape struct {
	id         rdf.Term
	targets    []rdf.Term // classes whose members it judges
	path       *path
	severity   Severity
	message    string
	minCount   int
	maxCount   int // -1: any number
	class      []rdf.Term
	datatype   rdf.Term
	nodeKind   string
	hasValue   []rdf.Term
	nodes      []*shape
	properties []*shape
	or         [][]*shape
}

// path leads from a node to values.
type path struct {
	predicate   rdf.Term
	inverse     *path
	sequence    []*path
	alternative []*path
}

// unread are the constraints of SHACL core that this package does not know: a shape with
// one of them is refused, not half obeyed.
var unread = []string{"not", "and", "xone", "qualifiedValueShape", "pattern", "languageIn", "uniqueLang", "minLength", "maxLength",
	"minInclusive", "maxInclusive", "minExclusive", "maxExclusive", "equals", "disjoint", "lessThan", "lessThanOrEquals", "in",
	"sparql", "targetNode", "targetSubjectsOf", "targetObjectsOf"}

// Load reads shapes from their graph. It fails on constraints that it does not know.
func Load(g *rdf.Graph) (*Shapes, error) {
	l := loader{graph: g, known: map[rdf.Term]*shape{}}
	shapes := &Shapes{}
	for _, t := range g.Triples() {
		if t.Predicate != term("targetClass") {
			continue
		}
		fresh := l.known[t.Subject] == nil || len(l.known[t.Subject].targets) == 0
		s, err := l.shape(t.Subject)
		if err != nil {
			return nil, err
		}
		s.targets = append(s.targets, t.Object)
		if fresh {
			shapes.nodes = append(shapes.nodes, s)
		}
	}
	return shapes, nil
}

type loader struct {
	graph *rdf.Graph
	known map[rdf.Term]*shape
}

func (l *loader) shape(id rdf.Term) (*shape, error) {
	if s := l.known[id]; s != nil {
		return s, nil
	}
	for _, name := range unread {
		if _, ok := l.graph.Object(id, term(name)); ok {
			return nil, fmt.Errorf("shape %s: sh:%s is not known", id.Value, name)
		}
	}
	if closed, ok := l.graph.Object(id, term("closed")); ok && closed.Value == "true" {
		return nil, fmt.Errorf("shape %s: closed shapes are not known", id.Value)
	}
	s := &shape{id: id, severity: Violation, maxCount: -1}
	l.known[id] = s
	if err := l.simple(s); err != nil {
		return nil, fmt.Errorf("shape %s: %w", id.Value, err)
	}
	return s, l.nested(s)
}

// simple reads the constraints that hold no shapes.
func (l *loader) simple(s *shape) error {
	g := l.graph
	if start, ok := g.Object(s.id, term("path")); ok {
		var err error
		if s.path, err = l.path(start, 0); err != nil {
			return err
		}
	}
	if severity, ok := g.Object(s.id, term("severity")); ok {
		s.severity = Severity(severity.Value[len(ns):])
	}
	for _, predicate := range []rdf.Term{term("message"), term("description"), term("name")} {
		if text, ok := g.Object(s.id, predicate); ok && s.message == "" {
			s.message = text.Value
		}
	}
	for name, into := range map[string]*int{"minCount": &s.minCount, "maxCount": &s.maxCount} {
		count, ok := g.Object(s.id, term(name))
		if !ok {
			continue
		}
		n, err := strconv.Atoi(count.Value)
		if err != nil || n < 0 {
			return fmt.Errorf("sh:%s is %q", name, count.Value)
		}
		*into = n
	}
	s.class = g.Objects(s.id, term("class"))
	s.hasValue = g.Objects(s.id, term("hasValue"))
	s.datatype, _ = g.Object(s.id, term("datatype"))
	if kind, ok := g.Object(s.id, term("nodeKind")); ok {
		s.nodeKind = kind.Value[len(ns):]
	}
	return nil
}

// nested reads the constraints that are shapes themselves.
func (l *loader) nested(s *shape) error {
	for name, into := range map[string]*[]*shape{"node": &s.nodes, "property": &s.properties} {
		for _, id := range l.graph.Objects(s.id, term(name)) {
			inner, err := l.shape(id)
			if err != nil {
				return err
			}
			if name == "property" && inner.path == nil {
				continue // says nothing: DCAT-AP 3.0.1 has one that is named and not there
			}
			*into = append(*into, inner)
		}
	}
	for _, head := range l.graph.Objects(s.id, term("or")) {
		var choices []*shape
		for _, id := range l.graph.List(head) {
			inner, err := l.shape(id)
			if err != nil {
				return err
			}
			choices = append(choices, inner)
		}
		s.or = append(s.or, choices)
	}
	return nil
}

const maxPath = 20

func (l *loader) path(at rdf.Term, depth int) (*path, error) {
	if depth > maxPath {
		return nil, fmt.Errorf("a path nests deeper than %d", maxPath)
	}
	if at.Kind == rdf.IRI && at != rdf.Nil {
		return &path{predicate: at}, nil
	}
	if inner, ok := l.graph.Object(at, term("inversePath")); ok {
		inverse, err := l.path(inner, depth+1)
		return &path{inverse: inverse}, err
	}
	if head, ok := l.graph.Object(at, term("alternativePath")); ok {
		alternative, err := l.paths(head, depth)
		return &path{alternative: alternative}, err
	}
	if _, ok := l.graph.Object(at, rdf.First); ok {
		sequence, err := l.paths(at, depth)
		return &path{sequence: sequence}, err
	}
	return nil, fmt.Errorf("a path of a kind that is not known")
}

func (l *loader) paths(head rdf.Term, depth int) ([]*path, error) {
	var found []*path
	for _, item := range l.graph.List(head) {
		p, err := l.path(item, depth+1)
		if err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, nil
}

// String writes a path as SHACL's own examples do.
func (p *path) String() string {
	join := func(parts []*path, by string) string {
		text := ""
		for i, part := range parts {
			if i > 0 {
				text += by
			}
			text += part.String()
		}
		return text
	}
	switch {
	case p == nil:
		return ""
	case p.inverse != nil:
		return "^" + p.inverse.String()
	case p.sequence != nil:
		return join(p.sequence, "/")
	case p.alternative != nil:
		return join(p.alternative, "|")
	}
	return p.predicate.Value
}
