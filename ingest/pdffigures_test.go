package ingest

import (
	"context"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"referent/ingest/ocr"
	"referent/ingest/pdftext"
	"referent/internal/polish"
	"referent/internal/worker"
)

// The figures of docs/benchmarks.md on PDF and scans, over the real data: `make pdf-figures`.
func figures(t *testing.T) {
	t.Helper()
	if os.Getenv("REFERENT_FIGURES") == "" {
		t.Skip("figures take minutes: set REFERENT_FIGURES=1, or run make pdf-figures")
	}
}

var (
	markup = regexp.MustCompile(`(?s)<style.*?</style>|<[^>]+>`)
	block  = regexp.MustCompile(`</?(?:p|h\d|t[dhr]|div|table)\b[^>]*>`)
	token  = regexp.MustCompile(`[\p{L}\p{N}]+`)
	// a footnote's own mark, which is set apart from numbers
	footMark = strings.NewReplacer("¹", " 1 ", "²", " 2 ", "⁾", "", "^", " ")
)

func tokensOf(text string) []string { return token.FindAllString(footMark.Replace(text), -1) }

func bigramsOf(tokens []string) []string {
	var list []string
	for i := 1; i < len(tokens); i++ {
		list = append(list, tokens[i-1]+" "+tokens[i])
	}
	return list
}

// recallOf is the share of the wanted that is there, each as often as it is wanted.
func recallOf(want, got []string) float64 {
	counts := map[string]int{}
	for _, g := range got {
		counts[g]++
	}
	found := 0
	for _, w := range want {
		if counts[w] > 0 {
			counts[w]--
			found++
		}
	}
	return float64(found) / float64(len(want))
}

func TestFigureRecallOfProducers(t *testing.T) {
	figures(t)
	page, err := os.ReadFile(shared(t, "corpus", "pdf-made", "src.html"))
	if err != nil {
		t.Fatal(err)
	}
	source := tokensOf(html.UnescapeString(markup.ReplaceAllString(block.ReplaceAllString(string(page), " "), "")))
	for _, file := range glob(t, shared(t, "corpus", "pdf-made")+"/*.pdf") {
		want, against := source, "src.html"
		if filepath.Base(file) == "latex_ot4.pdf" { // another text
			want, against = tokensOf(pdftotext(t, file)), "pdftotext, tokens alone"
		}
		doc, err := Reader{}.Read(t.Context(), file)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		got := tokensOf(doc.Text)
		t.Logf("%-14s tokens %.4f bigrams %.4f (%s) ocr %v", filepath.Base(file), recallOf(want, got), recallOf(bigramsOf(want), bigramsOf(got)), against, doc.Pages[0].OCR)
	}
}

func pdftotext(t *testing.T, file string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "pdftotext", file, "-").Output()
	if err != nil {
		t.Skipf("pdftotext: %v", err)
	}
	return string(out)
}

// TestFigurePagesASecond compares the child process with pdftotext, file by file in turn.
func TestFigurePagesASecond(t *testing.T) {
	figures(t)
	files := append(glob(t, shared(t, "corpus", "pdf")+"/*.pdf"), glob(t, shared(t, "corpus", "office", "docs")+"/*.pdf")...)
	pages := 0
	var ours, theirs time.Duration
	for range 3 {
		for _, file := range files {
			started := time.Now()
			pdftotext(t, file)
			theirs += time.Since(started)
			started = time.Now()
			var read []pdftext.Page
			if err := worker.Call(t.Context(), pdfTask, worker.Limits{}, pdfRequest{Path: file, Way: wayPlain}, &read); err != nil {
				t.Fatalf("%s: %v", file, err)
			}
			ours += time.Since(started)
			pages += len(read)
		}
	}
	t.Logf("%d pages: ours %.0f pages/s, pdftotext %.0f pages/s, ratio %.2f", pages, float64(pages)/ours.Seconds(), float64(pages)/theirs.Seconds(), theirs.Seconds()/ours.Seconds())
}

func TestFigureKnownWords(t *testing.T) {
	figures(t)
	for _, file := range glob(t, shared(t, "corpus", "pdf")+"/*.pdf") {
		doc, err := Reader{}.Read(t.Context(), file)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		recognised := 0
		for _, p := range doc.Pages {
			if p.OCR {
				recognised++
			}
		}
		t.Logf("%.3f  %-60.60s %d pages, %d by OCR", polish.KnownShare(doc.Text), filepath.Base(file), len(doc.Pages), recognised)
	}
}

func TestFigureHostileFiles(t *testing.T) {
	figures(t)
	for _, file := range append(glob(t, shared(t, "corpus", "pdf-evil")+"/*.pdf"), glob(t, shared(t, "corpus", "broken")+"/*.pdf")...) {
		started := time.Now()
		doc, err := Reader{}.Read(t.Context(), file)
		var usage syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &usage); err != nil {
			t.Fatal(err)
		}
		t.Logf("%-16s %5.1f s, %d pages, greatest child so far %d MB, %v", filepath.Base(file), time.Since(started).Seconds(), len(doc.Pages), usage.Maxrss>>10, err)
	}
}

func TestFigureScans(t *testing.T) {
	figures(t)
	if tools, missing := ocr.Find(t.Context()); tools == (ocr.Tools{}) {
		t.Skipf("missing: %v", missing)
	}
	pages := 0
	started := time.Now()
	var lines []string
	for _, file := range glob(t, shared(t, "corpus", "scans")+"/*.pdf") {
		gold, err := os.ReadFile(strings.TrimSuffix(file, ".pdf") + ".gold.txt")
		if err != nil {
			t.Fatal(err)
		}
		read := recognisedLines(t, file)
		pages += len(read)
		var text strings.Builder
		for _, p := range read {
			text.WriteString(p.Text())
		}
		want, got := bare(string(gold)), bare(text.String())
		lines = append(lines, fmt.Sprintf("%-50.50s characters wrong %.4f, words found %.4f, known %.3f", filepath.Base(file),
			float64(distance(want, got))/float64(len(want)), recallOf(tokensOf(joined(string(gold))), tokensOf(joined(text.String()))), polish.KnownShare(text.String())))
	}
	took := time.Since(started)
	for _, line := range lines {
		t.Log(line)
	}
	t.Logf("%d pages, %.1f pages a minute", pages, float64(pages)/took.Minutes())
}

// recognisedLines reads the images of a file's pages, headers and footers with them.
func recognisedLines(t *testing.T, file string) []pdftext.Page {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	pages, err := pdfPages(ctx, file, limitsFor(1<<20))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if _, err := readImages(ctx, file, pages); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return pages
}

var lineEndHyphen = regexp.MustCompile(`(\p{L})-\s*\n\s*(\p{Ll})`)

func joined(text string) string { return lineEndHyphen.ReplaceAllString(text, "$1$2") }

// bare keeps the signs that print has, without space and what ends of lines do to words.
func bare(text string) []rune {
	return []rune(strings.Join(strings.Fields(strings.NewReplacer("¹", "1", "²", "2", "⁾", ")", "—", "–", "-", "–").Replace(joined(text))), ""))
}

// distance is the number of signs to add, drop or change.
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i, x := range a {
		last := row[0]
		row[0] = i + 1
		for j, y := range b {
			cost := last
			if x != y {
				cost++
			}
			last = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
