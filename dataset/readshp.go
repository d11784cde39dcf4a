package dataset

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"

	"github.com/jonas-p/go-shp"

	"referent/internal/polish"
	"referent/internal/table"
)

// Limits of what a zip file of layers may unpack to.
const (
	maxUnpacked = 2 << 30
	maxLayers   = 50
)

// openSHP opens the shapefiles of a zip file.
func openSHP(_ context.Context, file string) (*opened, error) {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", table.ErrDamaged, err)
	}
	parts := map[string]*zip.File{}
	total := uint64(0)
	for _, part := range archive.File {
		parts[strings.ToLower(part.Name)] = part
		total += part.UncompressedSize64
	}
	o := &opened{format: "SHP", close: archive.Close}
	if total > maxUnpacked {
		return nil, errors.Join(&Error{Code: CodeTooLarge, Limit: maxUnpacked}, archive.Close())
	}
	for _, part := range archive.File {
		name := strings.ToLower(part.Name)
		if path.Ext(name) != ".shp" || len(o.sources) == maxLayers {
			continue
		}
		base := strings.TrimSuffix(name, ".shp")
		l := &shapeLayer{shp: part, dbf: parts[base+".dbf"]}
		if l.dbf == nil {
			continue
		}
		if l.charset, err = l.findCharset(parts[base+".cpg"]); err == nil {
			o.encoding = string(l.charset)
			s := &source{name: path.Base(strings.TrimSuffix(part.Name, path.Ext(part.Name))), typed: true, each: l.each, names: func() []string { return l.names }}
			s.crs, err = projection(parts[base+".prj"])
			o.sources = append(o.sources, s)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("%w: %w", table.ErrDamaged, err), archive.Close())
		}
	}
	if len(o.sources) == 0 {
		return nil, errors.Join(table.ErrUnsupported, archive.Close())
	}
	return o, nil
}

// projection reads the .prj file beside a layer; without one nothing is known.
func projection(part *zip.File) (*declaredCRS, error) {
	if part == nil {
		return &declaredCRS{}, nil
	}
	text, err := contents(part, 1<<16)
	if err != nil {
		return nil, err
	}
	d := declared(string(text))
	d.northFirst = false // a shapefile has its east first
	return d, nil
}

func contents(part *zip.File, limit int64) (data []byte, err error) {
	reader, err := part.Open()
	if err != nil {
		return nil, err
	}
	data, err = io.ReadAll(io.LimitReader(reader, limit))
	return data, errors.Join(err, reader.Close())
}

// A shapeLayer is a layer of a shapefile with its table.
type shapeLayer struct {
	shp, dbf *zip.File
	charset  polish.Charset
	names    []string
}

// findCharset takes what the .cpg file says, else looks at the table.
func (l *shapeLayer) findCharset(cpg *zip.File) (polish.Charset, error) {
	if cpg != nil {
		text, err := contents(cpg, 100)
		if err != nil {
			return "", err
		}
		name := strings.ToLower(strings.TrimSpace(string(text)))
		name = strings.TrimPrefix(strings.TrimPrefix(name, "ansi "), "ldid/")
		if charset, known := xmlCharsets[name]; known {
			return charset, nil
		}
		if name == "1250" {
			return polish.CP1250, nil
		}
	}
	data, err := contents(l.dbf, 1<<20)
	if err != nil || len(data) < 32 {
		return "", errors.Join(err, io.ErrUnexpectedEOF)
	}
	header := int(data[8]) | int(data[9])<<8
	return polish.DetectCharset(data[min(header, len(data)):]), nil
}

func (l *shapeLayer) each(ctx context.Context, yield func(record) error) (err error) {
	defer func() {
		if p := recover(); p != nil { // the library trusts the sizes in the file
			err = fmt.Errorf("%w: %v", table.ErrDamaged, p)
		}
	}()
	shp1, err := l.shp.Open()
	if err != nil {
		return fmt.Errorf("%w: %w", table.ErrDamaged, err)
	}
	dbf, err := l.dbf.Open()
	if err != nil {
		return errors.Join(fmt.Errorf("%w: %w", table.ErrDamaged, err), shp1.Close())
	}
	reader := shp.SequentialReaderFromExt(shp1, dbf)
	defer func() { err = errors.Join(err, reader.Close()) }()
	fields := reader.Fields()
	l.names = l.names[:0]
	for _, f := range fields {
		l.names = append(l.names, l.charset.Decode([]byte(f.String())))
	}
	cells, kinds := make([]string, len(fields)), make([]table.Kind, len(fields))
	for number := 1; reader.Next(); number++ {
		if number%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		_, geometry := reader.Shape()
		for i, f := range fields {
			cells[i], kinds[i] = l.cell(reader.Attribute(i), f.Fieldtype)
		}
		if err := yield(record{Row: table.Row{Number: number, Cells: cells, Kinds: kinds}, shape: shpShape(geometry)}); err != nil {
			return err
		}
	}
	if err := reader.Err(); err != nil {
		return fmt.Errorf("%w: %w", table.ErrDamaged, err)
	}
	return nil
}

// cell reads a value of a DBF table: N and F are numbers, D a day, L a truth.
func (l *shapeLayer) cell(raw string, kind byte) (string, table.Kind) {
	text := strings.Trim(raw, " \x00")
	switch {
	case text == "" || strings.Trim(text, "*") == "":
		return "", table.Null
	case kind == 'N' || kind == 'F':
		return text, table.Number
	case kind == 'D' && len(text) == 8:
		return text[:4] + "-" + text[4:6] + "-" + text[6:], table.Date
	case kind == 'L':
		if strings.ContainsAny(text, "TtYy") {
			return "true", table.Bool
		}
		return "false", table.Bool
	}
	return l.charset.Decode([]byte(text)), table.Text
}

func shpShape(geometry shp.Shape) *shape {
	var s shape
	add := func(points []shp.Point) {
		for _, p := range points {
			s.coordinates = append(s.coordinates, p.X, p.Y)
		}
	}
	switch g := geometry.(type) {
	case *shp.Point:
		s.kind = "Point"
		add([]shp.Point{*g})
	case *shp.PointZ:
		s.kind = "Point"
		s.coordinates = append(s.coordinates, g.X, g.Y)
	case *shp.PointM:
		s.kind = "Point"
		s.coordinates = append(s.coordinates, g.X, g.Y)
	case *shp.MultiPoint:
		s.kind = "MultiPoint"
		add(g.Points)
	case *shp.PolyLine:
		s.kind = "LineString"
		add(g.Points)
	case *shp.PolyLineZ:
		s.kind = "LineString"
		add(g.Points)
	case *shp.Polygon:
		s.kind = "Polygon"
		add(g.Points)
	case *shp.PolygonZ:
		s.kind = "Polygon"
		add(g.Points)
	default:
		s.broken = "no geometry"
	}
	return &s
}
