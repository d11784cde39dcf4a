package main

import (
	"fmt"
	"strings"

	"referent/rag"
)

type askCommand struct {
	scopeFlags
}

// Run asks and prints the answer with its citations.
func (c *askCommand) Run(a *app) error {
	o, err := a.open()
	if err != nil {
		return err
	}
	defer a.close(o)
	return c.each(a, func(q rag.Question) error {
		if c.JSON {
			answer, err := o.assistant.Ask(a.ctx, q, func(rag.Event) error { return nil })
			if err != nil {
				return err
			}
			return a.printJSON(answer)
		}
		answer, err := o.assistant.Ask(a.ctx, q, a.follow)
		if err != nil {
			return err
		}
		a.printAnswer(answer)
		return nil
	})
}

// follow shows the way of an answer: on stderr what was searched, on stdout the
// words of the model as they come.
func (a *app) follow(event rag.Event) error {
	switch e := event.(type) {
	case rag.Waiting:
		if e.Ahead > 0 {
			a.say("ask.waiting", messageData{Limit: e.Ahead})
		}
	case rag.Sources:
		if e.Rewritten != "" {
			a.say("ask.searched", messageData{Subject: e.Rewritten})
		}
		a.sayDegraded(e.Degraded)
	case rag.Token:
		fmt.Fprint(a.stdout, e.Text)
	}
	return nil
}

func (a *app) printAnswer(answer rag.Answer) {
	if answer.Refused {
		reason := a.text.Text("refusal."+string(answer.Refusal.Reason), nil)
		if len(answer.Refusal.Choices) > 0 {
			reason = a.text.Text("refusal.several", messageData{Subject: strings.Join(answer.Refusal.Choices, "; ")})
		}
		for _, m := range answer.Refusal.Missing {
			reason = a.text.Text("refusal.no_act", messageData{Subject: m.Label})
			if m.ActHeld {
				reason = a.text.Text("refusal.no_unit", messageData{Subject: m.Label})
			}
		}
		fmt.Fprintln(a.stdout, a.text.Text("ask.refused", messageData{Cause: reason, Subject: strings.Join(answer.Refusal.Searched, ", ")}))
		if len(answer.Refusal.Nearest) > 0 {
			fmt.Fprintln(a.stdout, a.text.Text("ask.nearest", nil))
		}
		for _, hit := range answer.Refusal.Nearest {
			fmt.Fprintf(a.stdout, "   %s: %s\n", hit.Label(), shorten(hit.Text))
		}
		return
	}
	if answer.Model == "" { // a model's words were printed as they came
		fmt.Fprint(a.stdout, answer.Answer)
	}
	fmt.Fprintf(a.stdout, "\n\n")
	for _, claim := range answer.Claims {
		if !claim.Supported {
			fmt.Fprintf(a.stdout, "! %s: %s\n", a.text.Text("ask.unsupported", nil), shorten(claim.Text))
		}
	}
	fmt.Fprintln(a.stdout, a.text.Text("ask.sources", nil))
	for _, c := range answer.Citations {
		fmt.Fprintf(a.stdout, "[%d] %s: „%s”\n", c.N, c.Label, shorten(c.Quote))
	}
	if answer.Model == "" {
		fmt.Fprintln(a.stdout, a.text.Text("ask.extractive", nil))
	} else {
		fmt.Fprintln(a.stdout, a.text.Text("ask.model", messageData{Subject: answer.Model}))
	}
}

const lineRunes = 300 // of a text on the terminal

func shorten(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	if len(runes) <= lineRunes {
		return text
	}
	return string(runes[:lineRunes]) + "…"
}
