package prompts

import (
	"io/fs"
	"strings"
	"testing"
)

func TestEveryPromptLoads(t *testing.T) {
	names, err := fs.Glob(files, "*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("%v, %d prompts", err, len(names))
	}
	for _, name := range names {
		p, err := Load(strings.TrimSuffix(name, ".yaml"))
		if err != nil {
			t.Error(err)
			continue
		}
		if p.name+".yaml" != name {
			t.Errorf("%s calls itself %s", name, p.name)
		}
	}
	if _, err := Load("nothing"); err == nil {
		t.Error("a prompt that is not there was loaded")
	}
}

const small = `
name: small
variables: [a, b]
messages:
  - {role: system, text: "Zawsze tak."}
  - {role: user, text: "{{.a}} i {{ .b }}"}
`

func TestParseRefuses(t *testing.T) {
	for name, change := range map[string][2]string{
		"an undeclared variable":     {"[a, b]", "[a]"},
		"a declared one not used":    {"[a, b]", "[a, b, c]"},
		"an unknown field":           {"name: small", "name: small\ntemperature: 1"},
		"an unknown role":            {"role: user", "role: boss"},
		"a function in the template": {"{{.a}}", "{{env .a}}"},
		"a condition":                {"{{.a}}", "{{if .a}}x{{end}}"},
		"a field of a field":         {"{{.a}}", "{{.a.x}}"},
		"a broken template":          {"{{.a}}", "{{.a"},
		"no name":                    {"name: small", "name: \"\""},
		"no YAML":                    {"messages:", "messages"},
	} {
		text := strings.Replace(small, change[0], change[1], 1)
		if text == small {
			t.Fatalf("%s: the test changed nothing", name)
		}
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s was let in", name)
		}
	}
}

func TestMessages(t *testing.T) {
	p, err := Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	messages, err := p.Messages(map[string]string{"a": "{{.b}}", "b": "<b> & \"ż\""})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := messages[1], (Message{"user", `{{.b}} i <b> & "ż"`}); got != want {
		t.Errorf("got %q, want the values as they are: %q", got, want)
	}
	if constant := p.Constant(); len(constant) != 1 || constant[0] != messages[0] {
		t.Errorf("constant beginning %+v", constant)
	}
	for name, values := range map[string]map[string]string{
		"missing": {"a": "1"},
		"unknown": {"a": "1", "b": "2", "c": "3"},
	} {
		if _, err := p.Messages(values); err == nil || !strings.Contains(err.Error(), name+" variable") {
			t.Errorf("%s variable: %v", name, err)
		}
	}
}

func TestVersionIsTheText(t *testing.T) {
	a, err := Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Parse([]byte(strings.Replace(small, "Zawsze", "Nigdy", 1)))
	if err != nil {
		t.Fatal(err)
	}
	c, err := Parse([]byte("# a comment\n" + small))
	if err != nil {
		t.Fatal(err)
	}
	if a.Version() == b.Version() || a.Version() != c.Version() || !strings.HasPrefix(a.Version(), "small-") {
		t.Errorf("versions %s %s %s", a.Version(), b.Version(), c.Version())
	}
}
