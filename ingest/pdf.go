package ingest

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"referent/internal/worker"
	"referent/rag"
)

// pdfTask is the name of the worker's task that reads PDF.
const pdfTask = "pdf"

// limitsFor bounds the child that reads a PDF: small files that take long are hostile.
func limitsFor(size int) worker.Limits {
	const megabyte = 1 << 20
	return worker.Limits{
		Time:   min(10*time.Second+time.Duration(size/megabyte)*10*time.Second, 3*time.Minute),
		Memory: worker.DefaultMemory,
		Output: 8 * rag.MaxTextRunes,
	}
}

// WorkerTasks are the tasks that main must register with worker.Main.
func WorkerTasks() worker.Registry {
	return worker.Registry{pdfTask: extractPDF, officeTask: extractOffice, mailTask: extractMail}
}

type pdfRequest struct {
	Path     string `json:"path"`
	MaxPages int    `json:"max_pages"`
}

type pdfResponse struct {
	Pages [][]string `json:"pages"` // lines of each page
}

// readPDF reads a PDF in a child process and joins its lines to paragraphs.
func readPDF(ctx context.Context, src source, limits worker.Limits) (layout, error) {
	if limits == (worker.Limits{}) {
		limits = limitsFor(len(src.data))
	}
	path, cleanup, err := src.file()
	if err != nil {
		return layout{}, &rag.Error{Code: rag.CodeInternal, Subject: src.name, Err: err}
	}
	defer cleanup()
	var response pdfResponse
	if err := worker.Call(ctx, pdfTask, limits, pdfRequest{Path: path, MaxPages: rag.MaxPages}, &response); err != nil {
		return layout{}, pdfError(src.name, limits, err)
	}
	return layPages(response), nil
}

func pdfError(name string, limits worker.Limits, err error) error {
	e := &rag.Error{Subject: name, Err: err}
	var said *worker.TaskError
	switch {
	case errors.Is(err, worker.ErrTime):
		e.Code, e.Limit = rag.CodeReaderTimeout, int(limits.Time.Seconds())
	case errors.Is(err, worker.ErrMemory):
		e.Code, e.Limit = rag.CodeReaderMemory, int(limits.Memory>>20)
	case errors.Is(err, worker.ErrOutput):
		e.Code, e.Limit = rag.CodeFileTooLarge, rag.MaxTextRunes>>20
	case errors.As(err, &said):
		e.Code = rag.Code(said.Code)
		switch e.Code {
		case rag.CodeTooManyPages:
			e.Limit = rag.MaxPages
		case rag.CodeFileEncrypted, rag.CodeFileNoText, rag.CodeFileTooLarge:
		default:
			e.Code = rag.CodeFileDamaged
		}
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		e.Code = rag.CodeCancelled
	default:
		e.Code = rag.CodeFileDamaged
	}
	return e
}

// layPages makes one text of the lines of all pages, without what every page repeats.
func layPages(response pdfResponse) layout {
	var l layout
	repeated := repeatedLines(response.Pages)
	var p paragraphs
	for i, lines := range response.Pages {
		start := p.done.Len()
		for n, line := range lines {
			if !edge(n, len(lines)) || !repeated[digitless(line)] {
				p.add(footnoteMark.ReplaceAllString(cleanText(strings.TrimSpace(line)), ""))
			}
		}
		p.end()
		l.pages = append(l.pages, pageSpan{number: i + 1, start: start, end: p.done.Len()})
	}
	l.text = p.done.String()
	return l
}

var (
	opensLine  = regexp.MustCompile(`^(?:Art\.|U S T A W A|§ ?\d|\d+[a-z]{0,3}[.)]\s|[a-zł]{1,2}\)\s|[-–•]\s|\(\d|\p{Lu}{4}|Rozdział|Oddział|Dział|Załącznik|Tytuł|Księga)`)
	closesLine = regexp.MustCompile(`[.:;?!]$`)
	hyphenated = regexp.MustCompile(`\p{Ll}-$`)
	// a footnote's mark on a number: "pkt 2¹⁾" is pkt 2
	footnoteMark = regexp.MustCompile(`\^\d{1,2}\)`)
	capitals     = regexp.MustCompile(`^[\p{Lu}\d\s.,"„”–-]+$`)
)

// paragraphs joins lines: a unit's mark or the end of a sentence parts them.
// Only the last line is looked at again: a page may hold hundred thousands of them.
type paragraphs struct {
	done    bytes.Buffer
	last    string // line of the open paragraph, "" when none is open
	heading bool   // the open paragraph is in capitals alone
	runes   int    // of the open paragraph
}

func (p *paragraphs) add(line string) {
	switch {
	case line == "":
		p.end()
		return
	case p.last == "":
	case hyphenated.MatchString(p.last) && line[0] >= 'a':
		p.done.Truncate(p.done.Len() - len("-"))
	case opensLine.MatchString(line), closesLine.MatchString(p.last), p.heading && p.runes >= fewCapitals:
		p.end()
	default:
		p.done.WriteByte(' ')
	}
	p.heading = (p.last == "" || p.heading) && capitals.MatchString(line)
	p.runes += utf8.RuneCountInString(line)
	p.last = line
	p.done.WriteString(line)
}

// fewCapitals are an abbreviation, no heading.
const fewCapitals = 4

func (p *paragraphs) end() {
	if p.last != "" {
		p.done.WriteByte('\n')
	}
	p.last, p.runes = "", 0
}

// edgeLines of a page, at its top and bottom, may be a running header or footer.
const edgeLines = 3

func edge(n, of int) bool { return n < edgeLines || n >= of-edgeLines }

var digits = regexp.MustCompile(`\d+`)

func digitless(line string) string { return digits.ReplaceAllString(strings.TrimSpace(line), "#") }

// repeatedLines finds lines at the edges of pages that most pages share but for numbers.
func repeatedLines(pages [][]string) map[string]bool {
	const fewPages = 3
	counts := map[string]int{}
	for _, lines := range pages {
		seen := map[string]bool{}
		for n, line := range lines {
			if !edge(n, len(lines)) {
				continue
			}
			if key := digitless(line); key != "" && !seen[key] {
				seen[key] = true
				counts[key]++
			}
		}
	}
	repeated := map[string]bool{}
	for key, n := range counts {
		repeated[key] = len(pages) >= fewPages && 2*n > len(pages)
	}
	return repeated
}
