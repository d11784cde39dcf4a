package dataset

import (
	"encoding/binary"
	"math"

	"github.com/cespare/xxhash/v2"
)

// A shape is a geometry as the file has it.
type shape struct {
	kind        string // Point, LineString, Polygon, MultiPoint …
	coordinates []float64
	broken      string // what is wrong with it
}

// key tells shapes apart.
func (s *shape) key() string {
	digest := xxhash.New()
	var raw [8]byte
	for _, c := range s.coordinates {
		binary.LittleEndian.PutUint64(raw[:], math.Float64bits(c))
		_, _ = digest.Write(raw[:]) // a hash never fails
	}
	return s.kind + string(digest.Sum(nil))
}

// box is the extent of places.
type box struct {
	count                    int
	west, south, east, north float64
}

func (b *box) add(x, y float64) {
	if b.count == 0 {
		*b = box{0, x, y, x, y}
	}
	b.count++
	b.west, b.east = min(b.west, x), max(b.east, x)
	b.south, b.north = min(b.south, y), max(b.north, y)
}

func (b *box) corners(digits int) *[4]float64 {
	if b.count == 0 {
		return nil
	}
	scale := math.Pow10(digits)
	round := func(n float64) float64 { return math.Round(n*scale) / scale }
	return &[4]float64{round(b.west), round(b.south), round(b.east), round(b.north)}
}

// shapeGatherer follows every reading of the coordinates that their size allows, for what
// a file declares is often wrong.
type shapeGatherer struct {
	count  int
	kinds  map[string]int
	native box
	boxes  map[placing]*box
	inside map[placing]*rowList // shapes that lie in Poland, read so
	other  rowList              // shapes that no reading puts there
	zero   rowList
	broken rowList
	empty  rowList
	points [][2]float64 // of the first places of shapes
	step   int
}

func (g *shapeGatherer) add(row int, s *shape) {
	if g.boxes == nil {
		g.boxes, g.inside, g.kinds, g.step = map[placing]*box{}, map[placing]*rowList{}, map[string]int{}, 1
	}
	g.count++
	if s.broken != "" {
		g.broken.add(row)
	}
	if len(s.coordinates) < 2 {
		g.empty.add(row)
		return
	}
	g.kinds[s.kind]++
	x, y := s.coordinates[0], s.coordinates[1]
	if x == 0 && y == 0 {
		g.zero.add(row)
		return
	}
	g.keepPoint(x, y)
	readings := placings(x, y)
	if len(readings) == 0 {
		g.other.add(row)
		readings = []placing{{system: wgs84}}
		if math.Abs(x) > 180 || math.Abs(y) > 180 {
			readings = nil
		}
	} else {
		for _, p := range readings {
			if lon, lat := p.place(x, y); !inPoland(lon, lat) {
				continue
			}
			if g.inside[p] == nil {
				g.inside[p] = &rowList{}
			}
			g.inside[p].add(row)
		}
	}
	for i := 0; i+1 < len(s.coordinates); i += 2 {
		x, y := s.coordinates[i], s.coordinates[i+1]
		g.native.add(x, y)
		for _, p := range readings {
			if g.boxes[p] == nil {
				g.boxes[p] = &box{}
			}
			g.boxes[p].add(p.place(x, y))
		}
	}
}

// keepPoint keeps places evenly over the file: half of them go when there are too many.
func (g *shapeGatherer) keepPoint(x, y float64) {
	if g.count%g.step != 0 {
		return
	}
	if len(g.points) == maxPoints {
		for i := range maxPoints / 2 {
			g.points[i] = g.points[2*i]
		}
		g.points = g.points[:maxPoints/2]
		g.step *= 2
	}
	g.points = append(g.points, [2]float64{x, y})
}
