package dataset

import (
	"math"
	"slices"
)

// geometryColumn is what defects of geometries are said to be in.
const geometryColumn = "geometry"

// spatialOf says where shapes lie and what is wrong with their coordinates.
func spatialOf(g *shapeGatherer, said *declaredCRS, near *region) (*Spatial, []Defect) {
	if g.count == 0 || g.native.count == 0 {
		return nil, nil
	}
	usual := placing{system: wgs84}
	if said != nil && said.code != 0 {
		usual = placing{said.code, said.northFirst}
		if systems[said.code].degrees {
			usual.system = wgs84 // less than a metre from the others
		}
	}
	chosen := choose(g, usual, near)
	var defects []Defect
	extent := box{}
	swapped := rowList{}
	for p, rows := range g.inside {
		if p.system == chosen.system && (p == chosen || p.system == wgs84) {
			if b := g.boxes[p]; b != nil {
				extent.add(b.west, b.south)
				extent.add(b.east, b.north)
			}
			if p != usual && p.system == usual.system {
				swapped.merge(*rows)
			}
		}
	}
	if b := g.boxes[chosen]; extent.count == 0 && b != nil {
		extent = *b
	}
	if usual.system != chosen.system && (said == nil || said.code != 0) {
		defects = append(defects, Defect{Kind: DefectWrongCRS, Column: Names{geometryColumn}, Count: g.count, Detail: systems[chosen.system].name()})
	}
	if swapped.count > 0 {
		defects = append(defects, Defect{Kind: DefectSwappedCoordinates, Column: Names{geometryColumn}, Rows: swapped.first(), Count: swapped.count})
	}
	if g.zero.count > 0 && g.zero.count < g.count {
		defects = append(defects, Defect{Kind: DefectSentinel, Column: Names{geometryColumn}, Rows: g.zero.first(), Count: g.zero.count, Detail: "0, 0"})
	}
	if extent.count == 0 {
		return nil, defects
	}
	s := &Spatial{BBox: extent.corners(6), CRS: systems[chosen.system].name(), Geometry: mostFrequent(g.kinds)}
	if !systems[chosen.system].degrees {
		native := g.native
		if chosen.swapped {
			native.west, native.south, native.east, native.north = native.south, native.west, native.north, native.east
		}
		s.BBoxNative = native.corners(2)
	}
	if said != nil && !said.implied {
		s.Declared = said.text
	}
	for _, p := range g.points {
		lon, lat := chosen.place(p[0], p[1])
		if chosen.system == wgs84 && !inPoland(lon, lat) && inPoland(lat, lon) {
			lon, lat = lat, lon
		}
		s.Points = append(s.Points, [2]float64{math.Round(lon*1e6) / 1e6, math.Round(lat*1e6) / 1e6})
	}
	return s, defects
}

// choose takes the declared reading unless another puts more of the shapes into Poland.
func choose(g *shapeGatherer, usual placing, near *region) placing {
	if g.inside[usual] == nil && g.boxes[usual] != nil && g.other.count > g.count/2 {
		return usual // the data are of another country
	}
	best, most := usual, 0
	if rows := g.inside[usual]; rows != nil {
		most = rows.count
	}
	order := make([]placing, 0, len(g.inside))
	for p := range g.inside {
		order = append(order, p)
	}
	slices.SortFunc(order, func(a, b placing) int {
		return boolInt(a.swapped) - boolInt(b.swapped) + 2*(rank(a.system)-rank(b.system))
	})
	for _, p := range order {
		if near != nil && best.system == p.system && best != p && nearer(g, near, p, best) {
			return p // both lie in Poland, one of them where the codes say
		}
		if rows := g.inside[p]; rows.count > most {
			best, most = p, rows.count
		}
	}
	return best
}

// nearer says whether one reading lies in a region and another does not.
func nearer(g *shapeGatherer, near *region, p, than placing) bool {
	holds := func(p placing) bool {
		b := g.boxes[p]
		return b != nil && near.holds((b.west+b.east)/2, (b.south+b.north)/2)
	}
	return holds(p) && !holds(than)
}

func rank(system int) int {
	return slices.Index(bySize, system)
}

func mostFrequent(counts map[string]int) string {
	best := ""
	for kind, n := range counts {
		if best == "" || n > counts[best] || n == counts[best] && kind < best {
			best = kind
		}
	}
	return best
}
