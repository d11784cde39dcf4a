package ollama

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"referent/rag"
	"referent/rag/ollama/ollamatest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, script ollamatest.Script, options Options) (*ollamatest.Server, *Client) {
	t.Helper()
	server := ollamatest.Start(script)
	t.Cleanup(server.Close)
	options.Host = server.URL
	client, err := New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	return server, client
}

func TestHosts(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "http://127.0.0.1:11434",
		"0.0.0.0":                   "http://127.0.0.1:11434",
		"0.0.0.0:8000":              "http://127.0.0.1:8000",
		"gpu.urzad.lan":             "http://gpu.urzad.lan:11434",
		"https://gpu.urzad.lan":     "https://gpu.urzad.lan",
		"http://[::1]:11434":        "http://[::1]:11434",
		"http://10.0.0.2:11434/x\n": "http://10.0.0.2:11434/x",
	} {
		client, err := New(Options{Host: in})
		if err != nil || client.Host() != want {
			t.Errorf("%q gave %v, %v", in, client, err)
		}
	}
	if _, err := New(Options{Host: "http://"}); err == nil {
		t.Error("an address without a host was taken")
	}
}

func TestEmbeddingsAreAsTheModelWantsThem(t *testing.T) {
	server, client := start(t, ollamatest.Script{}, Options{})
	e := client.Embedder()
	model, found, err := e.Model(t.Context())
	if err != nil || !found {
		t.Fatal(found, err)
	}
	if want := (rag.Model{Name: "referent-e5", Digest: "c0ffee02", Dimension: ollamatest.DefaultDimension, Floor: 0.825}); model != want {
		t.Errorf("model %+v, want %+v", model, want)
	}
	query, err := e.EmbedQuery(t.Context(), "termin\nna  ﬁnanse")
	if err != nil {
		t.Fatal(err)
	}
	passages, err := e.EmbedPassages(t.Context(), []string{"termin finanse", "parking"})
	if err != nil {
		t.Fatal(err)
	}
	asked := server.Requests("/api/embed")
	if diff := cmp.Diff([][]string{{"query: termin na finanse"}, {"passage: termin finanse", "passage: parking"}},
		[][]string{asked[0].Input, asked[1].Input}); diff != "" {
		t.Error(diff)
	}
	for _, r := range asked {
		if r.Truncate == nil || *r.Truncate || r.Options["num_ctx"] != 512.0 {
			t.Errorf("truncate %v, options %v", r.Truncate, r.Options)
		}
	}
	if near, far := dot(query, passages[0]), dot(query, passages[1]); near < 0.99 || far > 0.1 {
		t.Errorf("near %.2f, far %.2f", near, far)
	}
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for i := range a {
		sum += float64(a[i]) * float64(b[i])
	}
	return sum
}

func TestBatches(t *testing.T) {
	server, client := start(t, ollamatest.Script{}, Options{})
	texts := make([]string, 2*EmbedBatch+1)
	for i := range texts {
		texts[i] = strings.Repeat("x", i+1)
	}
	vectors, err := client.Embedder().EmbedPassages(t.Context(), texts)
	if err != nil || len(vectors) != len(texts) {
		t.Fatal(len(vectors), err)
	}
	for i, text := range texts {
		if dot(vectors[i], ollamatest.Vector(text, ollamatest.DefaultDimension)) < 0.999 {
			t.Fatalf("vector %d stands at another place", i)
		}
	}
	if n := len(server.Requests("/api/embed")); n != 3 {
		t.Errorf("%d requests", n)
	}
}

func TestATextThatOverflowsIsEmbeddedInWindows(t *testing.T) {
	short := ollamatest.Model{Name: ollamatest.EmbeddingModel, Digest: "d", Dimension: 32, Window: 10}
	_, client := start(t, ollamatest.Script{Models: []ollamatest.Model{short}}, Options{})
	long := strings.Repeat("termin petycji gminy ", 12)
	vectors, err := client.Embedder().EmbedPassages(t.Context(), []string{"krótki", long, "mały"})
	if err != nil {
		t.Fatal(err)
	}
	if got := dot(vectors[1], vectors[1]); math.Abs(got-1) > 1e-4 {
		t.Errorf("length %.3f", got)
	}
	if got := dot(vectors[1], ollamatest.Vector("termin petycji gminy", 32)); got < 0.98 {
		t.Errorf("the windows say something else: %.3f", got)
	}
	if dot(vectors[0], ollamatest.Vector("krótki", 32)) < 0.999 || dot(vectors[2], ollamatest.Vector("mały", 32)) < 0.999 {
		t.Error("its neighbours changed")
	}
	if _, err := client.Embedder().EmbedPassages(t.Context(), []string{strings.Repeat("ż", 10) + strings.Repeat(" a", 3)}); err != nil {
		t.Error(err)
	}
}

func TestUnusableVectorsAreErrors(t *testing.T) {
	_, zero := start(t, ollamatest.Script{Fault: ollamatest.ZeroVectors}, Options{})
	if _, err := zero.Embedder().EmbedQuery(t.Context(), "x"); !errors.Is(err, &rag.Error{Code: rag.CodeOllamaFailed}) {
		t.Errorf("zero vector: %v", err)
	}
	server, client := start(t, ollamatest.Script{}, Options{})
	if _, err := client.Embedder().EmbedQuery(t.Context(), "x"); err != nil {
		t.Fatal(err)
	}
	// The same digest with vectors of another length.
	server.Rewrite(ollamatest.Script{Models: []ollamatest.Model{{Name: ollamatest.EmbeddingModel, Digest: "c0ffee02", Dimension: 8}}})
	if _, err := client.Embedder().EmbedQuery(t.Context(), "x"); !errors.Is(err, &rag.Error{Code: rag.CodeOllamaFailed}) {
		t.Errorf("another dimension: %v", err)
	}
}

var question = []rag.Message{{Role: "system", Text: "Odpowiadaj."}, {Role: "user", Text: "Kto?"}}

func TestGenerate(t *testing.T) {
	server, client := start(t, ollamatest.Script{Answer: func([]ollamatest.Message) string { return "Wójt gminy [1]." }}, Options{})
	var pieces []string
	made, err := client.Generator().Generate(t.Context(), question, rag.Options{Seed: 7, MaxTokens: 50}, func(text string) error {
		pieces = append(pieces, text)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if made.Text != "Wójt gminy [1]." || strings.Join(pieces, "") != made.Text || made.AnswerTokens != 3 || made.PromptTokens != 2 {
		t.Errorf("got %+v in %q", made, pieces)
	}
	asked := server.Requests("/api/chat")
	if len(asked) != 1 {
		t.Fatalf("%d requests for a short prompt", len(asked))
	}
	want := map[string]any{"num_ctx": 4096.0, "num_predict": 50.0, "seed": 7.0, "temperature": 0.0}
	if diff := cmp.Diff(want, asked[0].Options); diff != "" {
		t.Error(diff)
	}
	if *asked[0].Truncate {
		t.Error("Ollama may cut the prompt")
	}
}

// Ollama reads a prompt to its end though its reader has left, so the model is
// unloaded, but not for a prompt that is read in a moment or an answer under way.
func TestACancelWhileReadingUnloadsTheModel(t *testing.T) {
	long := []rag.Message{question[0], {Role: "user", Text: strings.Repeat("zażółć gęślą jaźń ", 60)}}
	for name, c := range map[string]struct {
		messages []rag.Message
		delay    time.Duration
		want     int
	}{
		"reading a long prompt": {long, time.Hour, 1},
		"a short prompt":        {question, time.Hour, 0},
		"writing":               {long, time.Millisecond, 0},
	} {
		server, client := start(t, ollamatest.Script{
			Answer: func([]ollamatest.Message) string { return strings.Repeat("i tak dalej ", 100) }, Delay: c.delay,
		}, Options{})
		ctx, cancel := context.WithCancel(t.Context())
		if c.delay == time.Hour {
			go func() {
				for server.Writing() == 0 {
					time.Sleep(time.Millisecond)
				}
				cancel()
			}()
		}
		_, err := client.Generator().Generate(ctx, c.messages, rag.Options{MaxTokens: 50}, func(string) error {
			cancel()
			return nil
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
		unloads := server.Requests("/api/generate")
		if len(unloads) != c.want || c.want == 1 && unloads[0].KeepAlive != "0s" {
			t.Errorf("%s: unloads %+v, want %d", name, unloads, c.want)
		}
		free(t, server)
	}
}

func TestFailuresOfAnAnswer(t *testing.T) {
	several := func([]ollamatest.Message) string { return "jeden dwa trzy cztery" }
	for name, c := range map[string]struct {
		script  ollamatest.Script
		options Options
		want    rag.Code
	}{
		"dies midway":    {ollamatest.Script{Fault: ollamatest.DieMidway, Answer: several}, Options{}, rag.CodeOllamaInterrupted},
		"ends midway":    {ollamatest.Script{Fault: ollamatest.EndMidway, Answer: several}, Options{}, rag.CodeOllamaInterrupted},
		"answers 500":    {ollamatest.Script{Fault: ollamatest.Broken}, Options{}, rag.CodeOllamaFailed},
		"named, missing": {ollamatest.Script{}, Options{Chat: "bielik"}, rag.CodeModelMissing},
		"none there":     {ollamatest.Script{Models: []ollamatest.Model{}}, Options{}, rag.CodeModelMissing},
	} {
		_, client := start(t, c.script, c.options)
		_, err := client.Generator().Generate(t.Context(), question, rag.Options{MaxTokens: 9}, func(string) error { return nil })
		if !errors.Is(err, &rag.Error{Code: c.want}) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestNoOllama(t *testing.T) {
	server, client := start(t, ollamatest.Script{}, Options{})
	server.Close()
	unreachable := &rag.Error{Code: rag.CodeOllamaUnreachable}
	if _, _, err := client.Embedder().Model(t.Context()); !errors.Is(err, unreachable) {
		t.Errorf("Model: %v", err)
	}
	if _, err := client.Status(t.Context()); !errors.Is(err, unreachable) {
		t.Errorf("Status: %v", err)
	}
}

func TestAModelThatGoesAwayIsNoticed(t *testing.T) {
	server, client := start(t, ollamatest.Script{}, Options{})
	if _, found, err := client.Generator().Model(t.Context()); err != nil || !found {
		t.Fatal(found, err)
	}
	server.Rewrite(ollamatest.Script{Models: []ollamatest.Model{}})
	none := func(string) error { return nil }
	if _, err := client.Generator().Generate(t.Context(), question, rag.Options{}, none); !errors.Is(err, &rag.Error{Code: rag.CodeModelMissing}) {
		t.Fatal(err)
	}
	if _, found, err := client.Generator().Model(t.Context()); err != nil || found {
		t.Errorf("after the failure: found %v, %v", found, err)
	}
}

func TestCancelFreesTheModel(t *testing.T) {
	server, client := start(t, ollamatest.Script{
		Answer: func([]ollamatest.Message) string { return strings.Repeat("i tak dalej ", 1000) }, Delay: 5 * time.Millisecond,
	}, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	_, err := client.Generator().Generate(ctx, question, rag.Options{MaxTokens: 3000}, func(string) error {
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	free(t, server)
	gone := errors.New("client gone")
	_, err = client.Generator().Generate(t.Context(), question, rag.Options{MaxTokens: 3000}, func(string) error { return gone })
	if !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
	free(t, server)
}

func TestDocumentsWaitForAnswers(t *testing.T) {
	server, client := start(t, ollamatest.Script{}, Options{})
	embedded := make(chan error, 1)
	_, err := client.Generator().Generate(t.Context(), question, rag.Options{MaxTokens: 1}, func(string) error {
		go func() {
			_, err := client.Embedder().EmbedPassages(context.WithoutCancel(t.Context()), []string{"tekst"})
			embedded <- err
		}()
		if _, err := client.Embedder().EmbedQuery(t.Context(), "pytanie"); err != nil {
			t.Errorf("a question waits too: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
		if n := len(server.Requests("/api/embed")); n != 1 {
			t.Errorf("%d embeddings during an answer, want that of the question", n)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := client.Embedder().EmbedPassages(gone, []string{"tekst"}); !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled while waiting: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-embedded; err != nil {
		t.Fatal(err)
	}
}

func free(t *testing.T, server *ollamatest.Server) {
	t.Helper()
	for end := time.Now().Add(3 * time.Second); server.Writing() > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the model still writes")
		}
	}
}

func TestStatus(t *testing.T) {
	models := []ollamatest.Model{
		{Name: ollamatest.ChatModel, Digest: "a", Bytes: 1}, {Name: "bge-m3:latest", Digest: "b", Bytes: 2, Dimension: 8},
		{Name: "nomic-embed-text:latest", Digest: "c", Bytes: 3, Dimension: 8},
	}
	_, client := start(t, ollamatest.Script{Version: "0.17.4", Models: models}, Options{Chat: "bielik", Set: RAM16})
	status, err := client.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := Status{
		Host: client.Host(), Version: "0.17.4",
		Models:    []Present{{ollamatest.ChatModel, "a", 1, true}, {"bge-m3:latest", "b", 2, true}, {"nomic-embed-text:latest", "c", 3, false}},
		Chat:      Choice{Name: "bielik", Reason: Missing},
		Embedding: Choice{"bge-m3", "b", ForMachine},
		Others:    []string{"nomic-embed-text:latest"},
	}
	if diff := cmp.Diff(want, status); diff != "" {
		t.Error(diff)
	}
}

func TestModelsAreLookedUpOnceInAWhile(t *testing.T) {
	server, client := start(t, ollamatest.Script{}, Options{})
	for range 5 {
		if _, err := client.Embedder().EmbedQuery(t.Context(), "x"); err != nil {
			t.Fatal(err)
		}
	}
	if tags, show := len(server.Requests("/api/tags")), len(server.Requests("/api/show")); tags != 1 || show != 1 {
		t.Errorf("%d look-ups of models, %d of the dimension", tags, show)
	}
}

func TestWarm(t *testing.T) {
	server, client := start(t, ollamatest.Script{}, Options{})
	beginning := []rag.Message{question[0], {Role: "user", Text: strings.Repeat("ż", portionRunes+1)}}
	if err := client.Warm(t.Context(), beginning); err != nil {
		t.Fatal(err)
	}
	var read []int
	for _, r := range server.Requests("/api/chat") {
		if r.Options["num_predict"] != 1.0 {
			t.Errorf("wrote more than a token: %v", r.Options)
		}
		read = append(read, len([]rune(r.Messages[len(r.Messages)-1].Content)))
	}
	if diff := cmp.Diff([]int{len([]rune(question[0].Text)), portionRunes, portionRunes + 1}, read); diff != "" {
		t.Error(diff)
	}
	if n := len(server.Requests("/api/embed")); n != 1 {
		t.Errorf("%d embeddings", n)
	}
	if err := client.Warm(t.Context(), beginning); err != nil || len(server.Requests("/api/chat")) != len(read) {
		t.Errorf("read again what is in the cache: %v", err)
	}
}

func TestWarmingGivesWayToAnAnswer(t *testing.T) {
	server, client := start(t, ollamatest.Script{Delay: time.Hour}, Options{})
	warm := make(chan error, 1)
	go func() { warm <- client.Warm(t.Context(), question[:1]) }()
	for server.Writing() == 0 {
		time.Sleep(time.Millisecond)
	}
	server.Rewrite(ollamatest.Script{})
	if _, err := client.Generator().Generate(t.Context(), question, rag.Options{MaxTokens: 9}, ignore); err != nil {
		t.Fatal(err)
	}
	if err := <-warm; err != nil {
		t.Fatal(err)
	}
	if n := len(server.Requests("/api/chat")); n != 2 {
		t.Errorf("%d requests: the answer has read the beginning already", n)
	}
}

func TestKeepWarmLoadsTheModelAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string // what and when
		start := time.Now()
		client, err := New(Options{HTTP: &http.Client{Transport: answers(func(path string) string {
			if path != "/api/tags" && path != "/api/ps" {
				asked = append(asked, fmt.Sprint(path, " ", time.Since(start)))
			}
			if path == "/api/tags" {
				return `{"models":[{"name":"referent-qwen:latest","digest":"c0ffee01"}]}`
			}
			return `{"done":true}`
		})}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			client.KeepWarm(ctx, question[:1])
		}()
		synctest.Wait()
		chosen, _, err := client.choose(ctx, Chat)
		if err != nil {
			t.Fatal(err)
		}
		writing{c: client, choice: chosen}.release(ctx)
		time.Sleep(2 * rest)
		synctest.Wait()
		want := []string{"/api/chat 0s", "/api/generate 0s", "/api/generate 0s", "/api/chat 3s"}
		if diff := cmp.Diff(want, asked); diff != "" {
			t.Error(diff)
		}
		stop()
		<-done
	})
}

// answers is an Ollama without a network, which the clock of synctest would not wait for.
type answers func(path string) string

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(a(r.URL.Path))), Header: http.Header{}, Request: r}, nil
}
