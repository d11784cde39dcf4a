// Package questions holds question files to their form and to the acts that answer
// them. It may import internal/law, rag's vocabulary and ingest.
package questions

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"referent/ingest"
	"referent/internal/law"
	"referent/rag"
)

// line is a line of a question file, as README.md describes it.
type line struct {
	ID       string            `json:"id"`
	Question string            `json:"question"`
	Style    string            `json:"style"`
	History  []rag.Exchange    `json:"history"`
	Gold     []gold            `json:"gold"`
	Nuggets  []string          `json:"nuggets"`
	Refuse   bool              `json:"refuse"`
	Reason   rag.RefusalReason `json:"reason"`
}

type gold struct {
	Act  string `json:"act"`
	Unit string `json:"unit"`
}

func read(t *testing.T, name string) []line {
	t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var lines []line
	ids, texts := map[string]bool{}, map[string]bool{}
	scanner := bufio.NewScanner(bytes.NewReader(content))
	for scanner.Scan() {
		var l line
		decoder := json.NewDecoder(bytes.NewReader(scanner.Bytes()))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&l); err != nil {
			t.Fatalf("%s, line %d: %v", name, len(lines)+1, err)
		}
		// Follow-ups may be the same words: what they mean lies in the history.
		text := l.Question
		for _, exchange := range l.History {
			text += "\n" + exchange.Q
		}
		if l.ID == "" || ids[l.ID] || strings.TrimSpace(l.Question) == "" || texts[text] {
			t.Errorf("%s: no id or question, or one that another line has: %s %q", name, l.ID, l.Question)
		}
		ids[l.ID], texts[text] = true, true
		lines = append(lines, l)
	}
	if err := scanner.Err(); err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestQuestionsHaveTheirAnswers(t *testing.T) {
	for name, style := range map[string]string{"followup.jsonl": "followup", "crosslingual.jsonl": "crosslingual"} {
		lines := read(t, name)
		if len(lines) < 40 {
			t.Errorf("%s has %d questions", name, len(lines))
		}
		for _, l := range lines {
			if l.Refuse || l.Style != style || len(l.Gold) == 0 || len(l.Nuggets) == 0 {
				t.Errorf("%s: a question with an answer needs style, gold and nuggets", l.ID)
			}
			if (style == "followup") == (len(l.History) == 0) {
				t.Errorf("%s: %d exchanges before it", l.ID, len(l.History))
			}
			for _, exchange := range l.History {
				if exchange.Q == "" || exchange.A == "" {
					t.Errorf("%s: half an exchange", l.ID)
				}
			}
			for _, g := range l.Gold {
				found := law.References(g.Unit)
				if g.Act == "" || len(found) != 1 || found[0].Key.Citation() != g.Unit {
					t.Errorf("%s: %q %q does not name one unit", l.ID, g.Act, g.Unit)
				}
				if style == "crosslingual" && !strings.HasPrefix(g.Act, "EU/") {
					t.Errorf("%s: %s is not in English", l.ID, g.Act)
				}
			}
		}
	}
}

func TestRefusalsHaveTheirReason(t *testing.T) {
	kinds := map[rag.RefusalReason]int{
		rag.NotInLibrary: 0, rag.OutsideScope: 0, rag.DecisionOnPerson: 0, rag.PersonalData: 0, rag.Injection: 0, rag.TooVague: 0,
	}
	for _, l := range read(t, "refusals.jsonl") {
		if _, known := kinds[l.Reason]; !known || !l.Refuse || l.Style != string(l.Reason) || len(l.Gold)+len(l.Nuggets)+len(l.History) > 0 {
			t.Errorf("%s: %q is no refusal with a reason of the contract", l.ID, l.Reason)
		}
		kinds[l.Reason]++
	}
	for kind, n := range kinds {
		if n < 40 {
			t.Errorf("%d questions to refuse as %s", n, kind)
		}
	}
}

// TestGoldUnitsStandInTheActs looks each gold unit up in the act that it names.
func TestGoldUnitsStandInTheActs(t *testing.T) {
	data := cmp.Or(os.Getenv("REFERENT_SHARED"), "../../../shared/data")
	var sources []string
	for _, pattern := range []string{"corpus/acts/*.md", "corpus/eu-en-md/*.md"} {
		found, err := filepath.Glob(filepath.Join(data, pattern))
		if err != nil {
			t.Fatal(err)
		}
		sources = append(sources, found...)
	}
	if len(sources) == 0 {
		t.Skip("the acts are not here: REFERENT_SHARED names no folder with them")
	}
	wanted := map[string][]string{} // ids, by act and unit
	for _, name := range []string{"followup.jsonl", "crosslingual.jsonl"} {
		for _, l := range read(t, name) {
			for _, g := range l.Gold {
				wanted[g.Act+" "+g.Unit] = append(wanted[g.Act+" "+g.Unit], l.ID)
			}
		}
	}
	for _, source := range sources {
		reader := ingest.Reader{}
		doc, err := reader.Read(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		for _, unit := range doc.Units {
			delete(wanted, doc.Act+" "+law.Key(unit.Key).Citation())
		}
	}
	for unit, ids := range wanted {
		t.Errorf("%s, the gold of %v, is no unit of the acts", unit, ids)
	}
}
