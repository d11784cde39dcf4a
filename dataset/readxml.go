package dataset

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"referent/internal/polish"
	"referent/internal/table"
)

// openXML opens tables in XML, GML and KML. A first pass counts which elements repeat;
// the second streams them as records.
func openXML(ctx context.Context, path string) (*opened, error) {
	survey := xmlSurvey{count: map[string]int{}, inner: map[string]bool{}}
	if err := readXML(ctx, path, survey.take); err != nil {
		return nil, err
	}
	best := survey.records()
	if best == "" {
		return nil, &Error{Code: CodeNoRecords}
	}
	o := &opened{format: "XML", metadata: func() []Field { return survey.metadata(best) }, close: func() error { return nil }}
	encoding := cmp.Or(survey.encoding, string(polish.UTF8))
	o.encoding = encoding
	flatten := newFlattener(ctx, "")
	flatten.skip = map[string]bool{"gml_id": true, "fid": true}
	s := &source{name: best, names: flatten.names, nested: flatten.all}
	switch {
	case survey.root == "kml":
		o.format, s.crs = "KML", &declaredCRS{code: wgs84, implied: true}
	case survey.geographic:
		o.format, s.crs = "GML", declared(survey.srsName)
	default:
		o.path, o.nested = strings.ReplaceAll(strings.TrimPrefix(best, "/"), "/", "."), true
	}
	s.each = func(ctx context.Context, yield func(record) error) error {
		r := xmlRecords{path: best, kml: o.format == "KML", gml: o.format == "GML", each: func(number int, n *node, geometry *shape) error {
			row, err := flatten.row(number, n)
			if err != nil {
				return err
			}
			return yield(record{Row: row, shape: geometry})
		}}
		return readXML(ctx, path, r.take)
	}
	o.sources = []*source{s}
	return o, nil
}

// readXML gives the tokens of a file. Entities and documents outside are never read: the
// decoder knows none.
func readXML(ctx context.Context, path string, take func(xml.Token) error) (err error) {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	raw := bufio.NewReaderSize(file, 1<<16)
	head, err := raw.Peek(4)
	if err != nil {
		return fmt.Errorf("%w: %w", table.ErrDamaged, err)
	}
	var input io.Reader = raw
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		input = polish.UTF16.Reader(raw)
	}
	decoder := xml.NewDecoder(input)
	decoder.CharsetReader = func(name string, input io.Reader) (io.Reader, error) {
		charset, known := xmlCharsets[strings.ToLower(name)]
		if !known {
			return nil, fmt.Errorf("charset %q", name)
		}
		return charset.Reader(input), nil
	}
	depth := 0
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", table.ErrDamaged, err)
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
		if depth > maxDepth {
			return &Error{Code: CodeTooLarge, Limit: maxDepth}
		}
		if err := take(token); err != nil {
			return err
		}
	}
}

var xmlCharsets = map[string]polish.Charset{
	"utf-8": polish.UTF8, "utf8": polish.UTF8, "us-ascii": polish.UTF8, "windows-1250": polish.CP1250, "cp1250": polish.CP1250,
	"iso-8859-2": polish.Latin2, "latin2": polish.Latin2, "cp852": polish.CP852, "ibm852": polish.CP852,
	"utf-16": polish.UTF8, // its reader has turned it into UTF-8 already
}

// xmlSurvey counts elements by their path, and notes which hold others.
type xmlSurvey struct {
	root       string
	encoding   string
	path       []string
	count      map[string]int
	order      []string
	inner      map[string]bool // paths of elements that hold elements or have attributes
	texts      []Field
	text       strings.Builder
	geographic bool
	srsName    string
}

// maxPaths are counted of a file; a table has far fewer.
const maxPaths = 10_000

func (s *xmlSurvey) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.ProcInst:
		if t.Target == "xml" {
			_, rest, _ := strings.Cut(string(t.Inst), `encoding=`)
			if len(rest) > 2 {
				value, _, _ := strings.Cut(rest[1:], rest[:1])
				s.encoding = string(xmlCharsets[strings.ToLower(value)])
			}
		}
	case xml.StartElement:
		if len(s.path) > 0 {
			s.inner[s.here()] = true
		} else {
			s.root = strings.ToLower(t.Name.Local)
		}
		s.path = append(s.path, t.Name.Local)
		here := s.here()
		if s.count[here] == 0 {
			if len(s.order) == maxPaths {
				return &Error{Code: CodeTooManyColumns, Limit: maxPaths}
			}
			s.order = append(s.order, here)
		}
		s.count[here]++
		s.attributes(t, here)
		s.text.Reset()
	case xml.CharData:
		if s.text.Len() < 1000 {
			s.text.Write(t)
		}
	case xml.EndElement:
		if text := strings.TrimSpace(s.text.String()); text != "" && len(s.texts) < maxMetadata && !s.inner[s.here()] {
			s.texts = append(s.texts, Field{s.here(), text})
		}
		s.text.Reset()
		s.path = s.path[:len(s.path)-1]
	}
	return nil
}

func (s *xmlSurvey) here() string { return "/" + strings.Join(s.path, "/") }

func (s *xmlSurvey) attributes(t xml.StartElement, here string) {
	geographic := strings.Contains(t.Name.Space, "opengis.net/gml")
	s.geographic = s.geographic || geographic
	for _, a := range t.Attr {
		switch {
		case a.Name.Local == "srsName":
			s.srsName = cmp.Or(s.srsName, a.Value)
		case a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || strings.Contains(a.Name.Space, "XMLSchema-instance"):
		default:
			if len(s.path) == 1 && len(s.texts) < maxMetadata {
				s.texts = append(s.texts, Field{"/" + a.Name.Local, a.Value})
			}
			s.inner[here] = true
		}
	}
}

// records gives the path of the elements that repeat most and hold values: of those that
// hold others, the outermost.
func (s *xmlSurvey) records() string {
	best := ""
	for _, path := range s.order {
		name := path[strings.LastIndexByte(path, '/')+1:]
		if s.root == "kml" && name == "Placemark" {
			return path
		}
		if s.geographic && (strings.HasSuffix(path, "ember/"+name) || strings.HasSuffix(path, "embers/"+name)) && s.inner[path] {
			if best == "" || s.count[path] > s.count[best] {
				best = path
			}
			continue
		}
		if s.geographic && best != "" || !s.inner[path] || strings.Count(path, "/") < 2 {
			continue
		}
		if best == "" || s.count[path] > s.count[best] && !strings.HasPrefix(path, best+"/") {
			best = path
		}
	}
	if best != "" && s.count[best] < 2 && !s.geographic {
		for _, path := range s.order { // a single record with a list inside
			if s.inner[path] && s.count[path] > 1 {
				return path
			}
		}
	}
	return best
}

// metadata are the texts outside the records.
func (s *xmlSurvey) metadata(records string) []Field {
	var fields []Field
	for _, field := range s.texts {
		if !strings.HasPrefix(field.Name, records) {
			name := field.Name[strings.LastIndexByte(field.Name, '/')+1:]
			fields = append(fields, Field{name, field.Value})
		}
	}
	return fields
}

// xmlRecords builds the records of one path.
type xmlRecords struct {
	path   string
	kml    bool
	gml    bool
	each   func(number int, n *node, geometry *shape) error
	open   []string
	inside int     // depth within a record, 0 outside
	stack  []*node // open elements of the record
	texts  []strings.Builder
	size   int
	number int
	shape  *shape
	within int // depth within a geometry
}

func (r *xmlRecords) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		r.open = append(r.open, t.Name.Local)
		r.start(t)
	case xml.CharData:
		if r.inside > 0 {
			if r.size += len(t); r.size > maxRecordBytes {
				return &Error{Code: CodeTooLarge, Limit: maxRecordBytes}
			}
			r.texts[len(r.texts)-1].Write(t)
		}
	case xml.EndElement:
		r.open = r.open[:len(r.open)-1]
		if r.inside > 0 {
			return r.end(t.Name.Local)
		}
	}
	return nil
}

func (r *xmlRecords) start(t xml.StartElement) {
	if r.inside == 0 && "/"+strings.Join(r.open, "/") != r.path {
		return
	}
	r.inside++
	r.size += 64
	n := &node{kind: nodeObject}
	for _, a := range t.Attr {
		if a.Name.Space != "" && a.Name.Space != "http://www.w3.org/1999/xlink" || a.Name.Local == "srsName" || a.Name.Local == "xmlns" || a.Name.Local == "srsDimension" {
			continue
		}
		n.names, n.parts = append(n.names, a.Name.Local), append(n.parts, node{text: a.Value})
	}
	r.stack = append(r.stack, n)
	r.texts = append(r.texts, strings.Builder{})
	if r.within > 0 || geometryElements[t.Name.Local] != "" && (r.kml || strings.Contains(t.Name.Space, "gml")) {
		if r.within++; r.shape == nil {
			r.shape = &shape{kind: geometryElements[t.Name.Local]}
		}
	}
}

// geometryElements are the elements of GML and KML that are geometries.
var geometryElements = map[string]string{
	"Point": "Point", "LineString": "LineString", "Curve": "LineString", "Polygon": "Polygon", "Surface": "Polygon", "LinearRing": "Polygon",
	"MultiPoint": "MultiPoint", "MultiCurve": "MultiLineString", "MultiLineString": "MultiLineString", "MultiSurface": "MultiPolygon",
	"MultiPolygon": "MultiPolygon", "MultiGeometry": "GeometryCollection",
}

func (r *xmlRecords) end(name string) error {
	last := len(r.stack) - 1
	n, text := r.stack[last], strings.TrimSpace(r.texts[last].String())
	r.stack, r.texts = r.stack[:last], r.texts[:last]
	r.inside--
	if r.within > 0 {
		switch name {
		case "pos", "posList", "coordinates":
			r.shape.parseText(text, name == "coordinates")
		}
		r.within--
		return nil
	}
	if last == 0 {
		r.number++
		geometry := r.shape
		r.shape, r.size = nil, 0
		if text != "" && len(n.parts) == 0 {
			n.names, n.parts = append(n.names, name), append(n.parts, node{text: text})
		}
		if r.gml && len(n.parts) == 1 && n.parts[0].kind == nodeObject {
			n = &n.parts[0] // the feature inside its member
		}
		return r.each(r.number, n, geometry)
	}
	r.stack[last-1].adopt(name, n, text, r.kml)
	return nil
}

// adopt puts an element into its parent: a value where it holds nothing else, a list
// where it repeats. The data of KML are named by an attribute.
func (n *node) adopt(name string, child *node, text string, kml bool) {
	switch {
	case name == "boundedBy", kml && (name == "styleUrl" || name == "Style" || name == "LookAt" || name == "Snippet" || name == "visibility" || name == "open"):
		return
	case kml && (name == "ExtendedData" || name == "SchemaData"):
		for i, inner := range child.names {
			if inner != "schemaUrl" {
				n.names, n.parts = append(n.names, inner), append(n.parts, child.parts[i])
			}
		}
		return
	case kml && (name == "Data" || name == "SimpleData"):
		value := node{text: text}
		if v := child.part("value"); v != nil {
			value = *v
		}
		if named := child.part("name"); named != nil {
			n.names, n.parts = append(n.names, named.text), append(n.parts, value)
		}
		return
	}
	added := *child
	if len(child.parts) == 0 {
		if text == "" && len(child.names) == 0 && n.part(name) == nil && geometryHolder(name) {
			return
		}
		added = node{text: text}
	} else if text != "" {
		added.names, added.parts = append(added.names, "wartość"), append(added.parts, node{text: text})
	}
	have := n.part(name)
	switch {
	case have == nil:
		n.names, n.parts = append(n.names, name), append(n.parts, added)
	case have.kind == nodeList:
		have.parts = append(have.parts, added)
	default:
		*have = node{kind: nodeList, parts: []node{*have, added}}
	}
}

// geometryHolder are the properties of GML that hold a geometry, which is no attribute.
func geometryHolder(name string) bool {
	lower := strings.ToLower(name)
	for _, word := range []string{"geom", "geometr", "shape", "the_geom", "pointproperty", "polozenie", "msgeometry", "position", "location", "lokalizacja", "punkt", "geometria"} {
		if strings.HasPrefix(lower, word) {
			return true
		}
	}
	return false
}

// parseText reads the numbers of a geometry: pairs parted by spaces, or "x,y[,z]" tuples.
func (s *shape) parseText(text string, tuples bool) {
	if tuples {
		for _, tuple := range strings.Fields(text) {
			parts := strings.Split(tuple, ",")
			if len(parts) < 2 {
				s.broken = "a coordinate is missing"
				return
			}
			s.pair(parts[0], parts[1])
		}
		return
	}
	numbers := strings.Fields(text)
	for i := 0; i+1 < len(numbers); i += 2 {
		s.pair(numbers[i], numbers[i+1])
	}
	if len(numbers)%2 != 0 {
		s.broken = "a coordinate is missing"
	}
}

func (s *shape) pair(a, b string) {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	if err1 != nil || err2 != nil {
		s.broken = "a coordinate is no number"
		return
	}
	s.coordinates = append(s.coordinates, x, y)
}
