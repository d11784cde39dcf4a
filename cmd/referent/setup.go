package main

import (
	"errors"

	"referent/internal/message"
	"referent/setup"
)

// setupCommand is `referent setup`: Ollama and its models, made ready.
type setupCommand struct{}

// Run sets up what is missing and says each step on stderr.
func (c *setupCommand) Run(app *app) error {
	s, err := app.setup()
	if err != nil {
		return err
	}
	_, err = s.Run(app.ctx)
	if errors.Is(err, setup.ErrIncomplete) {
		return errPartly // each failure was named where it happened
	}
	return err
}

// setup prepares the set-up of the configured Ollama.
func (a *app) setup() (*setup.Setup, error) {
	models, err := a.models()
	if err != nil {
		return nil, err
	}
	return setup.New(setup.Options{
		Host:      models.Host(),
		Chat:      a.config.Models.Chat,
		Embedding: a.config.Models.Embedding,
		Set:       a.config.Models.Set,
		Say:       a.notice,
	})
}

// notice writes a notice of the set-up, with the reason of a failure as people read it.
func (a *app) notice(n setup.Notice) {
	data := struct {
		setup.Facts
		Name   string // of the way or the kind of machine, where the catalogue knows it
		Reason string
	}{Facts: n.Facts, Name: n.Facts.What}
	if id := "setup.name." + n.Facts.What; a.text.Has(id) {
		data.Name = a.text.Text(id, nil)
	}
	if n.Facts.Err != nil {
		data.Reason = a.setupReason(n.Facts.Err)
	}
	a.say(n.ID, data)
}

// setupReason gives the catalogue's text for what went wrong.
func (a *app) setupReason(err error) string {
	var problem *setup.Problem
	if errors.As(err, &problem) {
		return problemText(a.text, problem)
	}
	return err.Error()
}

func problemText(text *message.Printer, problem *setup.Problem) string {
	data := struct {
		*setup.Problem
		Cause string
	}{Problem: problem}
	if problem.Err != nil {
		data.Cause = problem.Err.Error()
	}
	return text.Text(problem.ID, data)
}
