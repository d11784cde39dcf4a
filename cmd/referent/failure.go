package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"referent/internal/message"
	"referent/rag"
	"referent/setup"
)

// The exit codes of the command contract.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
	exitPartly = 3

	exitThreshold = 100
)

// usageError is a command line or configuration that cannot be used.
type usageError struct{ error }

// Unwrap gives the error that says what is wrong.
func (e usageError) Unwrap() error { return e.error }

// toldError is a failure in the words of the catalogue.
type toldError struct{ text string }

// Error gives the text as a person reads it.
func (e toldError) Error() string { return e.text }

// errPartly says that some inputs failed; each was named where it happened.
var errPartly = errors.New("some inputs failed")

// errThreshold says that an evaluation missed a threshold; each was named.
var errThreshold = errors.New("a threshold was missed")

// errSaid ends the command with exitFailed: what failed was named where it happened.
var errSaid = errors.New("failed, as was said")

// fail says on stderr what went wrong and gives the exit code; nil is exitDone.
func fail(stderr io.Writer, text *message.Printer, err error) int {
	var usage usageError
	var told toldError
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errPartly):
		return exitPartly
	case errors.Is(err, errThreshold):
		return exitThreshold
	case errors.Is(err, errSaid):
		return exitFailed
	case text == nil:
		fmt.Fprintln(stderr, err)
		return exitFailed
	case errors.As(err, &told):
		fmt.Fprintln(stderr, told.text)
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintln(stderr, text.Text("usage.wrong", messageData{Cause: usage.Error()}))
		return exitUsage
	}
	fmt.Fprintln(stderr, explain(text, err))
	return exitFailed
}

// messageData fills the places of an error's text.
type messageData struct {
	Subject string
	Limit   int
	Line    int
	Cause   string
}

// explain gives the catalogue's text for an error, and logs what the text does not say.
func explain(text *message.Printer, err error) string {
	var problem *setup.Problem
	if errors.As(err, &problem) {
		return problemText(text, problem)
	}
	var known *rag.Error
	if !errors.As(err, &known) {
		slog.Error("unexpected failure", "error", err)
		known = &rag.Error{Code: rag.CodeInternal, Err: err}
	} else if known.Code == rag.CodeInternal {
		slog.Error("internal failure", "subject", known.Subject, "error", known.Err)
	}
	data := messageData{Subject: known.Subject, Limit: known.Limit, Line: known.Line}
	var told bool
	if data.Cause, told = text.Cause(known.Err); !told && known.Code != rag.CodeInternal {
		slog.Warn("details", "code", known.Code, "error", known.Err)
	}
	return text.Text("error."+string(known.Code), data)
}
