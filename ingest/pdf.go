package ingest

import (
	"context"
	"errors"
	"os/exec"
	"time"

	"referent/ingest/pdftext"
	"referent/internal/worker"
	"referent/rag"
)

// limitsFor bounds the children that read a PDF: small files that take long are hostile,
// but a sound one of 60 pages took 10 seconds on a machine with twenty times its load.
func limitsFor(size int) worker.Limits {
	const megabyte = 1 << 20
	return worker.Limits{
		Time:   min(30*time.Second+time.Duration(size/megabyte)*10*time.Second, 3*time.Minute),
		Memory: worker.DefaultMemory,
		Output: 8 * rag.MaxTextRunes,
	}
}

// WorkerTasks are the tasks that main must register with worker.Main.
func WorkerTasks() worker.Registry {
	return worker.Registry{pdfTask: extractPDF, ocrTask: recognise, officeTask: extractOffice, mailTask: extractMail}
}

// readPDF reads a PDF in child processes: its text, then the images of pages whose text is
// missing or broken.
func readPDF(ctx context.Context, src source, limits worker.Limits) (layout, error) {
	if limits == (worker.Limits{}) {
		limits = limitsFor(len(src.data))
	}
	path, cleanup, err := src.file()
	if err != nil {
		return layout{}, &rag.Error{Code: rag.CodeInternal, Subject: src.name, Err: err}
	}
	defer cleanup()
	pages, err := pdfPages(ctx, path, limits)
	if err != nil {
		return layout{}, pdfError(src.name, limits, err)
	}
	late, err := readImages(ctx, path, pages)
	if err != nil {
		return layout{}, pdfError(src.name, limits, err)
	}
	return layPages(src.name, pages, late), nil
}

// pdfPages reads the pages in the first way that can. All ways share the time limit; what
// the first one says of the file counts when none can.
func pdfPages(ctx context.Context, path string, limits worker.Limits) ([]pdftext.Page, error) {
	ways := []pdfRequest{{Path: path, Way: wayPlain}, {Path: path, Way: wayRepair}}
	if program, err := exec.LookPath("pdftotext"); err == nil {
		ways = append(ways, pdfRequest{Path: path, Way: wayPoppler, Program: program})
	}
	end := time.Now().Add(limits.Time)
	var best []pdftext.Page
	var first error
	for i, way := range ways {
		// a way that hangs leaves the others their part of the time
		limits.Time = time.Until(end) / time.Duration(min(len(ways)-i, 2))
		var pages []pdftext.Page
		err := worker.Call(ctx, pdfTask, limits, way, &pages)
		switch {
		case err == nil && best == nil && (first == nil || hasWords(pages)):
			best = pages
		case err == nil && best == nil: // what it reads of a broken file is nothing
			continue
		case err == nil:
			mend(best, pages)
		case first == nil:
			first = err
		}
		if err == nil && !anyDamaged(best) || err != nil && final(ctx, err) {
			break
		}
	}
	if best == nil {
		return nil, first
	}
	return best, nil
}

// final tells failures that no other way mends.
func final(ctx context.Context, err error) bool {
	var said *worker.TaskError
	return ctx.Err() != nil || errors.Is(err, worker.ErrOutput) ||
		errors.As(err, &said) && (said.Code == string(rag.CodeTooManyPages) || said.Code == string(rag.CodeFileTooLarge))
}

func hasWords(pages []pdftext.Page) bool {
	for _, p := range pages {
		if p.Words() > 0 || p.Images > 0 {
			return true
		}
	}
	return false
}

func anyDamaged(pages []pdftext.Page) bool {
	for _, p := range pages {
		if p.Damaged {
			return true
		}
	}
	return false
}

// mend replaces damaged pages by those that another way could read.
func mend(pages, others []pdftext.Page) {
	if len(pages) != len(others) {
		return
	}
	for i := range pages {
		if pages[i].Damaged && (!others[i].Damaged || others[i].Words() > pages[i].Words()) {
			pages[i] = others[i]
		}
	}
}

func pdfError(name string, limits worker.Limits, err error) error {
	var e *rag.Error
	if err = childError(name, limits, err); errors.As(err, &e) && e.Code == rag.CodeTooManyPages {
		e.Limit = rag.MaxPages
	}
	return err
}
