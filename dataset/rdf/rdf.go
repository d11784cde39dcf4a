// Package rdf is as much of RDF as descriptions of datasets need: terms, a graph in
// memory, Turtle read and written, JSON-LD written. It imports nothing of ours.
//
// No maintained Go library reads Turtle; the grammar is that of RDF 1.1 Turtle
// (https://www.w3.org/TR/turtle/) without percent-escapes checked in IRIs.
package rdf

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Kind tells the sorts of terms apart.
type Kind int

// The sorts of terms.
const (
	IRI Kind = iota + 1
	Blank
	Literal
)

// Term is an IRI, a blank node or a literal. Terms are compared with ==.
type Term struct {
	Kind     Kind
	Value    string // the IRI, the blank node's label or the literal's text
	Datatype string // of a literal: its IRI; "" for xsd:string and texts with a language
	Lang     string // of a literal, lower case
}

// Names of the vocabularies that RDF itself needs.
const (
	RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
	XSD = "http://www.w3.org/2001/XMLSchema#"
)

// Type, First, Rest and Nil are the terms of classes and lists.
var (
	Type  = Named(RDF + "type")
	First = Named(RDF + "first")
	Rest  = Named(RDF + "rest")
	Nil   = Named(RDF + "nil")
)

// Named makes the term of an IRI.
func Named(iri string) Term { return Term{Kind: IRI, Value: iri} }

// Text makes a literal, with a language where there is one.
func Text(value, lang string) Term {
	return Term{Kind: Literal, Value: value, Lang: strings.ToLower(lang)}
}

// Typed makes a literal of a datatype, such as XSD+"date".
func Typed(value, datatype string) Term {
	if datatype == XSD+"string" {
		datatype = ""
	}
	return Term{Kind: Literal, Value: value, Datatype: datatype}
}

// Triple is a statement.
type Triple struct{ Subject, Predicate, Object Term }

// Graph is a set of statements in the order in which they were first added. The zero
// Graph is empty and ready.
type Graph struct {
	triples   []Triple
	seen      map[Triple]bool
	bySubject map[Term][]int
	byObject  map[Term][]int
	blanks    int
}

// Add puts a statement in; one that is there already is not doubled.
func (g *Graph) Add(subject, predicate, object Term) {
	t := Triple{subject, predicate, object}
	if g.seen[t] {
		return
	}
	if g.seen == nil {
		g.seen, g.bySubject, g.byObject = map[Triple]bool{}, map[Term][]int{}, map[Term][]int{}
	}
	g.seen[t] = true
	at := len(g.triples)
	g.triples = append(g.triples, t)
	g.bySubject[subject] = append(g.bySubject[subject], at)
	g.byObject[object] = append(g.byObject[object], at)
}

// NewBlank gives a blank node that is not in the graph yet.
func (g *Graph) NewBlank() Term {
	for {
		g.blanks++
		t := Term{Kind: Blank, Value: "b" + strconv.Itoa(g.blanks)}
		if len(g.bySubject[t]) == 0 && len(g.byObject[t]) == 0 {
			return t
		}
	}
}

// Triples gives all statements; the caller must not change them.
func (g *Graph) Triples() []Triple { return g.triples }

// Len counts the statements.
func (g *Graph) Len() int { return len(g.triples) }

// Has says whether a statement is in the graph.
func (g *Graph) Has(subject, predicate, object Term) bool {
	return g.seen[Triple{subject, predicate, object}]
}

// Objects gives what a subject has for a predicate, in the order of the graph.
func (g *Graph) Objects(subject, predicate Term) []Term {
	var found []Term
	for _, i := range g.bySubject[subject] {
		if g.triples[i].Predicate == predicate {
			found = append(found, g.triples[i].Object)
		}
	}
	return found
}

// Object gives the first of Objects and whether there is one.
func (g *Graph) Object(subject, predicate Term) (Term, bool) {
	found := g.Objects(subject, predicate)
	if len(found) == 0 {
		return Term{}, false
	}
	return found[0], true
}

// Subjects gives what has an object for a predicate, in the order of the graph.
func (g *Graph) Subjects(predicate, object Term) []Term {
	var found []Term
	for _, i := range g.byObject[object] {
		if g.triples[i].Predicate == predicate {
			found = append(found, g.triples[i].Subject)
		}
	}
	return found
}

// List reads an RDF list; a list that is broken or runs in a circle ends there.
func (g *Graph) List(head Term) []Term {
	var items []Term
	seen := map[Term]bool{}
	for head != Nil && !seen[head] {
		seen[head] = true
		item, ok := g.Object(head, First)
		if !ok {
			return items
		}
		items = append(items, item)
		if head, ok = g.Object(head, Rest); !ok {
			return items
		}
	}
	return items
}

// Compare orders terms: IRIs, blank nodes, literals; by value within a kind.
func Compare(a, b Term) int {
	return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Value, b.Value), strings.Compare(a.Datatype, b.Datatype), strings.Compare(a.Lang, b.Lang))
}

// Prefixes are names for the beginnings of IRIs, such as dcat.
type Prefixes map[string]string

// names gives the prefixes in order.
func (p Prefixes) names() []string {
	names := make([]string, 0, len(p))
	for name := range p {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Shorten gives "dcat:Dataset" for an IRI that one of the prefixes begins and whose rest
// needs no escape; ok is false for others.
func (p Prefixes) Shorten(iri string) (short string, ok bool) {
	best := ""
	for _, name := range p.names() {
		space := p[name]
		if len(space) > len(p[best]) && strings.HasPrefix(iri, space) && local(iri[len(space):]) {
			best, short, ok = name, name+":"+iri[len(space):], true
		}
	}
	return short, ok
}

// local says whether a name can stand after a prefix without an escape.
func local(name string) bool {
	if name == "" || name[0] == '-' {
		return false
	}
	for _, r := range name {
		if r != '_' && r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return true
}
