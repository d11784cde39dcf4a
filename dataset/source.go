package dataset

import (
	"context"

	"referent/internal/table"
)

// A source is a table as a reader gives it: a grid whose header must be found, or records
// whose attributes have names.
type source struct {
	name   string
	hidden bool
	grid   bool
	typed  bool            // cells have kinds
	names  func() []string // of the attributes that were seen so far; nil for a grid
	each   func(ctx context.Context, yield func(record) error) error
	merged []table.Range
	crs    *declaredCRS // of the geometries, nil where there are none
	nested func() []*children
}

// record is a row and the geometry beside it.
type record struct {
	table.Row
	shape *shape
}

// opened is a file that a reader has opened.
type opened struct {
	format    string
	encoding  string // "" where the format has its own
	delimiter string
	path      string // where the records stand in a nested file
	nested    bool   // path means something
	sources   []*source
	metadata  func() []Field // complete once the sources were read
	close     func() error
}
