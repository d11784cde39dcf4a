package dataset

import (
	"math"
	"testing"
)

// The places were computed with PROJ 9.
func TestSystems(t *testing.T) {
	for _, c := range []struct {
		system              int
		east, north         float64
		longitude, latitude float64
	}{
		{2180, 655581.2, 458788.35, 21.265763270, 51.973516811},
		{2180, 300000, 600000, 16.002777394, 53.227496221},
		{2180, 850000, 200000, 23.842627650, 49.565988805},
		{2176, 5600000, 5650000, 16.423968776, 50.976483184},
		{2177, 6500000, 5900000, 18.000000000, 53.232135127},
		{2178, 7420000, 5780000, 19.831178452, 52.147904507},
		{2179, 8450000, 5600000, 23.294715732, 50.533528312},
		{3857, 2300000, 6800000, 20.661251535, 51.999306159},
		{32634, 500000, 5760000, 21.000000000, 51.990665466},
	} {
		lon, lat := systems[c.system].toWGS84(c.east, c.north)
		if math.Abs(lon-c.longitude) > 1e-8 || math.Abs(lat-c.latitude) > 1e-8 {
			t.Errorf("EPSG:%d %v %v: %.9f %.9f, want %.9f %.9f", c.system, c.east, c.north, lon, lat, c.longitude, c.latitude)
		}
	}
}

func TestDeclaredSystems(t *testing.T) {
	for text, want := range map[string]declaredCRS{
		"EPSG:2180":                  {code: 2180},
		"urn:ogc:def:crs:EPSG::2178": {code: 2178, northFirst: true},
		"http://www.opengis.net/def/crs/EPSG/0/4326":           {code: 4326, northFirst: true},
		"http://www.opengis.net/gml/srs/epsg.xml#2180":         {code: 2180},
		"urn:ogc:def:crs:OGC:1.3:CRS84":                        {code: 4326},
		`PROJCS["ETRS89_Poland_CS92",GEOGCS["GCS_ETRS_1989"]]`: {code: 2180},
		`PROJCS["ETRS89 / Poland CS2000 zone 7",GEOGCS["ETRS89",AUTHORITY["EPSG","4258"]],AUTHORITY["EPSG","2178"]]`: {code: 2178},
		`GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]`:                                                                 {code: 4326},
		"EPSG:9999": {},
		"":          {},
	} {
		got := declared(text)
		if got.code != want.code || got.northFirst != want.northFirst {
			t.Errorf("%q: %+v, want %+v", text, *got, want)
		}
	}
}
