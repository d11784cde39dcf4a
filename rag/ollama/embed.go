package ollama

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"unicode"

	"github.com/ollama/ollama/api"
	"golang.org/x/text/unicode/norm"

	"referent/rag"
)

// EmbedBatch is how many passages go into one request: Ollama works on them one
// after another, so a batch saves round trips only, and a cancel waits for a batch.
const EmbedBatch = 16

// embedContext is the window asked for: a passage has 900 characters or so, and
// Ollama lays out memory (and a batch) of this size for an embedding model.
const embedContext = 2048

type embedder struct{ c *Client }

// Model says which model embeds and how long its vectors are.
func (e embedder) Model(ctx context.Context) (rag.Model, bool, error) {
	chosen, found, err := e.c.choose(ctx, Embedding)
	if err != nil || !found {
		return rag.Model{}, false, err
	}
	dimension, err := e.c.dimension(ctx, chosen)
	if err != nil {
		return rag.Model{}, false, err
	}
	return rag.Model{Name: chosen.Name, Digest: chosen.digest, Dimension: dimension, Floor: chosen.Floor}, true, nil
}

// EmbedQuery embeds a question with the model's prefix for questions.
func (e embedder) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	vectors, err := e.embed(ctx, []string{text}, query)
	if err != nil {
		return nil, err
	}
	return vectors[0], nil
}

// EmbedPassages embeds texts with the model's prefix for passages, in the order given.
func (e embedder) EmbedPassages(ctx context.Context, texts []string) ([][]float32, error) {
	return e.embed(ctx, texts, passage)
}

// kind is what a text is to an embedding model.
type kind int

const (
	query kind = iota
	passage
)

func (e embedder) embed(ctx context.Context, texts []string, as kind) ([][]float32, error) {
	chosen, found, err := e.c.choose(ctx, Embedding)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, &rag.Error{Code: rag.CodeModelMissing}
	}
	dimension, err := e.c.dimension(ctx, chosen)
	if err != nil {
		return nil, err
	}
	request := embedding{c: e.c, choice: chosen, prefix: chosen.Query, dimension: dimension}
	if as == passage {
		request.prefix = chosen.Passage
	}
	vectors := make([][]float32, 0, len(texts))
	for start := 0; start < len(texts); start += EmbedBatch {
		batch := make([]string, 0, EmbedBatch)
		for _, text := range texts[start:min(start+EmbedBatch, len(texts))] {
			batch = append(batch, clean(text, chosen.NFKC))
		}
		if as == passage {
			if err := e.c.awaitQuiet(ctx); err != nil {
				return nil, err
			}
		}
		some, err := request.batch(ctx, batch)
		if err != nil {
			return nil, err
		}
		vectors = append(vectors, some...)
	}
	return vectors, nil
}

// clean gives the text as the model wants it. Packaged e5 has no character map: a
// line break would be an unknown token to it.
func clean(text string, nfkc bool) string {
	if !nfkc {
		return text
	}
	return strings.Join(strings.Fields(norm.NFKC.String(text)), " ")
}

// embedding is a run of requests to one model.
type embedding struct {
	c *Client
	choice
	prefix    string
	dimension int
}

// batch embeds texts in one request. Ollama refuses the whole batch when one text
// overflows the window, so it is halved until that text stands alone.
func (e embedding) batch(ctx context.Context, texts []string) ([][]float32, error) {
	vectors, err := e.request(ctx, texts)
	if err == nil || !overflows(err) {
		return vectors, err
	}
	if len(texts) == 1 {
		vector, err := e.windows(ctx, texts[0])
		return [][]float32{vector}, err
	}
	half := len(texts) / 2
	left, err := e.batch(ctx, texts[:half])
	if err != nil {
		return nil, err
	}
	right, err := e.batch(ctx, texts[half:])
	return append(left, right...), err
}

// windows embeds a text that overflows: the mean of its two halves, each weighed by
// its length and halved again where it must be.
func (e embedding) windows(ctx context.Context, text string) ([]float32, error) {
	left, right, ok := halve(text)
	if !ok {
		return nil, &rag.Error{Code: rag.CodeOllamaFailed, Subject: e.Name, Err: errors.New("a text of one word overflows the window")}
	}
	mean := make([]float32, e.dimension)
	for _, part := range []string{left, right} {
		vectors, err := e.batch(ctx, []string{part})
		if err != nil {
			return nil, err
		}
		weight := float32(len(part)) / float32(len(text))
		for i, value := range vectors[0] {
			mean[i] += weight * value
		}
	}
	return e.unit(mean)
}

// halve cuts a text at the white space nearest to its middle.
func halve(text string) (left, right string, ok bool) {
	text = strings.TrimSpace(text)
	middle := len(text) / 2
	after := strings.IndexFunc(text[middle:], unicode.IsSpace)
	before := strings.LastIndexFunc(text[:middle], unicode.IsSpace)
	cut := before
	if after >= 0 && (before < 0 || after < middle-before) {
		cut = middle + after
	}
	if cut < 0 {
		return text, "", false
	}
	return strings.TrimSpace(text[:cut]), strings.TrimSpace(text[cut:]), true
}

func (e embedding) request(ctx context.Context, texts []string) ([][]float32, error) {
	input := make([]string, len(texts))
	for i, text := range texts {
		input[i] = e.prefix + text
	}
	truncate := false // a cut text would be embedded in silence
	response, err := e.c.api.Embed(ctx, &api.EmbedRequest{
		Model: e.Name, Input: input, Truncate: &truncate,
		KeepAlive: &api.Duration{Duration: keepAlive},
		Options:   map[string]any{"num_ctx": min(e.Window, embedContext)},
	})
	if err != nil {
		return nil, e.c.failure(ctx, err, e.Name)
	}
	if len(response.Embeddings) != len(texts) {
		return nil, &rag.Error{Code: rag.CodeOllamaFailed, Subject: e.Name,
			Err: fmt.Errorf("%d vectors for %d texts", len(response.Embeddings), len(texts))}
	}
	vectors := make([][]float32, len(texts))
	for i, values := range response.Embeddings {
		if vectors[i], err = e.unit(values); err != nil {
			return nil, err
		}
	}
	e.c.embedded(response)
	return vectors, nil
}

// unit brings a vector to length one. A vector of another dimension would make every
// later search fail, and a zero one would become NaN and corrupt the order.
func (e embedding) unit(values []float32) ([]float32, error) {
	if len(values) != e.dimension {
		return nil, &rag.Error{Code: rag.CodeOllamaFailed, Subject: e.Name,
			Err: fmt.Errorf("a vector of %d values, want %d", len(values), e.dimension)}
	}
	var sum float64
	for _, value := range values {
		sum += float64(value) * float64(value)
	}
	length := math.Sqrt(sum)
	if length == 0 || math.IsNaN(length) || math.IsInf(length, 0) {
		return nil, &rag.Error{Code: rag.CodeOllamaFailed, Subject: e.Name, Err: errors.New("a vector without direction")}
	}
	unit := make([]float32, len(values))
	for i, value := range values {
		unit[i] = float32(float64(value) / length)
	}
	return unit, nil
}

// overflows recognises Ollama's complaint; it has no code of its own.
func overflows(err error) bool {
	var status api.StatusError
	return errors.As(err, &status) && status.StatusCode == http.StatusBadRequest &&
		strings.Contains(status.ErrorMessage, "context length")
}

// dimension says how long a model's vectors are, as its file states.
func (c *Client) dimension(ctx context.Context, chosen choice) (int, error) {
	c.mu.Lock()
	dimension, known := c.dimensions[chosen.digest]
	c.mu.Unlock()
	if known {
		return dimension, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	show, err := c.api.Show(ctx, &api.ShowRequest{Model: chosen.Name})
	if err != nil {
		return 0, c.failure(ctx, err, chosen.Name)
	}
	architecture, _ := show.ModelInfo["general.architecture"].(string)
	length, ok := show.ModelInfo[architecture+".embedding_length"].(float64)
	if !ok || length < 1 {
		return 0, &rag.Error{Code: rag.CodeOllamaFailed, Subject: chosen.Name, Err: errors.New("the model states no embedding length")}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dimensions[chosen.digest] = int(length)
	return int(length), nil
}
