package ingest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"referent/ingest/ocr"
	"referent/rag"
)

// scan makes a PDF whose page is an image.
func scan(t *testing.T) string {
	t.Helper()
	const program = "q 500 0 0 700 40 60 cm /Im Do Q"
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [ 3 0 R ] >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /Im 4 0 R >> >> /Contents 5 0 R >>",
		"<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8 /Length 4 >>\nstream\n\x00\xff\xff\x00\nendstream",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(program), program)}
	var file strings.Builder
	file.WriteString("%PDF-1.4\n")
	offsets := make([]int, len(objects))
	for i, o := range objects {
		offsets[i] = file.Len()
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	at := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&file, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&file, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, at)
	path := filepath.Join(t.TempDir(), "skan.pdf")
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestScanIsUnreadWithoutItsPrograms(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	doc := read(t, scan(t))
	if p := doc.Pages[0]; !p.Unread || p.OCR || p.Words != 0 || p.Share != -1 {
		t.Errorf("page %+v", p)
	}
	if len(doc.Remarks) != 1 || doc.Remarks[0].Code != rag.CodePagesUnread || doc.Remarks[0].Limit != 1 || doc.Remarks[0].Err.Error() != "1" {
		t.Errorf("remarks %v", doc.Remarks)
	}
	if len(doc.Passages) != 1 || doc.Passages[0].Text != "skan.pdf" || doc.Extractor == extractors[kindPDF] {
		t.Errorf("passages %+v by %s", doc.Passages, doc.Extractor)
	}
}

func TestScanIsLookedAt(t *testing.T) {
	if tools, missing := ocr.Find(t.Context()); tools == (ocr.Tools{}) {
		t.Skipf("no OCR here: %v are not installed", missing)
	}
	_, err := Reader{}.Read(t.Context(), scan(t)) // it shows two black squares
	if !errors.Is(err, &rag.Error{Code: rag.CodeFileNoText}) {
		t.Errorf("read as %v", err)
	}
}

func TestRanges(t *testing.T) {
	for want, numbers := range map[string][]int{"": nil, "4": {4}, "1-3, 7": {1, 2, 3, 7}} {
		if got := ranges(numbers); got != want {
			t.Errorf("%v: %q, want %q", numbers, got, want)
		}
	}
}
