package ocr

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"referent/ingest/pdftext"
)

const table = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n" +
	"1\t1\t0\t0\t0\t0\t0\t0\t1654\t2340\t-1\t\n" +
	"4\t1\t1\t1\t1\t0\t200\t200\t300\t40\t-1\t\n" +
	"5\t1\t1\t1\t1\t1\t200\t200\t120\t40\t96.5\tWójt\n" +
	"5\t1\t1\t1\t1\t2\t340\t205\t160\t30\t91\tgminy\n" +
	"5\t1\t1\t1\t1\t3\t520\t205\t5\t30\t12\t|\n" +
	"5\t1\t1\t1\t1\t4\t530\t205\t5\t30\n"

func TestWordsOfTheTable(t *testing.T) {
	got := words(table, 200, 842.4)
	if len(got) != 2 || got[0].Text != "Wójt" || got[1].Text != "gminy" || got[0].Y != got[1].Y {
		t.Fatalf("words %+v", got)
	}
	if w := got[0]; w.X0 != 72 || w.X1 != 115.2 || w.Y < 756 || w.Y > 766 {
		t.Errorf("placed at %+v", w)
	}
	if lines := pdftext.Arrange(got, nil, 0); len(lines) != 1 || lines[0].Text != "Wójt gminy" {
		t.Errorf("lines %+v", lines)
	}
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	tools, missing := Find(t.Context())
	if tools != (Tools{}) || strings.Join(missing, " ") != "tesseract-ocr tesseract-ocr-pol poppler-utils" {
		t.Errorf("found %+v, missing %v", tools, missing)
	}
	if got, want := Wanting(t.Context()), "sudo apt-get install tesseract-ocr tesseract-ocr-pol poppler-utils"; got != want {
		t.Errorf("command %q, want %q", got, want)
	}
	// another manager calls the packages otherwise
	if err := os.WriteFile(filepath.Join(os.Getenv("PATH"), "pacman"), nil, 0o700); err != nil { //nolint:gosec // a program
		t.Fatal(err)
	}
	if got, want := Wanting(t.Context()), "sudo pacman -S tesseract tesseract-data-pol poppler"; got != want {
		t.Errorf("command %q, want %q", got, want)
	}
}

func TestPageIsRead(t *testing.T) {
	tools, missing := Find(t.Context())
	if tools == (Tools{}) {
		t.Skipf("no OCR here: %v are not installed", missing)
	}
	path := filepath.Join(t.TempDir(), "a.pdf")
	program := "BT /F1 14 Tf 1 0 0 1 60 700 Tm (Organ rozpatruje wniosek w terminie) Tj ET"
	objects := []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 1 /Kids [ 4 0 R ] >>", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(program), program)}
	var file strings.Builder
	file.WriteString("%PDF-1.4\n")
	for i, o := range objects {
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	file.WriteString("trailer << /Root 1 0 R >>\n") // poppler finds the objects itself
	if err := os.WriteFile(path, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	page, err := tools.Page(t.Context(), path, 1, 595, 842)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(page.Text()); !page.OCR || got != "Organ rozpatruje wniosek w terminie" {
		t.Errorf("read %q", got)
	}
	if _, err := tools.Page(t.Context(), path, 7, 595, 842); err == nil {
		t.Error("a page that is not there was read")
	}
}
