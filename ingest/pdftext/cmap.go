package pdftext

import "unicode/utf16"

// cmap leads from character codes to text, as a font's ToUnicode stream says.
type cmap struct {
	single map[int]string
	ranges []codeRange
}

type codeRange struct {
	low, high int
	first     []uint16 // of the code low; the last unit grows with the code
	each      []string // or the text of each code
}

// parseCMap reads the mappings of a ToUnicode stream; what it does not know it passes over.
func parseCMap(data []byte) *cmap {
	m := &cmap{single: map[int]string{}}
	l := lexer{data: data}
	var stack []operand
	for {
		token, ok := l.next()
		if !ok {
			return m
		}
		if token.kind != kindOperator {
			if token.kind == kindArray { // the lexer uses its items again
				token.items = append([]operand(nil), token.items...)
			}
			if len(stack) < maxItems {
				stack = append(stack, token)
			}
			continue
		}
		switch string(token.text) {
		case "endbfchar":
			for i := 0; i+1 < len(stack); i += 2 {
				m.single[code(stack[i].text)] = utf16Text(units(stack[i+1].text))
			}
		case "endbfrange":
			for i := 0; i+2 < len(stack); i += 3 {
				m.ranges = append(m.ranges, newRange(stack[i], stack[i+1], stack[i+2]))
			}
		}
		stack = stack[:0]
	}
}

func newRange(low, high, to operand) codeRange {
	r := codeRange{low: code(low.text), high: code(high.text)}
	if to.kind != kindArray {
		r.first = units(to.text)
		return r
	}
	for _, item := range to.items {
		r.each = append(r.each, utf16Text(units(item.text)))
	}
	return r
}

// lookup gives the text of a code, "" when there is none.
func (m *cmap) lookup(code int) string {
	if text, ok := m.single[code]; ok {
		return text
	}
	for _, r := range m.ranges {
		if code < r.low || code > r.high {
			continue
		}
		if offset := code - r.low; offset < len(r.each) {
			return r.each[offset]
		} else if n := len(r.first); n > 0 {
			grown := append([]uint16(nil), r.first...)
			grown[n-1] += uint16(offset)
			return utf16Text(grown)
		}
	}
	return ""
}

func code(text []byte) int {
	n := 0
	for _, b := range text[:min(len(text), 4)] {
		n = n<<8 | int(b)
	}
	return n
}

// units reads big-endian UTF-16; some producers write one byte where two belong.
func units(text []byte) []uint16 {
	if len(text) == 1 {
		return []uint16{uint16(text[0])}
	}
	list := make([]uint16, 0, len(text)/2)
	for i := 0; i+1 < len(text); i += 2 {
		list = append(list, uint16(text[i])<<8|uint16(text[i+1]))
	}
	return list
}

func utf16Text(list []uint16) string { return string(utf16.Decode(list)) }
