package ingest

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"referent/internal/law"
	"referent/internal/worker"
	"referent/rag"
)

func TestMain(m *testing.M) {
	if code, ran := worker.Main(WorkerTasks()); ran {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// shared gives a path in the folder of real data, which lies outside the repository.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("REFERENT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real data at %s: set REFERENT_SHARED to the folder that holds it", path)
	}
	return path
}

func glob(t testing.TB, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("no files at %s: %v", pattern, err)
	}
	return files
}

// readOnce keeps what was read of the real data: several tests look at the same acts.
var readOnce sync.Map

func readShared(t testing.TB, path string) rag.Document {
	t.Helper()
	if doc, ok := readOnce.Load(path); ok {
		return doc.(rag.Document)
	}
	doc := read(t, path)
	readOnce.Store(path, doc)
	return doc
}

func read(t testing.TB, path string) rag.Document {
	t.Helper()
	doc, err := Reader{}.Read(t.Context(), path)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return doc
}

// articles counts the units of a document that are articles.
func articles(doc rag.Document) int {
	n := 0
	for _, u := range doc.Units {
		if strings.HasPrefix(u.Key, "art=") && !strings.Contains(u.Key, ";") {
			n++
		}
	}
	return n
}

func TestActsHaveAllTheirArticles(t *testing.T) {
	files := append(glob(t, shared(t, "corpus", "acts")+"/*.md"), glob(t, shared(t, "corpus", "eu-en-md")+"/*.md")...)
	for _, file := range files {
		out, err := exec.CommandContext(t.Context(), "grep", "-c", "^## Art", file).Output()
		if err != nil {
			t.Fatal(err)
		}
		want, err := strconv.Atoi(strings.TrimSpace(string(out)))
		if err != nil {
			t.Fatal(err)
		}
		doc := readShared(t, file)
		if got := articles(doc); got != want {
			t.Errorf("%s: %d articles, want %d", filepath.Base(file), got, want)
		}
		checkDocument(t, doc)
		if name := filepath.Base(file); !strings.HasPrefix(name, strings.ReplaceAll(doc.Act, "/", "-")+"_") {
			t.Errorf("%s is read as %s", name, doc.Act)
		}
		if english := strings.HasPrefix(doc.Act, "EU/"); english != (doc.Language == "en") {
			t.Errorf("%s is read as %q", doc.Act, doc.Language)
		}
	}
}

func TestCodeOfAdministrativeProcedure(t *testing.T) {
	doc := readShared(t, shared(t, "corpus", "acts", "DU-1960-168_kpa-tj.md"))
	var pars []string
	for _, u := range doc.Units {
		if u.Article == "35" {
			pars = append(pars, u.Key)
		}
	}
	want := "art=35 art=35;par=1 art=35;par=2 art=35;par=3 art=35;par=3a art=35;par=4 art=35;par=5"
	if got := strings.Join(pars, " "); got != want {
		t.Errorf("art. 35 has %s", got)
	}
	if got := unitTexts(doc)["art=35;par=4"]; got != "§ 4. Przepisy szczególne mogą określać inne terminy niż określone w § 3 i 3a." {
		t.Errorf("art. 35 § 4 = %q", got)
	}
	if doc.TextKind != rag.TextConsolidated {
		t.Errorf("text kind %q", doc.TextKind)
	}
	stale := read(t, shared(t, "corpus", "stale", "DU-1960-168_kpa-tekst-z-1960.md"))
	checkDocument(t, stale)
	if got := articles(stale); got != 196 || stale.TextKind != rag.TextPromulgated || stale.WordingDate != "1960-06-14" {
		t.Errorf("the text of 1960: %d articles, %+v", got, stale.Info)
	}
	if got := unitTexts(stale)["art=2;par=1"]; got != "§ 1. Kodeks normuje postępowanie przed organami administracji państwowej." {
		t.Errorf("its art. 2 § 1 = %q", got)
	}
}

func TestELIPagesHaveTheUnitsOfTheirMarkup(t *testing.T) {
	for file, want := range map[string]int{"kpa-1960.html": 196, "ksc-2018.html": 94, "dpa-2018.html": 176, "e-services-2002.html": 30} {
		doc := readShared(t, shared(t, "corpus", "html", file))
		checkDocument(t, doc)
		if got := articles(doc); got != want {
			t.Errorf("%s: %d articles, want %d", file, got, want)
		}
	}
}

// TestGoldUnitsAreThere holds that what the questions of the development set ask for can be cited.
func TestGoldUnitsAreThere(t *testing.T) {
	known := map[string]map[string]bool{}
	for _, dir := range []string{"acts", "eu-en-md"} {
		for _, file := range glob(t, shared(t, "corpus", dir)+"/*.md") {
			doc := readShared(t, file)
			known[doc.Act] = map[string]bool{}
			for _, u := range doc.Units {
				known[doc.Act][u.Citation] = true
			}
		}
	}
	data, err := os.ReadFile(shared(t, "eval", "clerk_dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	asked, missing := 0, 0
	for line := range strings.Lines(string(data)) {
		var q struct {
			ID   string
			Gold []struct{ Act, Unit string }
		}
		if err := json.Unmarshal([]byte(line), &q); err != nil {
			t.Fatal(err)
		}
		for _, g := range q.Gold {
			asked++
			if !known[g.Act][g.Unit] {
				missing++
				t.Logf("%s: no %s in %s", q.ID, g.Unit, g.Act)
			}
		}
	}
	if missing*50 > asked {
		t.Errorf("%d of %d gold units are missing", missing, asked)
	}
}

// TestCitationsOfQuestionsAreRead holds that questions that cite a unit are read as that unit.
func TestCitationsOfQuestionsAreRead(t *testing.T) {
	data, err := os.ReadFile(shared(t, "eval", "clerk_dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	cited := 0
	for line := range strings.Lines(string(data)) {
		var q struct {
			Question, Style string
			Gold            []struct{ Act, Unit string }
		}
		if err := json.Unmarshal([]byte(line), &q); err != nil {
			t.Fatal(err)
		}
		if q.Style != "citation" || len(q.Gold) == 0 {
			continue
		}
		cited++
		found := map[string]bool{}
		for _, r := range law.References(q.Question) {
			found[r.Act+" "+r.Key.Citation()] = true
		}
		for _, g := range q.Gold {
			if !found[g.Act+" "+g.Unit] {
				t.Errorf("%q is read as %v, want %s %s", q.Question, found, g.Act, g.Unit)
			}
		}
	}
	if cited == 0 {
		t.Error("no question cites anything")
	}
}

func TestHostileFilesEndWithTheirCodes(t *testing.T) {
	limits := Reader{PDF: worker.Limits{Time: 30 * time.Second}}
	for file, want := range map[string]rag.Code{
		"pdf-evil/badxref.pdf": "", "pdf-evil/junk.pdf": "", "pdf-evil/notail.pdf": "", "pdf-evil/trunc.pdf": rag.CodeFileDamaged,
		"pdf-evil/evil_count.pdf": "", "pdf-evil/evil_parent.pdf": "", "pdf-evil/evil_cycle.pdf": rag.CodeFileDamaged,
		"pdf-evil/evil_len.pdf": rag.CodeFileNoText, "pdf-evil/evil_bomb500.pdf": rag.CodeFileTooLarge,
		"pdf-made/enc256.pdf": "", "broken/example.pdf": "", "broken/state_variants.csv": "",
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			started := time.Now()
			_, err := limits.Read(t.Context(), shared(t, "corpus", file))
			var e *rag.Error
			if errors.As(err, &e); e == nil && want != "" || e != nil && e.Code != want {
				t.Errorf("%v, want %q", err, want)
			}
			if took := time.Since(started); took > 60*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func TestPDFCorpus(t *testing.T) {
	for file, want := range map[string]struct{ articles, pages int }{
		"pdf/Kodeks_Postepowania_Administracyjnego.pdf": {233, 57},
		"pdf/Konstytucja_RP.pdf":                        {243, 52},
		"pdf/orzeczenie.pdf":                            {0, 7},
		"pdf-made/chromium.pdf":                         {0, 2},
		"pdf-made/enc128.pdf":                           {0, 1},
	} {
		doc := readShared(t, shared(t, "corpus", file))
		checkDocument(t, doc)
		if got := articles(doc); got < want.articles || len(doc.Pages) != want.pages {
			t.Errorf("%s: %d articles on %d pages, want %d on %d", file, got, len(doc.Pages), want.articles, want.pages)
		}
		last := 0
		for _, p := range doc.Pages {
			if p.Span.Start < last || p.Span.End < p.Span.Start {
				t.Errorf("%s: page %d spans %+v", file, p.Number, p.Span)
			}
			last = p.Span.End
		}
		for _, u := range doc.Units {
			if page := doc.Pages[u.Page-1]; u.Start < page.Span.Start || u.Start >= page.Span.End {
				t.Errorf("%s: %s is not on page %d", file, u.Key, u.Page)
			}
		}
	}
}

// BenchmarkRead reads the 33 acts: bytes a second of Markdown to units and passages.
func BenchmarkRead(b *testing.B) {
	files := glob(b, shared(b, "corpus", "acts")+"/*.md")
	var size int64
	for _, file := range files {
		info, err := os.Stat(file)
		if err != nil {
			b.Fatal(err)
		}
		size += info.Size()
	}
	b.SetBytes(size)
	for b.Loop() {
		for _, file := range files {
			if _, err := (Reader{}).Read(b.Context(), file); err != nil {
				b.Fatal(err)
			}
		}
	}
}
