package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"referent/ingest/pdftext"
	"referent/rag"
)

func TestOneRefusedFileDoesNotEndTheRun(t *testing.T) {
	lib := newLibrary()
	lib.refused = "2.md"
	const note = "# Notatka\n\nTreść notatki."
	dir := folder(t, map[string]string{"1.md": note, "2.md": note, "3.md": note})
	var rec recorder
	summary, err := Pipeline{Store: lib, Vectors: lib}.Run(t.Context(), []Item{{Path: dir}}, rec.report)
	if err != nil || summary.Stored != 2 || summary.Problems != 1 {
		t.Errorf("%v, %+v", err, summary)
	}
	if code := rec.problems()["2.md"]; code != rag.CodeInternal {
		t.Errorf("problems %v", rec.problems())
	}
	lib.broken = true
	if _, err := (Pipeline{Store: lib, Vectors: lib}).Run(t.Context(), []Item{{Path: dir, Again: true}}, rec.report); !errors.Is(err, &rag.Error{Code: rag.CodeInternal}) {
		t.Errorf("a broken library gave %v", err)
	}
}

func TestOnlyTheRunIsCancelledByAPerson(t *testing.T) {
	var rec recorder
	r := &run{report: rec.report}
	own := &rag.Error{Code: rag.CodeCancelled, Subject: "a.pdf", Err: context.DeadlineExceeded}
	if err := r.problemOrStop(t.Context(), "a.pdf", own); err != nil || r.summary.Problems != 1 {
		t.Errorf("a source that was broken off by itself ended the run: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.problemOrStop(ctx, "a.pdf", own); !errors.Is(err, own) {
		t.Errorf("a cancelled run went on: %v", err)
	}
}

func TestPanicOfAReaderIsAFailureOfItsFile(t *testing.T) {
	// a message whose header was never read
	_, err := Reader{}.read(t.Context(), source{name: "list.eml", kind: kindEML})
	if !errors.Is(err, &rag.Error{Code: rag.CodeInternal}) || !strings.Contains(err.Error(), "panicked") {
		t.Errorf("%v", err)
	}
}

// scanned is a page of which nothing but its image is known.
func scanned(number int) pdftext.Page {
	return pdftext.Page{Number: number, Width: 595, Height: 842, Images: 1}
}

func TestLatePagesAreNotBlamedOnTheirImages(t *testing.T) {
	l := layPages("skan.pdf", []pdftext.Page{scanned(1), scanned(2), scanned(3)}, []bool{true, true, false})
	if len(l.remarks) != 2 || l.remarks[0].Code != rag.CodeOCRTimeout || l.remarks[0].Limit != int(ocrLimits.Time.Seconds()) || l.remarks[0].Err.Error() != "1-2" || l.remarks[1].Code != rag.CodePagesUnread {
		t.Fatalf("remarks %v", l.remarks)
	}
}

// A scan of which no page was read once became a document that the library refuses.
func TestScanWithoutOCRIsKeptAndReported(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	file, err := os.Create(filepath.Join(t.TempDir(), "skan.pdf"))
	if err != nil {
		t.Fatal(err)
	}
	for i, object := range []string{
		"", "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 2 /Kids [ 3 0 R 4 0 R ] >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 6 0 R >> >> /Contents 5 0 R >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 6 0 R >> >> /Contents 5 0 R >>",
		"<< /Length 25 >>\nstream\n595 0 0 842 0 0 cm /I Do  \nendstream",
		"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray /Length 1 >>\nstream\nx\nendstream",
	} {
		if i == 0 {
			fmt.Fprint(file, "%PDF-1.4\n")
			continue
		}
		fmt.Fprintf(file, "%d 0 obj\n%s\nendobj\n", i, object)
	}
	fmt.Fprint(file, "trailer << /Root 1 0 R /Size 7 >>\n")
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	doc, err := Reader{}.Read(t.Context(), file.Name())
	if err != nil || len(doc.Passages) == 0 || len(doc.Remarks) != 1 || doc.Remarks[0].Code != rag.CodePagesUnread {
		t.Errorf("%v, %d passages, remarks %v", err, len(doc.Passages), doc.Remarks)
	}
}
