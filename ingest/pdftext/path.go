package pdftext

import "math"

// pathMaker gathers the straight thin lines among what is drawn.
type pathMaker struct {
	x, y, startX, startY float64
	pending              []rule // of the path that is being made
	curves               int
	rects                []rule // its rectangles, corners in order
}

// thin is the greatest width of a line, in points: producers draw borders as strokes, as
// rectangles that are filled, as polygons.
const thin = 2.5

func (p *pathMaker) operator(in *interpreter, op string, args []operand) {
	switch op {
	case "m":
		p.x, p.y = in.state.ctm.apply(numberAt(args, 0), numberAt(args, 1))
		p.startX, p.startY = p.x, p.y
	case "l":
		x, y := in.state.ctm.apply(numberAt(args, 0), numberAt(args, 1))
		p.segment(x, y)
	case "c", "v", "y":
		p.curves++
	case "h":
		p.segment(p.startX, p.startY)
	case "re":
		x, y, w, h := numberAt(args, 0), numberAt(args, 1), numberAt(args, 2), numberAt(args, 3)
		x0, y0 := in.state.ctm.apply(x, y)
		x1, y1 := in.state.ctm.apply(x+w, y+h)
		if len(p.rects) < maxRules {
			p.rects = append(p.rects, rule{math.Min(x0, x1), math.Min(y0, y1), math.Max(x0, x1), math.Max(y0, y1)})
		}
	case "S", "s", "B", "b", "B*", "b*":
		p.finish(in, true)
	case "f", "F", "f*":
		p.finish(in, false)
	case "n":
		p.pending, p.rects = p.pending[:0], p.rects[:0]
	}
}

func (p *pathMaker) segment(x, y float64) {
	if len(p.pending) < maxRules {
		p.pending = append(p.pending, rule{math.Min(p.x, x), math.Min(p.y, y), math.Max(p.x, x), math.Max(p.y, y)})
	}
	p.x, p.y = x, y
}

// finish takes the path's lines over: of rectangles that are only filled the thin ones.
func (p *pathMaker) finish(in *interpreter, stroked bool) {
	for _, r := range p.pending {
		in.keep(r)
	}
	for _, r := range p.rects {
		switch {
		case r.x1-r.x0 <= thin || r.y1-r.y0 <= thin:
			in.keep(r)
		case stroked:
			in.keep(rule{r.x0, r.y0, r.x1, r.y0})
			in.keep(rule{r.x0, r.y1, r.x1, r.y1})
			in.keep(rule{r.x0, r.y0, r.x0, r.y1})
			in.keep(rule{r.x1, r.y0, r.x1, r.y1})
		}
	}
	p.pending, p.rects = p.pending[:0], p.rects[:0]
}

// shortRule is too short for a border: a dash, a dot, a part of a drawn letter.
const shortRule = 4.0

func (in *interpreter) keep(r rule) {
	w, h := r.x1-r.x0, r.y1-r.y0
	if math.Min(w, h) <= thin && math.Max(w, h) >= shortRule && len(in.rules) < maxRules {
		in.rules = append(in.rules, r)
	}
}
