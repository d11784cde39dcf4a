package main

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"referent/ingest"
	"referent/internal/polish"
	"referent/packs"
	"referent/rag"
)

const bankFolder = "../../packs/bank"

// The archive is what the binary holds; the plain files are what people change.
func TestBankArchiveIsMadeOfThePlainFiles(t *testing.T) {
	archive, err := zip.OpenReader("../../packs/bank.zip")
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close() //nolint:errcheck // only read
	files, err := filepath.Glob(filepath.Join(bankFolder, "*.jsonl"))
	if err != nil || len(files) == 0 || len(files) != len(archive.File) {
		t.Fatalf("%d plain files, %d in the archive: run make bank (%v)", len(files), len(archive.File), err)
	}
	for _, packed := range archive.File {
		plain, err := os.ReadFile(filepath.Join(bankFolder, packed.Name))
		if err != nil {
			t.Fatal(err)
		}
		reader, err := packed.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(reader)
		if err != nil || string(content) != string(plain) {
			t.Errorf("%s differs: run make bank (%v)", packed.Name, err)
		}
		_ = reader.Close()
	}
	if info, err := os.Stat("../../packs/bank.zip"); err != nil || info.Size() > 2<<20 {
		t.Error("the archive is larger than 2 MB", info, err)
	}
}

var updateBank = flag.Bool("update-bank", false, "write language and sketch of the acts' texts into packs/bank")

// article is a unit that must have questions or a reason to have none.
var article = regexp.MustCompile(`^(art=[^;]+|zal=[^;=]+(;par=[^;]+)?)$`)

// TestBankIsTrueToTheActs holds the bank against the texts it was written from.
func TestBankIsTrueToTheActs(t *testing.T) {
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
		t.Skip("the acts that the bank was written from are not here: REFERENT_SHARED names no folder with them")
	}
	seen := map[string]string{}
	for _, source := range sources {
		reader := ingest.Reader{}
		doc, err := reader.Read(t.Context(), source)
		if err != nil {
			t.Fatal(err)
		}
		entries := readBank(t, doc.Act)
		if len(entries) == 0 {
			t.Errorf("%s has no questions", doc.Act)
			continue
		}
		if *updateBank {
			sketchBank(t, doc, entries)
		}
		checkAct(t, doc, entries, seen)
	}
}

func bankFile(act string) string {
	return filepath.Join(bankFolder, strings.ReplaceAll(act, "/", "-")+".jsonl")
}

// readBank reads the plain file of an act, none where there is none.
func readBank(t *testing.T, act string) []packs.BankEntry {
	t.Helper()
	content, err := os.ReadFile(bankFile(act))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var entries []packs.BankEntry
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.DisallowUnknownFields()
	for decoder.More() {
		var e packs.BankEntry
		if err := decoder.Decode(&e); err != nil {
			t.Fatalf("%s, line %d: %v", bankFile(act), len(entries)+1, err)
		}
		entries = append(entries, e)
	}
	return entries
}

// sketchBank writes what a machine can tell of the texts into the file of an act.
func sketchBank(t *testing.T, doc rag.Document, entries []packs.BankEntry) {
	t.Helper()
	texts := map[string]string{}
	text := []rune(doc.Text)
	for _, unit := range doc.Units {
		if content := string(text[unit.Start:unit.End]); texts[unit.Key] == "" {
			texts[unit.Key] = content
		}
	}
	var file bytes.Buffer
	encoder := json.NewEncoder(&file)
	encoder.SetEscapeHTML(false)
	for i := range entries {
		e := &entries[i]
		if doc.Language != "pl" {
			e.Lang = doc.Language
		}
		if content := texts[e.Key]; len(e.Questions) > 0 && rag.UnitHash(content) == e.Hash {
			e.Sketch = string(rag.NewSketch(content))
		}
		if err := encoder.Encode(e); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(bankFile(doc.Act), file.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func checkAct(t *testing.T, doc rag.Document, entries []packs.BankEntry, seen map[string]string) {
	t.Helper()
	written := map[string]packs.BankEntry{}
	for _, e := range entries {
		written[e.Key] = e
	}
	text := []rune(doc.Text)
	for _, unit := range doc.Units {
		if !article.MatchString(unit.Key) || unit.Status == rag.StatusRepealed || unit.Status == rag.StatusOmitted {
			continue
		}
		e, found := written[unit.Key]
		if !found {
			t.Errorf("%s %s has neither questions nor a reason to have none", doc.Act, unit.Key)
			continue
		}
		content := string(text[unit.Start:unit.End])
		if rag.UnitHash(content) != e.Hash {
			t.Errorf("%s %s was written from another text", doc.Act, unit.Key)
			continue
		}
		// The lexicon grows, so a sketch may be a little older than it.
		switch {
		case len(e.Questions) == 0:
		case e.Sketch == "":
			t.Errorf("%s %s has no sketch: run make bank", doc.Act, unit.Key)
		case rag.Sketch(e.Sketch).Overlap(rag.NewSketch(content)) < 0.9:
			t.Errorf("%s %s: the sketch is of another text: run make bank", doc.Act, unit.Key)
		}
		checkCopied(t, doc.Act+" "+unit.Key, content, e.Questions)
		checkTwice(t, doc.Act+" "+unit.Key, e.Questions, seen)
	}
}

// checkTwice refuses a question that an article has twice, whatever its case, diacritics
// and punctuation; one that stands at two articles is listed for a second look.
func checkTwice(t *testing.T, where string, questions []string, seen map[string]string) {
	t.Helper()
	for _, question := range questions {
		key := strings.Join(folded(question), " ")
		switch other := seen[key]; other {
		case "":
			seen[key] = where
		case where:
			t.Errorf("%s asks twice: %s", where, question)
		default:
			t.Logf("look again: asked at %s and at %s: %s", other, where, question)
		}
	}
}

// checkCopied looks for runs of four words that stand in the article.
func checkCopied(t *testing.T, where, content string, questions []string) {
	t.Helper()
	const run = 4
	runs := map[string]bool{}
	words := folded(content)
	for i := 0; i+run <= len(words); i++ {
		runs[strings.Join(words[i:i+run], " ")] = true
	}
	for _, question := range questions {
		words := folded(question)
		for i := 0; i+run <= len(words); i++ {
			if copied := strings.Join(words[i:i+run], " "); runs[copied] {
				t.Errorf("%s: %q is copied: %s", where, copied, question)
			}
		}
	}
}

func folded(text string) []string { return polish.Words(polish.Fold(text)) }
