package ollama

import (
	"context"
	"unicode/utf8"

	"github.com/ollama/ollama/api"
)

// Reason says why a model was chosen.
type Reason string

// The reasons of a choice.
const (
	Configured Reason = "configured"  // an administrator named it
	ForMachine Reason = "for_machine" // the table's model for this kind of machine
	FromTable  Reason = "from_table"  // the first of the table that is there
	Missing    Reason = "missing"     // named, but not there
	None       Reason = "none"        // no model of the table is there
)

// Choice is the model used for a role.
type Choice struct {
	Name   string `json:"name"` // "" when Reason is None
	Digest string `json:"digest"`
	Reason Reason `json:"reason"`
}

// Present is a model that Ollama has.
type Present struct {
	Name   string `json:"name"`
	Digest string `json:"digest"`
	Bytes  int64  `json:"bytes"`
	Known  bool   `json:"known"` // stands in the table
}

// Speed is how fast the models worked last, in tokens a second; 0 when not seen yet.
type Speed struct {
	Prompt float64 `json:"prompt"`
	Answer float64 `json:"answer"`
	Embed  float64 `json:"embed"`
}

// Status is what the state page and the doctor say of Ollama.
type Status struct {
	Host      string    `json:"host"`
	Version   string    `json:"version"`
	Models    []Present `json:"models"`
	Chat      Choice    `json:"chat"`
	Embedding Choice    `json:"embedding"`
	Others    []string  `json:"others"` // present, not of the table and not in use: offered, never chosen
	Speed     Speed     `json:"speed"`
}

// Status asks Ollama how it is. It fails with CodeOllamaUnreachable where there is none.
func (c *Client) Status(ctx context.Context) (Status, error) {
	lookup, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	version, err := c.api.Version(lookup)
	if err != nil {
		return Status{Host: c.host}, c.failure(lookup, err, "")
	}
	c.forget() // a person who just installed a model wants to see it
	tags, err := c.present(ctx)
	if err != nil {
		return Status{Host: c.host}, err
	}
	status := Status{
		Host: c.host, Version: version, Models: []Present{}, Others: []string{},
		Chat: c.choiceOf(tags, Chat), Embedding: c.choiceOf(tags, Embedding),
	}
	for _, tag := range tags {
		model := Present{Name: tag.Name, Digest: tag.Digest, Bytes: tag.Size, Known: c.inTable(tag.Name)}
		status.Models = append(status.Models, model)
		used := SameName(tag.Name, status.Chat.Name) || SameName(tag.Name, status.Embedding.Name)
		if !model.Known && !used {
			status.Others = append(status.Others, tag.Name)
		}
	}
	c.mu.Lock()
	status.Speed = c.speed
	c.mu.Unlock()
	return status, nil
}

func (c *Client) choiceOf(tags []api.ListModelResponse, role Role) Choice {
	chosen, found, err := c.chooseAmong(tags, role)
	switch {
	case err != nil: // the only error of chooseAmong: the configured model is missing
		name := c.options.Chat
		if role == Embedding {
			name = c.options.Embedding
		}
		return Choice{Name: name, Reason: Missing}
	case !found:
		return Choice{Reason: None}
	}
	return Choice{Name: chosen.Name, Digest: chosen.digest, Reason: chosen.reason}
}

func (c *Client) inTable(name string) bool {
	for _, entry := range c.table {
		if SameName(entry.Name, name) {
			return true
		}
	}
	return false
}

func (c *Client) embedded(response *api.EmbedResponse) {
	seconds := (response.TotalDuration - response.LoadDuration).Seconds()
	// A question is too short to measure by.
	if response.PromptEvalCount < 200 || seconds <= 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.speed.Embed = float64(response.PromptEvalCount) / seconds
}

// generated notes what was read and how fast. Ollama counts every token of the prompt
// but the time of those that its cache did not hold, so the speed is that of the rest.
func (c *Client) generated(digest, prompt string, metrics api.Metrics) {
	c.mu.Lock()
	defer c.mu.Unlock()
	runes := float64(utf8.RuneCountInString(prompt))
	fresh := float64(utf8.RuneCountInString(prompt[commonPrefix(c.lastPrompt[digest], prompt):]))
	c.lastPrompt[digest] = prompt
	if seconds := metrics.PromptEvalDuration.Seconds(); fresh >= minFresh && seconds > 0 {
		c.runeSpeed = fresh / seconds
		c.speed.Prompt = c.runeSpeed * float64(metrics.PromptEvalCount) / runes
	}
	if seconds := metrics.EvalDuration.Seconds(); metrics.EvalCount >= minMeasured && seconds > 0 {
		c.speed.Answer = float64(metrics.EvalCount) / seconds
	}
}

// minMeasured is how many tokens, and minFresh how many runes, say something of a speed.
const (
	minMeasured = 16
	minFresh    = 80
)
