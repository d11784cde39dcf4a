package dataset

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"referent/internal/polish"
	"referent/internal/table"
)

// openJSON opens JSON, GeoJSON and lines of JSON. A first pass finds where the records
// are; the second streams them.
func openJSON(ctx context.Context, path string, charset polish.Charset) (*opened, error) {
	survey := jsonSurvey{lists: map[string]int{}}
	if err := readJSON(path, charset, &survey); err != nil {
		return nil, err
	}
	best := survey.records()
	if best == noRecords {
		return nil, &Error{Code: CodeNoRecords}
	}
	o := &opened{format: "JSON", encoding: string(charset), metadata: func() []Field { return survey.metadata }, close: func() error { return nil }}
	flatten := newFlattener(ctx, strings.TrimPrefix(best, linesPath))
	flatten.typed = true
	s := &source{name: best, typed: true, names: flatten.names}
	switch {
	case survey.lines:
		o.format = "JSONL"
	case survey.geographic && best == "features":
		o.format = "GeoJSON"
		s.crs = &declaredCRS{code: wgs84, implied: true}
		for _, field := range survey.metadata {
			if strings.HasPrefix(field.Name, "crs") && epsgCode.MatchString(field.Value) {
				s.crs = declared(field.Value)
				s.crs.northFirst = false // GeoJSON puts east first whatever the register says
			}
		}
	case best != "":
		o.path, o.nested = best, true
	}
	s.nested = flatten.all
	s.each = func(ctx context.Context, yield func(record) error) error {
		number := 0
		visit := jsonRecords{path: best, lines: survey.lines, each: func(n *node) error {
			number++
			if number%256 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			return yieldNode(flatten, number, n, o.format == "GeoJSON", yield)
		}}
		return readJSON(path, charset, &visit)
	}
	o.sources = []*source{s}
	return o, nil
}

func yieldNode(flatten *flattener, number int, n *node, feature bool, yield func(record) error) error {
	var geometry *shape
	if feature {
		geometry = geoJSONShape(n.part("geometry"))
		properties := n.part("properties")
		if properties == nil {
			properties = &node{kind: nodeObject}
		}
		n = properties
	}
	row, err := flatten.row(number, n)
	if err != nil {
		return err
	}
	return yield(record{Row: row, shape: geometry})
}

func (n *node) part(name string) *node {
	for i, have := range n.names {
		if have == name {
			return &n.parts[i]
		}
	}
	return nil
}

// A jsonVisitor is led through a file. list says whether the items of a list of that path
// are wanted as records.
type jsonVisitor interface {
	wants(path string) bool
	item(path string, n *node) error
	scalar(path, text string)
}

func readJSON(path string, charset polish.Charset, visit jsonVisitor) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	decoder := json.NewDecoder(bufio.NewReaderSize(charset.Reader(file), 1<<16))
	decoder.UseNumber()
	w := jsonWalker{decoder: decoder, visit: visit}
	for documents := 0; ; documents++ {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) && documents > 0 {
			return nil
		}
		if err != nil {
			return damagedJSON(err)
		}
		if err := w.top(token, documents); err != nil {
			return damagedJSON(err)
		}
	}
}

func damagedJSON(err error) error {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return fmt.Errorf("%w: %w", table.ErrDamaged, err)
	}
	return err
}

type jsonWalker struct {
	decoder *json.Decoder
	visit   jsonVisitor
}

// top handles a document: of a file of lines there are many, each a record.
func (w *jsonWalker) top(token json.Token, documents int) error {
	switch token {
	case json.Delim('['):
		return w.list("", 0)
	case json.Delim('{'):
		if documents > 0 || w.visit.wants(linesPath) {
			n, err := w.object(0)
			if err != nil {
				return err
			}
			return w.visit.item(linesPath, n)
		}
		return w.fields("", 0)
	}
	return nil
}

// linesPath is the path of the records of a file with an object a line.
const linesPath = "\n"

// fields walks the fields of an object outside of records.
func (w *jsonWalker) fields(prefix string, depth int) error {
	if depth > maxDepth {
		return &Error{Code: CodeDamaged, Limit: maxDepth}
	}
	for w.decoder.More() {
		key, err := w.decoder.Token()
		if err != nil {
			return err
		}
		path := prefix + fmt.Sprint(key)
		token, err := w.decoder.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'):
			err = w.fields(path+".", depth+1)
		case json.Delim('['):
			err = w.list(path, depth+1)
		default:
			text, _ := scalarOf(token)
			w.visit.scalar(path, text)
		}
		if err != nil {
			return err
		}
	}
	_, err := w.decoder.Token() // the closing brace
	return err
}

// list walks a list outside of records; the items that are wanted are read whole.
func (w *jsonWalker) list(path string, depth int) error {
	if depth > maxDepth {
		return &Error{Code: CodeDamaged, Limit: maxDepth}
	}
	wanted := w.visit.wants(path)
	for w.decoder.More() {
		start := w.decoder.InputOffset()
		token, err := w.decoder.Token()
		if err != nil {
			return err
		}
		n, err := w.value(token, depth+1, start)
		if err != nil {
			return err
		}
		if wanted {
			if err := w.visit.item(path, n); err != nil {
				return err
			}
		}
	}
	_, err := w.decoder.Token() // the closing bracket
	return err
}

func (w *jsonWalker) value(token json.Token, depth int, start int64) (*node, error) {
	if depth > maxDepth || w.decoder.InputOffset()-start > maxRecordBytes {
		return nil, &Error{Code: CodeTooLarge, Limit: maxRecordBytes}
	}
	switch token {
	case json.Delim('{'):
		return w.objectFrom(depth, start)
	case json.Delim('['):
		n := &node{kind: nodeList}
		for w.decoder.More() {
			token, err := w.decoder.Token()
			if err != nil {
				return nil, err
			}
			item, err := w.value(token, depth+1, start)
			if err != nil {
				return nil, err
			}
			n.parts = append(n.parts, *item)
		}
		_, err := w.decoder.Token() // the closing bracket
		return n, err
	}
	n := &node{}
	n.text, n.scalar = scalarOf(token)
	return n, nil
}

func (w *jsonWalker) object(depth int) (*node, error) {
	return w.objectFrom(depth, w.decoder.InputOffset())
}

func (w *jsonWalker) objectFrom(depth int, start int64) (*node, error) {
	n := &node{kind: nodeObject}
	for w.decoder.More() {
		key, err := w.decoder.Token()
		if err != nil {
			return nil, err
		}
		token, err := w.decoder.Token()
		if err != nil {
			return nil, err
		}
		part, err := w.value(token, depth+1, start)
		if err != nil {
			return nil, err
		}
		n.names, n.parts = append(n.names, fmt.Sprint(key)), append(n.parts, *part)
	}
	_, err := w.decoder.Token() // the closing brace
	return n, err
}

func scalarOf(token json.Token) (string, table.Kind) {
	switch value := token.(type) {
	case nil:
		return "", table.Null
	case bool:
		return map[bool]string{true: "true", false: "false"}[value], table.Bool
	case json.Number:
		return value.String(), table.Number
	case string:
		return value, table.Text
	}
	return "", table.Null
}

// noRecords is no path.
const noRecords = "\x00"

// jsonSurvey counts the records of each list, and keeps what stands beside them.
type jsonSurvey struct {
	lists      map[string]int
	order      []string
	metadata   []Field
	geographic bool
	lines      bool
}

func (s *jsonSurvey) wants(path string) bool { return path != linesPath }

func (s *jsonSurvey) item(path string, n *node) error {
	if n.kind != nodeObject {
		return nil
	}
	if path == linesPath {
		s.lines = true
	}
	if s.lists[path] == 0 {
		s.order = append(s.order, path)
	}
	s.lists[path]++
	return nil
}

// maxMetadata texts beside the records are kept.
const maxMetadata = 100

func (s *jsonSurvey) scalar(path, text string) {
	if path == "type" && text == "FeatureCollection" {
		s.geographic = true
		return
	}
	if len(s.metadata) < maxMetadata && text != "" {
		s.metadata = append(s.metadata, Field{path, text})
	}
}

// records gives the path of the longest list of objects.
func (s *jsonSurvey) records() string {
	if s.lines {
		s.metadata = nil // of the first line, before the second was seen
		return linesPath
	}
	best := noRecords
	for _, path := range s.order {
		if best == noRecords || s.lists[path] > s.lists[best] {
			best = path
		}
	}
	return best
}

// jsonRecords hands on the records of one list.
type jsonRecords struct {
	path  string
	lines bool
	each  func(*node) error
}

func (r *jsonRecords) wants(path string) bool { return path == r.path }

func (r *jsonRecords) item(path string, n *node) error {
	if path != r.path || n.kind != nodeObject {
		return nil
	}
	return r.each(n)
}

func (r *jsonRecords) scalar(string, string) {}

// looksJSON says whether a file begins as JSON does.
func looksJSON(head []byte) bool {
	head = bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")))
	return len(head) > 0 && (head[0] == '{' || head[0] == '[' && len(head) > 1 && bytes.IndexByte([]byte("{[ \r\n\t]\"0123456789tfn-"), head[1]) >= 0)
}
