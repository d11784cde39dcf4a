package library

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"referent/rag"
)

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
