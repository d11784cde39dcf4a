package dataset

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// A crs is a way of writing places. The Polish plane systems are defined here, for no Go
// library has them: ETRS89 with the ellipsoid GRS 80, which is WGS 84 within a metre.
type crs struct {
	code    int // of EPSG
	degrees bool
	// of the transverse Mercator projection
	meridian, scale, falseEast, falseNorth float64
	spherical                              bool // web Mercator
}

const (
	wgs84       = 4326
	poland1992  = 2180
	webMercator = 3857
)

var systems = map[int]crs{
	wgs84:       {code: wgs84, degrees: true},
	4258:        {code: 4258, degrees: true},
	poland1992:  {code: poland1992, meridian: 19, scale: 0.9993, falseEast: 500_000, falseNorth: -5_300_000},
	2176:        {code: 2176, meridian: 15, scale: 0.999923, falseEast: 5_500_000},
	2177:        {code: 2177, meridian: 18, scale: 0.999923, falseEast: 6_500_000},
	2178:        {code: 2178, meridian: 21, scale: 0.999923, falseEast: 7_500_000},
	2179:        {code: 2179, meridian: 24, scale: 0.999923, falseEast: 8_500_000},
	32633:       {code: 32633, meridian: 15, scale: 0.9996, falseEast: 500_000},
	32634:       {code: 32634, meridian: 21, scale: 0.9996, falseEast: 500_000},
	webMercator: {code: webMercator, spherical: true},
}

func (c crs) name() string { return "EPSG:" + strconv.Itoa(c.code) }

// Of GRS 80.
const (
	semiMajor  = 6378137.0
	flattening = 1 / 298.257222101
	third      = flattening / (2 - flattening) // the third flattening, n of the series below
)

// toWGS84 gives the longitude and latitude of a place.
func (c crs) toWGS84(east, north float64) (lon, lat float64) {
	switch {
	case c.degrees:
		return east, north
	case c.spherical:
		return east / semiMajor * 180 / math.Pi, (2*math.Atan(math.Exp(north/semiMajor)) - math.Pi/2) * 180 / math.Pi
	}
	return c.transverseMercator(east, north)
}

// transverseMercator is the inverse of the projection by the series of Krüger in n to the
// fourth power, exact to a millimetre here.
func (c crs) transverseMercator(east, north float64) (lon, lat float64) {
	const n, n2, n3, n4 = third, third * third, third * third * third, third * third * third * third
	radius := semiMajor / (1 + n) * (1 + n2/4 + n4/64)
	beta := [...]float64{
		n/2 - n2*2/3 + n3*37/96 - n4/360,
		n2/48 + n3/15 - n4*437/1440,
		n3*17/480 - n4*37/840,
		n4 * 4397 / 161280,
	}
	delta := [...]float64{
		2*n - n2*2/3 - 2*n3 + n4*116/45,
		n2*7/3 - n3*8/5 - n4*227/45,
		n3*56/15 - n4*136/35,
		n4 * 4279 / 630,
	}
	xi, eta := (north-c.falseNorth)/(c.scale*radius), (east-c.falseEast)/(c.scale*radius)
	xi1, eta1 := xi, eta
	for j, b := range beta {
		k := 2 * float64(j+1)
		xi1 -= b * math.Sin(k*xi) * math.Cosh(k*eta)
		eta1 -= b * math.Cos(k*xi) * math.Sinh(k*eta)
	}
	chi := math.Asin(math.Sin(xi1) / math.Cosh(eta1))
	phi := chi
	for j, d := range delta {
		phi += d * math.Sin(2*float64(j+1)*chi)
	}
	return c.meridian + math.Atan2(math.Sinh(eta1), math.Cos(xi1))*180/math.Pi, phi * 180 / math.Pi
}

// inPoland says whether a place in degrees lies in Poland, generously.
func inPoland(lon, lat float64) bool { return lon > 13.9 && lon < 24.3 && lat > 48.9 && lat < 55.1 }

// reading is a system with an order of its axes.
type placing struct {
	system  int
	swapped bool // north before east
}

func (p placing) place(x, y float64) (lon, lat float64) {
	if p.swapped {
		x, y = y, x
	}
	return systems[p.system].toWGS84(x, y)
}

// placings gives the systems that two coordinates may be written in, judged by their size,
// the usual order of the axes first.
func placings(x, y float64) []placing {
	var fitting []placing
	for _, swapped := range []bool{false, true} {
		east, north := x, y
		if swapped {
			east, north = y, x
		}
		for _, system := range bySize {
			if fits(system, east, north) {
				fitting = append(fitting, placing{system, swapped})
			}
		}
	}
	return fitting
}

// bySize are the systems that the size of coordinates can tell, the likelier first.
var bySize = []int{wgs84, poland1992, 2176, 2177, 2178, 2179, webMercator, 32634, 32633}

func fits(system int, east, north float64) bool {
	between := func(n, low, high float64) bool { return n >= low && n <= high }
	switch system {
	case wgs84:
		return inPoland(east, north)
	case poland1992:
		return between(east, 140_000, 900_000) && between(north, 100_000, 910_000)
	case webMercator:
		return between(east, 1_500_000, 2_760_000) && between(north, 6_200_000, 7_400_000)
	}
	s := systems[system]
	return between(east, s.falseEast-250_000, s.falseEast+250_000) && between(north, 5_350_000, 6_150_000)
}

// declaredCRS is what a file says of its coordinates.
type declaredCRS struct {
	code       int // 0 where it says nothing that is known
	text       string
	northFirst bool // the axes are in the order of the register
	implied    bool // by the format, not by the file
}

var epsgCode = regexp.MustCompile(`(?i)(?:EPSG(?:/0/|::?|/[\d.]*/|:[\d.]*:|.xml#)|AUTHORITY\["EPSG","|ID\["EPSG",)"?(\d{4,6})`)

// declared reads the name of a system: "EPSG:2180", "urn:ogc:def:crs:EPSG::2180", an
// address of OGC, or the well-known text of a .prj file.
func declared(text string) *declaredCRS {
	d := &declaredCRS{text: text}
	lower := strings.ToLower(text)
	all := epsgCode.FindAllStringSubmatch(text, -1)
	switch {
	case strings.Contains(lower, "crs84"):
		d.code = wgs84
		return d
	case len(all) > 0: // of a well-known text the last one is that of the whole
		d.code, _ = strconv.Atoi(all[len(all)-1][1]) // digits, as the expression says
	case strings.Contains(lower, "cs92"), strings.Contains(lower, "puwg_1992"), strings.Contains(lower, "poland_cs92"), strings.Contains(lower, "1992"):
		d.code = poland1992
	case strings.Contains(lower, "2000") && strings.Contains(lower, "pol"):
		for zone, code := range map[string]int{"zone_5": 2176, "zone 5": 2176, "zone_6": 2177, "zone 6": 2177, "zone_7": 2178, "zone 7": 2178, "zone_8": 2179, "zone 8": 2179, "15": 2176, "18": 2177, "21": 2178, "24": 2179} {
			if strings.Contains(lower, zone) {
				d.code = code
			}
		}
	case strings.Contains(lower, "pseudo") && strings.Contains(lower, "mercator"):
		d.code = webMercator
	case strings.HasPrefix(lower, "geogcs") || strings.HasPrefix(lower, "geogcrs"):
		d.code = wgs84
	}
	if _, known := systems[d.code]; !known {
		d.code = 0
	}
	byRegister := strings.HasPrefix(lower, "urn:") || strings.Contains(lower, "/def/crs/")
	// the register puts north first in all of these but UTM and web Mercator
	d.northFirst = byRegister && d.code != webMercator && d.code != 32633 && d.code != 32634
	return d
}
