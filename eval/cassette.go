package eval

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"referent/rag"
)

// Cassettes is a generator that records what its model wrote and plays it back when it
// is asked the same again. A cassette is told by the model's digest, the options with
// their seed, and the messages, which hold the prompt's text, the passages and the
// question: a change of any of them asks the model.
type Cassettes struct {
	model rag.Generator
	dir   string
}

// cassette is a recording with what it answers, so that a person can read it.
type cassette struct {
	Model      rag.Model      `json:"model"`
	Options    rag.Options    `json:"options"`
	Messages   []rag.Message  `json:"messages"`
	Generation rag.Generation `json:"generation"`
}

// OpenCassettes keeps the recordings in dir.
func OpenCassettes(model rag.Generator, dir string) (*Cassettes, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("cassettes: %w", err)
	}
	return &Cassettes{model, dir}, nil
}

// Model says which model writes.
func (c *Cassettes) Model(ctx context.Context) (rag.Model, bool, error) { return c.model.Model(ctx) }

// Generate plays a recording in one piece, or lets the model write and records it.
func (c *Cassettes) Generate(ctx context.Context, messages []rag.Message, options rag.Options, token func(string) error) (rag.Generation, error) {
	model, found, err := c.model.Model(ctx)
	if err != nil || !found {
		return c.model.Generate(ctx, messages, options, token) // it says what is missing
	}
	recording := cassette{Model: model, Options: options, Messages: messages}
	path, err := recording.path(c.dir)
	if err != nil {
		return rag.Generation{}, err
	}
	known, err := readCassette(path)
	if err != nil {
		return rag.Generation{}, err
	}
	if known != nil {
		return known.Generation, token(known.Generation.Text)
	}
	recording.Generation, err = c.model.Generate(ctx, messages, options, token)
	if err != nil {
		return recording.Generation, err // an answer that was cut is not recorded
	}
	return recording.Generation, recording.write(path)
}

func (c cassette) path(dir string) (string, error) {
	asked, err := json.Marshal(struct {
		Digest   string
		Options  rag.Options
		Messages []rag.Message
	}{c.Model.Digest, c.Options, c.Messages})
	if err != nil {
		return "", fmt.Errorf("cassette: %w", err)
	}
	sum := sha256.Sum256(asked)
	return filepath.Join(dir, hex.EncodeToString(sum[:])+".json"), nil
}

// readCassette gives nil where there is none, or one that cannot be read.
func readCassette(path string) (*cassette, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cassette: %w", err)
	}
	var c cassette
	if json.Valid(content) { // else it was cut, and the model is asked again
		return &c, json.Unmarshal(content, &c)
	}
	return nil, nil
}

func (c cassette) write(path string) error {
	content, err := json.MarshalIndent(c, "", " ")
	if err != nil {
		return fmt.Errorf("cassette: %w", err)
	}
	if err := os.WriteFile(path, content, 0o640); err != nil {
		return fmt.Errorf("cassette: %w", err)
	}
	return nil
}
