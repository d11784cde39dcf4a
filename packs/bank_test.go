package packs

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	bankSkips  = map[string]bool{"amending": true, "final": true, "repealed": true}
	bankHash   = regexp.MustCompile(`^[0-9a-f]{64}$`)
	namesUnits = regexp.MustCompile(`(?i)§|(^|\PL)(art|ust|pkt)(\PL|$)`)
)

// bankLine is a line of bank/<act>.jsonl, as README.md describes it.
type bankLine struct {
	Key       string   `json:"key"`
	Hash      string   `json:"hash"`
	Questions []string `json:"questions"`
	Skip      string   `json:"skip"`
}

// TestBankKeepsItsRules holds the everyday questions to what a machine can see.
func TestBankKeepsItsRules(t *testing.T) {
	files, err := filepath.Glob("bank/*.jsonl")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		articles := map[string]bool{}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			var line bankLine
			if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if articles[line.Key] {
				t.Errorf("%s: %s stands twice", name, line.Key)
			}
			articles[line.Key] = true
			checkBankLine(t, name, line)
		}
		if err := lines.Err(); err != nil {
			t.Error(err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
}

func checkBankLine(t *testing.T, name string, line bankLine) {
	t.Helper()
	if !bankHash.MatchString(line.Hash) || (len(line.Questions) == 0) != bankSkips[line.Skip] {
		t.Errorf("%s %s: no hash, or neither questions nor one of the reasons", name, line.Key)
	}
	if n := len(line.Questions); n != 0 && (n < 3 || n > 5) {
		t.Errorf("%s %s: %d questions", name, line.Key, n)
	}
	seen := map[string]bool{}
	for _, question := range line.Questions {
		if n := len(strings.Fields(question)); n < 8 || n > 22 {
			t.Errorf("%s %s: %d words: %s", name, line.Key, n, question)
		}
		if namesUnits.MatchString(question) {
			t.Errorf("%s %s names a unit: %s", name, line.Key, question)
		}
		if folded := strings.ToLower(question); seen[folded] {
			t.Errorf("%s %s: twice: %s", name, line.Key, question)
		} else {
			seen[folded] = true
		}
	}
}
