package ocr

import (
	"sort"
	"strconv"
	"strings"
	"unicode"

	"referent/ingest/pdftext"
)

// Levels of tesseract's table.
const (
	levelLine = 4
	levelWord = 5
)

// Columns of tesseract's table.
const (
	columnLevel = iota
	columnPage
	columnBlock
	columnParagraph
	columnLine
	columnWord
	columnLeft
	columnTop
	columnWidth
	columnHeight
	columnConfidence
	columnText
	columns
)

// doubtful is a confidence below which a sign without letters or digits is dirt.
const doubtful = 50

// Shares of the height of a line's box.
const (
	baseline = 0.22 // of what hangs below the baseline
	fontSize = 0.9
)

// words reads tesseract's table; height is the page's, in points.
func words(table string, dpi, height float64) []pdftext.Word {
	var list []pdftext.Word
	var top, tall float64 // of the line
	heights := map[string][]float64{}
	var paragraphs []string // of each word
	for row := range strings.Lines(table) {
		fields := strings.Split(strings.TrimRight(row, "\n"), "\t")
		if len(fields) < columns {
			continue
		}
		paragraph := strings.Join(fields[columnPage:columnLine], ".")
		number := func(column int) float64 { // the head of the table holds none: zero
			n, err := strconv.ParseFloat(fields[column], 64)
			if err != nil {
				return 0
			}
			return n
		}
		switch text := strings.TrimSpace(fields[columnText]); int(number(columnLevel)) {
		case levelLine:
			top, tall = number(columnTop)*72/dpi, number(columnHeight)*72/dpi
			heights[paragraph] = append(heights[paragraph], tall)
		case levelWord:
			if text == "" || number(columnConfidence) < doubtful && !legible(text) {
				continue
			}
			if text == "$" { // no sum in a Polish text is in front of its sign
				text = "§"
			}
			list = append(list, pdftext.Word{
				Text: text, Space: true,
				X0: number(columnLeft) * 72 / dpi, X1: (number(columnLeft) + number(columnWidth)) * 72 / dpi,
				Y: height - top - tall,
			})
			paragraphs = append(paragraphs, paragraph)
		}
	}
	for i := range list {
		h := median(heights[paragraphs[i]])
		list[i].Size = fontSize * h
		list[i].Y += baseline * h
	}
	return list
}

func legible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 10
	}
	sorted := append([]float64(nil), values...)
	sort.Float64s(sorted)
	return sorted[len(sorted)/2]
}
