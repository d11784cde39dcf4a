package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"github.com/ledongthuc/pdf"

	"referent/internal/worker"
	"referent/rag"
)

// file gives a path to the source's bytes for the child process; what came over the
// network is written to a temporary file.
func (src source) file() (path string, cleanup func(), err error) {
	if src.path != "" {
		return src.path, func() {}, nil
	}
	file, err := os.CreateTemp("", "referent-*.pdf")
	if err != nil {
		return "", nil, err
	}
	// the file lies in the folder for temporary files: leaving it there is no failure
	cleanup = func() { _ = os.Remove(file.Name()) }
	_, err = file.Write(src.data)
	if err = errors.Join(err, file.Close()); err != nil {
		cleanup()
		return "", nil, err
	}
	return file.Name(), cleanup, nil
}

// extractPDF runs in the worker: it reads the lines of each page.
func extractPDF(request json.RawMessage) (result any, err error) {
	var req pdfRequest
	if err := json.Unmarshal(request, &req); err != nil {
		return nil, err
	}
	defer func() {
		// the library panics on damage that it meets while it reads lazily
		if p := recover(); p != nil {
			result, err = nil, taskError(rag.CodeFileDamaged, fmt.Sprint(p))
		}
	}()
	file, reader, err := pdf.Open(req.Path)
	if errors.Is(err, pdf.ErrInvalidPassword) {
		return nil, taskError(rag.CodeFileEncrypted, err.Error())
	}
	if err != nil {
		code := rag.CodeFileDamaged
		if strings.Contains(err.Error(), "encryption") {
			code = rag.CodeFileEncrypted // a way of encryption that the library does not know
		}
		return nil, taskError(code, err.Error())
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	count := reader.NumPage()
	if count > req.MaxPages {
		return nil, taskError(rag.CodeTooManyPages, fmt.Sprintf("%d pages", count))
	}
	if count <= 0 {
		return nil, taskError(rag.CodeFileDamaged, "no pages")
	}
	var response pdfResponse
	runes := 0
	for n := 1; n <= count; n++ {
		lines := pageLines(reader.Page(n))
		response.Pages = append(response.Pages, lines)
		for _, line := range lines {
			runes += len(line)
		}
		if runes > 4*rag.MaxTextRunes {
			return nil, taskError(rag.CodeFileTooLarge, fmt.Sprintf("%d bytes of text by page %d", runes, n))
		}
	}
	if runes == 0 {
		return nil, taskError(rag.CodeFileNoText, fmt.Sprintf("%d pages without text", count))
	}
	return response, nil
}

func taskError(code rag.Code, text string) error {
	return &worker.TaskError{Code: string(code), Text: text}
}

// Shares of a font's size: a gap wider than wordGap parts words, a step higher than
// lineStep ends a line.
const (
	wordGap  = 0.18
	lineStep = 0.5
)

// pageLines reads a page's glyphs in the order of the page's own program, which keeps
// columns apart. A damaged page is empty; the others count.
func pageLines(page pdf.Page) (lines []string) {
	defer func() {
		if p := recover(); p != nil {
			lines = nil
		}
	}()
	if page.V.IsNull() {
		return nil
	}
	var line strings.Builder
	var last pdf.Text
	flush := func() {
		if text := strings.TrimSpace(line.String()); text != "" {
			lines = append(lines, text)
		}
		line.Reset()
	}
	for _, glyph := range page.Content().Text {
		if glyph.S == "\n" || glyph.S == "\uFFFD" {
			continue // the library ends each string of a TJ so, whatever the font makes of it
		}
		size := math.Max(math.Abs(glyph.FontSize), 1)
		switch {
		case line.Len() == 0:
		case math.Abs(glyph.Y-last.Y) > lineStep*size && !raised(last, glyph):
			flush()
		case glyph.X < last.X-2*size:
			flush()
		case glyph.X-(last.X+last.W) > gapOf(last)*size && !strings.HasSuffix(line.String(), " "):
			line.WriteByte(' ')
		}
		if index(last, glyph) && endsInDigit(line.String()) {
			line.WriteByte('^')
		}
		line.WriteString(glyph.S)
		last = glyph
	}
	flush()
	return lines
}

// gapOf is the share of the font's size that parts a glyph from the next word. The library
// knows no widths of some composite fonts (Chromium's): there a word's own spaces must do.
func gapOf(glyph pdf.Text) float64 {
	if glyph.W == 0 {
		return 1.5
	}
	return wordGap
}

// index says whether a digit begins an index to the one before it: 39¹ is not 391.
func index(last, glyph pdf.Text) bool {
	return glyph.S != "" && glyph.S[0] >= '0' && glyph.S[0] <= '9' && glyph.FontSize < 0.8*last.FontSize && glyph.Y > last.Y
}

func endsInDigit(text string) bool {
	return text != "" && text[len(text)-1] >= '0' && text[len(text)-1] <= '9'
}

// raised says whether one of two neighbours is an index or a footnote's mark of the other.
func raised(a, b pdf.Text) bool {
	small, large := math.Min(a.FontSize, b.FontSize), math.Max(a.FontSize, b.FontSize)
	return small < 0.8*large && math.Abs(a.Y-b.Y) < 0.6*large && math.Abs(b.X-(a.X+a.W)) < large
}
