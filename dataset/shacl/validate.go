package shacl

import (
	"slices"

	"referent/dataset/rdf"
)

// Severity says how bad a result is.
type Severity string

// The severities of SHACL.
const (
	Violation Severity = "Violation"
	Warning   Severity = "Warning"
	Info      Severity = "Info"
)

// Result is a rule that a node breaks.
type Result struct {
	Focus      rdf.Term
	Path       string   // as IRIs joined by "/", "|", "^"; "" for a rule about the node itself
	Value      rdf.Term // the value that breaks it; zero where a value is missing
	Constraint string   // as SHACL names it: "minCount", "class"…
	Severity   Severity
	Shape      rdf.Term
	Message    string // of the shape, "" where it has none
}

var subClassOf = rdf.Named("http://www.w3.org/2000/01/rdf-schema#subClassOf")

// Validate holds a graph against the shapes, in the order of the shapes and of the graph.
func (s *Shapes) Validate(g *rdf.Graph) []Result {
	v := validator{graph: g}
	for _, node := range s.nodes {
		for _, focus := range v.members(node.targets) {
			v.shape(node, focus)
		}
	}
	return v.results
}

// maxNesting ends shapes that hold one another.
const maxNesting = 50

type validator struct {
	graph   *rdf.Graph
	results []Result
	depth   int
}

// members gives the nodes of any of the classes or of their subclasses, each once.
func (v *validator) members(classes []rdf.Term) []rdf.Term {
	var found []rdf.Term
	seen := map[rdf.Term]bool{}
	for _, class := range classes {
		for _, c := range v.below(class) {
			for _, node := range v.graph.Subjects(rdf.Type, c) {
				if !seen[node] {
					seen[node] = true
					found = append(found, node)
				}
			}
		}
	}
	return found
}

// below gives a class and its subclasses as the graph states them.
func (v *validator) below(class rdf.Term) []rdf.Term {
	all := []rdf.Term{class}
	for i := 0; i < len(all); i++ {
		for _, c := range v.graph.Subjects(subClassOf, all[i]) {
			if !slices.Contains(all, c) {
				all = append(all, c)
			}
		}
	}
	return all
}

// shape judges a node by a node shape, or what a property shape's path leads to.
func (v *validator) shape(s *shape, focus rdf.Term) {
	if v.depth++; v.depth > maxNesting {
		v.depth--
		return
	}
	defer func() { v.depth-- }()
	values := []rdf.Term{focus}
	if s.path != nil {
		values = v.follow(s.path, focus)
		if len(values) < s.minCount {
			v.tell(s, focus, rdf.Term{}, "minCount")
		}
		if s.maxCount >= 0 && len(values) > s.maxCount {
			v.tell(s, focus, rdf.Term{}, "maxCount")
		}
	}
	for _, want := range s.hasValue {
		if !slices.Contains(values, want) {
			v.tell(s, focus, rdf.Term{}, "hasValue")
		}
	}
	for _, value := range values {
		v.value(s, focus, value)
	}
}

func (v *validator) value(s *shape, focus, value rdf.Term) {
	for _, class := range s.class {
		if !v.isMember(value, class) {
			v.tell(s, focus, value, "class")
		}
	}
	if s.datatype.Kind != 0 && !hasDatatype(value, s.datatype.Value) {
		v.tell(s, focus, value, "datatype")
	}
	if s.nodeKind != "" && !isKind(value, s.nodeKind) {
		v.tell(s, focus, value, "nodeKind")
	}
	for _, inner := range s.nodes {
		if !v.conforms(inner, value) {
			v.tell(s, focus, value, "node")
		}
	}
	for _, inner := range s.properties {
		v.shape(inner, value)
	}
	for _, choices := range s.or {
		if !slices.ContainsFunc(choices, func(c *shape) bool { return v.conforms(c, value) }) {
			v.tell(s, focus, value, "or")
		}
	}
}

func (v *validator) tell(s *shape, focus, value rdf.Term, constraint string) {
	v.results = append(v.results, Result{Focus: focus, Path: s.path.String(), Value: value, Constraint: constraint, Severity: s.severity, Shape: s.id, Message: s.message})
}

// conforms judges a node without keeping the results.
func (v *validator) conforms(s *shape, node rdf.Term) bool {
	inner := validator{graph: v.graph, depth: v.depth}
	inner.shape(s, node)
	return len(inner.results) == 0
}

func (v *validator) isMember(node, class rdf.Term) bool {
	return slices.ContainsFunc(v.below(class), func(c rdf.Term) bool { return v.graph.Has(node, rdf.Type, c) })
}

// follow gives the values at the end of a path, each once.
func (v *validator) follow(p *path, from rdf.Term) []rdf.Term {
	switch {
	case p.inverse != nil: // only predicates are inverted in the shapes this package is for
		return v.graph.Subjects(p.inverse.predicate, from)
	case p.sequence != nil:
		at := []rdf.Term{from}
		for _, step := range p.sequence {
			var next []rdf.Term
			for _, node := range at {
				next = append(next, v.follow(step, node)...)
			}
			at = unique(next)
		}
		return at
	case p.alternative != nil:
		var found []rdf.Term
		for _, choice := range p.alternative {
			found = append(found, v.follow(choice, from)...)
		}
		return unique(found)
	}
	return v.graph.Objects(from, p.predicate)
}

func unique(terms []rdf.Term) []rdf.Term {
	var kept []rdf.Term
	for _, t := range terms {
		if !slices.Contains(kept, t) {
			kept = append(kept, t)
		}
	}
	return kept
}

func isKind(t rdf.Term, kind string) bool {
	switch kind {
	case "IRI":
		return t.Kind == rdf.IRI
	case "BlankNode":
		return t.Kind == rdf.Blank
	case "Literal":
		return t.Kind == rdf.Literal
	case "BlankNodeOrIRI":
		return t.Kind != rdf.Literal
	case "IRIOrLiteral":
		return t.Kind != rdf.Blank
	case "BlankNodeOrLiteral":
		return t.Kind != rdf.IRI
	}
	return false
}
