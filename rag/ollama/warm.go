package ollama

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"referent/rag"
)

// portionRunes is how much of the beginning is read at a time: about a second on two
// cores, for nothing can stop Ollama in the middle of a request.
const portionRunes = 100

// KeepWarm keeps the models loaded and the constant beginning of a prompt read, from
// now on and again after a cancel has unloaded the chat model, so that no question waits
// for either. It returns when ctx ends.
func (c *Client) KeepWarm(ctx context.Context, beginning []rag.Message) {
	for {
		if err := c.Warm(ctx, beginning); err != nil && ctx.Err() == nil && !errors.Is(err, &rag.Error{Code: rag.CodeOllamaUnreachable}) {
			slog.WarnContext(ctx, "the models are not warm", "error", err)
		}
		select {
		case <-c.unloaded:
			c.forget() // what was read last is gone
		case <-ctx.Done():
			return
		}
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
		if err := c.awaitQuiet(ctx); err != nil {
			return err
		}
		if c.hasRead(chat.digest, flat(portion)) {
			continue
		}
		if _, err := c.Generator().Generate(ctx, portion, rag.Options{MaxTokens: 1}, func(string) error { return nil }); err != nil {
			return err
		}
	}
	return nil
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
