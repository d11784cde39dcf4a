// Package ezd reads the metadata that systems of electronic records (EZD PUW, EZD RP and
// their like) export beside documents: the case number, dates, kind and people. Exports
// differ, so it looks for what the elements are called, in the standard of the national
// archives (ndap: identyfikator, data, typ, grupowanie, tworca), in Dublin Core and in flat
// forms. It imports nothing of ours.
package ezd

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"golang.org/x/net/html/charset"
)

// MaxBytes of a file of metadata.
const MaxBytes = 4 << 20

const (
	maxDepth    = 100
	maxElements = 100_000
	maxValue    = 500 // bytes of a value
)

// Metadata is what is known of a document.
type Metadata struct {
	Case      string // znak sprawy
	CaseTitle string
	Title     string
	Kind      string // rodzaj or typ of the document
	Sign      string // znak pisma
	From      string
	To        string
	Dates     []Date
}

// Date is a date and what happened on it.
type Date struct{ What, When string }

// Empty says whether nothing is known.
func (m Metadata) Empty() bool {
	return m.Case == "" && m.Title == "" && m.Kind == "" && m.Sign == "" && m.From == "" && len(m.Dates) == 0
}

// Lines gives what is known, a line each, as a reader of the document sees it.
func (m Metadata) Lines() []string {
	var lines []string
	add := func(label, value string) {
		if value != "" {
			lines = append(lines, label+": "+value)
		}
	}
	add("Znak sprawy", m.Case)
	add("Sprawa", m.CaseTitle)
	add("Tytuł", m.Title)
	add("Rodzaj", m.Kind)
	add("Znak pisma", m.Sign)
	for _, d := range m.Dates {
		add("Data ("+d.What+")", d.When)
	}
	add("Od", m.From)
	add("Do", m.To)
	return lines
}

// element is an element of the file.
type element struct {
	name     string // local, in lower case
	text     string
	attrs    []xml.Attr
	children []*element
}

// Is says whether a file is metadata of records: its root, or the element below it, names
// them, and something in it is known.
func Is(data []byte) bool {
	root, err := parse(data)
	if err != nil {
		return false
	}
	if !describes(root) && !slices.ContainsFunc(root.children, describes) {
		return false
	}
	return !collect(root, func(*element) bool { return false }).Empty()
}

var roots = []string{"dokument", "document", "metadane", "metadata", "sprawa", "koszulka", "record", "dc", "pismo", "przesylka", "spis", "ezd", "rpw", "eadm", "paczka"}

func describes(e *element) bool {
	return slices.ContainsFunc(roots, func(name string) bool { return strings.HasPrefix(e.name, name) })
}

// For gives what a file of metadata says of the document that has this name. A file that
// describes several documents says of each what stands with its name, and of all what
// stands outside.
func For(data []byte, file string) (Metadata, error) {
	root, err := parse(data)
	if err != nil {
		return Metadata{}, err
	}
	own := naming(root, path.Base(file))
	if own == nil || own == root {
		return collect(root, func(*element) bool { return false }), nil
	}
	m := collect(own, func(*element) bool { return false })
	around := collect(root, func(e *element) bool { return e.name == own.name })
	m.fill(around)
	return m, nil
}

// fill takes from outer what is not known.
func (m *Metadata) fill(outer Metadata) {
	for _, pair := range []struct {
		to   *string
		from string
	}{{&m.Case, outer.Case}, {&m.CaseTitle, outer.CaseTitle}, {&m.Kind, outer.Kind}, {&m.From, outer.From}, {&m.To, outer.To}} {
		if *pair.to == "" {
			*pair.to = pair.from
		}
	}
	if len(m.Dates) == 0 {
		m.Dates = outer.Dates
	}
}

var documents = []string{"dokument", "document", "pismo", "plik", "zalacznik", "file", "record"}

// naming finds the innermost element of a document that holds the file's name.
func naming(e *element, file string) *element {
	for _, child := range e.children {
		if found := naming(child, file); found != nil {
			return found
		}
	}
	if slices.Contains(documents, e.name) && names(e, file) {
		return e
	}
	return nil
}

func names(e *element, file string) bool {
	if strings.EqualFold(path.Base(strings.ReplaceAll(e.text, `\`, "/")), file) {
		return true
	}
	for _, a := range e.attrs {
		if strings.EqualFold(path.Base(a.Value), file) {
			return true
		}
	}
	return slices.ContainsFunc(e.children, func(child *element) bool { return names(child, file) })
}

func parse(data []byte) (*element, error) {
	if len(data) > MaxBytes {
		return nil, fmt.Errorf("more than %d bytes of metadata", MaxBytes)
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = charset.NewReaderLabel
	top := &element{}
	stack, count := []*element{top}, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		at := stack[len(stack)-1]
		switch token := token.(type) {
		case xml.StartElement:
			if count++; count > maxElements || len(stack) > maxDepth {
				return nil, errors.New("more elements than metadata have")
			}
			e := &element{name: strings.ToLower(strings.ReplaceAll(token.Name.Local, "_", "")), attrs: token.Attr}
			at.children = append(at.children, e)
			stack = append(stack, e)
		case xml.EndElement:
			at.text = clip(at.text)
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(at.text) < 2*maxValue {
				at.text += string(token)
			}
		}
	}
	if len(top.children) != 1 {
		return nil, errors.New("no XML document")
	}
	return top.children[0], nil
}

func clip(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > maxValue {
		text = strings.ToValidUTF8(text[:maxValue], "") + "…"
	}
	return text
}
