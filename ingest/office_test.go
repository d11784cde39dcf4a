package ingest

import (
	"archive/zip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"referent/rag"
)

// writeZIP writes a ZIP of parts, in order of pairs of name and text, and gives its path.
func writeZIP(t testing.TB, name string, parts ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, zipBytes(t, parts...), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipBytes(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b strings.Builder
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		part, err := w.Create(parts[i])
		if err == nil {
			_, err = part.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return []byte(b.String())
}

// resolution is a DOCX whose numbers come from its lists alone.
func resolution() []string {
	paragraph := func(level, text string) string {
		return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	plain := func(text string) string { return `<w:p><w:r><w:t>` + text + `</w:t></w:r></w:p>` }
	return []string{
		"[Content_Types].xml", `<Types/>`,
		"word/document.xml", `<w:document xmlns:w="w"><w:body>` + plain("UCHWAŁA NR XV/120/2023") + plain("RADY GMINY DĘBOWIEC") + plain("z dnia 5 maja 2023 r.") + plain("w sprawie opłaty targowej") +
			paragraph("0", "Ustala się opłatę:") + paragraph("1", "za stoisko;") + paragraph("1", "za pojazd.") + paragraph("0", "Uchwała wchodzi w życie po 14 dniach.") + `</w:body></w:document>`,
		"word/numbering.xml", `<w:numbering xmlns:w="w"><w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:lvlText w:val="§ %1."/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>` +
			`<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>`,
		"word/comments.xml", `<w:comments xmlns:w="w"><w:comment w:id="1">` + plain("uwaga") + `</w:comment></w:comments>`,
	}
}

func TestReadDOCX(t *testing.T) {
	for _, name := range []string{"uchwała.docx", "nazwany-inaczej.pdf"} {
		doc := read(t, writeZIP(t, name, resolution()...))
		checkDocument(t, doc)
		if doc.Kind != "docx" || doc.Act != "local/rady-gminy-debowiec/uchwala/xv-120-2023" || !strings.HasSuffix(doc.Title, "w sprawie opłaty targowej") {
			t.Errorf("%s: read as %+v", name, doc.Info)
		}
		texts := unitTexts(doc)
		if texts["par=1;pkt=2"] != "2) za pojazd." || texts["par=2"] != "§ 2. Uchwała wchodzi w życie po 14 dniach." {
			t.Errorf("%s: units %q", name, texts)
		}
		if len(doc.Remarks) != 1 || doc.Remarks[0].Code != rag.CodeCommentsDropped || doc.Remarks[0].Limit != 1 {
			t.Errorf("%s: remarks %v", name, doc.Remarks)
		}
	}
}

// TestSharedOfficeRecall holds what is read of one page set as DOCX and as ODT against it.
func TestSharedOfficeRecall(t *testing.T) {
	page, err := os.ReadFile(shared(t, "corpus", "pdf-made", "src.html"))
	if err != nil {
		t.Fatal(err)
	}
	want := wordsOf(pageText(t, string(page)))
	for _, name := range []string{"src.docx", "src.odt"} {
		got := wordsOf(readShared(t, shared(t, "corpus", "pdf-made", name)).Text)
		tokens, bigrams := recall(want, got, 1), recall(want, got, 2)
		t.Logf("%s: tokens %.3f, bigrams %.3f of %d", name, tokens, bigrams, len(want))
		if tokens < 0.99 || bigrams < 0.98 {
			t.Errorf("%s: token recall %.3f, bigram recall %.3f", name, tokens, bigrams)
		}
	}
}

func pageText(t testing.TB, page string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Data == "style" {
			return
		}
		if n.Type == html.TextNode {
			b.WriteString(n.Data + " ")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return b.String()
}

var wordPattern = regexp.MustCompile(`[\p{L}\d]+`)

func wordsOf(text string) []string {
	return wordPattern.FindAllString(strings.ToLower(cleanText(text)), -1)
}

// recall is the share of the wanted runs of n words that were got, repetitions counted.
func recall(want, got []string, n int) float64 {
	have := map[string]int{}
	for i := 0; i+n <= len(got); i++ {
		have[strings.Join(got[i:i+n], " ")]++
	}
	found, all := 0, 0
	for i := 0; i+n <= len(want); i++ {
		all++
		if key := strings.Join(want[i:i+n], " "); have[key] > 0 {
			have[key]--
			found++
		}
	}
	return float64(found) / float64(all)
}

func TestReadRTFAndWorkbooks(t *testing.T) {
	cell := func(at, text string) string {
		return `<c r="` + at + `" t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	sheet := `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">` + cell("A1", "Wykaz opłat") + `</row><row r="3">` + cell("A3", "Dział") + cell("B3", "Rodzaj") + cell("C3", "Opłata") + `</row>` +
		`<row r="4">` + cell("A4", "USC") + cell("B4", "odpis") + `<c r="C4"><v>22</v></c></row><row r="5">` + cell("B5", "wypis") + `<c r="C5"><v>33.5</v></c></row></sheetData><mergeCells><mergeCell ref="A4:A5"/></mergeCells></worksheet>`
	for name, c := range map[string]struct{ data, kind, want string }{
		"pismo.rtf":  {`{\rtf1\ansi\ansicpg1250 \'a7 1. Ustala si\'ea op\'b3at\'ea.\par \'a7 2. Wchodzi w \'bfycie.\par}`, "rtf", "§ 1. Ustala się opłatę.\n§ 2. Wchodzi w życie.\n"},
		"wykaz.xlsx": {xlsxOf(t, sheet), "xlsx", "Arkusz\nWykaz opłat\nDział: USC; Rodzaj: odpis; Opłata: 22\nDział: USC; Rodzaj: wypis; Opłata: 33.5\n"},
	} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte(c.data), 0o600); err != nil {
			t.Fatal(err)
		}
		doc := read(t, path)
		checkDocument(t, doc)
		if doc.Kind != c.kind || doc.Text != c.want {
			t.Errorf("%s: %s %q", name, doc.Kind, doc.Text)
		}
	}
}
