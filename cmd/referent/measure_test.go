package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"referent/rag"
	"referent/rag/check"
	"referent/rag/library"
	"referent/rag/ollama"
)

// Measurements over a real library: a data folder that was filled by `referent ingest`
// (REFERENT_TEST_LIBRARY), a real Ollama (REFERENT_TEST_OLLAMA), questions of
// REFERENT_SHARED/eval. Each is skipped where what it needs is not given.

func given(t *testing.T, variable string) string {
	t.Helper()
	value := os.Getenv(variable)
	if value == "" {
		t.Skipf("%s is not set", variable)
	}
	return value
}

// measured wires an assistant over the library as the commands do.
func measured(t *testing.T, transport http.RoundTripper, write bool) (*rag.Assistant, *library.Library) {
	t.Helper()
	lib, err := library.Open(t.Context(), given(t, "REFERENT_TEST_LIBRARY"), library.Holder{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = lib.Close() }) // only read
	config := rag.Config{Index: lib, Shelf: lib, Catalogue: lib, Check: check.Answer}
	if host := os.Getenv("REFERENT_TEST_OLLAMA"); host != "" {
		models, err := ollama.New(ollama.Options{Host: host, HTTP: &http.Client{Transport: transport}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(models.Close)
		config.Embedder = models.Embedder()
		if write {
			config.Generator = models.Generator()
		}
	}
	assistant, err := rag.New(config)
	if err != nil {
		t.Fatal(err)
	}
	return assistant, lib
}

// waits is a transport that adds up how long Ollama let wait.
type waits struct {
	http.RoundTripper
	mu    sync.Mutex
	spent time.Duration
}

func (w *waits) add(since time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.spent += time.Since(since)
}

func (w *waits) sum() time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.spent
}

func (w *waits) RoundTrip(r *http.Request) (*http.Response, error) {
	defer w.add(time.Now())
	response, err := w.RoundTripper.RoundTrip(r)
	if err == nil {
		response.Body = waitingBody{response.Body, w}
	}
	return response, err
}

type waitingBody struct {
	io.ReadCloser
	w *waits
}

func (b waitingBody) Read(p []byte) (int, error) {
	defer b.w.add(time.Now())
	return b.ReadCloser.Read(p)
}

// TestLiveFirstToken says how much of the time to the first token is Referent's own:
// what is left when Ollama is not waited for. The goal is below 5 %.
func TestLiveFirstToken(t *testing.T) {
	given(t, "REFERENT_TEST_OLLAMA")
	ollamas := &waits{RoundTripper: &http.Transport{DialContext: (&net.Dialer{}).DialContext}}
	assistant, _ := measured(t, ollamas, true)
	var own, all time.Duration
	for i, question := range []string{
		"Jak długo urząd może rozpatrywać petycję?", // the first one loads models and is not counted
		"W jakim terminie powinna być rozpatrzona petycja?",
		"Czy petycję można złożyć elektronicznie?",
		"Co powinna zawierać petycja?",
		"W jakim terminie udostępnia się informację publiczną na wniosek?",
		"Kiedy urząd może pobrać opłatę za informację publiczną?",
		"Kto odmawia udostępnienia informacji publicznej i w jakiej formie?",
		"Kiedy powstaje obowiązek zapłaty opłaty skarbowej?",
		"Kto jest zwolniony z opłaty skarbowej?",
	} {
		before, start := ollamas.sum(), time.Now()
		var first, waited time.Duration
		answer, err := assistant.Ask(t.Context(), rag.Question{Question: question}, func(event rag.Event) error {
			if _, token := event.(rag.Token); token && first == 0 {
				first, waited = time.Since(start), ollamas.sum()-before
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if first == 0 {
			t.Fatalf("%s: no model spoke: %+v", question, answer)
		}
		t.Logf("first token %6.0f ms, Referent's own %4.1f ms (%.1f %%), retrieval %4.0f ms, total %6.0f ms, prompt %d, answer %d tokens: %s",
			ms(first), ms(first-waited), 100*ms(first-waited)/ms(first), answer.Timings.RetrieveMS, answer.Timings.TotalMS,
			answer.Timings.PromptTokens, answer.Timings.AnswerTokens, answer.Answer)
		if i > 0 {
			own, all = own+first-waited, all+first
		}
	}
	share := float64(own) / float64(all)
	t.Logf("Referent's own share of the time to the first token: %.2f %%", 100*share)
	if share >= 0.05 {
		t.Errorf("Referent adds %.1f %%, want less than 5 %%", 100*share)
	}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// asked is a question with whether it should be refused.
type asked struct {
	Question string
	Refuse   bool
	Gold     []struct{ Act string }
}

// refusalQuestions are the development questions that a library with these acts
// answers, and those to refuse.
func refusalQuestions(t *testing.T, acts map[string]bool) []asked {
	t.Helper()
	dir := filepath.Join(given(t, "REFERENT_SHARED"), "eval")
	var all []asked
	file, err := os.Open(filepath.Join(dir, "clerk_dev.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }() // only read
	for decoder := json.NewDecoder(file); decoder.More(); {
		var q asked
		if err := decoder.Decode(&q); err != nil {
			t.Fatal(err)
		}
		missing := func(gold struct{ Act string }) bool { return !acts[gold.Act] }
		if q.Refuse || !slices.ContainsFunc(q.Gold, missing) {
			all = append(all, q)
		}
	}
	content, err := os.ReadFile(filepath.Join(dir, "refusals.json"))
	if err != nil {
		t.Fatal(err)
	}
	var refusals []asked
	if err := json.Unmarshal(content, &refusals); err != nil {
		t.Fatal(err)
	}
	for _, q := range refusals {
		all = append(all, asked{Question: q.Question, Refuse: true})
	}
	return all
}

// TestMeasureRefusals counts what is refused wrongly and what is let through, by words
// and, where Ollama is given, with vectors.
func TestMeasureRefusals(t *testing.T) {
	assistant, lib := measured(t, &http.Transport{}, false)
	documents, err := lib.Documents(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	acts := map[string]bool{}
	for _, document := range documents {
		acts[document.Act] = true
	}
	questions := refusalQuestions(t, acts)
	for _, words := range []bool{true, false} {
		if !words && os.Getenv("REFERENT_TEST_OLLAMA") == "" {
			continue
		}
		var right, total [2]int // of questions to answer, to refuse
		for _, q := range questions {
			answer, err := assistant.Ask(t.Context(), rag.Question{Question: q.Question, NoModel: words}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !words && slices.Contains(answer.Degraded, rag.NoEmbeddings) {
				t.Fatal("the vectors were not searched")
			}
			kind := 0
			if q.Refuse {
				kind = 1
			}
			total[kind]++
			if answer.Refused == q.Refuse {
				right[kind]++
			} else if !q.Refuse {
				t.Logf("refused wrongly (by words: %v): %s", words, q.Question)
			}
		}
		t.Logf("%d documents, by words alone: %v: answered %d of %d, refused %d of %d, balanced accuracy %.2f", len(documents), words,
			right[0], total[0], right[1], total[1], (float64(right[0])/float64(total[0])+float64(right[1])/float64(total[1]))/2)
	}
}
