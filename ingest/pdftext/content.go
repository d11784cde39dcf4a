package pdftext

import (
	"math"
	"strconv"

	"github.com/ledongthuc/pdf"
)

// matrix maps (x, y) to (a·x+c·y+e, b·x+d·y+f).
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

// times is the map that does m first and n then.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m.a*n.a + m.b*n.c, m.a*n.b + m.b*n.d,
		m.c*n.a + m.d*n.c, m.c*n.b + m.d*n.d,
		m.e*n.a + m.f*n.c + n.e, m.e*n.b + m.f*n.d + n.f,
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f
}

// graphics is the part of the graphics state that places text.
type graphics struct {
	ctm               matrix
	font              *font
	size              float64
	charSpace         float64
	wordSpace         float64
	scale, lead, rise float64
}

// rule is a drawn line, thin and straight, as borders of tables are.
type rule struct{ x0, y0, x1, y1 float64 }

// Bounds of what one page may make the interpreter do and hold.
const (
	maxFormDepth = 8
	maxForms     = 2000
	maxStates    = 256
	maxGlyphs    = 300_000
	maxRules     = 4000
)

// interpreter runs the content of one page.
type interpreter struct {
	fonts    *fontCache
	limit    int // bytes of a content stream
	state    graphics
	saved    []graphics
	text     matrix
	line     matrix
	words    wordMaker
	rules    []rule
	path     pathMaker
	images   float64 // area that images cover
	forms    int
	depth    int
	overflow bool // a bound was hit
}

// fontCache keeps the fonts of a document by the object they are.
type fontCache struct {
	byObject map[string]*font
	limit    int
}

func (c *fontCache) get(resources pdf.Value, name string) *font {
	dict := resources.Key("Font")
	key := reference(dict, name)
	if f := c.byObject[key]; f != nil && key != "" {
		return f
	}
	f, err := guarded(func() (*font, error) { return newFont(dict.Key(name), c.limit), nil })
	if err != nil {
		f = &font{glyphs: map[int]glyphInfo{}, missing: usualWidth, scale: 0.001}
	}
	if key != "" {
		c.byObject[key] = f
	}
	return f
}

// run interprets a program with its resources.
func (in *interpreter) run(data []byte, resources pdf.Value) {
	l := lexer{data: data}
	fonts := map[string]*font{}
	var args []operand
	for !in.overflow {
		token, ok := l.next()
		if !ok {
			return
		}
		if token.kind != kindOperator {
			if len(args) < maxItems {
				args = append(args, token)
			}
			continue
		}
		switch op := string(token.text); op {
		case "ID":
			l.skipImage()
		case "Tf":
			if name, size := nameAt(args, 0), numberAt(args, 1); len(args) >= 2 {
				if fonts[name] == nil {
					fonts[name] = in.fonts.get(resources, name)
				}
				in.state.font, in.state.size = fonts[name], size
			}
		case "Do":
			in.object(resources, nameAt(args, 0))
		default:
			if !in.textOperator(op, args) && !in.stateOperator(op, args) {
				in.path.operator(in, op, args)
			}
		}
		args = args[:0]
	}
}

func numberAt(args []operand, i int) float64 {
	if i < len(args) && args[i].kind == kindNumber && !math.IsInf(args[i].number, 0) {
		return args[i].number
	}
	return 0
}

func nameAt(args []operand, i int) string {
	if i < len(args) && args[i].kind == kindName {
		return unescapeName(args[i].text)
	}
	return ""
}

// unescapeName reads the "#20" of a name.
func unescapeName(text []byte) string {
	name := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] == '#' && i+2 < len(text) {
			if n, err := strconv.ParseUint(string(text[i+1:i+3]), 16, 8); err == nil {
				name = append(name, byte(n))
				i += 2
				continue
			}
		}
		name = append(name, text[i])
	}
	return string(name)
}

func matrixOf(args []operand) matrix {
	return matrix{numberAt(args, 0), numberAt(args, 1), numberAt(args, 2), numberAt(args, 3), numberAt(args, 4), numberAt(args, 5)}
}

func (in *interpreter) stateOperator(op string, args []operand) bool {
	switch op {
	case "q":
		if len(in.saved) < maxStates {
			in.saved = append(in.saved, in.state)
		}
	case "Q":
		if n := len(in.saved); n > 0 {
			in.state, in.saved = in.saved[n-1], in.saved[:n-1]
		}
	case "cm":
		in.state.ctm = matrixOf(args).times(in.state.ctm)
	default:
		return false
	}
	return true
}

// object draws a form, whose content is text like the page's, or counts an image.
func (in *interpreter) object(resources pdf.Value, name string) {
	v, err := guarded(func() (pdf.Value, error) { return resources.Key("XObject").Key(name), nil })
	if err != nil {
		return
	}
	switch v.Key("Subtype").Name() {
	case "Image":
		m := in.state.ctm
		in.images += math.Abs(m.a*m.d - m.b*m.c)
	case "Form":
		in.form(v, resources)
	}
}

func (in *interpreter) form(v, resources pdf.Value) {
	if in.depth >= maxFormDepth || in.forms >= maxForms {
		return
	}
	data, err := readStream(v, in.limit)
	if err != nil {
		return // a damaged form is an empty one; the page's own text counts
	}
	in.depth++
	in.forms++
	state, text, line, saved := in.state, in.text, in.line, len(in.saved)
	if m := v.Key("Matrix"); m.Len() == 6 {
		at := func(i int) float64 { return m.Index(i).Float64() }
		in.state.ctm = matrix{at(0), at(1), at(2), at(3), at(4), at(5)}.times(in.state.ctm)
	}
	if own := v.Key("Resources"); !own.IsNull() {
		resources = own
	}
	in.run(data, resources)
	in.state, in.text, in.line, in.saved = state, text, line, in.saved[:min(saved, len(in.saved))]
	in.depth--
}

func (in *interpreter) textOperator(op string, args []operand) bool {
	s := &in.state
	switch op {
	case "BT":
		in.text, in.line = identity, identity
	case "ET":
	case "Tc":
		s.charSpace = numberAt(args, 0)
	case "Tw":
		s.wordSpace = numberAt(args, 0)
	case "Tz":
		s.scale = numberAt(args, 0) / 100
	case "TL":
		s.lead = numberAt(args, 0)
	case "Ts":
		s.rise = numberAt(args, 0)
	case "Td":
		in.move(numberAt(args, 0), numberAt(args, 1))
	case "TD":
		s.lead = -numberAt(args, 1)
		in.move(numberAt(args, 0), numberAt(args, 1))
	case "Tm":
		in.line = matrixOf(args)
		in.text = in.line
	case "T*":
		in.move(0, -s.lead)
	case "Tj":
		in.showAll(args)
	case "TJ":
		in.showArray(args)
	case "'":
		in.move(0, -s.lead)
		in.showAll(args)
	case "\"":
		s.wordSpace, s.charSpace = numberAt(args, 0), numberAt(args, 1)
		in.move(0, -s.lead)
		in.showAll(args)
	default:
		return false
	}
	return true
}

func (in *interpreter) move(x, y float64) {
	in.line = matrix{1, 0, 0, 1, x, y}.times(in.line)
	in.text = in.line
}

func (in *interpreter) showAll(args []operand) {
	for _, a := range args {
		if a.kind == kindString {
			in.show(a.text)
		}
	}
}

func (in *interpreter) showArray(args []operand) {
	if len(args) == 0 {
		return
	}
	for _, item := range args[len(args)-1].items {
		switch item.kind {
		case kindString:
			in.show(item.text)
		case kindNumber:
			in.advance(-item.number / 1000 * in.state.size * in.state.scale)
		}
	}
}

func (in *interpreter) advance(x float64) {
	in.text.e += x * in.text.a
	in.text.f += x * in.text.b
}

func (in *interpreter) show(text []byte) {
	s := &in.state
	if s.font == nil {
		return
	}
	placed := in.text.times(s.ctm)
	for i := 0; i < len(text); {
		code, single := int(text[i]), !s.font.composite
		i++
		if !single && i < len(text) {
			code = code<<8 | int(text[i])
			i++
		}
		g := s.font.glyph(code)
		step := g.width*s.size + s.charSpace
		if single && code == ' ' {
			step += s.wordSpace
		}
		x, y := placed.apply(0, s.rise)
		if !in.words.glyph(g, x, y, g.width*s.size*s.scale, s.size, placed) {
			in.overflow = true
			return
		}
		step *= s.scale
		placed.e += step * placed.a
		placed.f += step * placed.b
		in.advance(step)
	}
}
