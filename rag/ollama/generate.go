package ollama

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/ollama/ollama/api"

	"referent/rag"
)

const (
	// chatContext is set on every request: left out, Ollama takes a default that
	// differs by machine, cuts the prompt in silence and reloads the model.
	chatContext = 4096
	// patience is how long a model may stay busy for nobody after a cancel.
	patience = 2 * time.Second
	// releaseTime is how long Ollama may take to unload a model, and releasePoll how
	// often it is asked whether it has.
	releaseTime = 3 * time.Second
	releasePoll = 20 * time.Millisecond
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
	defer g.c.generating()()
	return writing{c: g.c, choice: chosen, options: options}.write(ctx, messages, token)
}

// writing is one answer of one model.
type writing struct {
	c *Client
	choice
	options rag.Options
	warming bool // for nobody: short, and not worth an unload
}

func (w writing) write(ctx context.Context, messages []rag.Message, token func(string) error) (rag.Generation, error) {
	// The request ends with the function: an error of token's must stop the model too.
	request, stop := context.WithCancel(ctx)
	defer stop()
	prompt := flat(messages)
	expected := w.c.readingTime(w.digest, prompt)
	var text strings.Builder
	var end api.ChatResponse
	var refused error
	err := w.c.api.Chat(request, w.request(messages), func(response api.ChatResponse) error {
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
	if !end.Done && ctx.Err() != nil && text.Len() == 0 && expected > patience && !w.warming {
		w.release(ctx)
	}
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
	w.c.generated(w.digest, prompt, end.Metrics)
	return rag.Generation{Text: text.String(), PromptTokens: end.PromptEvalCount, AnswerTokens: end.EvalCount, Reading: end.PromptEvalDuration}, nil
}

// release unloads the model after a cancel. Ollama's runner notices a cancelled request
// only when it writes a token: until then it reads the prompt to its end for nobody, 20
// seconds for 850 tokens on two cores, whatever num_batch is (docs/benchmarks.md). To
// load the model again from the page cache takes 2, and KeepWarm does that at once.
// Reading every prompt in portions that the prompt cache joins frees the model as soon,
// but each answer pays for it. Other users of the model are let finish by Ollama first.
func (w writing) release(ctx context.Context) {
	w.c.forget()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTime)
	defer cancel()
	if err := w.unload(ctx); err != nil {
		slog.WarnContext(ctx, "the model stays busy after a cancel", "model", w.Name, "error", err)
		return
	}
	select {
	case w.c.unloaded <- struct{}{}:
	default: // it will be warmed already
	}
}

// unload waits until the model is gone: a request that reaches Ollama before that keeps
// the runner, which goes on reading.
func (w writing) unload(ctx context.Context) error {
	request := &api.GenerateRequest{Model: w.Name, KeepAlive: &api.Duration{}}
	if err := w.c.api.Generate(ctx, request, func(api.GenerateResponse) error { return nil }); err != nil {
		return err
	}
	for {
		running, err := w.c.api.ListRunning(ctx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(running.Models, func(m api.ProcessModelResponse) bool { return SameName(m.Name, w.Name) }) {
			return nil
		}
		select {
		case <-time.After(releasePoll):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func contextOf(chat choice) int { return min(chat.Window, chatContext) }

func (w writing) request(messages []rag.Message) *api.ChatRequest {
	chat := make([]api.Message, len(messages))
	for i, message := range messages {
		chat[i] = api.Message{Role: message.Role, Content: message.Text}
	}
	no := false
	return &api.ChatRequest{
		Model: w.Name, Messages: chat,
		KeepAlive: &api.Duration{Duration: keepAlive},
		Format:    w.options.Schema,
		Think:     &api.ThinkValue{Value: false},
		Truncate:  &no, // a prompt that does not fit is an error, not a shorter prompt
		Shift:     &no,
		Options: map[string]any{
			"num_ctx":     contextOf(w.choice),
			"num_predict": max(w.options.MaxTokens, 1), // Ollama writes without end for 0
			"seed":        w.options.Seed,
			"temperature": w.options.Temperature,
		},
	}
}
