package rdf

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Read reads Turtle into a graph. base is the address against which relative IRIs are
// resolved, "" for none. An error names the line.
func Read(text, base string) (*Graph, error) {
	g := &Graph{}
	r := &reader{text: text, base: base, graph: g, prefixes: Prefixes{}, blanks: map[string]Term{}}
	for {
		r.space()
		if r.at >= len(r.text) {
			return g, nil
		}
		if err := r.statement(); err != nil {
			return nil, fmt.Errorf("turtle, line %d: %w", 1+strings.Count(r.text[:min(r.at, len(r.text))], "\n"), err)
		}
	}
}

// maxDepth is how deep brackets may nest before a text is taken for an attack.
const maxDepth = 100

type reader struct {
	text     string
	at       int
	base     string
	depth    int
	graph    *Graph
	prefixes Prefixes
	blanks   map[string]Term
}

func (r *reader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\t', '\r', '\n':
			r.at++
		case '#':
			for r.at < len(r.text) && r.text[r.at] != '\n' {
				r.at++
			}
		default:
			return
		}
	}
}

// take moves over a token when it comes next.
func (r *reader) take(token string) bool {
	r.space()
	if !strings.HasPrefix(r.text[r.at:], token) {
		return false
	}
	r.at += len(token)
	return true
}

func (r *reader) expect(token string) error {
	if r.take(token) {
		return nil
	}
	return fmt.Errorf("%q expected before %q", token, r.ahead())
}

func (r *reader) ahead() string {
	rest := r.text[r.at:]
	if len(rest) > 20 {
		rest = strings.ToValidUTF8(rest[:20], "")
	}
	return rest
}

// keyword takes a word of SPARQL's style, in any case.
func (r *reader) keyword(word string) bool {
	rest := r.text[r.at:]
	if len(rest) <= len(word) || !strings.EqualFold(rest[:len(word)], word) || !strings.ContainsRune(" \t\r\n", rune(rest[len(word)])) {
		return false
	}
	r.at += len(word)
	return true
}

func (r *reader) statement() error {
	for _, d := range []struct {
		word         string
		prefix, stop bool
	}{{"@prefix", true, true}, {"@base", false, true}, {"PREFIX", true, false}, {"BASE", false, false}} {
		if !r.keyword(d.word) {
			continue
		}
		err := r.directive(d.prefix)
		if err == nil && d.stop {
			err = r.expect(".")
		}
		return err
	}
	bracket := r.at < len(r.text) && r.text[r.at] == '['
	subject, err := r.term(false)
	if err != nil {
		return err
	}
	if r.space(); bracket && r.at < len(r.text) && r.text[r.at] == '.' {
		r.at++
		return nil
	}
	if err := r.properties(subject); err != nil {
		return err
	}
	return r.expect(".")
}

func (r *reader) directive(prefix bool) error {
	name := ""
	if prefix {
		r.space()
		colon := strings.IndexByte(r.text[r.at:], ':')
		if colon < 0 {
			return fmt.Errorf("a prefix without a colon")
		}
		name = r.text[r.at : r.at+colon]
		r.at += colon + 1
	}
	r.space()
	iri, err := r.iri()
	if err != nil {
		return err
	}
	if prefix {
		r.prefixes[name] = iri.Value
	} else {
		r.base = iri.Value
	}
	return nil
}

// properties reads "predicate object, object; predicate object".
func (r *reader) properties(subject Term) error {
	for {
		r.space()
		predicate := Type
		if !r.keyword("a") {
			var err error
			if predicate, err = r.term(false); err != nil {
				return err
			}
			if predicate.Kind != IRI {
				return fmt.Errorf("a predicate must be an IRI")
			}
		}
		for {
			object, err := r.term(true)
			if err != nil {
				return err
			}
			r.graph.Add(subject, predicate, object)
			if !r.take(",") {
				break
			}
		}
		ended := true
		for r.take(";") {
			ended = false
		}
		r.space()
		if ended || r.at >= len(r.text) || r.text[r.at] == '.' || r.text[r.at] == ']' {
			return nil
		}
	}
}

// term reads a term; literals are let in where an object stands.
func (r *reader) term(object bool) (Term, error) {
	r.space()
	if r.at >= len(r.text) {
		return Term{}, fmt.Errorf("the text ends within a statement")
	}
	switch c := r.text[r.at]; {
	case c == '<':
		return r.iri()
	case c == '[':
		return r.bracket()
	case c == '(':
		return r.list()
	case strings.HasPrefix(r.text[r.at:], "_:"):
		r.at += 2
		return r.blank(r.name()), nil
	case object && (c == '"' || c == '\''):
		return r.literal()
	case object && (c == '+' || c == '-' || c == '.' || c >= '0' && c <= '9'):
		return r.number()
	}
	return r.prefixed(object)
}

func (r *reader) blank(label string) Term {
	if t, ok := r.blanks[label]; ok {
		return t
	}
	t := r.graph.NewBlank()
	r.blanks[label] = t
	return t
}

func (r *reader) iri() (Term, error) {
	if r.at >= len(r.text) || r.text[r.at] != '<' {
		return Term{}, fmt.Errorf("an IRI expected before %q", r.ahead())
	}
	end := strings.IndexByte(r.text[r.at:], '>')
	if end < 0 {
		return Term{}, fmt.Errorf("an IRI without an end")
	}
	value := r.text[r.at+1 : r.at+end]
	r.at += end + 1
	value, err := unescape(value)
	if err != nil {
		return Term{}, err
	}
	if strings.ContainsAny(value, " \t\r\n<\"{}|^`") {
		return Term{}, fmt.Errorf("%q is no IRI", value)
	}
	if r.base == "" {
		return Named(value), nil
	}
	base, err := url.Parse(r.base)
	if err != nil {
		return Term{}, err
	}
	relative, err := url.Parse(value)
	if err != nil || relative.IsAbs() {
		return Named(value), nil //nolint:nilerr // an IRI that net/url does not know stands as written
	}
	return Named(base.ResolveReference(relative).String()), nil
}

func (r *reader) bracket() (Term, error) {
	if r.depth++; r.depth > maxDepth {
		return Term{}, fmt.Errorf("brackets nest deeper than %d", maxDepth)
	}
	defer func() { r.depth-- }()
	r.at++
	node := r.graph.NewBlank()
	if r.take("]") {
		return node, nil
	}
	if err := r.properties(node); err != nil {
		return Term{}, err
	}
	return node, r.expect("]")
}

func (r *reader) list() (Term, error) {
	if r.depth++; r.depth > maxDepth {
		return Term{}, fmt.Errorf("brackets nest deeper than %d", maxDepth)
	}
	defer func() { r.depth-- }()
	r.at++
	var items []Term
	for !r.take(")") {
		item, err := r.term(true)
		if err != nil {
			return Term{}, err
		}
		items = append(items, item)
	}
	return r.graph.AddList(items), nil
}

// AddList puts a list in and gives its head.
func (g *Graph) AddList(items []Term) Term {
	head := Nil
	for i := len(items) - 1; i >= 0; i-- {
		node := g.NewBlank()
		g.Add(node, First, items[i])
		g.Add(node, Rest, head)
		head = node
	}
	return head
}

// name reads the letters of a local name or a blank node's label; a full stop at its end
// ends the statement instead.
func (r *reader) name() string {
	start := r.at
	for r.at < len(r.text) {
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		if c == '\\' && r.at+1 < len(r.text) {
			r.at += 2
			continue
		}
		if c < 0x80 && !strings.ContainsRune("_-.:%", c) && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			break
		}
		r.at += size
	}
	for r.at > start && r.text[r.at-1] == '.' {
		r.at--
	}
	return r.text[start:r.at]
}

func (r *reader) prefixed(object bool) (Term, error) {
	name := r.name()
	if object && (name == "true" || name == "false") {
		return Typed(name, XSD+"boolean"), nil
	}
	prefix, rest, ok := strings.Cut(name, ":")
	space, known := r.prefixes[prefix]
	if !ok || !known {
		return Term{}, fmt.Errorf("%q is not known before %q", name, r.ahead())
	}
	return Named(space + strings.ReplaceAll(rest, `\`, "")), nil
}

func (r *reader) number() (Term, error) {
	start := r.at
	for r.at < len(r.text) && strings.IndexByte("+-.eE0123456789", r.text[r.at]) >= 0 {
		r.at++
	}
	for r.at > start && r.text[r.at-1] == '.' {
		r.at--
	}
	text := r.text[start:r.at]
	if _, err := strconv.ParseFloat(text, 64); err != nil {
		return Term{}, fmt.Errorf("%q is no number", text)
	}
	switch {
	case strings.ContainsAny(text, "eE"):
		return Typed(text, XSD+"double"), nil
	case strings.Contains(text, "."):
		return Typed(text, XSD+"decimal"), nil
	}
	return Typed(text, XSD+"integer"), nil
}

func (r *reader) literal() (Term, error) {
	quote := r.text[r.at : r.at+1]
	if long := strings.Repeat(quote, 3); strings.HasPrefix(r.text[r.at:], long) {
		quote = long
	}
	start := r.at + len(quote)
	end := start
	for ; ; end++ {
		if end >= len(r.text) || len(quote) == 1 && r.text[end] == '\n' {
			return Term{}, fmt.Errorf("a text without an end")
		}
		if r.text[end] == '\\' {
			end++
			continue
		}
		if strings.HasPrefix(r.text[end:], quote) {
			for len(quote) == 3 && strings.HasPrefix(r.text[end+1:], quote) {
				end++ // quotes may stand before the three that end the text
			}
			break
		}
	}
	r.at = end + len(quote)
	value, err := unescape(r.text[start:end])
	if err != nil {
		return Term{}, err
	}
	switch {
	case strings.HasPrefix(r.text[r.at:], "@"):
		r.at++
		return Text(value, r.name()), nil
	case r.take("^^"):
		datatype, err := r.term(false)
		return Typed(value, datatype.Value), err
	}
	return Text(value, ""), nil
}

var escapes = map[byte]string{'t': "\t", 'b': "\b", 'n': "\n", 'r': "\r", 'f': "\f", '"': `"`, '\'': "'", '\\': `\`}

// unescape reads the escapes of texts and IRIs.
func unescape(text string) (string, error) {
	if !strings.Contains(text, `\`) {
		return text, nil
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			b.WriteByte(text[i])
			continue
		}
		if i++; i >= len(text) {
			return "", fmt.Errorf("an escape without an end")
		}
		if plain, ok := escapes[text[i]]; ok {
			b.WriteString(plain)
			continue
		}
		size := map[byte]int{'u': 4, 'U': 8}[text[i]]
		if size == 0 || i+size >= len(text) {
			return "", fmt.Errorf("an unknown escape in %q", text)
		}
		code, err := strconv.ParseUint(text[i+1:i+1+size], 16, 32)
		if err != nil || !utf8.ValidRune(rune(code)) {
			return "", fmt.Errorf("an unknown escape in %q", text)
		}
		b.WriteRune(rune(code))
		i += size
	}
	return b.String(), nil
}
