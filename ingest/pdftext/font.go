package pdftext

import (
	"strconv"
	"strings"

	"github.com/ledongthuc/pdf"
	"golang.org/x/text/encoding/charmap"
)

// font leads from the codes of a string to text and widths.
type font struct {
	composite bool // codes of two bytes
	glyphs    map[int]glyphInfo
	toUnicode *cmap
	simple    [256]string     // text by the font's encoding, for codes of one byte
	widths    map[int]float64 // in thousandths of the size
	missing   float64         // width of a code without one
	scale     float64         // of a width: 1/1000 but for Type 3
}

// glyphInfo is what a code stands for, kept since the look-up is long.
type glyphInfo struct {
	text  string
	width float64 // share of the size
	space bool
}

// usualWidth of a letter: what is taken of a font that names no widths (one of the
// fourteen that every reader has).
const usualWidth = 520

func newFont(v pdf.Value, limit int) *font {
	f := &font{glyphs: map[int]glyphInfo{}, widths: map[int]float64{}, missing: usualWidth, scale: 0.001}
	if stream := v.Key("ToUnicode"); stream.Kind() == pdf.Stream {
		if data, err := readStream(stream, limit); err == nil {
			f.toUnicode = parseCMap(data)
		}
	}
	if v.Key("Subtype").Name() == "Type0" {
		f.composite = true
		f.compositeWidths(v.Key("DescendantFonts").Index(0))
		return f
	}
	f.simpleWidths(v)
	f.simpleTexts(v)
	return f
}

func (f *font) simpleWidths(v pdf.Value) {
	if v.Key("Subtype").Name() == "Type3" {
		if s := v.Key("FontMatrix").Index(0).Float64(); s > 0 {
			f.scale = s
		}
	}
	list := v.Key("Widths")
	if list.Len() > 0 {
		f.missing = v.Key("FontDescriptor").Key("MissingWidth").Float64()
	}
	first := int(v.Key("FirstChar").Int64())
	for i := range min(list.Len(), 256) {
		f.widths[first+i] = list.Index(i).Float64()
	}
}

// compositeWidths reads the array W: "c [w1 w2 …]" or "first last w".
func (f *font) compositeWidths(descendant pdf.Value) {
	f.missing = 1000
	if v := descendant.Key("DW"); !v.IsNull() {
		f.missing = v.Float64()
	}
	list := descendant.Key("W")
	for i := 0; i+1 < list.Len(); {
		first := int(list.Index(i).Int64())
		if next := list.Index(i + 1); next.Kind() == pdf.Array {
			for j := range next.Len() {
				f.widths[first+j] = next.Index(j).Float64()
			}
			i += 2
			continue
		}
		last, width := int(list.Index(i+1).Int64()), list.Index(i+2).Float64()
		for c := first; c <= min(last, 0xFFFF); c++ {
			f.widths[c] = width
		}
		i += 3
	}
}

// standardCodes are the codes of StandardEncoding that differ from Windows-1252 and that
// a text may hold.
var standardCodes = map[int]string{
	0x27: "’", 0x60: "‘", 0xA7: "§", 0xAA: "“", 0xAB: "«", 0xAC: "‹", 0xAD: "›", 0xAE: "fi", 0xAF: "fl", 0xB1: "–",
	0xB7: "•", 0xB9: "„", 0xBA: "”", 0xBB: "»", 0xBC: "…", 0xD0: "—", 0xE8: "Ł", 0xF5: "ı", 0xF8: "ł",
}

func (f *font) simpleTexts(v pdf.Value) {
	encoding := v.Key("Encoding")
	base := encoding.Name()
	if encoding.Kind() == pdf.Dict {
		base = encoding.Key("BaseEncoding").Name()
	}
	for c := range f.simple {
		f.simple[c] = baseText(base, c)
	}
	differences := encoding.Key("Differences")
	if differences.Len() == 0 {
		return
	}
	// the library knows the names of glyphs but tells them only through its decoder
	decoder := (&pdf.Font{V: v}).Encoder()
	at := 0
	for i := range differences.Len() {
		item := differences.Index(i)
		if item.Kind() != pdf.Name {
			at = int(item.Int64())
			continue
		}
		if at >= 0 && at < len(f.simple) {
			f.simple[at] = glyphText(item.Name(), decoder, at)
		}
		at++
	}
}

func baseText(encoding string, c int) string {
	switch encoding {
	case "MacRomanEncoding":
		return string(charmap.Macintosh.DecodeByte(byte(c)))
	case "WinAnsiEncoding":
	default:
		if text, ok := standardCodes[c]; ok {
			return text
		}
	}
	return string(charmap.Windows1252.DecodeByte(byte(c)))
}

func glyphText(name string, decoder pdf.TextEncoding, c int) string {
	for _, prefix := range []string{"uni", "u"} {
		if digits, ok := strings.CutPrefix(name, prefix); ok && len(digits) >= 4 {
			if n, err := strconv.ParseUint(digits[:min(len(digits), 6)], 16, 32); err == nil {
				return string(rune(n))
			}
		}
	}
	if name == ".notdef" {
		return ""
	}
	return decoder.Decode(string([]byte{byte(c)}))
}

// glyph gives what a code stands for.
func (f *font) glyph(code int) glyphInfo {
	if g, ok := f.glyphs[code]; ok {
		return g
	}
	var g glyphInfo
	if f.toUnicode != nil {
		g.text = f.toUnicode.lookup(code)
	}
	if g.text == "" || g.text == "\x00" {
		switch {
		case !f.composite:
			g.text = f.simple[code&0xFF]
		case code != 0:
			g.text = "\uFFFD" // a glyph's number says nothing of its meaning
		}
	}
	g.text = ligatures.Replace(g.text)
	g.space = g.text != "" && strings.TrimFunc(g.text, blank) == ""
	width, ok := f.widths[code]
	if !ok {
		width = f.missing
	}
	g.width = width * f.scale
	f.glyphs[code] = g
	return g
}

func blank(r rune) bool {
	return r <= ' ' || r == '\u00a0' || r >= '\u2000' && r <= '\u200b' || r == '\u202f'
}

var ligatures = strings.NewReplacer("ﬀ", "ff", "ﬁ", "fi", "ﬂ", "fl", "ﬃ", "ffi", "ﬄ", "ffl", "ﬅ", "st", "ﬆ", "st")
