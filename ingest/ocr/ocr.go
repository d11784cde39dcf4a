// Package ocr reads the words in the image of a PDF's page: pdftoppm draws it, tesseract
// reads it. Both are programs of others that may be missing; of ours it imports
// ingest/pdftext, which lays the words out. Call Page in a child process: the programs
// inherit its limits and die with it.
package ocr

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"referent/ingest/pdftext"
)

// Tools are the paths of the programs; the zero Tools read nothing.
type Tools struct {
	Tesseract string
	Pdftoppm  string
}

// language is tesseract's name of Polish.
const language = "pol"

// Packages of Debian that hold the programs.
const (
	packageTesseract = "tesseract-ocr"
	packagePolish    = "tesseract-ocr-pol"
	packagePoppler   = "poppler-utils"
)

// Find looks for the programs and the data of Polish; missing names the packages that
// bring what is not there. Tools of which one is missing are zero.
func Find(ctx context.Context) (tools Tools, missing []string) {
	tools = Tools{Tesseract: look("tesseract"), Pdftoppm: look("pdftoppm")}
	complete := tools.Pdftoppm != ""
	switch {
	case tools.Tesseract == "":
		missing, complete = append(missing, packageTesseract, packagePolish), false
	case !speaks(ctx, tools.Tesseract, language):
		missing, complete = append(missing, packagePolish), false
	}
	if tools.Pdftoppm == "" || look("pdftotext") == "" {
		missing = append(missing, packagePoppler)
	}
	if !complete {
		tools = Tools{}
	}
	return tools, missing
}

// look gives the path of a program, "" when there is none.
func look(program string) string {
	path, err := exec.LookPath(program)
	if err != nil {
		return ""
	}
	return path
}

func speaks(ctx context.Context, tesseract, language string) bool {
	out, err := exec.CommandContext(ctx, tesseract, "--list-langs").CombinedOutput()
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(out)) {
		if strings.TrimSpace(line) == language {
			return true
		}
	}
	return false
}

// Resolution of the images, in dots per inch, and the longest side that is drawn: a page
// may claim to be a hall wide.
const (
	resolution = 200
	maxPixels  = 6000
	pointsInch = 72.0
)

// Page reads a page of a file, of the size in points that the page states.
func (t Tools) Page(ctx context.Context, path string, number int, width, height float64) (pdftext.Page, error) {
	page := pdftext.Page{Number: number, Width: width, Height: height, OCR: true}
	dpi := float64(resolution)
	if side := max(width, height) / pointsInch * dpi; side > maxPixels {
		dpi *= maxPixels / side
	}
	n := fmt.Sprint(number)
	image, err := run(ctx, nil, t.Pdftoppm, "-r", fmt.Sprint(int(dpi)), "-gray", "-f", n, "-l", n, path)
	if err != nil {
		return page, err
	}
	// one thread: a process a core reads more pages than a process on all
	table, err := run(ctx, image, t.Tesseract, "stdin", "stdout", "-l", language, "--oem", "1", "--dpi", fmt.Sprint(int(dpi)), "tsv")
	if err != nil {
		return page, err
	}
	page.Lines = pdftext.Arrange(words(string(table), float64(int(dpi)), height), nil, 0)
	return page, nil
}

func run(ctx context.Context, input []byte, program string, arguments ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, arguments...)
	cmd.Env = append(os.Environ(), "OMP_THREAD_LIMIT=1")
	cmd.Stdin = bytes.NewReader(input)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n")
		return nil, fmt.Errorf("%s: %w: %s", program, err, line)
	}
	return out, nil
}
