package pdftext

import (
	"math"
	"sort"
	"strings"
	"unicode/utf8"
)

// Word is a piece of text on a baseline: a word, or a part of one that the page drew apart.
// Coordinates are points, growing to the right and up.
type Word struct {
	Text   string
	X0, X1 float64
	Y      float64 // of the baseline
	Size   float64 // of the font
	Space  bool    // the page draws a space behind it
	raised bool    // smaller and higher than its line
	lower  bool    // smaller and lower
	angle  int     // of its baseline, in degrees
}

func (w Word) bottom() float64 { return w.Y - 0.22*w.Size }
func (w Word) top() float64    { return w.Y + 0.75*w.Size }
func (w Word) middle() float64 { return w.Y + 0.27*w.Size }

// wordMaker joins the glyphs that a page draws one after another.
type wordMaker struct {
	done   []Word
	open   Word
	text   strings.Builder
	glyphs int
	spaces int
}

// Shares of the size: a gap that is wider parts two pieces (whether they are one word is
// decided when the line is known), a step back begins another, a step up or down too.
const (
	pieceGap = 0.05
	backStep = 0.35
	riseStep = 0.1
)

// glyph takes the next glyph, size and width in units of the text space that placed maps
// to the page; false when the page holds too many.
func (m *wordMaker) glyph(g glyphInfo, x, y, width, size float64, placed matrix) bool {
	if m.glyphs++; m.glyphs > maxGlyphs {
		return false
	}
	along := math.Hypot(placed.a, placed.b)
	size = math.Abs(size) * math.Hypot(placed.c, placed.d)
	if along == 0 || size == 0 || math.IsNaN(x+y+size) || math.IsInf(x+y+size, 0) {
		return true
	}
	sin, cos := placed.b/along, placed.a/along
	x, y = x*cos+y*sin, y*cos-x*sin // the baseline lies flat
	angle := int(math.Round(math.Atan2(sin, cos) * 180 / math.Pi))
	end := x + width*along
	if g.space {
		m.spaces++
		m.open.Space = true
		m.finish()
		return true
	}
	if g.text == "" {
		return true
	}
	gap := x - m.open.X1
	if m.text.Len() > 0 && (angle != m.open.angle || math.Abs(y-m.open.Y) > riseStep*size || gap > pieceGap*size || gap < -backStep*size ||
		math.Abs(size-m.open.Size) > 0.2*size) {
		m.finish()
	}
	if m.text.Len() == 0 {
		m.open = Word{X0: x, Y: y, Size: size, angle: angle}
	}
	m.text.WriteString(g.text)
	m.open.X1 = math.Max(end, x)
	return true
}

func (m *wordMaker) finish() {
	if m.text.Len() > 0 {
		m.open.Text = m.text.String()
		m.done = append(m.done, m.open)
	} else if n := len(m.done); n > 0 && m.open.Space {
		m.done[n-1].Space = true
	}
	m.text.Reset()
	m.open = Word{}
}

// Where a page draws its spaces, a gap between letters must be wide to be one too.
const (
	drawnSpaces = 0.06 // share of spaces among the glyphs of a page that draws them
	wideGap     = 0.45
	wordGap     = 0.17
)

func (m *wordMaker) gap() float64 {
	if float64(m.spaces) >= drawnSpaces*float64(m.glyphs) {
		return wideGap
	}
	return wordGap
}

// flat gives the words of the page's main direction, then those of the others.
func byAngle(words []Word) [][]Word {
	groups := map[int][]Word{}
	for _, w := range words {
		groups[w.angle] = append(groups[w.angle], w)
	}
	var list [][]Word
	for _, group := range groups {
		list = append(list, group)
	}
	sort.Slice(list, func(i, j int) bool {
		if len(list[i]) != len(list[j]) {
			return len(list[i]) > len(list[j])
		}
		return list[i][0].angle < list[j][0].angle
	})
	return list
}

// withoutDoubles drops a word that is drawn twice at one place, which makes it look bold
// or gives it a shadow.
func withoutDoubles(words []Word) []Word {
	const cell = 4
	type place struct {
		x, y int
		text string
	}
	seen := map[place][]Word{}
	kept := words[:0]
next:
	for _, w := range words {
		at := place{int(w.X0 / cell), int(w.Y / cell), w.Text}
		for dx := -1; dx <= 1; dx++ {
			for dy := -1; dy <= 1; dy++ {
				for _, other := range seen[place{at.x + dx, at.y + dy, w.Text}] {
					if math.Abs(other.X0-w.X0) < 0.15*w.Size && math.Abs(other.Y-w.Y) < 0.15*w.Size {
						continue next
					}
				}
			}
		}
		seen[at] = append(seen[at], w)
		kept = append(kept, w)
	}
	return kept
}

// medianSize is the size of most of the text.
func medianSize(words []Word) float64 {
	sizes := map[float64]int{}
	total := 0
	for _, w := range words {
		n := utf8.RuneCountInString(w.Text)
		sizes[math.Round(w.Size*10)/10] += n
		total += n
	}
	keys := make([]float64, 0, len(sizes))
	for size := range sizes {
		keys = append(keys, size)
	}
	sort.Float64s(keys)
	half := 0
	for _, size := range keys {
		if half += sizes[size]; 2*half >= total {
			return size
		}
	}
	return 10
}
