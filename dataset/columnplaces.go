package dataset

import "math"

// columnPlaces finds the extent of records whose coordinates stand in two columns, in
// degrees or, named X and Y, in metres.
func columnPlaces(a assembled, near *region) (*Spatial, []Defect) {
	var lat, lon, x, y *judged
	for _, j := range a.columns {
		switch {
		case j.about == SemanticLat && lat == nil:
			lat = j
		case j.about == SemanticLon && lon == nil:
			lon = j
		case j.kind != TypeNumber && j.kind != TypeInteger:
		case x == nil && (hasWord(j.words, "x.", "wspx", "easting") || hasWord(j.words, "wsp", "wspolrzedna") && hasWord(j.words, "x.")):
			x = j
		case y == nil && (hasWord(j.words, "y.", "wspy", "northing") || hasWord(j.words, "wsp", "wspolrzedna") && hasWord(j.words, "y.")):
			y = j
		}
	}
	if lat == nil || lon == nil {
		lon, lat = x, y
	}
	if lat == nil || lon == nil {
		return nil, nil
	}
	var g shapeGatherer
	for i := range min(len(lat.related.numbers), len(lon.related.numbers)) {
		x, y := lon.related.numbers[i], lat.related.numbers[i]
		if !math.IsNaN(x) && !math.IsNaN(y) && !isOdd(x) && !isOdd(y) {
			g.add(a.rowOf[i], &shape{kind: "Point", coordinates: []float64{x, y}})
		}
	}
	s, defects := spatialOf(&g, nil, near)
	kept := defects[:0]
	for _, d := range defects {
		switch d.Kind {
		case DefectSwappedCoordinates:
			if lat.about != SemanticLat {
				continue // X may be the northing: geodesists have it so
			}
			d.Column = Names{lat.name, lon.name}
			if lat.position > lon.position {
				d.Column = Names{lon.name, lat.name}
			}
		case DefectWrongCRS: // columns of metres say nothing that they break
			if lat.about != SemanticLat {
				continue
			}
			d.Column = Names{lat.name, lon.name}
		case DefectSentinel:
			d.Column = Names{lat.name}
		}
		kept = append(kept, d)
	}
	if a.records > maxRelatedRows && s != nil && s.CRS == systems[wgs84].name() && len(kept) == 0 { // the rows after those held together
		whole := box{}
		whole.add(lon.numbers.min(), lat.numbers.min())
		whole.add(lon.numbers.max(), lat.numbers.max())
		s.BBox = whole.corners(6)
	}
	return s, kept
}
