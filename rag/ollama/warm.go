package ollama

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ollama/ollama/api"

	"referent/rag"
)

// portionRunes is how much of the beginning is read at a time: half a second on two
// cores, for nothing can stop Ollama in the middle of a request.
const portionRunes = 50

// rest is how long after a cancel the model is left free for whoever comes, before the
// beginning is read again.
const rest = 3 * time.Second

// KeepWarm keeps the models loaded and the constant beginning of a prompt read, from
// now on and again after a cancel has unloaded the chat model, so that no question waits
// for either. It returns when ctx ends.
func (c *Client) KeepWarm(ctx context.Context, beginning []rag.Message) {
	err := c.Warm(ctx, beginning)
	for {
		if err != nil && ctx.Err() == nil && !errors.Is(err, &rag.Error{Code: rag.CodeOllamaUnreachable}) {
			slog.WarnContext(ctx, "the models are not warm", "error", err)
		}
		select {
		case <-c.unloaded:
			c.forget() // what was read last is gone
			err = c.warmAgain(ctx, beginning)
		case <-ctx.Done():
			return
		}
	}
}

// warmAgain loads the model, which whoever comes would wait for anyway, and reads the
// beginning after a rest.
func (c *Client) warmAgain(ctx context.Context, beginning []rag.Message) error {
	chat, found, err := c.choose(ctx, Chat)
	if err != nil || !found {
		return err
	}
	load := &api.GenerateRequest{
		Model: chat.Name, KeepAlive: &api.Duration{Duration: keepAlive},
		Options: map[string]any{"num_ctx": contextOf(chat)}, // another one would load it anew
	}
	if err := c.api.Generate(ctx, load, func(api.GenerateResponse) error { return nil }); err != nil {
		return c.failure(ctx, err, chat.Name)
	}
	select {
	case <-time.After(rest):
		return c.Warm(ctx, beginning)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Warm loads both models and lets the chat model read the beginning, a portion at a
// time: a question that comes meanwhile goes first and reads the rest itself.
func (c *Client) Warm(ctx context.Context, beginning []rag.Message) error {
	if _, found, err := c.choose(ctx, Embedding); err != nil {
		return err
	} else if found {
		if _, err := c.Embedder().EmbedQuery(ctx, "gmina"); err != nil {
			return err
		}
	}
	chat, found, err := c.choose(ctx, Chat)
	if err != nil || !found {
		return err
	}
	for _, portion := range portions(beginning) {
		for {
			if err := c.awaitQuiet(ctx); err != nil {
				return err
			}
			if c.hasRead(chat.digest, flat(portion)) {
				break
			}
			if err := c.read(ctx, chat, portion); err != nil {
				return err
			}
		}
	}
	return nil
}

// read lets the model read a portion, unless an answer begins meanwhile: behind it in
// Ollama's queue the portion would hold the model after a cancel.
func (c *Client) read(ctx context.Context, chat choice, portion []rag.Message) error {
	portionCtx, stop := context.WithCancel(ctx)
	defer stop()
	c.mu.Lock()
	busy := c.answers > 0
	if !busy {
		c.giveWay = stop
	}
	c.mu.Unlock()
	if busy {
		return nil
	}
	_, err := writing{c: c, choice: chat, options: rag.Options{MaxTokens: 1}, warming: true}.
		write(portionCtx, portion, func(string) error { return nil })
	c.mu.Lock()
	c.giveWay = nil
	c.mu.Unlock()
	if portionCtx.Err() != nil && ctx.Err() == nil {
		return nil
	}
	return err
}

// portions gives messages that grow to the whole. Ollama's cache holds what one has
// in common with the next.
func portions(messages []rag.Message) [][]rag.Message {
	var all [][]rag.Message
	for i, message := range messages {
		runes := []rune(message.Text)
		for end := 0; end < len(runes); {
			end = min(end+portionRunes, len(runes))
			portion := append([]rag.Message{}, messages[:i]...)
			all = append(all, append(portion, rag.Message{Role: message.Role, Text: string(runes[:end])}))
		}
	}
	return all
}

// hasRead says whether a prompt stands in the cache of a model to its end.
func (c *Client) hasRead(digest, prompt string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return commonPrefix(c.lastPrompt[digest], prompt) == len(prompt)
}

// readingTime guesses how long a prompt takes to read. What the model read last is in
// its cache, so a prompt that begins the same costs only the rest.
func (c *Client) readingTime(digest, prompt string) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	rest := utf8.RuneCountInString(prompt[commonPrefix(c.lastPrompt[digest], prompt):])
	return time.Duration(float64(rest) / c.runeSpeed * float64(time.Second))
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
