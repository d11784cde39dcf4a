package dataset

import "strings"

// A region is a rough rectangle in degrees: west, south, east, north.
type region [4]float64

func (r region) holds(lon, lat float64) bool {
	return lon >= r[0] && lon <= r[2] && lat >= r[1] && lat <= r[3]
}

// voivodeships by the first digits of TERYT, and regions of the post by the first digit of
// its codes: rough, for they only decide between two readings of the same coordinates.
var (
	voivodeships = map[string]region{
		"02": {14.7, 50.0, 17.9, 51.9}, "04": {17.1, 52.2, 19.9, 53.9}, "06": {21.5, 50.1, 24.3, 52.4}, "08": {14.4, 51.2, 16.6, 53.2},
		"10": {18.0, 50.7, 20.8, 52.5}, "12": {18.9, 49.0, 21.6, 50.7}, "14": {19.1, 50.9, 23.3, 53.6}, "16": {16.8, 49.8, 18.8, 51.3},
		"18": {21.0, 48.9, 23.7, 50.9}, "20": {21.5, 52.2, 24.1, 54.6}, "22": {16.6, 53.4, 19.7, 55.0}, "24": {17.9, 49.3, 20.1, 51.2},
		"26": {19.6, 50.1, 22.0, 51.5}, "28": {19.0, 53.1, 23.0, 54.6}, "30": {15.6, 51.0, 19.2, 53.8}, "32": {14.0, 52.5, 17.1, 54.7},
	}
	postal = map[byte]region{
		'0': {19.5, 51.0, 23.3, 53.6}, '1': {19.0, 52.0, 24.2, 54.6}, '2': {19.5, 50.1, 24.3, 52.5}, '3': {18.9, 48.9, 23.8, 51.0}, '4': {16.8, 49.3, 20.2, 51.3},
		'5': {14.7, 49.9, 18.3, 52.0}, '6': {14.4, 51.0, 19.3, 53.8}, '7': {14.0, 52.4, 17.6, 55.0}, '8': {16.3, 52.1, 20.0, 55.0}, '9': {17.7, 50.6, 20.9, 52.6},
	}
)

// regionOf says roughly where a table's records lie, by its codes of territory or post.
func regionOf(columns []*judged, metadata []Field) *region {
	for _, j := range columns {
		for code := range j.cache {
			if j.about == SemanticTERYT {
				if r, known := voivodeships[padded(code)[:2]]; known && j.distinct == 1 {
					return &r
				}
			}
			if r, known := postal[code[0]]; known && j.about == SemanticPNA && len(code) == 6 && j.distinct < 20 {
				return &r
			}
		}
	}
	for _, field := range metadata {
		if value := padded(field.Value); strings.Contains(strings.ToLower(field.Name), "teryt") && len(value) == 7 && territorial(value) {
			if r, known := voivodeships[value[:2]]; known {
				return &r
			}
		}
	}
	return nil
}

// padded gives a code of a territory with the zero that it may have lost.
func padded(code string) string {
	if len(code) == 1 || len(code) == 3 || len(code) == 6 {
		return "0" + code
	}
	return code
}
