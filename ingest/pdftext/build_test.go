package pdftext

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// object is an object of a PDF that a test makes; a stream where it has content.
type object struct{ dict, stream string }

// write makes a file of objects, the first of which is the catalogue.
func write(objects []object) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n", i+1)
		if o.stream != "" {
			fmt.Fprintf(&b, "<< /Length %d %s >>\nstream\n%s\nendstream", len(o.stream), o.dict, o.stream)
		} else {
			fmt.Fprintf(&b, "<< %s >>", o.dict)
		}
		b.WriteString("\nendobj\n")
	}
	at := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, at)
	return b.Bytes()
}

// polishFont sets the Polish letters on codes that mean nothing else, as ToUnicode says;
// every letter is half as wide as high.
const (
	polishLetters = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ–„”§ﬁ"
	firstLetter   = 0x80
)

func toUnicode() string {
	var b strings.Builder
	b.WriteString("1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <20> <7e> <0020> endbfrange\n")
	letters := []rune(polishLetters)
	fmt.Fprintf(&b, "%d beginbfchar\n", len(letters))
	for i, r := range letters {
		fmt.Fprintf(&b, "<%02x> <%04x>\n", firstLetter+i, r)
	}
	b.WriteString("endbfchar")
	return b.String()
}

// show writes a text as a string of the font's codes.
func show(text string) string {
	var b strings.Builder
	for _, r := range text {
		if i := strings.IndexRune(polishLetters, r); i >= 0 {
			fmt.Fprintf(&b, "%02x", firstLetter+len([]rune(polishLetters[:i])))
			continue
		}
		fmt.Fprintf(&b, "%02x", r)
	}
	return "<" + b.String() + ">"
}

// at places a text of a size.
func at(x, y, size float64, text string) string {
	return fmt.Sprintf("BT /F1 %g Tf 1 0 0 1 %g %g Tm %s Tj ET\n", size, x, y, show(text))
}

// lines places texts one below another.
func lines(x, y, size float64, texts ...string) string {
	var b strings.Builder
	for i, text := range texts {
		b.WriteString(at(x, y-1.2*size*float64(i), size, text))
	}
	return b.String()
}

// book makes a file of pages by their programs; page is added to each page's dictionary.
// The font is object 3, page i is object 5+2i and its program the next one.
func book(page string, programs ...string) []byte {
	var kids strings.Builder
	var pages []object
	for i, program := range programs {
		fmt.Fprintf(&kids, "%d 0 R ", 5+2*i)
		pages = append(pages,
			object{dict: fmt.Sprintf("/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R %s", 6+2*i, page)},
			object{stream: program})
	}
	return write(append([]object{
		{dict: "/Type /Catalog /Pages 2 0 R"},
		{dict: fmt.Sprintf("/Type /Pages /Count %d /Kids [ %s ]", len(programs), kids.String())},
		{dict: "/Type /Font /Subtype /Type1 /BaseFont /Own /FirstChar 0 /LastChar 255 /Widths [" + strings.Repeat("500 ", 256) + "] /ToUnicode 4 0 R"},
		{stream: toUnicode()},
	}, pages...))
}

var testLimits = Limits{Pages: 50, Content: 1 << 20, Text: 1 << 20}

func extract(t *testing.T, data []byte) ([]Page, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.pdf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return Extract(path, testLimits)
}

// textOf reads a file that must be readable.
func textOf(t *testing.T, data []byte) (string, []Span) {
	t.Helper()
	pages, err := extract(t, data)
	if err != nil {
		t.Fatal(err)
	}
	return Compose(pages)
}
