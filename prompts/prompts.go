// Package prompts holds every text sent to a model, as files that are validated when
// they are loaded. It imports nothing of ours.
package prompts

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/tmc/langchaingo/llms"
	"github.com/tmc/langchaingo/prompts"
	"gopkg.in/yaml.v3"
)

//go:embed *.yaml
var files embed.FS

// Answer names the prompt that answers a question; its variables are sources and question.
const Answer = "answer"

// Questions names the prompt that writes everyday questions about a unit; its variables
// are title and text, and what it asks for is {"questions": [...]}.
const Questions = "questions"

// Message is a part of a prompt.
type Message struct {
	Role string // system, user, assistant
	Text string
}

// Prompt is a validated template of a conversation.
type Prompt struct {
	name      string
	version   string
	variables []string
	constant  []Message // the messages before the first one with a variable
	chat      prompts.ChatPromptTemplate
}

// Load gives a prompt that comes with Referent.
func Load(name string) (*Prompt, error) {
	text, err := files.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("prompt %s: %w", name, err)
	}
	return Parse(text)
}

type file struct {
	Name      string   `yaml:"name"`
	Variables []string `yaml:"variables"`
	Messages  []struct {
		Role string `yaml:"role"`
		Text string `yaml:"text"`
	} `yaml:"messages"`
}

// Parse reads a prompt. A variable that is used but not declared, or declared but not
// used, is an error, as is an unknown field or role.
func Parse(text []byte) (*Prompt, error) {
	var f file
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	if err := decoder.Decode(&f); err != nil {
		return nil, fmt.Errorf("prompt: %w", err)
	}
	if f.Name == "" || len(f.Messages) == 0 {
		return nil, errors.New("prompt: want a name and messages")
	}
	p := &Prompt{name: f.Name, variables: f.Variables}
	hash := sha256.New()
	used := map[string]bool{}
	for i, message := range f.Messages {
		variables, err := variablesOf(message.Text)
		if err != nil {
			return nil, fmt.Errorf("prompt %s, message %d: %w", f.Name, i+1, err)
		}
		if len(used)+len(variables) == 0 {
			p.constant = append(p.constant, Message{message.Role, message.Text})
		}
		for _, variable := range variables {
			used[variable] = true
		}
		formatter, err := formatter(message.Role, message.Text, variables)
		if err != nil {
			return nil, fmt.Errorf("prompt %s, message %d: %w", f.Name, i+1, err)
		}
		p.chat.Messages = append(p.chat.Messages, formatter)
		hash.Write([]byte(message.Role + "\x00" + message.Text + "\x00"))
	}
	if err := same(f.Variables, slices.Collect(maps.Keys(used))); err != nil {
		return nil, fmt.Errorf("prompt %s: its text: %w", f.Name, err)
	}
	p.version = f.Name + "-" + hex.EncodeToString(hash.Sum(nil))[:8]
	return p, nil
}

func formatter(role, text string, variables []string) (prompts.MessageFormatter, error) {
	switch role {
	case "system":
		return prompts.NewSystemMessagePromptTemplate(text, variables), nil
	case "user":
		return prompts.NewHumanMessagePromptTemplate(text, variables), nil
	case "assistant":
		return prompts.NewAIMessagePromptTemplate(text, variables), nil
	}
	return nil, fmt.Errorf("unknown role %q", role)
}

// variablesOf gives the variables of a template, which may hold {{.name}} and nothing else.
func variablesOf(text string) ([]string, error) {
	tree, err := template.New("").Parse(text)
	if err != nil {
		return nil, err
	}
	var variables []string
	for _, node := range tree.Root.Nodes {
		switch node := node.(type) {
		case *parse.TextNode:
		case *parse.ActionNode:
			name, ok := strings.CutPrefix(node.String(), "{{.")
			if !ok || len(node.Pipe.Cmds) != 1 || len(node.Pipe.Cmds[0].Args) != 1 || strings.Contains(name, " ") {
				return nil, fmt.Errorf("%s: want {{.name}}", node)
			}
			variables = append(variables, strings.TrimSuffix(name, "}}"))
		default:
			return nil, fmt.Errorf("%s: want {{.name}}", node)
		}
	}
	return variables, nil
}

// same says how got differs from the variables that are wanted.
func same(want, got []string) error {
	for _, name := range got {
		if !slices.Contains(want, name) {
			return fmt.Errorf("unknown variable %q", name)
		}
	}
	for _, name := range want {
		if !slices.Contains(got, name) {
			return fmt.Errorf("missing variable %q", name)
		}
	}
	return nil
}

// Version names the prompt and a short hash of its text.
func (p *Prompt) Version() string { return p.version }

// Constant gives the messages at the beginning that are the same for every question.
func (p *Prompt) Constant() []Message { return slices.Clone(p.constant) }

// Messages fills the prompt. Values are inserted as they are, never read as templates.
func (p *Prompt) Messages(values map[string]string) ([]Message, error) {
	if err := same(p.variables, slices.Collect(maps.Keys(values))); err != nil {
		return nil, fmt.Errorf("prompt %s: %w", p.name, err)
	}
	input := make(map[string]any, len(values))
	for name, value := range values {
		input[name] = value
	}
	filled, err := p.chat.FormatMessages(input)
	if err != nil {
		return nil, fmt.Errorf("prompt %s: %w", p.name, err)
	}
	messages := make([]Message, len(filled))
	for i, message := range filled {
		messages[i] = Message{Role: roles[message.GetType()], Text: message.GetContent()}
	}
	return messages, nil
}

var roles = map[llms.ChatMessageType]string{
	llms.ChatMessageTypeSystem: "system",
	llms.ChatMessageTypeHuman:  "user",
	llms.ChatMessageTypeAI:     "assistant",
}
