package ingest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"referent/rag"
)

// unitTexts maps the units of a document to the text of their spans.
func unitTexts(doc rag.Document) map[string]string {
	runes := []rune(doc.Text)
	texts := map[string]string{}
	for _, u := range doc.Units {
		texts[u.Key] = string(runes[u.Start:u.End])
	}
	return texts
}

func keys(doc rag.Document) []string {
	var list []string
	for _, u := range doc.Units {
		list = append(list, u.Key)
	}
	return list
}

func TestReadAct(t *testing.T) {
	doc := read(t, "testdata/DU-2019-7_wzor.md")
	checkDocument(t, doc)
	if doc.Act != "DU/2019/7" || doc.TextKind != rag.TextPromulgated || doc.WordingDate != "2019-03-03" || doc.Status != rag.StatusUnknown || doc.Language != "pl" || doc.Kind != "markdown" {
		t.Errorf("read as %+v", doc.Info)
	}
	want := []string{
		"art=1", "art=2", "art=2;ust=1", "art=2;ust=1;pkt=1", "art=2;ust=1;pkt=2", "art=2;ust=1;pkt=2;lit=a", "art=2;ust=1;pkt=2;lit=b", "art=2;ust=2",
		"art=3", "art=3;par=1", "art=3;par=2", "art=3;par=2a", "art=3;par=3", "art=3^1", "art=4", "art=4;pkt=1", "art=4;pkt=2",
		"art=5", "art=5;pkt=1", "art=5;pkt=2", "art=5a",
	}
	if diff := cmp.Diff(want, keys(doc)); diff != "" {
		t.Fatal(diff)
	}
	texts := unitTexts(doc)
	for key, want := range map[string]string{
		"art=1":                   "Art. 1\n\nUstawa określa zasady prowadzenia rejestru.",
		"art=2;ust=1;pkt=2;lit=a": "a) gatunek,",
		"art=2;ust=1;pkt=2;lit=b": "b) obwód pnia.",
		"art=3;par=1":             "§ 1. Organ odmawia wpisu.",
		"art=3;par=2":             "§ 2. Przepisu § 1. nie stosuje się do dębów, o których mowa w § 3 i 3a.",
		"art=4;pkt=2":             "2) uchyla się art. 6.",
		"art=5;pkt=2":             "2) wbrew warunkom zgody",
		"art=5":                   "Art. 5\n\nKto usuwa drzewo:\n1) bez zgody,\n2) wbrew warunkom zgody\n– podlega karze.",
	} {
		if texts[key] != want {
			t.Errorf("%s = %q, want %q", key, texts[key], want)
		}
	}
	for _, u := range doc.Units {
		gone := u.Key == "art=3;par=3" || u.Key == "art=3^1"
		if gone != (u.Status == rag.StatusRepealed) {
			t.Errorf("%s is %s", u.Key, u.Status)
		}
	}
	for _, p := range doc.Passages {
		if p.Article == "2" && p.Heading != "Rozdział 2 Wpis do rejestru" {
			t.Errorf("art. 2 stands under %q", p.Heading)
		}
	}
}

func TestReadLocalAct(t *testing.T) {
	doc := read(t, "testdata/office/uchwala.txt")
	checkDocument(t, doc)
	if doc.Act != "local/rady-gminy-w-debowcu/uchwala/xii-88-2019" {
		t.Errorf("act %q", doc.Act)
	}
	if want := "UCHWAŁA NR XII/88/2019 RADY GMINY W DĘBOWCU z dnia 29 kwietnia 2019 r. w sprawie regulaminu korzystania z biblioteki"; doc.Title != want {
		t.Errorf("title %q", doc.Title)
	}
	want := []string{"par=1", "par=2", "par=3", "zal=1", "zal=1;par=1", "zal=1;par=1;ust=1", "zal=1;par=1;ust=2", "zal=1;par=1;ust=2;pkt=1", "zal=1;par=1;ust=2;pkt=2", "zal=1;par=2"}
	if diff := cmp.Diff(want, keys(doc)); diff != "" {
		t.Error(diff)
	}
	for _, p := range doc.Passages {
		if p.Key == "zal=1;par=2" && (p.Article != "zal1/2" || p.Heading != "zał. nr 1 > Rozdział 1 Przepisy ogólne") {
			t.Errorf("passage %+v", p)
		}
	}
	if last := doc.Passages[len(doc.Passages)-1]; !strings.Contains(last.Text, "To nie jest już regulamin") || last.Key != "" {
		t.Errorf("the reasons are read as %+v", last)
	}
}

func TestReadELIPage(t *testing.T) {
	doc := read(t, "testdata/eli.html")
	checkDocument(t, doc)
	if doc.Title != "Ustawa z dnia 1 lutego 2020 r. o mostach" {
		t.Errorf("title %q", doc.Title)
	}
	want := []string{"art=1", "art=1;ust=1", "art=1;ust=1;pkt=1", "art=1;ust=1;pkt=2", "art=1;ust=2", "art=1^1"}
	if diff := cmp.Diff(want, keys(doc)); diff != "" {
		t.Errorf("%s in %q", diff, doc.Text)
	}
	if got := unitTexts(doc)["art=1;ust=1;pkt=1"]; got != "1) gmina;" {
		t.Errorf("pkt 1 = %q", got)
	}
	if p := doc.Passages[0]; p.Heading != "Rozdział 1 Przepisy ogólne" {
		t.Errorf("heading %q", p.Heading)
	}
}

func TestReadPage(t *testing.T) {
	doc := read(t, "testdata/office/strona.html")
	checkDocument(t, doc)
	for _, noise := range []string{"Menu", "Stopka", "kod"} {
		if strings.Contains(doc.Text, noise) {
			t.Errorf("%q is in the text %q", noise, doc.Text)
		}
	}
	if doc.Title != "Opłaty za psa" || len(doc.Passages) != 2 || doc.Passages[1].Unit != "Zwolnienia" || doc.Passages[1].Heading != "Opłaty za psa > Zwolnienia" {
		t.Errorf("%q: %+v", doc.Title, doc.Passages)
	}
}

func TestEachRowOfATableSaysWhatItMeans(t *testing.T) {
	doc := read(t, "testdata/office/drzewa.csv")
	checkDocument(t, doc)
	if want := "dzielnica: Śródmieście; drzewa: 12\ndzielnica: Łąki; drzewa: 7\n"; doc.Text != want || doc.Title != "drzewa.csv" || doc.Kind != "csv" {
		t.Errorf("%s %q: text %q", doc.Kind, doc.Title, doc.Text)
	}
	var rows strings.Builder
	rows.WriteString("Wykaz ulic,\nulica,numer\n")
	for range 200 {
		rows.WriteString("ulica Długa i Szeroka,12345\n")
	}
	path := filepath.Join(t.TempDir(), "ulice.csv")
	if err := os.WriteFile(path, []byte(rows.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	doc = read(t, path)
	checkDocument(t, doc)
	if len(doc.Passages) < 2 {
		t.Fatalf("%d passages", len(doc.Passages))
	}
	for _, p := range doc.Passages[1:] {
		if !strings.HasPrefix(p.Text, "ulica: ulica Długa i Szeroka; numer: 12345\n") {
			t.Errorf("passage begins %.60q", p.Text)
		}
	}
}

func TestSplitLeavesNoScraps(t *testing.T) {
	text := "Art. 60\n\n" + strings.Repeat("Zdanie, które ma kilka słów. ", 100) + "\n\nKoniec."
	spans, err := split(text)
	if err != nil || len(spans) < 3 {
		t.Fatalf("%d pieces, %v", len(spans), err)
	}
	covered := 0
	for _, s := range spans {
		piece := text[s.Start:s.End]
		if n := len([]rune(piece)); n < shortPiece || n > rag.MaxPassageRunes {
			t.Errorf("a piece of %d runes: %.60q", n, piece)
		}
		if gap := text[covered:s.Start]; strings.TrimSpace(gap) != "" {
			t.Errorf("%q is in no piece", gap)
		}
		covered = s.End
	}
	if !strings.HasPrefix(text[spans[0].Start:], "Art. 60") || strings.TrimSpace(text[covered:]) != "" {
		t.Errorf("the pieces leave out a beginning or an end: %q", text[covered:])
	}
}

func TestDecode(t *testing.T) {
	const text = "Zażółć gęślą jaźń, ŁÓDŹ"
	for name, data := range map[string][]byte{
		"utf-8":        []byte(text),
		"utf-8 BOM":    []byte("\xEF\xBB\xBF" + text),
		"windows-1250": []byte("Za\xbf\xf3\xb3\xe6 g\xea\x9cl\xb9 ja\x9f\xf1, \xa3\xd3D\x8f"),
		"iso-8859-2":   []byte("Za\xbf\xf3\xb3\xe6 g\xea\xb6l\xb1 ja\xbc\xf1, \xa3\xd3D\xac"),
		"utf-16le":     utf16le(text),
	} {
		if got := decode(data); got != text {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func utf16le(text string) []byte {
	data := []byte{0xFF, 0xFE}
	for _, r := range text {
		data = append(data, byte(r), byte(r>>8))
	}
	return data
}

func TestUnreadableFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct {
		path string
		want rag.Code
	}{
		{write("empty.txt", ""), rag.CodeFileEmpty},
		{write("blank.md", " \n\n"), rag.CodeFileEmpty},
		{write("image.png", "\x89PNG\r\n\x1a\n\x00\x00"), rag.CodeFileUnsupported},
		{write("archive.txt", "PK\x03\x04\x14\x00\x00\x00\x08\x00"), rag.CodeFileDamaged},
		{write("cut.pdf", "%PDF-1.4\n1 0 obj"), rag.CodeFileDamaged},
		{filepath.Join(dir, "gone.txt"), rag.CodeFileUnreadable},
		{dir, rag.CodeFileUnsupported},
	} {
		_, err := Reader{}.Read(t.Context(), c.path)
		var e *rag.Error
		if !errors.As(err, &e) || e.Code != c.want {
			t.Errorf("%s: %v, want %s", filepath.Base(c.path), err, c.want)
		}
	}
}

// TestAnyTextIsReadSoundly holds spans and passages of texts made of what legal texts are made of.
func TestAnyTextIsReadSoundly(t *testing.T) {
	pieces := []string{"Art. 1. ", "Art. 2.\n", "Art. 2a. ", "## Art. 3\n", "§ 1. ", "§ 2. ", "§ 3–5. ", "\n1. ", "\n2. ", " 1) ", "\n2) ", "a) ", "b) ", "\n– ", " - ", "„", "”", ":", ";", ". ", "\n", "\n\n",
		"(uchylony)", "Załącznik nr 1\n", "Rozdział 2\n", "UZASADNIENIE\n", "**tytuł**\n", "żółć ", strings.Repeat("długi tekst, ", 80), "(1) ", "## Recitals\n", "# Tytuł\n", "🦉", "a\u0301", "Źródło: x\n", "art. 5 ust. 2. "}
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 60).Draw(rt, "pieces"), "")
		if strings.TrimSpace(decode([]byte(text))) == "" {
			return
		}
		l := readMarkdown(normalizeLegal(decode([]byte(text))))
		if strings.TrimSpace(l.text) == "" {
			return
		}
		doc, err := document("dokument.md", l)
		if err != nil {
			rt.Fatal(err)
		}
		checkSpans(rt, doc)
		if len(doc.Passages) == 0 {
			rt.Errorf("no passages of %q", text)
		}
	})
}

func TestStatusLine(t *testing.T) {
	for line, want := range map[string]rag.Status{
		"Stan: obowiązuje od 1 lutego 2025 r.":                                    rag.StatusInForce,
		"Stan: obowiązuje od 1 czerwca 2026 r.":                                   rag.StatusNotYet,
		"Stan: uchylona z dniem 15 marca 2025 r. uchwałą nr X/77/2025":            rag.StatusRepealed,
		"Stan: uchylone z dniem 15 marca 2027 r.":                                 rag.StatusInForce,
		"Uchwała obowiązuje od 1 lutego 2025 r.":                                  rag.StatusUnknown,
		"Stan: obowiązuje od 99 lutego 2025 r.":                                   rag.StatusUnknown,
		"Stan: obowiązuje od 1 lutego 2025 r.; traci moc z dniem 1 marca 2026 r.": rag.StatusRepealed,
	} {
		s := standingOf(line + "\n")
		info := rag.Info{Status: s.status, InForceFrom: s.inForceFrom, RepealedFrom: s.repealedFrom}
		if got := info.StatusOn("2026-05-01"); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

func TestNavigationOfASavedPageIsLeftOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "DU-2090-1_x.md")
	page := "# Ustawa z dnia 1 maja 2090 r. o rowerach\n\n## Art. 1\n\nUstawa wchodzi w życie. Pokaż całość var tree = [ { \"id\" : \"part_1\", \"title\" : \"Treść\" } ]\n"
	if err := os.WriteFile(path, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	doc := read(t, path)
	if strings.Contains(doc.Text, "var tree") || !strings.Contains(doc.Text, "Ustawa wchodzi w życie.") {
		t.Errorf("text is %q", doc.Text)
	}
}
