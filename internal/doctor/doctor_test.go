package doctor

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"testing"

	"referent/internal/message"
	"referent/rag"
	"referent/rag/ollama"
)

type answer struct {
	status ollama.Status
	err    error
}

func (m answer) Status(context.Context) (ollama.Status, error) { return m.status, m.err }

type shelves []rag.CollectionState

func (s shelves) Collections(context.Context, string) ([]rag.CollectionState, error) { return s, nil }

func examine(t *testing.T, d Doctor, lang string) (Report, map[string]Check) {
	t.Helper()
	texts, err := message.Load()
	if err != nil {
		t.Fatal(err)
	}
	if d.Data == "" {
		d.Data = t.TempDir()
	}
	report := d.Examine(context.Background(), texts.In(lang))
	checks := map[string]Check{}
	for _, c := range report.Checks {
		if strings.Contains(c.Text, "[") {
			t.Errorf("%s has a text that the catalogue lacks: %s", c.ID, c.Text)
		}
		checks[c.ID] = c
	}
	return report, checks
}

func TestNoOllamaIsAWarningWithACommand(t *testing.T) {
	for _, lang := range message.Languages {
		report, checks := examine(t, Doctor{Models: answer{ollama.Status{Host: "http://127.0.0.1:1"}, errors.New("refused")}, Library: shelves{}}, lang)
		if c := checks["ollama"]; c.Level != Warning || c.Command == "" || !strings.Contains(c.Text, "127.0.0.1:1") {
			t.Errorf("%s: %+v", lang, c)
		}
		if report.Worst() != Warning {
			t.Errorf("worst is %s", report.Worst())
		}
	}
}

func TestModelsSayWhyTheyWereChosen(t *testing.T) {
	status := ollama.Status{
		Chat:      ollama.Choice{Name: "referent-qwen", Reason: ollama.FromTable, Digest: "a"},
		Embedding: ollama.Choice{Reason: ollama.None},
		Speed:     ollama.Speed{Answer: 17.4},
	}
	_, checks := examine(t, Doctor{Models: answer{status: status}, Library: shelves{{Name: "biuro", Documents: 2, Passages: 5, Embedded: 5}}}, "pl")
	if c := checks["chat"]; c.Level != OK || !strings.Contains(c.Text, "referent-qwen") || !strings.Contains(c.Text, "17") {
		t.Errorf("%+v", c)
	}
	if c := checks["embedding"]; c.Level != Warning || c.Command != "referent setup" {
		t.Errorf("%+v", c)
	}
	if c := checks["library"]; c.Level != OK || !strings.Contains(c.Text, "2 dokumenty") || !strings.Contains(c.Text, "5 fragmentów") {
		t.Errorf("%+v", c)
	}
}

func TestNamedModelThatIsNotThere(t *testing.T) {
	status := ollama.Status{Chat: ollama.Choice{Name: "bielik", Reason: ollama.Missing}, Embedding: ollama.Choice{Name: "bge-m3", Digest: "b", Reason: ollama.Configured}}
	_, checks := examine(t, Doctor{Models: answer{status: status}, Library: shelves{{Name: "biuro", Documents: 1, Passages: 4, Embedded: 1}}}, "en")
	if c := checks["chat"]; c.Command != "ollama pull bielik" {
		t.Errorf("%+v", c)
	}
	if c := checks["library"]; !strings.Contains(c.Text, "1 of 4") {
		t.Errorf("%+v", c)
	}
}

func TestLibraryThatCannotBeOpened(t *testing.T) {
	gone := answer{err: errors.New("refused")}
	report, checks := examine(t, Doctor{Models: gone, Opening: &rag.Error{Code: rag.CodeLibraryNewer}}, "pl")
	if checks["library"].Level != Failed || report.Worst() != Failed {
		t.Errorf("%+v", checks["library"])
	}
	_, checks = examine(t, Doctor{Models: gone, Opening: &rag.Error{Code: rag.CodeDataFolderHeld}}, "pl")
	if checks["library"].Level != Warning {
		t.Errorf("%+v", checks["library"])
	}
}

func TestFailureLogKeepsTheLatestErrors(t *testing.T) {
	log := KeepFailures(slog.NewTextHandler(io.Discard, nil))
	logger := slog.New(log).With("part", "ask")
	logger.Info("fine")
	for range keptFailures {
		logger.Error("broken")
	}
	logger.Error("last", "model", "m")
	latest := log.Latest()
	if len(latest) != keptFailures || latest[0].Text != "last model=m" || latest[1].Text != "broken" {
		t.Errorf("%d kept, newest %+v", len(latest), latest[0])
	}
}
