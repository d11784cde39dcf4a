package rdf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// Turtle writes a graph as Turtle, in the order in which it was built; blank nodes that
// are used once stand where they are used.
func (g *Graph) Turtle(prefixes Prefixes) string {
	w := turtleWriter{graph: g, prefixes: prefixes, outline: newOutline(g)}
	for _, name := range prefixes.names() {
		fmt.Fprintf(&w.text, "@prefix %s: <%s> .\n", name, prefixes[name])
	}
	for _, subject := range w.roots {
		w.text.WriteByte('\n')
		w.text.WriteString(w.term(subject))
		w.properties(subject, 1)
		w.text.WriteString(" .\n")
	}
	return w.text.String()
}

// outline says how a graph is laid out as trees.
type outline struct {
	roots  []Term
	inline map[Term]bool // blank nodes that stand where they are used
}

func newOutline(g *Graph) outline {
	o := outline{inline: map[Term]bool{}}
	seen := map[Term]bool{}
	for _, t := range g.Triples() {
		if seen[t.Subject] {
			continue
		}
		seen[t.Subject] = true
		if t.Subject.Kind == Blank && len(g.byObject[t.Subject]) == 1 && !g.circular(t.Subject) {
			o.inline[t.Subject] = true
		} else {
			o.roots = append(o.roots, t.Subject)
		}
	}
	return o
}

// circular says whether a blank node is reached from nothing but itself.
func (g *Graph) circular(node Term) bool {
	seen := map[Term]bool{}
	for at := node; at.Kind == Blank && len(g.byObject[at]) == 1; {
		if seen[at] {
			return true
		}
		seen[at] = true
		at = g.triples[g.byObject[at][0]].Subject
	}
	return false
}

// predicates gives the predicates of a subject, rdf:type first.
func (g *Graph) predicates(subject Term) []Term {
	var found []Term
	seen := map[Term]bool{}
	if len(g.Objects(subject, Type)) > 0 {
		found, seen[Type] = append(found, Type), true
	}
	for _, i := range g.bySubject[subject] {
		if p := g.triples[i].Predicate; !seen[p] {
			found, seen[p] = append(found, p), true
		}
	}
	return found
}

type turtleWriter struct {
	graph    *Graph
	prefixes Prefixes
	outline
	text strings.Builder
}

func (w *turtleWriter) properties(subject Term, depth int) {
	indent := strings.Repeat("  ", depth)
	for i, predicate := range w.graph.predicates(subject) {
		if i > 0 {
			w.text.WriteString(" ;")
		}
		name := "a"
		if predicate != Type {
			name = w.term(predicate)
		}
		fmt.Fprintf(&w.text, "\n%s%s ", indent, name)
		for j, object := range w.graph.Objects(subject, predicate) {
			if j > 0 {
				w.text.WriteString(", ")
			}
			w.object(object, depth)
		}
	}
}

func (w *turtleWriter) object(t Term, depth int) {
	if !w.inline[t] {
		w.text.WriteString(w.term(t))
		return
	}
	if _, list := w.graph.Object(t, First); list {
		w.text.WriteString("(")
		for _, item := range w.graph.List(t) {
			w.text.WriteByte(' ')
			w.object(item, depth)
		}
		w.text.WriteString(" )")
		return
	}
	w.text.WriteString("[")
	w.properties(t, depth+1)
	fmt.Fprintf(&w.text, "\n%s]", strings.Repeat("  ", depth))
}

var quoteTurtle = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`)

func (w *turtleWriter) term(t Term) string {
	switch t.Kind {
	case IRI:
		if short, ok := w.prefixes.Shorten(t.Value); ok {
			return short
		}
		return "<" + escapeIRI(t.Value) + ">"
	case Blank:
		return "_:" + t.Value
	}
	text := `"` + quoteTurtle.Replace(t.Value) + `"`
	switch {
	case t.Lang != "":
		text += "@" + t.Lang
	case t.Datatype != "":
		text += "^^" + w.term(Named(t.Datatype))
	}
	return text
}

// escapeIRI writes what an IRI must not hold as its code point.
func escapeIRI(iri string) string {
	var b strings.Builder
	for _, r := range iri {
		if r <= ' ' || strings.ContainsRune("<>\"{}|^`\\", r) {
			fmt.Fprintf(&b, "%%%02X", r)
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// JSONLD writes a graph as JSON-LD with its context inside, so that no reader needs the
// network.
func (g *Graph) JSONLD(prefixes Prefixes) ([]byte, error) {
	w := jsonWriter{graph: g, prefixes: prefixes, outline: newOutline(g)}
	nodes := make([]any, 0, len(w.roots))
	for _, subject := range w.roots {
		nodes = append(nodes, w.node(subject))
	}
	context := map[string]string{}
	for name, space := range prefixes {
		context[name] = space
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(struct {
		Context map[string]string `json:"@context"`
		Graph   []any             `json:"@graph"`
	}{context, nodes})
	return out.Bytes(), err
}

type jsonWriter struct {
	graph    *Graph
	prefixes Prefixes
	outline
}

func (w *jsonWriter) node(subject Term) map[string]any {
	node := map[string]any{}
	if !w.inline[subject] {
		node["@id"] = w.id(subject)
	}
	for _, predicate := range w.graph.predicates(subject) {
		var values []any
		for _, object := range w.graph.Objects(subject, predicate) {
			if predicate == Type {
				values = append(values, w.name(object))
			} else {
				values = append(values, w.value(object))
			}
		}
		key := w.name(predicate)
		if predicate == Type {
			key = "@type"
		}
		if len(values) == 1 {
			node[key] = values[0]
		} else {
			node[key] = values
		}
	}
	return node
}

func (w *jsonWriter) name(t Term) string {
	if short, ok := w.prefixes.Shorten(t.Value); ok && t.Kind == IRI {
		return short
	}
	return w.id(t)
}

func (w *jsonWriter) id(t Term) string {
	if t.Kind == Blank {
		return "_:" + t.Value
	}
	return t.Value
}

func (w *jsonWriter) value(t Term) any {
	switch {
	case w.inline[t]:
		if _, list := w.graph.Object(t, First); !list {
			return w.node(t)
		}
		items := []any{}
		for _, item := range w.graph.List(t) {
			items = append(items, w.value(item))
		}
		return map[string]any{"@list": items}
	case t == Nil:
		return map[string]any{"@list": []any{}}
	case t.Kind != Literal:
		return map[string]string{"@id": w.id(t)}
	case t.Lang != "":
		return map[string]string{"@value": t.Value, "@language": t.Lang}
	case t.Datatype != "":
		return map[string]string{"@value": t.Value, "@type": w.name(Named(t.Datatype))}
	}
	return t.Value
}
