package message

import (
	"io/fs"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

func keys(t *testing.T, file string) map[string]bool {
	t.Helper()
	data, err := catalogue.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var texts map[string]any
	if err := yaml.Unmarshal(data, &texts); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	found := map[string]bool{}
	for key := range texts {
		found[key] = true
	}
	return found
}

func TestLanguagesHaveTheSameTexts(t *testing.T) {
	files, err := fs.Glob(catalogue, "catalogue/*.pl.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, polish := range files {
		english := strings.Replace(polish, ".pl.", ".en.", 1)
		pl, en := keys(t, polish), keys(t, english)
		for key := range pl {
			if !en[key] {
				t.Errorf("%s has no %q", english, key)
			}
		}
		for key := range en {
			if !pl[key] {
				t.Errorf("%s has no %q", polish, key)
			}
		}
	}
}

func TestMissingTextShowsItsIdentifier(t *testing.T) {
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if got := c.In("pl").Text("no.such.text", nil); got != "[no.such.text]" {
		t.Errorf("got %q", got)
	}
	if c.In("pl").Has("no.such.text") || !c.In("pl").Has("app.name") {
		t.Error("Has does not tell known from unknown texts")
	}
}
