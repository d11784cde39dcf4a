package dataset

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	_ "modernc.org/sqlite" // the driver

	"referent/internal/table"
)

// openGPKG opens the layers of a GeoPackage, a database of SQLite.
func openGPKG(ctx context.Context, path string) (*opened, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	address := url.URL{Scheme: "file", Path: absolute, RawQuery: "mode=ro&immutable=1"}
	db, err := sql.Open("sqlite", address.String())
	if err != nil {
		return nil, err
	}
	o := &opened{format: "GPKG", close: db.Close}
	if o.sources, err = layers(ctx, db); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %w", table.ErrDamaged, err), db.Close())
	}
	if len(o.sources) == 0 {
		return nil, errors.Join(&Error{Code: CodeNoRecords}, db.Close())
	}
	return o, nil
}

func layers(ctx context.Context, db *sql.DB) (sources []*source, err error) {
	rows, err := db.QueryContext(ctx, `SELECT c.table_name, COALESCE(g.column_name, ''), COALESCE(s.organization || ':' || s.organization_coordsys_id, '')
		FROM gpkg_contents c LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
		LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
		WHERE c.data_type IN ('features', 'attributes') ORDER BY c.rowid`)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		l := layer{db: db}
		var system string
		if err := rows.Scan(&l.table, &l.geometry, &system); err != nil {
			return nil, err
		}
		s := &source{name: l.table, typed: true, each: l.each, names: func() []string { return l.attributes }}
		if l.geometry != "" {
			s.crs = declared(system)
		}
		sources = append(sources, s)
	}
	return sources, rows.Err()
}

// A layer is a table of a GeoPackage.
type layer struct {
	db              *sql.DB
	table, geometry string
	attributes      []string
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// key gives the column that numbers the rows, which is no attribute.
func (l *layer) key(ctx context.Context) (key string, err error) {
	rows, err := l.db.QueryContext(ctx, "SELECT name FROM pragma_table_info(?) WHERE pk = 1 AND type = 'INTEGER'", l.table)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := rows.Scan(&key); err != nil {
			return "", err
		}
	}
	return key, rows.Err()
}

func (l *layer) each(ctx context.Context, yield func(record) error) (err error) {
	key, err := l.key(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", table.ErrDamaged, err)
	}
	rows, err := l.db.QueryContext(ctx, "SELECT * FROM "+quoted(l.table)) //nolint:gosec // the name is quoted
	if err != nil {
		return fmt.Errorf("%w: %w", table.ErrDamaged, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	types, err := rows.ColumnTypes()
	if err != nil {
		return fmt.Errorf("%w: %w", table.ErrDamaged, err)
	}
	values, targets := make([]any, len(types)), make([]any, len(types))
	for i := range values {
		targets[i] = &values[i]
	}
	l.attributes = l.attributes[:0]
	for _, t := range types {
		if t.Name() != key && t.Name() != l.geometry {
			l.attributes = append(l.attributes, t.Name())
		}
	}
	cells, kinds := make([]string, len(l.attributes)), make([]table.Kind, len(l.attributes))
	for number := 1; rows.Next(); number++ {
		if err := rows.Scan(targets...); err != nil {
			return fmt.Errorf("%w: %w", table.ErrDamaged, err)
		}
		r := record{Row: table.Row{Number: number, Cells: cells, Kinds: kinds}}
		at := 0
		for i, t := range types {
			switch t.Name() {
			case key:
			case l.geometry:
				raw, _ := values[i].([]byte) // none is an empty geometry
				r.shape = gpkgShape(raw)
			default:
				cells[at], kinds[at] = sqlCell(values[i], t.DatabaseTypeName())
				at++
			}
		}
		if err := yield(r); err != nil {
			return err
		}
	}
	return rows.Err()
}

func sqlCell(value any, declaredType string) (string, table.Kind) {
	switch v := value.(type) {
	case nil:
		return "", table.Null
	case int64:
		if strings.HasPrefix(strings.ToUpper(declaredType), "BOOL") {
			return strconv.FormatBool(v != 0), table.Bool
		}
		return strconv.FormatInt(v, 10), table.Number
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), table.Number
	case bool:
		return strconv.FormatBool(v), table.Bool
	case []byte:
		return "", table.Null
	}
	text := strings.TrimSuffix(fmt.Sprint(value), " 00:00:00 +0000 UTC")
	return text, table.Text
}

// gpkgShape reads a geometry: a header with an envelope, then well-known binary.
func gpkgShape(raw []byte) *shape {
	if len(raw) < 8 || raw[0] != 'G' || raw[1] != 'P' {
		return &shape{broken: "no geometry"}
	}
	envelopes := []int{0, 32, 48, 48, 64}
	kind := int(raw[3] >> 1 & 7)
	if kind >= len(envelopes) || len(raw) < 8+envelopes[kind] {
		return &shape{broken: "no geometry"}
	}
	geometry, err := wkb.Unmarshal(flatWKB(raw[8+envelopes[kind]:]))
	if err != nil {
		return &shape{broken: err.Error()}
	}
	return orbShape(geometry)
}

// flatWKB takes heights and measures off points, which orb does not read.
func flatWKB(raw []byte) []byte {
	if len(raw) < 21 || raw[0] != 1 {
		return raw
	}
	kind := binary.LittleEndian.Uint32(raw[1:])
	base := kind & 0x0fffffff % 1000
	if base != 1 || kind == 1 {
		return raw
	}
	flat := append([]byte{1, 1, 0, 0, 0}, raw[5:21]...)
	return flat
}

// orbShape gives the places of a geometry.
func orbShape(geometry orb.Geometry) *shape {
	s := &shape{}
	if geometry == nil {
		return s
	}
	s.kind = geometry.GeoJSONType()
	s.walk(geometry)
	return s
}

func (s *shape) walk(geometry orb.Geometry) {
	add := func(points []orb.Point) {
		for _, p := range points {
			if !math.IsNaN(p[0]) && !math.IsNaN(p[1]) {
				s.coordinates = append(s.coordinates, p[0], p[1])
			}
		}
	}
	switch g := geometry.(type) {
	case orb.Point:
		add([]orb.Point{g})
	case orb.MultiPoint:
		add(g)
	case orb.LineString:
		add(g)
	case orb.Ring:
		add(g)
	case orb.MultiLineString:
		for _, line := range g {
			add(line)
		}
	case orb.Polygon:
		for _, ring := range g {
			add(ring)
		}
	case orb.MultiPolygon:
		for _, polygon := range g {
			s.walk(polygon)
		}
	case orb.Collection:
		for _, inner := range g {
			s.walk(inner)
		}
	}
}
