package office

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"
)

// stream reads the elements of an XML part and knows how deep it is. Entities that a file
// declares are not expanded: a reference to one is an error.
type stream struct {
	decoder *xml.Decoder
	depth   int
}

func newStream(r io.Reader) *stream {
	d := xml.NewDecoder(r)
	d.CharsetReader = charset.NewReaderLabel
	return &stream{decoder: d}
}

// next gives the next start, end or text; its error is io.EOF at the end of the part.
func (s *stream) next() (xml.Token, error) {
	for {
		token, err := s.decoder.Token()
		if errors.Is(err, io.EOF) || errors.Is(err, ErrTooLarge) {
			return nil, err
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		switch token.(type) {
		case xml.StartElement:
			if s.depth++; s.depth > maxDepth {
				return nil, ErrTooDeep
			}
			return token, nil
		case xml.EndElement:
			s.depth--
			return token, nil
		case xml.CharData:
			return token, nil
		}
	}
}

// each calls visit for each child of the element that was just opened; visit reads the
// child to its end. Text between children goes to text, which may be nil.
func (s *stream) each(visit func(xml.StartElement) error, text func(string)) error {
	for {
		token, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if err := visit(token); err != nil {
				return err
			}
		case xml.CharData:
			if text != nil {
				text(string(token))
			}
		case xml.EndElement:
			return nil
		}
	}
}

// skip reads the element that was just opened to its end.
func (s *stream) skip() error {
	return s.each(func(xml.StartElement) error { return s.skip() }, nil)
}

// words gives the text of the element that was just opened.
func (s *stream) words() (string, error) {
	var b strings.Builder
	var visit func(xml.StartElement) error
	write := func(text string) { b.WriteString(text) }
	visit = func(xml.StartElement) error { return s.each(visit, write) }
	err := s.each(visit, write)
	return b.String(), err
}

// walk calls visit for every element of a part, in order, whatever its depth.
func (s *stream) walk(visit func(xml.StartElement)) error {
	for {
		token, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if start, ok := token.(xml.StartElement); ok {
			visit(start)
		}
	}
}

// attr gives an attribute by its local name, "" where there is none.
func attr(e xml.StartElement, name string) string {
	value, _ := lookup(e, name)
	return value
}

func lookup(e xml.StartElement, name string) (string, bool) {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value, true
		}
	}
	return "", false
}
