package ollama

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/ollama/ollama/api"

	"referent/rag"
)

const (
	// chatContext is set on every request: left out, Ollama takes a default that
	// differs by machine, cuts the prompt in silence and reloads the model.
	chatContext = 4096
	// portionTime is how long one request may read prompt. Ollama's runner notices a
	// cancelled request only when it writes a token: until the prompt is read to its
	// end the model stays busy, whatever num_batch is. So a long prompt is read in
	// portions, each kept by Ollama's prompt cache, and a cancel waits for one portion.
	// (To unload the model instead costs nothing until a cancel, but then the load and
	// the reading of the prompt's constant beginning, each more than a portion.)
	portionTime = 2200 * time.Millisecond
	// firstRuneSpeed is how many runes of prompt a second are assumed before a speed
	// was seen: a 1.5B model on two cores. Runes, for Ollama has no tokenize route.
	firstRuneSpeed = 100
)

type generator struct{ c *Client }

// Model says which model writes.
func (g generator) Model(ctx context.Context) (rag.Model, bool, error) {
	chosen, found, err := g.c.choose(ctx, Chat)
	if err != nil || !found {
		return rag.Model{}, false, err
	}
	return rag.Model{Name: chosen.Name, Digest: chosen.digest}, true, nil
}

// Generate makes the model write an answer to the messages.
func (g generator) Generate(ctx context.Context, messages []rag.Message, options rag.Options, token func(string) error) (rag.Generation, error) {
	chosen, found, err := g.c.choose(ctx, Chat)
	if err != nil {
		return rag.Generation{}, err
	}
	if !found {
		return rag.Generation{}, &rag.Error{Code: rag.CodeModelMissing}
	}
	run := writing{c: g.c, choice: chosen, options: options}
	if err := run.read(ctx, messages); err != nil {
		return rag.Generation{}, err
	}
	return run.write(ctx, messages, options.MaxTokens, token)
}

// writing is one answer of one model.
type writing struct {
	c *Client
	choice
	options rag.Options
}

// read lets the model read the messages in portions of portionTime, all but the
// last portion, which write reads.
func (w writing) read(ctx context.Context, messages []rag.Message) error {
	prompt := flat(messages)
	known := commonPrefix(w.c.read(w.digest), prompt)
	for {
		cut, ok := nextCut(prompt, known, w.c.portion())
		if !ok {
			return nil
		}
		if _, err := w.write(ctx, beginning(messages, cut), 1, func(string) error { return nil }); err != nil {
			return err
		}
		known = cut
	}
}

// nextCut gives the place after known, in bytes, up to which the next portion of so
// many runes goes; ok is false when the rest is one portion.
func nextCut(prompt string, known, size int) (cut int, ok bool) {
	count := 0
	for i, r := range prompt[known:] {
		if count++; count > size && unicode.IsSpace(r) {
			// A short rest is cheaper with this portion than alone.
			cut = known + i
			return cut, utf8.RuneCountInString(prompt[cut:]) > size/4
		}
	}
	return 0, false
}

// beginning gives the messages up to that byte of their flat form.
func beginning(messages []rag.Message, end int) []rag.Message {
	var part []rag.Message
	for _, message := range messages {
		size := len(flat([]rag.Message{message}))
		if size >= end {
			message.Text = message.Text[:max(0, len(message.Text)-(size-end))]
			return append(part, message)
		}
		part, end = append(part, message), end-size
	}
	return part
}

// portion gives how many runes of prompt are read in portionTime.
func (c *Client) portion() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return int(c.runeSpeed * portionTime.Seconds())
}

// read gives what the model with that digest read last: its cache holds it, so a
// prompt that begins the same costs only the rest.
func (c *Client) read(digest string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lastPrompt[digest]
}

func flat(messages []rag.Message) string {
	var b strings.Builder
	for _, message := range messages {
		b.WriteString(message.Role + "\n" + message.Text)
	}
	return b.String()
}

func commonPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(b) && !utf8.RuneStart(b[n]) {
		n--
	}
	return n
}

func (w writing) write(ctx context.Context, messages []rag.Message, tokens int, token func(string) error) (rag.Generation, error) {
	// The request ends with the function: an error of token's must stop the model too.
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var text strings.Builder
	var end api.ChatResponse
	var refused error
	err := w.c.api.Chat(ctx, w.request(messages, tokens), func(response api.ChatResponse) error {
		if piece := response.Message.Content; piece != "" {
			text.WriteString(piece)
			if refused = token(piece); refused != nil {
				return refused
			}
		}
		if response.Done {
			end = response
		}
		return nil
	})
	switch {
	case refused != nil:
		return rag.Generation{}, refused
	case err != nil:
		return rag.Generation{}, w.c.failure(ctx, err, w.Name)
	case !end.Done && ctx.Err() != nil:
		return rag.Generation{}, w.c.failure(ctx, ctx.Err(), w.Name)
	case !end.Done:
		// The API gives no error for a stream that was cut.
		w.c.forget()
		return rag.Generation{}, &rag.Error{Code: rag.CodeOllamaInterrupted, Subject: w.Name, Err: io.ErrUnexpectedEOF}
	case end.DoneReason == "load":
		return rag.Generation{}, &rag.Error{Code: rag.CodeOllamaFailed, Subject: w.Name, Err: errors.New("empty prompt")}
	}
	w.c.generated(w.digest, flat(messages), end.Metrics)
	return rag.Generation{Text: text.String(), PromptTokens: end.PromptEvalCount, AnswerTokens: end.EvalCount}, nil
}

func (w writing) request(messages []rag.Message, tokens int) *api.ChatRequest {
	chat := make([]api.Message, len(messages))
	for i, message := range messages {
		chat[i] = api.Message{Role: message.Role, Content: message.Text}
	}
	no := false
	return &api.ChatRequest{
		Model: w.Name, Messages: chat,
		KeepAlive: &api.Duration{Duration: keepAlive},
		Think:     &api.ThinkValue{Value: false},
		Truncate:  &no, // a prompt that does not fit is an error, not a shorter prompt
		Shift:     &no,
		Options: map[string]any{
			"num_ctx":     min(w.Window, chatContext),
			"num_predict": max(tokens, 1), // Ollama writes without end for 0
			"seed":        w.options.Seed,
			"temperature": w.options.Temperature,
		},
	}
}
