package library

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"referent/rag"
)

// sharedData gives the folder of the real data, which lies outside the repository; a
// test that measures with it is skipped where it is absent.
func sharedData(t testing.TB) string {
	t.Helper()
	root := os.Getenv("REFERENT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(root, "corpus", "acts")); err != nil {
		t.Skipf("no real data at %s: set REFERENT_SHARED to the folder that holds it", root)
	}
	return root
}

var articleHeading = regexp.MustCompile(`^## Art\. (\S+)$`)

// readAct cuts an act into passages in the plainest way that serves to measure.
func readAct(t testing.TB, path string) rag.Document {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.Split(strings.SplitN(filepath.Base(path), "_", 2)[0], "-")
	doc := rag.Document{Text: string(content), Info: rag.Info{
		Source: path, Act: strings.Join(name, "/"), Hash: textHash(string(content)), Status: rag.StatusUnknown,
	}}
	article, at := "", 0
	for _, line := range strings.Split(doc.Text, "\n") {
		size := utf8.RuneCountInString(line)
		heading := articleHeading.FindStringSubmatch(line)
		switch last := len(doc.Passages) - 1; {
		case doc.Title == "":
			doc.Title = strings.TrimPrefix(line, "# ")
		case heading != nil:
			article = heading[1]
			fallthrough
		case article != "" && (doc.Passages[last].Article != article || len(doc.Passages[last].Text)+len(line) > rag.MaxPassageRunes):
			doc.Passages = append(doc.Passages, rag.Passage{
				Article: article, Key: "art=" + article, Unit: "art. " + article, Status: rag.StatusUnknown, Span: rag.Span{Start: at, End: at + size},
			})
			if heading == nil {
				doc.Passages[len(doc.Passages)-1].Text = line
			}
		case article != "" && line != "":
			doc.Passages[last].Text += "\n" + line
			doc.Passages[last].End = at + size
		}
		at += size + 1
	}
	return doc
}

type question struct {
	ID   string `json:"_id"`
	Text string `json:"text"`
}

func readQuestions(t testing.TB, dir string) (questions []question, articles map[string][]string) {
	t.Helper()
	file, err := os.Open(filepath.Join(dir, "queries.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // only read
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var q question
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			t.Fatal(err)
		}
		questions = append(questions, q)
	}
	qrels, err := os.ReadFile(filepath.Join(dir, "qrels.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	articles = map[string][]string{}
	for _, line := range strings.Split(string(qrels), "\n")[1:] {
		if fields := strings.Split(line, "\t"); len(fields) == 3 {
			_, article, _ := strings.Cut(fields[1], "-art-")
			articles[fields[0]] = append(articles[fields[0]], article)
		}
	}
	return questions, articles
}

// TestExamQuestionsFindTheirArticles holds the index by words to what BM25 reaches on
// exam questions about one act among all acts.
func TestExamQuestionsFindTheirArticles(t *testing.T) {
	data := sharedData(t)
	l := open(t, t.TempDir())
	files, err := filepath.Glob(filepath.Join(data, "corpus", "acts", "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatal("no acts", err)
	}
	began := time.Now()
	for _, file := range files {
		put(t, l, readAct(t, file))
	}
	t.Logf("%d acts stored in %v", len(files), time.Since(began))

	questions, articles := readQuestions(t, filepath.Join(data, "eval", "kpa-retrieval"))
	first, five := 0, 0
	var took []time.Duration
	for _, q := range questions {
		began := time.Now()
		hits, err := l.Words(context.Background(), rag.Scope{}, q.Text, 50)
		took = append(took, time.Since(began))
		if err != nil {
			t.Fatal(err)
		}
		rank := rankOf(t, l, hits.Hits, "DU/1960/168", articles[q.ID])
		if rank == 1 {
			first++
		}
		if rank >= 1 && rank <= 5 {
			five++
		}
	}
	slices.Sort(took)
	hit1, hit5 := float64(first)/float64(len(questions)), float64(five)/float64(len(questions))
	t.Logf("%d questions: hit@1 %.3f, hit@5 %.3f; p50 %v, p95 %v", len(questions), hit1, hit5, took[len(took)/2], took[len(took)*95/100])
	if hit1 < 0.70 || hit5 < 0.92 {
		t.Errorf("hit@1 %.3f (at least 0.70), hit@5 %.3f (at least 0.92)", hit1, hit5)
	}
}

// rankOf gives the place of the first right article among articles; 0: none.
func rankOf(t testing.TB, l *Library, hits []rag.Scored, act string, right []string) int {
	t.Helper()
	var ids []int64
	for _, hit := range hits {
		ids = append(ids, hit.Passage)
	}
	passages, err := l.Passages(context.Background(), ids)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range passages {
		seen[p.Document.Act+" "+p.Article] = true
		if p.Document.Act == act && slices.Contains(right, strings.ReplaceAll(p.Article, "^", "")) {
			return len(seen)
		}
	}
	return 0
}

const benchmarkWords = 3000

// large stores 100 documents of 100 passages and vectors of 384 values.
func large(b *testing.B) (*Library, string) {
	b.Helper()
	dir := b.TempDir()
	l := open(b, dir)
	random := rand.New(rand.NewPCG(3, 4))
	zipf := rand.NewZipf(random, 1.1, 4, benchmarkWords)
	for d := range 100 {
		articles := make([]string, 100)
		for i := range articles {
			var text strings.Builder
			for range 80 {
				fmt.Fprintf(&text, "wyraz%d ", zipf.Uint64())
			}
			articles[i] = text.String()
		}
		put(b, l, document(fmt.Sprintf("/%d.txt", d), articles...))
	}
	for {
		tasks, err := l.PendingTexts(context.Background(), model, 1000)
		if err != nil {
			b.Fatal(err)
		}
		if len(tasks) == 0 {
			return l, dir
		}
		vectors := make([]rag.Vector, len(tasks))
		for i, task := range tasks {
			vectors[i] = rag.Vector{Hash: task.Hash, Values: randomVector(random)}
		}
		if err := l.PutVectors(context.Background(), model, vectors); err != nil {
			b.Fatal(err)
		}
	}
}

func randomVector(random *rand.Rand) []float32 {
	vector := make([]float32, 384)
	for i := range vector {
		vector[i] = float32(random.NormFloat64())
	}
	return vector
}

func BenchmarkWords(b *testing.B) {
	l, _ := large(b)
	random := rand.New(rand.NewPCG(5, 6))
	for b.Loop() {
		var asked strings.Builder
		for range 10 {
			fmt.Fprintf(&asked, "wyraz%d ", random.IntN(benchmarkWords/10))
		}
		if _, err := l.Words(context.Background(), rag.Scope{}, asked.String(), 50); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNearest(b *testing.B) {
	l, _ := large(b)
	random := rand.New(rand.NewPCG(7, 8))
	for b.Loop() {
		if _, err := l.Nearest(context.Background(), rag.Scope{}, model, randomVector(random), 50); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkOpen opens a library and asks it by vectors once, which brings them into memory.
func BenchmarkOpen(b *testing.B) {
	l, dir := large(b)
	if err := l.Close(); err != nil {
		b.Fatal(err)
	}
	question := randomVector(rand.New(rand.NewPCG(9, 10)))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		l, err := Open(context.Background(), dir, Holder{}) // not open, which would keep it alive
		if err != nil {
			b.Fatal(err)
		}
		if _, err := l.Nearest(context.Background(), rag.Scope{}, model, question, 10); err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		if err := l.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "heap-MB")
}
