package pdftext

import (
	"context"
	"fmt"
	"html"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

var (
	popplerPage = regexp.MustCompile(`<page width="([\d.]+)" height="([\d.]+)">`)
	popplerWord = regexp.MustCompile(`<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*)</word>`)
)

// ExtractWith reads a file with pdftotext, which gives words and their boxes: the last
// resort for a file that the library cannot read.
func ExtractWith(ctx context.Context, pdftotext, path string, limits Limits) ([]Page, error) {
	out, err := exec.CommandContext(ctx, pdftotext, "-bbox", "-l", strconv.Itoa(limits.Pages+1), path, "-").Output()
	if err != nil {
		return nil, fmt.Errorf("%w: pdftotext: %w", ErrDamaged, err)
	}
	if len(out) > limits.Content {
		return nil, ErrTooLarge
	}
	var pages []Page
	var words []Word
	finish := func() {
		if n := len(pages); n > 0 {
			repairEncoding(words)
			pages[n-1].Lines = Arrange(words, nil, wordGap)
		}
		words = nil
	}
	for line := range strings.Lines(string(out)) {
		if m := popplerPage.FindStringSubmatch(line); m != nil {
			finish()
			pages = append(pages, Page{Number: len(pages) + 1, Width: decimal(m[1]), Height: decimal(m[2])})
		} else if m := popplerWord.FindStringSubmatch(line); m != nil && len(pages) > 0 {
			words = append(words, popplerBox(m, pages[len(pages)-1].Height))
		}
	}
	finish()
	switch {
	case len(pages) > limits.Pages:
		return nil, ErrTooManyPages
	case len(pages) == 0:
		return nil, fmt.Errorf("%w: pdftotext finds no pages", ErrDamaged)
	}
	return pages, nil
}

func popplerBox(m []string, height float64) Word {
	const tall, below = 1.15, 0.2 // a box's height in sizes, and of what hangs below the baseline
	top, bottom := decimal(m[2]), decimal(m[4])
	return Word{
		Text: html.UnescapeString(m[5]), Space: true,
		X0: decimal(m[1]), X1: decimal(m[3]),
		Y: height - bottom + below*(bottom-top), Size: (bottom - top) / tall,
	}
}

// decimal reads what the expressions above have found to be a number.
func decimal(text string) float64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return n
}
