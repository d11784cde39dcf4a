package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"referent/eval"
	"referent/ingest"
	"referent/rag"
	"referent/rag/check"
	"referent/rag/library"
	"referent/rag/ollama"
)

// bench is what an evaluation asks: a throw-away library, or the one of the data
// folder, wired as the commands of users are.
type bench struct {
	app       *app
	office    *office
	vectors   *eval.Vectors   // nil: by words alone
	cassettes *eval.Cassettes // nil: no answers by a model
	temporary string          // folder of the throw-away library, "" for the office's own
}

// bench opens the library: a throw-away one when there are documents to put into it.
func (a *app) bench(paths []string, noModel bool) (*bench, error) {
	b := &bench{app: a}
	folder := a.config.Data
	if len(paths) > 0 {
		var err error
		if folder, err = os.MkdirTemp("", "referent-eval-"); err != nil {
			return nil, err
		}
		b.temporary = folder
	}
	if err := b.open(folder, noModel); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *bench) open(folder string, noModel bool) error {
	models, err := b.app.models()
	if err != nil {
		return err
	}
	lib, err := library.Open(b.app.ctx, folder, library.Holder{})
	if err != nil {
		return err
	}
	b.office = &office{library: lib, models: models}
	if err := lib.UseBank(b.app.ctx, bank{}); err != nil {
		return err
	}
	config := rag.Config{Index: lib, Shelf: lib, Catalogue: lib, Questions: lib, Check: check.Answer}
	if !noModel {
		if err := b.wireModels(&config, models); err != nil {
			return err
		}
	}
	b.office.assistant, err = rag.New(config)
	return err
}

// wireModels puts the caches between the way of a question and the models. Without an
// embedding model the run goes on by words and says so, as a search does.
func (b *bench) wireModels(config *rag.Config, models *ollama.Client) error {
	cache, err := b.app.vectors(b.app.ctx, models.Embedder())
	if errors.Is(err, &rag.Error{Code: rag.CodeOllamaUnreachable}) {
		b.app.say("degraded."+string(rag.NoEmbeddings), nil)
		return nil
	}
	if err != nil {
		return err
	}
	if _, found, err := cache.Model(b.app.ctx); err != nil || !found {
		b.app.say("degraded."+string(rag.NoEmbeddings), nil)
		return err
	}
	b.vectors, config.Embedder = cache, cache
	b.cassettes, err = b.app.cassettes(models.Generator())
	config.Generator = b.cassettes
	return err
}

func (b *bench) pipeline() ingest.Pipeline {
	p := ingest.Pipeline{Store: b.office.library, Vectors: b.office.library, Official: b.app.official()}
	if b.vectors != nil {
		p.Embedder = b.vectors
	}
	return p
}

// ingest puts documents into the throw-away library; one that cannot be read would
// measure another corpus, so it ends the run.
func (b *bench) ingest(items []ingest.Item) error {
	progress := &progress{app: b.app}
	summary, err := b.pipeline().Run(b.app.ctx, items, progress.quiet)
	if err != nil && !progress.named(err) {
		return err
	}
	if err != nil || summary.Problems > 0 {
		return errSaid
	}
	b.app.say("ingest.summary", summary)
	return nil
}

// quiet passes over the documents, which are many, and names problems.
func (p *progress) quiet(e ingest.Event) {
	if e.Event != ingest.EventDocument {
		p.event(e)
	}
}

// options say how the questions are asked of this bench.
func (b *bench) options(answers bool) eval.Options {
	o := eval.Options{Searcher: b.office.assistant, NoModel: b.vectors == nil, Progress: b.app.questionProgress()}
	if answers {
		o.Answerer = b.office.assistant
	}
	return o
}

// models says which models take part, for the identity of a run.
func (b *bench) models() ([]string, error) {
	if b.vectors == nil {
		return []string{"no model"}, nil
	}
	var list []string
	for _, of := range []func(context.Context) (rag.Model, bool, error){b.vectors.Model, b.office.models.Generator().Model} {
		model, found, err := of(b.app.ctx)
		if err != nil {
			return nil, err
		}
		list = append(list, fmt.Sprintf("model %t %s %s", found, model.Name, model.Digest))
	}
	return list, nil
}

// sign writes into a result what measured it.
func (b *bench) sign(r *eval.Result) error {
	r.Referent = version
	if b.vectors == nil {
		return nil
	}
	model, found, err := b.vectors.Model(b.app.ctx)
	if found {
		r.Model = &model
	}
	return err
}

// close gives everything back and removes the throw-away library.
func (b *bench) close() {
	var errs []error
	if b.office != nil {
		errs = append(errs, b.office.library.Close())
	}
	if b.vectors != nil {
		errs = append(errs, b.vectors.Close())
	}
	if b.temporary != "" {
		errs = append(errs, os.RemoveAll(b.temporary))
	}
	if err := errors.Join(errs...); err != nil {
		fmt.Fprintln(b.app.stderr, explain(b.app.text, err))
	}
}
