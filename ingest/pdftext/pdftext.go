// Package pdftext reads the text of a PDF as a person would: words from the places of
// glyphs, lines, columns, rows of tables, then paragraphs over all pages without their
// running headers and footers. It stands on ledongthuc/pdf for the file's objects and on
// internal/polish for words; of ours it imports nothing else. What it reads may be
// hostile: call Extract in a child process.
package pdftext

import (
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/ledongthuc/pdf"
)

// Why a file gives no pages.
var (
	ErrDamaged      = errors.New("the file is damaged")
	ErrEncrypted    = errors.New("the file asks for a password or is encrypted in an unknown way")
	ErrTooManyPages = errors.New("the file has too many pages")
	ErrTooLarge     = errors.New("the file holds too much text")
)

// Limits bound what is read of a file.
type Limits struct {
	Pages   int // of the file
	Content int // bytes of a page's program
	Text    int // bytes of text
}

// Page is a page as it was read.
type Page struct {
	Number  int
	Width   float64
	Height  float64
	Lines   []Line  // in reading order
	Images  float64 // share of the page that images cover
	Curves  int     // drawn: letters may be among them
	Damaged bool    // a part of it, or all, could not be read
	OCR     bool    // the words were recognised in the page's image
}

// Text gives the page's lines, words that were parted at their ends made whole.
func (p Page) Text() string {
	var b strings.Builder
	for i, l := range p.Lines {
		if stem, parted := cutHyphen(l.Text); parted && i+1 < len(p.Lines) && startsLower(p.Lines[i+1].Text) {
			b.WriteString(stem)
			continue
		}
		b.WriteString(l.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

// Extract reads the pages of a file.
func Extract(path string, limits Limits) (pages []Page, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	reader, err := guarded(func() (*pdf.Reader, error) { return pdf.NewReader(file, info.Size()) })
	switch {
	case errors.Is(err, pdf.ErrInvalidPassword):
		return nil, fmt.Errorf("%w: %w", ErrEncrypted, err)
	case err != nil && strings.Contains(err.Error(), "encrypt"):
		return nil, fmt.Errorf("%w: %w", ErrEncrypted, err) // a way that the library does not know
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	root, err := guarded(func() (pdf.Value, error) { return reader.Trailer().Key("Root").Key("Pages"), nil })
	if err != nil {
		return nil, err
	}
	found, err := guarded(func() ([]leaf, error) { return leaves(root, limits.Pages) })
	if err != nil {
		return nil, err
	}
	return extractPages(found, limits)
}

func extractPages(found []leaf, limits Limits) ([]Page, error) {
	if len(found) == 0 || len(found) == 1 && found[0].dict.Kind() != pdf.Dict {
		return nil, fmt.Errorf("%w: no pages", ErrDamaged)
	}
	fonts := &fontCache{byObject: map[string]*font{}, limit: limits.Content}
	pages := make([]Page, 0, len(found))
	text, damaged := 0, 0
	for i, l := range found {
		page, err := l.read(fonts, limits.Content)
		if errors.Is(err, ErrTooLarge) {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
		page.Number, page.Damaged = i+1, err != nil
		if page.Damaged {
			damaged++
		}
		for _, line := range page.Lines {
			text += len(line.Text)
		}
		if text > limits.Text {
			return nil, fmt.Errorf("%d bytes by page %d: %w", text, i+1, ErrTooLarge)
		}
		pages = append(pages, page)
	}
	if damaged == len(pages) {
		return nil, fmt.Errorf("%w: no page can be read", ErrDamaged)
	}
	return pages, nil
}

// The page of a file that names no size: A4.
const (
	usualPageWidth  = 595.0
	usualPageHeight = 842.0
)

// upright gives the map that turns the page as it is shown and lays its corner at zero.
func (l leaf) upright() (m matrix, width, height float64) {
	at := func(i int) float64 { return l.box.Index(i).Float64() }
	x0, x1 := math.Min(at(0), at(2)), math.Max(at(0), at(2))
	y0, y1 := math.Min(at(1), at(3)), math.Max(at(1), at(3))
	if x1 <= x0 || y1 <= y0 {
		x0, y0, x1, y1 = 0, 0, usualPageWidth, usualPageHeight
	}
	width, height = x1-x0, y1-y0
	switch ((l.rotate % 360) + 360) % 360 {
	case 90:
		return matrix{0, -1, 1, 0, -y0, x1}, height, width
	case 180:
		return matrix{-1, 0, 0, -1, x1, y1}, width, height
	case 270:
		return matrix{0, 1, -1, 0, y1, -x0}, height, width
	}
	return matrix{1, 0, 0, 1, -x0, -y0}, width, height
}

// read interprets one page and lays out its words. A page that is damaged on the way
// keeps what came before.
func (l leaf) read(fonts *fontCache, limit int) (Page, error) {
	m, width, height := l.upright()
	page := Page{Width: width, Height: height}
	data, err := guarded(func() ([]byte, error) { return readContents(l.dict.Key("Contents"), limit) })
	if err != nil {
		return page, err
	}
	in := &interpreter{fonts: fonts, limit: limit, state: graphics{ctm: m, scale: 1}}
	_, err = guarded(func() (bool, error) { in.run(data, l.resources); return true, nil })
	if in.overflow {
		return page, ErrTooLarge
	}
	in.words.finish()
	repairEncoding(in.words.done)
	page.Curves = in.path.curves
	page.Images = math.Min(in.images/(width*height), 1)
	page.Lines = Arrange(in.words.done, in.rules, in.words.gap())
	return page, err
}

// Arrange lays words out as lines in reading order. A gap wider than its share of the
// size parts words that no drawn space parts.
func Arrange(words []Word, rules []rule, gap float64) []Line {
	var lines []Line
	for i, group := range byAngle(withoutDoubles(words)) {
		if i > 0 {
			rules = nil // they belong to the page's main direction
		}
		size := medianSize(group)
		tables, rest := findTables(rules, group)
		for _, r := range regions(region{words: rest, tables: tables}, size, 0, nil) {
			lines = append(lines, r.lines(gap)...)
		}
	}
	return lines
}
