package ollama

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ollama/ollama/api"

	"referent/rag"
)

// live gives a client of a real Ollama, whose address stands in REFERENT_TEST_OLLAMA.
func live(t testing.TB) *Client {
	host := os.Getenv("REFERENT_TEST_OLLAMA")
	if host == "" {
		t.Skip("no real Ollama: set REFERENT_TEST_OLLAMA to its address")
	}
	client, err := New(Options{Host: host, Set: Packaged})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return client
}

// unread gives a prompt of about so many runes that Ollama has never seen.
func unread(runes int) []rag.Message {
	const article = "Petycja powinna być rozpatrzona bez zbędnej zwłoki, jednak nie później niż w terminie trzech miesięcy od dnia jej złożenia. "
	text := fmt.Sprintf("Sprawa %d. ", rand.Uint64()) + strings.Repeat(article, runes/len([]rune(article)))
	return []rag.Message{{Role: "system", Text: "Odpowiadaj krótko."}, {Role: "user", Text: text}}
}

func ignore(string) error { return nil }

// TestLiveCancel leaves while the prompt is being read and asks how long the model is
// busy after that, though it is being warmed again.
func TestLiveCancel(t *testing.T) {
	client := live(t)
	beginning := []rag.Message{{Role: "system", Text: strings.Repeat("Odpowiadaj krótko, ze źródłem. ", 25)}}
	if err := client.Warm(t.Context(), beginning); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	warm := make(chan struct{})
	go func() {
		defer close(warm)
		client.KeepWarm(ctx, beginning)
	}()
	defer func() { stop(); <-warm }()
	one := func() time.Duration {
		start := time.Now()
		if _, err := client.Generator().Generate(t.Context(), question, rag.Options{MaxTokens: 1}, ignore); err != nil {
			t.Fatal(err)
		}
		return time.Since(start)
	}
	one()
	if _, err := client.Generator().Generate(t.Context(), unread(1500), rag.Options{MaxTokens: 1}, ignore); err != nil {
		t.Fatal(err) // lets the client see how fast this machine reads
	}
	one()
	base := one()
	t.Logf("a short answer takes %s", base.Round(10*time.Millisecond))
	for _, after := range []time.Duration{500 * time.Millisecond, 3 * time.Second, 5700 * time.Millisecond} {
		leaving, cancel := context.WithTimeout(t.Context(), after)
		_, err := client.Generator().Generate(leaving, unread(2500), rag.Options{MaxTokens: 50}, ignore)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("after %s: %v", after, err)
		}
		busy := one() - base
		t.Logf("left after %s, free after %s", after, busy.Round(10*time.Millisecond))
		if busy > 3*time.Second {
			t.Errorf("the model was busy for %s after the cancel", busy)
		}
	}
}

// BenchmarkLiveEmbed compares the client with the bare API on the same texts and batch.
func BenchmarkLiveEmbed(b *testing.B) {
	client := live(b)
	texts := make([]string, 2*EmbedBatch)
	for i := range texts {
		texts[i] = fmt.Sprintf("Ustawa o petycjach, art. %d. ", i) + strings.Repeat("Petycja powinna być rozpatrzona bez zbędnej zwłoki, nie później niż w trzy miesiące. ", 6)
	}
	tokens := 0 // of one round
	rate := func(b *testing.B) { b.ReportMetric(float64(tokens*b.N)/b.Elapsed().Seconds(), "tokens/s") }
	b.Run("raw", func(b *testing.B) {
		defer rate(b)
		for b.Loop() {
			tokens = 0
			for i := 0; i < len(texts); i += EmbedBatch {
				input := make([]string, EmbedBatch)
				for j, text := range texts[i : i+EmbedBatch] {
					input[j] = "passage: " + strings.TrimSpace(text)
				}
				request := &api.EmbedRequest{Model: "referent-e5", Input: input, Options: map[string]any{"num_ctx": 512},
					KeepAlive: &api.Duration{Duration: keepAlive}}
				response, err := client.api.Embed(b.Context(), request)
				if err != nil {
					b.Fatal(err)
				}
				tokens += response.PromptEvalCount
			}
		}
	})
	b.Run("client", func(b *testing.B) {
		defer rate(b)
		for b.Loop() {
			if _, err := client.Embedder().EmbedPassages(b.Context(), texts); err != nil {
				b.Fatal(err)
			}
		}
	})
}
