package dataset

import (
	"archive/zip"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jonas-p/go-shp"
	"github.com/parquet-go/parquet-go"
)

// place gives the i-th of a few places in EPSG:2180.
func place(i int) (east, north float64) { return 655_000 + 100*float64(i), 458_000 + 50*float64(i) }

// roads are what each format holds: the same records at the same places.
const roads = 20

func roadBox() [4]float64 {
	west, south := systems[poland1992].toWGS84(place(0))
	east, north := systems[poland1992].toWGS84(place(roads - 1))
	round := func(n float64) float64 { return math.Round(n*1e6) / 1e6 }
	return [4]float64{round(west), round(south), round(east), round(north)}
}

func writeGPKG(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}()
	for _, statement := range []string{
		"CREATE TABLE gpkg_spatial_ref_sys(srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER)",
		"INSERT INTO gpkg_spatial_ref_sys VALUES(2180, 'EPSG', 2180)",
		"CREATE TABLE gpkg_contents(table_name TEXT, data_type TEXT)",
		"INSERT INTO gpkg_contents VALUES('drogi', 'features')",
		"CREATE TABLE gpkg_geometry_columns(table_name TEXT, column_name TEXT, srs_id INTEGER)",
		"INSERT INTO gpkg_geometry_columns VALUES('drogi', 'geom', 2180)",
		"CREATE TABLE drogi(fid INTEGER PRIMARY KEY, geom BLOB, nr INTEGER, stan TEXT, dlugosc_m REAL, czynna BOOLEAN, data_przegladu DATE)",
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	for i := range roads {
		east, north := place(i)
		raw := []byte{'G', 'P', 0, 1, 0x84, 8, 0, 0, 1, 1, 0, 0, 0}
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(east))
		raw = binary.LittleEndian.AppendUint64(raw, math.Float64bits(north))
		if _, err := db.Exec("INSERT INTO drogi(geom, nr, stan, dlugosc_m, czynna, data_przegladu) VALUES(?, ?, 'dobry', ?, ?, '2024-03-11')", raw, i, float64(i)+0.5, i%2); err != nil {
			t.Fatal(err)
		}
	}
}

func writeSHP(t *testing.T, path string) {
	t.Helper()
	folder := t.TempDir()
	w, err := shp.Create(filepath.Join(folder, "drogi.shp"), shp.POINT)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.SetFields([]shp.Field{shp.NumberField("nr", 9), shp.StringField("stan", 20), shp.FloatField("dlugosc_m", 12, 1)}); err != nil {
		t.Fatal(err)
	}
	for i := range roads {
		east, north := place(i)
		w.Write(&shp.Point{X: east, Y: north})
		for field, value := range []any{i, "dobry", float64(i) + 0.5} {
			if err := w.WriteAttribute(i, field, value); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.Close()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	archive := zip.NewWriter(file)
	for _, ending := range []string{".shp", ".shx", ".dbf"} {
		files, err := filepath.Glob(filepath.Join(folder, "drogi*"+ending[1:])) // the library names some "drogidbf"
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		data, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		add(t, archive, "drogi"+ending, string(data))
	}
	add(t, archive, "drogi.prj", `PROJCS["ETRS89_Poland_CS92",GEOGCS["GCS_ETRS_1989"]]`)
	if err := errors.Join(archive.Close(), file.Close()); err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, archive *zip.Writer, name, data string) {
	t.Helper()
	part, err := archive.Create(name)
	if err == nil {
		_, err = part.Write([]byte(data))
	}
	if err != nil {
		t.Fatal(err)
	}
}

func gml(system string, northFirst bool) string {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:d="urn:d">`)
	for i := range roads {
		x, y := place(i)
		if northFirst {
			x, y = y, x
		}
		fmt.Fprintf(&b, `<gml:featureMember><d:droga gml:id="d.%d"><d:geom><gml:Point srsName="%s"><gml:pos>%.2f %.2f</gml:pos></gml:Point></d:geom><d:nr>%d</d:nr><d:stan>dobry</d:stan><d:dlugosc_m>%d.5</d:dlugosc_m></d:droga></gml:featureMember>`, i, system, x, y, i, i)
	}
	return b.String() + `</gml:FeatureCollection>`
}

func kml() string {
	var b strings.Builder
	b.WriteString(`<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>Drogi, stan na 30.09.2024</name>`)
	for i := range roads {
		lon, lat := systems[poland1992].toWGS84(place(i))
		fmt.Fprintf(&b, `<Placemark><name>%d</name><ExtendedData><Data name="stan"><value>dobry</value></Data><Data name="dlugosc_m"><value>%d.5</value></Data></ExtendedData><Point><coordinates>%.8f,%.8f,0</coordinates></Point></Placemark>`, i, i, lon, lat)
	}
	return b.String() + `</Document></kml>`
}

func geoJSON(swapped func(i int) bool) string {
	features := make([]string, roads)
	for i := range roads {
		x, y := systems[poland1992].toWGS84(place(i))
		if swapped(i) {
			x, y = y, x
		}
		features[i] = fmt.Sprintf(`{"type":"Feature","properties":{"nr":%d,"stan":"dobry","dlugosc_m":%d.5},"geometry":{"type":"Point","coordinates":[%.8f,%.8f]}}`, i, i, x, y)
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func TestPlacesInEveryFormat(t *testing.T) {
	folder := t.TempDir()
	writeGPKG(t, filepath.Join(folder, "a.gpkg"))
	writeSHP(t, filepath.Join(folder, "a.zip"))
	none := func(int) bool { return false }
	for name, text := range map[string]string{
		"urn.gml": gml("urn:ogc:def:crs:EPSG::2180", true), "plain.gml": gml("EPSG:2180", false), "a.kml": kml(), "a.geojson": geoJSON(none),
		"swapped.geojson": geoJSON(func(i int) bool { return i%5 == 1 }),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]Format{
		"a.gpkg": {"GPKG", 5, 2180}, "a.zip": {"SHP", 3, 2180}, "urn.gml": {"GML", 3, 2180}, "plain.gml": {"GML", 3, 2180},
		"a.kml": {"KML", 3, 4326}, "a.geojson": {"GeoJSON", 3, 4326}, "swapped.geojson": {"GeoJSON", 3, 4326},
	} {
		p, err := Describe(t.Context(), filepath.Join(folder, name), nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if p.Format != want.name || p.Rows != roads || p.Cols != want.columns || p.Spatial == nil || *p.Spatial.BBox != roadBox() || p.Spatial.CRS != fmt.Sprintf("EPSG:%d", want.system) {
			t.Errorf("%s: %s %d×%d at %+v, want %+v in %v", name, p.Format, p.Rows, p.Cols, show(p.Spatial), want, roadBox())
		}
		var defects []string
		if name == "swapped.geojson" {
			defects = []string{"swapped_coordinates geometry 4 [2 7 12]"}
		}
		if diff := cmp.Diff(defects, listed(p)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Format is what a file is to be read as.
type Format struct {
	name            string
	columns, system int
}

func TestCoordinatesInMetresThatAreSaidToBeDegrees(t *testing.T) {
	text := strings.NewReplacer("EPSG:2180", "EPSG:4326").Replace(gml("EPSG:2180", false))
	p := profile(t, "a.gml", text)
	if diff := cmp.Diff([]string{"wrong_crs geometry 20 []"}, listed(p)); diff != "" || *p.Spatial.BBox != roadBox() {
		t.Errorf("%v %s", p.Spatial.BBox, diff)
	}
}

func TestNestedRecords(t *testing.T) {
	var acts, elements, lines []string
	for i := range 12 {
		acts = append(acts, fmt.Sprintf(`{"nr":"X/%d/2023","data":"2023-%02d-12","autor":{"funkcja":"wójt"},"tagi":["a","b"],"glosy":[{"klub":"A","za":%d},{"klub":"B","za":%d}]}`, i, i+1, i, i+1))
		elements = append(elements, fmt.Sprintf(`<uchwala nr="X/%d/2023"><data>2023-%02d-12</data><autor><funkcja>wójt</funkcja></autor></uchwala>`, i, i+1))
		lines = append(lines, fmt.Sprintf(`{"nr":"X/%d/2023","data":"2023-%02d-12"}`, i, i+1))
	}
	p := profile(t, "a.json", `{"gmina":"Lipogóra","rok":2023,"uchwaly":[`+strings.Join(acts, ",")+`]}`)
	want := []string{"nr code id", "data date date", "autor.funkcja string category", "tagi string category"}
	if diff := cmp.Diff(want, types(p)); diff != "" || *p.RecordPath != "uchwaly" || p.Rows != 12 {
		t.Errorf("%s in %q, %d rows", diff, *p.RecordPath, p.Rows)
	}
	if n := p.Nested; len(n) != 1 || n[0].Path != "uchwaly.glosy" || n[0].Rows != 24 || n[0].Cols != 2 || n[0].Columns[1].Type != TypeInteger {
		t.Errorf("nested: %+v", n)
	}
	if diff := cmp.Diff([]Field{{"gmina", "Lipogóra"}, {"rok", "2023"}}, p.Metadata); diff != "" {
		t.Error(diff)
	}
	x := profile(t, "a.xml", `<?xml version="1.0"?><rejestr><gmina>Lipogóra</gmina><uchwaly>`+strings.Join(elements, "")+`</uchwaly></rejestr>`)
	if diff := cmp.Diff(want[:3], types(x)); diff != "" || *x.RecordPath != "rejestr.uchwaly.uchwala" || x.Rows != 12 {
		t.Errorf("XML: %s in %q, %d rows", diff, *x.RecordPath, x.Rows)
	}
	l := profile(t, "a.jsonl", strings.Join(lines, "\n"))
	if diff := cmp.Diff(want[:2], types(l)); diff != "" || l.Format != "JSONL" || l.Rows != 12 {
		t.Errorf("lines: %s, %s %d rows", diff, l.Format, l.Rows)
	}
}

func TestParquet(t *testing.T) {
	type row struct {
		Nr    int64   `parquet:"nr"`
		Stan  string  `parquet:"stan,optional"`
		Kwota float64 `parquet:"kwota"`
	}
	path := filepath.Join(t.TempDir(), "a.parquet")
	rows := make([]row, 30)
	for i := range rows {
		rows[i] = row{int64(i), []string{"dobry", "zły"}[i%2], float64(i) + 0.25}
	}
	if err := parquet.WriteFile(path, rows); err != nil {
		t.Fatal(err)
	}
	p, err := Describe(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"nr integer id", "stan string category", "kwota number amount_pln"}, types(p)); diff != "" || p.Rows != 30 {
		t.Errorf("%d rows: %s", p.Rows, diff)
	}
}

func TestFilesThatCannotBeDescribed(t *testing.T) {
	deep := strings.Repeat(`{"a":[`, 200)
	for name, c := range map[string]struct {
		data string
		want Code
	}{
		"empty":             {"", CodeEmpty},
		"spaces":            {"\n\n  \n", CodeEmpty},
		"PDF as CSV":        {"%PDF-1.7\n...", CodeUnsupported},
		"binary":            {"\x7fELF\x02\x01\x01\x00\x00\x00", CodeUnsupported},
		"a broken zip":      {"PK\x03\x04 rubbish", CodeDamaged},
		"a broken database": {"SQLite format 3\x00 rubbish", CodeDamaged},
		"cut JSON":          {`[{"a":1},{"a":`, CodeDamaged},
		"JSON of no list":   {`{"a":1}`, CodeNoRecords},
		"deep JSON":         {deep, CodeTooLarge},
		"cut XML":           {"<a><b>", CodeDamaged},
		"deep XML":          {strings.Repeat("<a>", 100), CodeTooLarge},
		"entities":          {`<!DOCTYPE a [<!ENTITY x "y">]><a><b>&x;</b><b>&x;</b></a>`, CodeDamaged},
		"a million columns": {strings.Repeat("a;", 1_000_000), CodeTooManyColumns},
		"broken Parquet":    {"PAR1 rubbish PAR1", CodeDamaged},
	} {
		_, err := Describe(t.Context(), write(t, "a.csv", c.data), nil)
		if !errors.Is(err, &Error{Code: c.want}) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	if _, err := Describe(t.Context(), filepath.Join(t.TempDir(), "none.csv"), nil); !errors.Is(err, &Error{Code: CodeUnreadable}) {
		t.Errorf("no file: %v", err)
	}
	if p := profile(t, "a.csv", "nazwa;kwota;data\n"); p.Rows != 0 || p.Cols != 3 {
		t.Errorf("only a header: %d rows, %d columns", p.Rows, p.Cols)
	}
	p := profile(t, "a.csv", "nazwa;uwagi\nx;=cmd|' /C calc'!A0\ny;z\n")
	if p.Columns[1].Examples[0] != "=cmd|' /C calc'!A0" {
		t.Errorf("a formula did not stay text: %q", p.Columns[1].Examples)
	}
}

func FuzzDescribe(f *testing.F) {
	f.Add([]byte(readings()))
	f.Add([]byte(kml()))
	f.Add([]byte(gml("EPSG:2180", false)))
	f.Add([]byte(geoJSON(func(int) bool { return false })))
	f.Fuzz(func(t *testing.T, data []byte) {
		path := filepath.Join(t.TempDir(), "a")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := Describe(t.Context(), path, nil)
		if err == nil && len(p.Columns) != p.Cols {
			t.Errorf("%d columns of %d", len(p.Columns), p.Cols)
		}
	})
}
