package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"referent/ingest/pdftext"
	"referent/rag"
)

// A line that is named again and again opens nothing; so many at once read in a fraction
// of a second, in minutes where time grows with the square of the input.
func BenchmarkManyLinesThatOpenNothing(b *testing.B) {
	l := layout{text: strings.Repeat("Załącznik 1\nten tekst\n", 200_000)}
	for b.Loop() {
		findAnchors(l, false)
	}
}

// printed makes a page of lines that fill a column, one below another.
func printed(texts ...string) pdftext.Page {
	page := pdftext.Page{Number: 1, Width: 595, Height: 842}
	for i, text := range texts {
		page.Lines = append(page.Lines, pdftext.Line{Text: text, X0: 70, X1: 500, Y: 800 - 12*float64(i), Size: 10, Left: 70, Right: 500, First: 40})
	}
	return page
}

func TestPageOfOneParagraph(t *testing.T) {
	lines := make([]string, 100_000)
	for i := range lines {
		lines[i] = "bez kropki na końcu"
	}
	if l := layPages("długi.pdf", []pdftext.Page{printed(lines...)}, []bool{false}); strings.Count(l.text, "\n") != 1 {
		t.Error("the lines were not joined")
	}
}

func TestActIsKnownByItsFirstPage(t *testing.T) {
	page := printed("Dz.U. 1960 Nr 30 poz. 168", "U S T A W A", "z dnia 14 czerwca 1960 r.", "ROZDZIAŁ I", "Postę-", "powanie toczy się dalej.")
	page.Lines[0].X1, page.Lines[1].X1, page.Lines[2].X1 = 200, 140, 200
	l := layPages("kpa.pdf", []pdftext.Page{page}, []bool{false})
	const want = "Dz.U. 1960 Nr 30 poz. 168\nU S T A W A\nz dnia 14 czerwca 1960 r.\nROZDZIAŁ I\nPostępowanie toczy się dalej.\n"
	if l.text != want {
		t.Errorf("joined to %q", l.text)
	}
	if id := identify("kpa.pdf", l); id.act != "DU/1960/168" || !strings.HasPrefix(id.title, "Ustawa z dnia 14 czerwca 1960 r.") {
		t.Errorf("known as %q, %q", id.act, id.title)
	}
}

func TestTitleHasAWord(t *testing.T) {
	doc, err := document("/a/rozporzadzenie.pdf", layout{text: "1024\n\nTreść.\n"})
	if err != nil || doc.Title != "rozporzadzenie.pdf" {
		t.Errorf("title %q, %v", doc.Title, err)
	}
}

func TestPageWithoutADeclaredCharset(t *testing.T) {
	const text = "Zażółć gęślą jaźń"
	encoded := func(charset *charmap.Charmap, page string) []byte {
		data, err := charset.NewEncoder().String(page)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(data)
	}
	late := "<style>" + strings.Repeat(" ", 2000) + "</style><p>" + text + "</p>"
	for name, page := range map[string][]byte{
		"utf-8 after the first kilobyte": []byte(late),
		"utf-8 that declares another":    []byte(`<meta charset="iso-8859-1"><p>` + text + "</p>"),
		"windows-1250":                   encoded(charmap.Windows1250, late),
		"iso-8859-2, declared":           encoded(charmap.ISO8859_2, `<meta charset="iso-8859-2"><p>`+text+"</p>"),
	} {
		if l, err := readHTML(page, ""); err != nil || strings.TrimSpace(l.text) != text {
			t.Errorf("%s: %q, %v", name, l.text, err)
		}
	}
}

// A path that is too long to be opened is closed to everybody, also to root.
func TestFolderThatCannotBeOpenedIsNamed(t *testing.T) {
	dir := folder(t, map[string]string{"a.txt": "Jawne.", "z.txt": "Też."})
	in, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.Repeat("g", 250)
	for range 20 {
		if err := in.Mkdir(name, 0o700); err != nil {
			t.Fatal(err)
		}
		next, err := in.OpenRoot(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := in.Close(); err != nil {
			t.Fatal(err)
		}
		in = next
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	files, problems := expand([]Item{{Path: dir}})
	if len(files) != 2 || filepath.Base(files[1].Path) != "z.txt" {
		t.Errorf("files %v", files)
	}
	if len(problems) != 1 || problems[0].Code != rag.CodeFileUnreadable {
		t.Errorf("problems %v", problems)
	}
}
