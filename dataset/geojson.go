package dataset

import (
	"math"
	"strconv"

	"referent/internal/table"
)

// geoJSONShape reads a geometry; what is none has no coordinates and says why.
func geoJSONShape(n *node) *shape {
	if n == nil || n.kind != nodeObject {
		return &shape{}
	}
	s := &shape{}
	if kind := n.part("type"); kind != nil {
		s.kind = kind.text
	}
	if list := n.part("geometries"); list != nil {
		for i := range list.parts {
			s.coordinates = append(s.coordinates, geoJSONShape(&list.parts[i]).coordinates...)
		}
		return s
	}
	if coordinates := n.part("coordinates"); coordinates != nil {
		s.collect(coordinates)
	}
	if len(s.coordinates) == 0 {
		s.broken = "no coordinates"
	}
	return s
}

// collect takes the pairs of numbers at the ends of nested lists; heights are left out.
func (s *shape) collect(n *node) {
	if n.kind != nodeList {
		return
	}
	if len(n.parts) >= 2 && n.parts[0].kind == nodeScalar {
		x, err1 := strconv.ParseFloat(n.parts[0].text, 64)
		y, err2 := strconv.ParseFloat(n.parts[1].text, 64)
		if n.parts[0].scalar != table.Number || err1 != nil || err2 != nil || math.IsInf(x, 0) || math.IsInf(y, 0) {
			s.broken = "a coordinate is no number"
			return
		}
		s.coordinates = append(s.coordinates, x, y)
		return
	}
	for i := range n.parts {
		s.collect(&n.parts[i])
	}
}
