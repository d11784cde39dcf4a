package ingest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"time"

	"referent/ingest/ocr"
	"referent/ingest/pdftext"
	"referent/internal/polish"
	"referent/internal/worker"
	"referent/rag"
)

// ocrLimits bound the child that reads the image of a page, which takes two seconds where
// nothing runs beside.
var ocrLimits = worker.Limits{Time: 3 * time.Minute, Memory: worker.DefaultMemory, Output: 64 << 20}

// cores are taken by the pages that are being recognised, one each, whatever document
// they are of.
var cores = make(chan struct{}, runtime.NumCPU())

// betterBy is how much greater the share of known words must be for an image to be
// believed more than the text.
const betterBy = 0.02

// readImages recognises the pages whose text is missing or broken, where the programs for
// it are there, and takes what it finds when more words of it are known. It says which pages
// were given up for the time they took, by their place.
func readImages(ctx context.Context, path string, pages []pdftext.Page) (late []bool, err error) {
	late = make([]bool, len(pages))
	var wanted []int
	for i, p := range pages {
		if p.Scanned() || p.Doubtful() && language(p.Text()) != "en" {
			wanted = append(wanted, i)
		}
	}
	if len(wanted) == 0 {
		return late, nil
	}
	tools, _ := ocr.Find(ctx)
	if tools == (ocr.Tools{}) {
		return late, ctx.Err()
	}
	var group sync.WaitGroup
	for _, i := range wanted {
		select {
		case <-ctx.Done():
		case cores <- struct{}{}:
			group.Go(func() {
				defer func() { <-cores }()
				late[i] = errors.Is(readImage(ctx, path, tools, &pages[i]), worker.ErrTime)
			})
		}
	}
	group.Wait()
	return late, ctx.Err()
}

// readImage recognises one page. One that cannot be stays as it is, and is counted as
// unread when it has no text.
func readImage(ctx context.Context, path string, tools ocr.Tools, page *pdftext.Page) error {
	var seen pdftext.Page
	request := ocrRequest{Path: path, Page: page.Number, Width: page.Width, Height: page.Height, Tools: tools}
	if err := worker.Call(ctx, ocrTask, ocrLimits, request, &seen); err != nil {
		return err
	}
	if page.Scanned() && seen.Words() >= page.Words() || seen.Quality() >= page.Quality()+betterBy {
		*page = seen
	}
	return nil
}

// layPages makes one text of all pages and says which were not read; the late ones were given up.
func layPages(name string, pages []pdftext.Page, late []bool) layout {
	for i := range pages {
		for j := range pages[i].Lines {
			line := &pages[i].Lines[j]
			line.Text = strings.Join(strings.Fields(cleanText(line.Text)), " ")
		}
	}
	text, spans := pdftext.Compose(pages)
	l := layout{text: text}
	var unread, gaveUp []int
	for i, s := range spans {
		p := pages[i]
		page := pageSpan{number: s.Number, label: s.Label, start: s.Start, end: s.End, quality: polish.KnownShare(text[s.Start:s.End]), ocr: p.OCR, unread: !p.OCR && p.Scanned()}
		switch {
		case page.unread && late[i]:
			page.quality = -1
			gaveUp = append(gaveUp, page.number)
		case page.unread:
			page.quality = -1
			unread = append(unread, page.number)
		case p.Words() == 0:
			page.quality = 1
		}
		l.pages = append(l.pages, page)
	}
	if len(gaveUp) > 0 {
		l.remarks = append(l.remarks, &rag.Error{Code: rag.CodeOCRTimeout, Subject: name, Limit: int(ocrLimits.Time.Seconds()), Err: pageNumbers(ranges(gaveUp))})
	}
	if len(unread) > 0 {
		l.remarks = append(l.remarks, &rag.Error{Code: rag.CodePagesUnread, Subject: name, Limit: len(unread), Err: pageNumbers(ranges(unread))})
	}
	return l
}

// pageNumbers are a cause that reads the same in every language.
type pageNumbers string

// Error gives the numbers: "1-3, 7".
func (n pageNumbers) Error() string { return string(n) }

// Fact says so to the catalogue.
func (n pageNumbers) Fact() string { return string(n) }

// ranges writes ascending numbers: "1-3, 7".
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		part := fmt.Sprint(numbers[i])
		if j > i {
			part += "-" + fmt.Sprint(numbers[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// unread says whether a page of the source was not read.
func (l layout) unread() bool {
	for _, p := range l.pages {
		if p.unread {
			return true
		}
	}
	return false
}
