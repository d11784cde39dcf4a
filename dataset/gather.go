package dataset

import (
	"context"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cespare/xxhash/v2"

	"referent/internal/table"
)

// gathered is all that one table says.
type gathered struct {
	source   *source
	layout   layout
	columns  []*column
	headers  rowList // headers repeated among the data
	titles   []table.Row
	totals   rowList
	notes    rowList
	noteText []string
	blanks   rowList
	ragged   rowList
	mixed    rowList
	repeated rowList // rows that are equal to an earlier one
	seen     hashSet
	records  int
	raw      int
	shapes   shapeGatherer
	rowOf    []int // of the first records

	headerAt, firstLine int // rows of the header and of the file's beginning
}

// A gatherer takes the rows of a table apart: what is data goes to the columns in batches,
// each column in its turn, several at once.
type gatherer struct {
	*gathered
	ctx      context.Context
	first    []record // until the layout is known
	ready    bool
	tail     []record // the last rows, which may turn out to be totals or notes
	pending  []int    // blank rows, which count when data follow
	lastRow  int
	batch    []record
	arena    []string
	working  sync.WaitGroup
	progress func(records int)
	filled   []int    // cells of each column in the first records
	fill     []string // values of merged cells, by column
	fillTo   []int    // the last row they hold for
}

// gather reads a whole source.
func gather(ctx context.Context, s *source, progress func(records int)) (*gathered, error) {
	g := newGatherer(ctx, s, progress)
	err := s.each(ctx, g.take)
	if err == nil {
		err = g.finish()
	}
	g.working.Wait()
	return g.gathered, err
}

func newGatherer(ctx context.Context, s *source, progress func(records int)) *gatherer {
	return &gatherer{
		gathered: &gathered{source: s, seen: hashSet{limit: maxExactRows}},
		ctx:      ctx, progress: progress, ready: !s.grid,
	}
}

// end is the end of a table that others feed.
func (g *gatherer) end() error {
	err := g.finish()
	g.working.Wait()
	return err
}

// take copies a row: readers use their slices again.
func (g *gatherer) take(r record) error {
	r.Cells = g.keep(r.Cells)
	r.Kinds = append([]table.Kind(nil), r.Kinds...)
	if !g.ready {
		g.first = append(g.first, r)
		if len(g.first) < layoutRows {
			return nil
		}
		return g.start()
	}
	if !g.source.grid {
		return g.data(r)
	}
	return g.below(r)
}

// keep copies cells into an arena, which is cheaper than a slice a row.
func (g *gatherer) keep(cells []string) []string {
	if len(g.arena)+len(cells) > cap(g.arena) {
		g.arena = make([]string, 0, max(8192, len(cells)))
	}
	from := len(g.arena)
	g.arena = append(g.arena, cells...)
	return g.arena[from:len(g.arena):len(g.arena)]
}

// start finds the header among the first rows and goes on with those below it.
func (g *gatherer) start() error {
	g.ready = true
	rows := make([]table.Row, len(g.first))
	for i, r := range g.first {
		rows[i] = r.Row
	}
	g.layout = findLayout(rows)
	for _, name := range g.layout.names {
		g.columns = append(g.columns, newColumn(name, g.source.typed))
	}
	g.fill, g.fillTo = make([]string, len(g.columns)), make([]int, len(g.columns))
	first := g.first
	g.first = nil
	if g.layout.header >= 0 {
		g.titles = rows[:g.layout.header]
		g.headerAt, g.firstLine = rows[g.layout.header].Number, 1
		g.lastRow = rows[g.layout.header].Number
		first = first[g.layout.header+1:]
		if g.layout.numeric {
			g.headers.add(first[0].Number)
			g.lastRow = first[0].Number
			first = first[1:]
		}
	}
	for _, r := range first {
		if err := g.below(r); err != nil {
			return err
		}
	}
	return nil
}

// below takes a row under the header of a grid.
func (g *gatherer) below(r record) error {
	if g.source.typed && g.lastRow > 0 { // a sheet leaves blank rows out
		for number := g.lastRow + 1; number < r.Number && len(g.pending) < maxKeptRows; number++ {
			g.pending = append(g.pending, number)
		}
	}
	g.lastRow = r.Number
	if blank(r.Row) {
		g.pending = append(g.pending, r.Number)
		return nil
	}
	g.raw++
	if repeatsHeader(r.Row, g.layout.names) {
		g.headers.add(r.Number)
		return nil
	}
	g.tail = append(g.tail, r)
	if len(g.tail) <= tailRows {
		return nil
	}
	oldest := g.tail[0]
	g.tail = g.tail[1:]
	return g.inside(oldest)
}

// inside takes a row that is not among the last.
func (g *gatherer) inside(r record) error {
	g.blanksBefore(r.Number)
	if startsTotal(r.Row) && g.lacksKeys(r.Row) {
		g.totals.add(r.Number)
		return nil
	}
	return g.data(r)
}

func (g *gatherer) blanksBefore(number int) {
	n := 0
	for n < len(g.pending) && g.pending[n] < number {
		if g.records > 0 {
			g.blanks.add(g.pending[n])
		}
		n++
	}
	g.pending = g.pending[n:]
}

// keyRows are enough to know which columns are hardly ever empty.
const keyRows = 500

// lacksKeys says whether a row leaves cells empty that tell data apart: the sums of a
// table do, a category named "razem" does not.
func (g *gatherer) lacksKeys(row table.Row) bool {
	for i, filled := range g.filled {
		if (i >= len(row.Cells) || strings.TrimSpace(row.Cells[i]) == "") && 10*filled > 9*min(g.records, keyRows) {
			return true
		}
	}
	return false
}

// countFilled counts the filled cells of the first records, before merged ones are filled.
func (g *gatherer) countFilled(row table.Row) {
	if g.records > keyRows {
		return
	}
	for len(g.filled) < len(row.Cells) {
		g.filled = append(g.filled, 0)
	}
	for i, cell := range row.Cells {
		g.filled[i] += boolInt(strings.TrimSpace(cell) != "")
	}
}

// finish goes through the last rows from the end: totals and notes stand there.
func (g *gatherer) finish() error {
	if !g.ready {
		if err := g.start(); err != nil {
			return err
		}
	}
	end := len(g.tail)
	kinds := make([]rowKind, len(g.tail))
	for i := end - 1; i >= 0 && (i > 0 || g.records > 0); i-- {
		row := g.tail[i].Row
		switch {
		case looksNote(row, g.layout.width):
			kinds[i] = rowNote
		case startsTotal(row):
			kinds[i] = rowTotal
		default:
			i = 0 // data begin here
		}
	}
	for i, r := range g.tail {
		switch kinds[i] {
		case rowNote:
			g.notes.add(r.Number)
			g.noteText = append(g.noteText, joinCells(r.Cells))
		case rowTotal:
			g.totals.add(r.Number)
		default:
			if err := g.inside(r); err != nil {
				return err
			}
		}
	}
	return g.flush()
}

func joinCells(cells []string) string {
	var filled []string
	for _, cell := range cells {
		if cell = strings.TrimSpace(cell); cell != "" {
			filled = append(filled, cell)
		}
	}
	return strings.Join(filled, " ")
}

// data takes a record.
func (g *gatherer) data(r record) error {
	g.records++
	if g.source.grid {
		g.countFilled(r.Row)
	} else {
		g.raw++
	}
	if g.source.grid && !g.source.typed && len(r.Cells) != g.layout.width && g.layout.width > 1 {
		g.ragged.add(r.Number)
	}
	if r.Mixed {
		g.mixed.add(r.Number)
	}
	if g.source.grid && len(g.source.merged) > 0 {
		r.Row = g.fillMerged(r.Row)
	}
	if g.records <= maxRelatedRows {
		g.rowOf = append(g.rowOf, r.Number)
	}
	if g.batch = append(g.batch, r); len(g.batch) < batchRows {
		return nil
	}
	return g.flush()
}

// fillMerged puts the value of cells merged over several rows into each of them.
func (g *gatherer) fillMerged(row table.Row) table.Row {
	for _, block := range g.source.merged {
		c := block.FirstColumn - 1
		if block.FirstColumn != block.LastColumn || row.Number < block.FirstRow || row.Number > block.LastRow || c >= len(g.columns) {
			continue
		}
		if row.Number == block.FirstRow && c < len(row.Cells) {
			g.fill[c], g.fillTo[c] = row.Cells[c], block.LastRow
			continue
		}
		for len(row.Cells) <= c {
			row.Cells = append(row.Cells, "")
		}
		if row.Cells[c] == "" && row.Number <= g.fillTo[c] {
			row.Cells[c] = g.fill[c]
			if c < len(row.Kinds) && readValue(g.fill[c], table.Text).class != classText {
				row.Kinds[c] = table.Number
			}
		}
	}
	return row
}

// flush hands a batch to the columns. The reader goes on meanwhile; the batch before must
// be done first.
func (g *gatherer) flush() error {
	g.working.Wait()
	if err := g.ctx.Err(); err != nil {
		return err
	}
	if g.progress != nil {
		g.progress(g.records)
	}
	if g.source.names != nil {
		names := g.source.names()
		if len(names) > maxColumns {
			return &Error{Code: CodeTooManyColumns, Limit: maxColumns}
		}
		for i := len(g.columns); i < len(names); i++ {
			c := newColumn(names[i], g.source.typed)
			for range g.records - len(g.batch) { // earlier records had no such attribute
				c.add(0, "", table.Null)
			}
			g.columns = append(g.columns, c)
		}
	}
	batch, columns := g.batch, g.columns
	g.batch = nil
	absent := table.Text // a cell beyond the end of a row is empty, an attribute that a record lacks is null
	if !g.source.grid {
		absent = table.Null
	}
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), len(columns)+1) {
		g.working.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i > len(columns) {
					return
				}
				if i == 0 {
					g.whole(batch)
					continue
				}
				feed(columns[i-1], batch, i-1, absent)
			}
		})
	}
	return nil
}

func feed(c *column, batch []record, index int, absent table.Kind) {
	for i := range batch {
		r := &batch[i]
		if index < len(r.Cells) {
			c.add(r.Number, r.Cells[index], r.Kind(index))
		} else {
			c.add(r.Number, "", absent)
		}
	}
}

// whole looks at records as wholes: whether they repeat, and where they lie.
func (g *gatherer) whole(batch []record) {
	digest := xxhash.New()
	separator := []byte{0}
	for i := range batch {
		r := &batch[i]
		digest.Reset()
		for j, cell := range r.Cells {
			_, _ = digest.WriteString(cell) // a hash never fails
			separator[0] = byte(r.Kind(j)) + 1
			_, _ = digest.Write(separator)
		}
		if r.shape != nil {
			_, _ = digest.WriteString(r.shape.key())
			g.shapes.add(r.Number, r.shape)
		}
		if !g.seen.full && !g.seen.add(digest.Sum64()) {
			g.repeated.add(r.Number)
		}
	}
}
