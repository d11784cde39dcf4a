package main

import (
	"fmt"
	"os"

	"referent/deploy"
	"referent/rag"
	"referent/setup"
)

// bundleCommand is `referent bundle`: one archive for a server without a network.
type bundleCommand struct {
	Output string `short:"o" required:"" placeholder:"FILE.tar" help:"${help_file}"`
}

// Run writes the archive with the models that Referent would use here.
func (c *bundleCommand) Run(app *app) error {
	client, err := app.models()
	if err != nil {
		return err
	}
	bundle := setup.Bundle{Output: c.Output, Files: deploy.Files()}
	if bundle.Referent, err = os.Executable(); err != nil {
		return fmt.Errorf("this program: %w", err)
	}
	for _, ask := range []func() (rag.Model, bool, error){
		func() (rag.Model, bool, error) { return client.Generator().Model(app.ctx) },
		func() (rag.Model, bool, error) { return client.Embedder().Model(app.ctx) },
	} {
		model, found, err := ask()
		if err != nil {
			return err
		}
		if !found {
			return &rag.Error{Code: rag.CodeModelMissing}
		}
		bundle.Models = append(bundle.Models, model.Name)
	}
	s, err := app.setup()
	if err != nil {
		return err
	}
	return s.WriteBundle(app.ctx, bundle)
}
