package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/blevesearch/vellum"
	"github.com/google/go-cmp/cmp"
)

const (
	testAffixes = `SET ISO8859-2
PFX b Y 1
PFX b   0    nie    .

SFX M Y 3
SFX M   a    y      [^kg]a
SFX M   ka   ce     ka
SFX M   0    m      .

SFX N N 1
SFX N   ić   iony   ić
`
	testWords = "# words\nustawa/bM\nAlaska/M\nzrobić/N\nalaska\nustawy\nwniesiony\nwnieść/N\n"
)

// readingsOf gives "form lemma" of every reading, with "^" before the lemma of a name.
func readingsOf(readings []reading) []string {
	var texts []string
	for _, r := range readings {
		lemma := r.form[:len(r.form)-r.script.cut] + r.script.append
		if r.script.name {
			lemma = "^" + lemma
		}
		texts = append(texts, r.form+" "+lemma)
	}
	return texts
}

func expanded(t *testing.T) []reading {
	t.Helper()
	affixes, err := parseAffixes(testAffixes)
	if err != nil {
		t.Fatal(err)
	}
	readings, err := expand(testWords, affixes)
	if err != nil {
		t.Fatal(err)
	}
	return readings
}

func TestExpand(t *testing.T) {
	want := []string{
		"ustawa ustawa", "ustawy ustawa", "ustawam ustawa",
		"alaska ^alaska", "alasce ^alaska", "alaskam ^alaska",
		"zrobić zrobić", "zrobiony zrobić",
		"alaska alaska", "ustawy ustawy", "wniesiony wniesiony", "wnieść wnieść",
	}
	if diff := cmp.Diff(want, readingsOf(expanded(t))); diff != "" {
		t.Error(diff)
	}
}

func TestIrregularFormsGetTheirLemma(t *testing.T) {
	rules, err := parseIrregular("# comment\n*nieść *niesion+\n")
	if err != nil {
		t.Fatal(err)
	}
	before := expanded(t)
	added := readingsOf(addIrregular(before, rules)[len(before):])
	if diff := cmp.Diff([]string{"wniesiony wnieść"}, added); diff != "" {
		t.Error(diff)
	}
	for _, wrong := range []string{"wnieść", "*nieść niesion+"} {
		if _, err := parseIrregular(wrong); err == nil {
			t.Errorf("parseIrregular(%q) gave no error", wrong)
		}
	}
}

func TestWriteNumbersSetsAndDropsBareForms(t *testing.T) {
	folder := t.TempDir()
	if _, err := write(folder, expanded(t)); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "scripts.txt"))
	if err != nil {
		t.Fatal(err)
	}
	sets := strings.Split(string(text), "\n")
	forms, err := vellum.Open(filepath.Join(folder, "forms.fst"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := forms.Close(); err != nil {
			t.Error(err)
		}
	}()
	for form, want := range map[string]string{
		"ustawy": "1a", // not "0" of the entry without affixes as well
		"alaska": "^0", "alasce": "^2ka", "zrobiony": "3ć", "wniesiony": "0",
	} {
		number, ok, err := forms.Get([]byte(form))
		if err != nil || !ok || sets[number] != want {
			t.Errorf("%s: number %d, known %v, error %v, want the set %q", form, number, ok, err, want)
		}
	}
}

func TestWhatIsNotSupportedIsAnError(t *testing.T) {
	for _, affixes := range []string{
		"NEEDAFFIX x", "PFX a 0 pre .", "SFX a 0 y/b a", "SFX a 0 y [ab", "SFX a 0 y []",
	} {
		if _, err := parseAffixes(affixes); err == nil {
			t.Errorf("parseAffixes(%q) gave no error", affixes)
		}
	}
	if _, err := expand("ISO9001/a\n", nil); err == nil {
		t.Error("a digit in a word would not read back from a script")
	}
}
