package pdftext

import (
	"math"
	"slices"
	"sort"
)

// Columns of running text are told from tables by the gap that stays free for many lines
// and by lines that fill their side.
const (
	bin           = 2.0  // points: the grain of the map of a page
	gutterSizes   = 0.75 // least gap between columns, in sizes of the font
	columnLines   = 5    // height of columns, in lines
	channelLines  = 2.5  // least height of a gap between columns, in lines
	columnSizes   = 12.0 // least width of a column, in sizes of the font
	columnShare   = 0.2  // least width of a column, of its region
	sideShare     = 0.1  // least width of a note at the right
	filledLine    = 0.75 // of the column's width
	filledLines   = 0.5  // least share of lines that fill their column
	leading       = 1.2  // height of a line, in sizes
	sameChannel   = 8.0  // points between the middles of one gap above and below a title
	maxChannels   = 12   // that are tried
	blankBand     = 8    // slices without text at both sides, which end columns
	maxColumnCuts = 2    // how often a region is cut again
)

// region is a part of a page that is read before the next one.
type region struct {
	words       []Word
	tables      []table
	left, right float64
}

// regions gives the parts of a page in the order they are read; known are the middles of
// gaps between columns that were found around the region.
func regions(r region, size float64, cuts int, known []float64) []region {
	r.left, r.right = r.bounds()
	if cuts >= maxColumnCuts || len(r.words) < 2*columnLines {
		return []region{r}
	}
	for _, c := range newPageMap(r, size).channels(size) {
		parts, ok := r.columns(c, known)
		if !ok {
			continue
		}
		var all []region
		for i, part := range parts {
			if len(part.words)+len(part.tables) == 0 {
				continue
			}
			deeper := cuts
			if i == 1 || i == 2 {
				deeper++
			}
			all = append(all, regions(part, size, deeper, append(known, c.x))...)
		}
		return all
	}
	return []region{r}
}

// columns cuts a region at a channel when what it parts is columns.
func (r region) columns(c channel, known []float64) (parts [4]region, ok bool) {
	parts = r.cut(c)
	above := slices.ContainsFunc(known, func(x float64) bool { return math.Abs(x-c.x) < sameChannel })
	if above && wideText(parts[1].words) && wideText(parts[2].words) || columns(parts[1].words, parts[2].words) {
		c.bottom = longerColumn(r.words, c)
		return r.cut(c), true
	}
	return parts, false
}

// wideText says whether words fill the width that a column has.
func wideText(words []Word) bool {
	if len(words) == 0 {
		return false
	}
	left, right := region{words: words}.bounds()
	return right-left >= columnSizes*words[0].Size
}

// channel is a gap between columns: its middle, top and bottom.
type channel struct{ x, top, bottom float64 }

// cut parts a region: what is above the channel, left of it, right of it, below it.
func (r region) cut(c channel) (parts [4]region) {
	part := func(x, y float64) *region {
		switch {
		case y > c.top:
			return &parts[0]
		case y < c.bottom:
			return &parts[3]
		case x < c.x:
			return &parts[1]
		}
		return &parts[2]
	}
	for _, w := range r.words {
		to := part(w.X0, w.middle())
		to.words = append(to.words, w)
	}
	for _, t := range r.tables {
		to := part(t.x0, (t.y0+t.y1)/2)
		to.tables = append(to.tables, t)
	}
	return parts
}

// longerColumn gives the bottom of columns of which one goes on alone, as far as no gap
// parts its lines.
func longerColumn(words []Word, c channel) float64 {
	const usual, wide = 1.5, 12.0 // of the distance of lines
	rows := makeRows(words)
	last, step, bottom := 0.0, 0.0, c.bottom
	var steps []float64
	for _, row := range rows {
		y := row[0].Y
		if y > c.top {
			continue
		}
		if last != 0 {
			step = last - y
		}
		last = y
		if y >= c.bottom {
			if step > wide/4 {
				steps = append(steps, step)
			}
			continue
		}
		sort.Float64s(steps)
		left, right := row[0].X0 < c.x, row[len(row)-1].X1 > c.x
		if len(steps) == 0 || step > usual*steps[len(steps)/2] || left && right {
			break
		}
		bottom = y - 0.25*row[0].Size
	}
	return bottom
}

func (r region) bounds() (left, right float64) {
	left, right = math.Inf(1), math.Inf(-1)
	for _, w := range r.words {
		left, right = math.Min(left, w.X0), math.Max(right, w.X1)
	}
	for _, t := range r.tables {
		left, right = math.Min(left, t.x0), math.Max(right, t.x1)
	}
	return left, right
}

// prose tells running text from a table's cells by the lines that fill the column.
func prose(words []Word) (rows int, ok bool) {
	lines := makeRows(words)
	left, right := region{words: words}.bounds()
	filled := 0
	for _, row := range lines {
		if row[len(row)-1].X1-row[0].X0 >= filledLine*(right-left) {
			filled++
		}
	}
	return len(lines), len(lines) >= 2 && right-left >= columnSizes*words[0].Size && float64(filled) >= filledLines*float64(len(lines))
}

// columns says whether two texts are columns, of which one may be short.
func columns(left, right []Word) bool {
	n, ok := prose(left)
	if !ok {
		return false
	}
	m, ok := prose(right)
	return ok && n+m >= 2*columnLines-2
}

// pageMap says where a region holds text: slices of a quarter of the size, bins of two points.
type pageMap struct {
	left, top, slice float64
	covered          []sliceMap
}

// sliceMap counts the covered bins before each bin, so that a range is free when its ends
// count the same; first and last are covered ones, first past the end when there is none.
type sliceMap struct {
	before      []int16
	first, last int
}

// maxSlices and maxBins of a map: a page may claim to be a kilometre long.
const (
	maxSlices = 2000
	maxBins   = 2000
)

func newPageMap(r region, size float64) pageMap {
	top, bottom := math.Inf(-1), math.Inf(1)
	for _, w := range r.words {
		top, bottom = math.Max(top, w.top()), math.Min(bottom, w.bottom())
	}
	for _, t := range r.tables {
		top, bottom = math.Max(top, t.y1), math.Min(bottom, t.y0)
	}
	m := pageMap{left: r.left, top: top, slice: size / 4}
	slices, bins := int((top-bottom)/m.slice)+1, int((r.right-r.left)/bin)+1
	if slices > maxSlices || bins > maxBins {
		return m
	}
	m.covered = make([]sliceMap, slices)
	for i := range m.covered {
		m.covered[i] = sliceMap{before: make([]int16, bins+1), first: bins, last: -1}
	}
	for _, w := range r.words {
		m.cover(w.X0, w.X1, w.Y+0.1*w.Size, w.Y+0.4*w.Size)
	}
	for _, t := range r.tables {
		m.cover(t.x0, t.x1, t.y0, t.y1)
	}
	for _, s := range m.covered {
		for b := range bins {
			s.before[b+1] += s.before[b]
		}
	}
	return m
}

func (m pageMap) cover(x0, x1, y0, y1 float64) {
	from, to := max(int((x0-m.left)/bin), 0), int((x1-m.left)/bin)
	for i := max(int((m.top-y1)/m.slice), 0); i <= int((m.top-y0)/m.slice) && i < len(m.covered); i++ {
		s := &m.covered[i]
		for b := from; b <= to && b+1 < len(s.before); b++ {
			s.before[b+1] = 1
			s.first, s.last = min(s.first, b), max(s.last, b)
		}
	}
}

func (s sliceMap) free(from, to int) bool { return s.before[from] == s.before[to] }

// channels finds the gaps that stay free for some lines with text at both sides, the
// highest first.
func (m pageMap) channels(size float64) []channel {
	if len(m.covered) == 0 {
		return nil
	}
	bins := len(m.covered[0].before) - 1
	width := max(int(math.Ceil(gutterSizes*size/bin)), 1)
	least := int(channelLines * leading * size / m.slice)
	type gap struct{ first, last int }
	gaps := map[sliceRun]gap{}
	for b := int(columnShare * float64(bins)); b+width < bins-int(sideShare*float64(bins)); b++ {
		for _, run := range m.runs(b, b+width) {
			if run.bottom-run.top < least {
				continue
			}
			if g, ok := gaps[run]; ok && b == g.last+1 {
				gaps[run] = gap{g.first, b}
			} else if !ok || b-g.last > 1 {
				gaps[run] = gap{b, b}
			}
		}
	}
	var list []channel
	for run, g := range gaps {
		list = append(list, channel{m.left + float64(g.first+g.last+width)/2*bin, m.top - float64(run.top)*m.slice + 0.1, m.top - float64(run.bottom)*m.slice - 0.1})
	}
	sort.Slice(list, func(i, j int) bool {
		if d := (list[i].top - list[i].bottom) - (list[j].top - list[j].bottom); math.Abs(d) > 0.01 {
			return d > 0
		}
		return list[i].x < list[j].x
	})
	return list[:min(len(list), maxChannels)]
}

type sliceRun struct{ top, bottom int } // bottom is past the last

// runs gives the runs of slices that leave the bins [from, to) free, cut to where both
// sides have text.
func (m pageMap) runs(from, to int) []sliceRun {
	var list []sliceRun
	start := -1
	for s := 0; s <= len(m.covered); s++ {
		free := s < len(m.covered) && m.covered[s].free(from, to)
		switch {
		case free && start < 0:
			start = s
		case !free && start >= 0:
			if run, ok := m.trim(start, s, from, to); ok {
				list = append(list, run)
			}
			start = -1
		}
	}
	return list
}

// trim cuts a run to where the shorter side ends and one of them begins.
func (m pageMap) trim(start, end, from, to int) (sliceRun, bool) {
	firstLeft, firstRight, lastLeft, lastRight := -1, -1, -1, -1
	for s := start; s < end; s++ {
		if m.covered[s].first < from {
			if firstLeft < 0 {
				firstLeft = s
			}
			lastLeft = s
		}
		if m.covered[s].last >= to {
			if firstRight < 0 {
				firstRight = s
			}
			lastRight = s
		}
	}
	run := sliceRun{min(firstLeft, firstRight), min(lastLeft, lastRight) + 1}
	for s, blank := max(firstLeft, firstRight), 0; s < run.bottom && firstLeft >= 0 && firstRight >= 0; s++ {
		if m.covered[s].last >= 0 {
			blank = 0
		} else if blank++; blank >= blankBand { // what stands below is read below
			run.bottom = s
		}
	}
	return run, firstLeft >= 0 && firstRight >= 0 && run.bottom > run.top
}
