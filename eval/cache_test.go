package eval

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"referent/rag"
)

// counting embeds a text as its length and counts what it was asked.
type counting struct {
	digest string
	asked  []string
	err    error
}

func (c *counting) Model(context.Context) (rag.Model, bool, error) {
	return rag.Model{Name: "m", Digest: c.digest, Dimension: 2}, c.digest != "", nil
}

func (c *counting) EmbedQuery(_ context.Context, text string) ([]float32, error) {
	c.asked = append(c.asked, "?"+text)
	return []float32{float32(len(text)), -1}, c.err
}

func (c *counting) EmbedPassages(_ context.Context, texts []string) ([][]float32, error) {
	c.asked = append(c.asked, texts...)
	vectors := make([][]float32, len(texts))
	for i, text := range texts {
		vectors[i] = []float32{float32(len(text)), 1}
	}
	return vectors, c.err
}

func TestVectorsAreEmbeddedOnce(t *testing.T) {
	dir := t.TempDir()
	model := &counting{digest: "sha256:ab"}
	open := func() *Vectors {
		v, err := OpenVectors(t.Context(), model, dir)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = v.Close() }) // the test is over
		return v
	}
	embed := func(v *Vectors, texts ...string) [][]float32 {
		vectors, err := v.EmbedPassages(t.Context(), texts)
		if err != nil {
			t.Fatal(err)
		}
		return vectors
	}
	v := open()
	embed(v, "aa", "bbb")
	again := embed(open(), "bbb", "c", "aa") // another process
	if want := [][]float32{{3, 1}, {1, 1}, {2, 1}}; !slices.EqualFunc(again, want, slices.Equal[[]float32]) {
		t.Errorf("vectors %v, want %v", again, want)
	}
	if !slices.Equal(model.asked, []string{"aa", "bbb", "c"}) {
		t.Errorf("embedded %v", model.asked)
	}
	if query, err := v.EmbedQuery(t.Context(), "aa"); err != nil || query[1] != -1 {
		t.Errorf("%v: a question took the vector of a passage: %v", err, query)
	}
	model.digest = "sha256:cd"
	embed(open(), "aa")
	if model.asked[len(model.asked)-1] != "aa" {
		t.Error("another model took the vectors of the first")
	}
	model.digest = "sha256:ef"
	if _, err := v.EmbedPassages(t.Context(), []string{"new"}); !errors.Is(err, &rag.Error{Code: rag.CodeOllamaFailed}) {
		t.Errorf("a model that changed during the run: %v", err)
	}
}

func TestFailedVectorsAreNotKept(t *testing.T) {
	model := &counting{digest: "d", err: errors.New("no power")}
	v, err := OpenVectors(t.Context(), model, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = v.Close() }() // the test is over
	if _, err := v.EmbedPassages(t.Context(), []string{"a"}); !errors.Is(err, model.err) {
		t.Errorf("%v", err)
	}
	model.err = nil
	if _, err := v.EmbedPassages(t.Context(), []string{"a"}); err != nil || len(model.asked) != 2 {
		t.Errorf("%v, asked %v", err, model.asked)
	}
}

// writer writes the number of its answer.
type writer struct {
	digest string
	asked  int
	err    error
}

func (w *writer) Model(context.Context) (rag.Model, bool, error) {
	return rag.Model{Name: "w", Digest: w.digest}, true, nil
}

func (w *writer) Generate(_ context.Context, _ []rag.Message, _ rag.Options, token func(string) error) (rag.Generation, error) {
	w.asked++
	return rag.Generation{Text: "odpowiedź", AnswerTokens: w.asked}, errors.Join(w.err, token("odpowiedź"))
}

func TestCassettesAreKeyedByEverything(t *testing.T) {
	dir := t.TempDir()
	model := &writer{digest: "1"}
	c, err := OpenCassettes(model, dir)
	if err != nil {
		t.Fatal(err)
	}
	messages := []rag.Message{{Role: "user", Text: "pytanie i fragmenty"}}
	ask := func(messages []rag.Message, options rag.Options) rag.Generation {
		said := ""
		g, err := c.Generate(t.Context(), messages, options, func(text string) error { said += text; return nil })
		if err != nil || said != g.Text {
			t.Fatalf("%v: said %q of %q", err, said, g.Text)
		}
		return g
	}
	first := ask(messages, rag.Options{Seed: 1})
	if again := ask(messages, rag.Options{Seed: 1}); again != first || model.asked != 1 {
		t.Errorf("asked %d times for one question", model.asked)
	}
	ask(messages, rag.Options{Seed: 2})
	ask(messages, rag.Options{Seed: 1, MaxTokens: 5})
	ask([]rag.Message{{Role: "user", Text: "pytanie i inne fragmenty"}}, rag.Options{Seed: 1})
	ask([]rag.Message{{Role: "system", Text: "pytanie i fragmenty"}}, rag.Options{Seed: 1})
	model.digest = "2"
	ask(messages, rag.Options{Seed: 1})
	if model.asked != 6 {
		t.Errorf("asked %d times, want 6: seed, options, text, role and model tell cassettes apart", model.asked)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(files) != 6 {
		t.Fatalf("%v: %d cassettes", err, len(files))
	}
	for _, file := range files {
		if err := os.WriteFile(file, []byte(`{"model":`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if ask(messages, rag.Options{Seed: 1}); model.asked != 7 {
		t.Error("a cassette that was cut was played")
	}
	model.err = errors.New("cut")
	other := []rag.Message{{Role: "user", Text: "inne"}}
	if _, err := c.Generate(t.Context(), other, rag.Options{}, func(string) error { return nil }); !errors.Is(err, model.err) {
		t.Errorf("%v", err)
	}
	model.err = nil
	if ask(other, rag.Options{}); model.asked != 9 {
		t.Error("an answer that was cut was recorded")
	}
}
