package ingest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

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
		doc := read(t, file)
		if got := articles(doc); got != want {
			t.Errorf("%s: %d articles, want %d", filepath.Base(file), got, want)
		}
		checkDocument(t, doc)
		t.Logf("%-60s %s %-2s %q units %d passages %d %s", filepath.Base(file), doc.Act, doc.TextKind, doc.WordingDate, len(doc.Units), len(doc.Passages), doc.Language)
	}
}

func TestPDFCorpus(t *testing.T) {
	for _, file := range append(glob(t, shared(t, "corpus", "pdf")+"/*.pdf"), glob(t, shared(t, "corpus", "pdf-made")+"/*.pdf")...) {
		doc, err := Reader{}.Read(t.Context(), file)
		if err != nil {
			t.Logf("%-60.60s %v", filepath.Base(file), err)
			continue
		}
		checkDocument(t, doc)
		t.Logf("%-60.60s act %s kind %s title %.60q pages %d units %d (%d articles) passages %d", filepath.Base(file), doc.Act, doc.TextKind, doc.Title, len(doc.Pages), len(doc.Units), articles(doc), len(doc.Passages))
	}
}
