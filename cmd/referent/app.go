package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"referent/ingest"
	"referent/ingest/official"
	"referent/internal/message"
	"referent/rag"
	"referent/rag/check"
	"referent/rag/library"
	"referent/rag/ollama"
)

// app is what a subcommand gets: where it reads and writes, what is configured.
type app struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	config         config
	text           *message.Printer
	texts          *message.Catalogue
}

// say writes a message of the catalogue to stderr.
func (a *app) say(id string, data any) { fmt.Fprintln(a.stderr, a.text.Text(id, data)) }

// models connects to the configured Ollama; nothing is asked of it yet.
func (a *app) models() (*ollama.Client, error) {
	return ollama.New(ollama.Options{
		Host:      a.config.Ollama.Host,
		Chat:      a.config.Models.Chat,
		Embedding: a.config.Models.Embedding,
		Set:       ollama.Set(a.config.Models.Set),
	})
}

// office is the library and the models, wired.
type office struct {
	library   *library.Library
	models    *ollama.Client
	assistant *rag.Assistant
}

// open opens the library of the data folder and wires the way of a question.
func (a *app) open() (*office, error) {
	models, err := a.models()
	if err != nil {
		return nil, err
	}
	lib, err := library.Open(a.ctx, a.config.Data, library.Holder{})
	if err != nil {
		return nil, err
	}
	if err := lib.UseBank(a.ctx, bank{}); err != nil {
		return nil, errors.Join(err, lib.Close())
	}
	assistant, err := rag.New(rag.Config{
		Index: lib, Shelf: lib, Catalogue: lib, Questions: lib,
		Embedder: models.Embedder(), Generator: models.Generator(),
		Check: check.Answer,
	})
	if err != nil {
		return nil, errors.Join(err, lib.Close())
	}
	return &office{lib, models, assistant}, nil
}

// close closes the library; what was acknowledged is safe whatever it says.
func (a *app) close(o *office) {
	if err := o.library.Close(); err != nil {
		fmt.Fprintln(a.stderr, explain(a.text, err))
	}
}

// pipeline reads documents into the office's library.
func (a *app) pipeline(o *office) ingest.Pipeline {
	return ingest.Pipeline{
		Store:    o.library,
		Vectors:  o.library,
		Embedder: o.models.Embedder(),
		Upkeep:   o.library,
		Wordings: o.library,
		Folders:  o.library,
		Bulk:     o.library.Bulk,
		Official: a.official(),
	}
}

// official asks the configured services, and the hosts that an administrator named.
func (a *app) official(hosts ...string) *official.Client {
	return official.New(official.Options{ELI: a.config.ELI, EURLex: a.config.EURLex, Hosts: hosts})
}

// printJSON writes one object a line.
func (a *app) printJSON(value any) error {
	encoder := json.NewEncoder(a.stdout)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(value)
}
