package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"referent/rag"
)

// write puts files into a folder, by name and content.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

const clerkFile = `{"id":"a","question":"Ile czasu ma urząd?","style":"clerk","gold":[{"act":"DU/2020/1","unit":"art. 4 ust. 1"}],"refuse":false}
{"id":"b","question":"Kto może złożyć?","style":"lay","gold":[{"act":"DU/2020/1","unit":"art. 2"}]}

{"id":"c","question":"Jaka będzie pogoda?","style":"unanswerable","gold":[],"refuse":true}
`

func suiteFiles(t *testing.T, suite string) string {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, map[string]string{"s.yaml": suite, "q.jsonl": clerkFile, "docs/a.md": "# A\n"})
	return filepath.Join(dir, "s.yaml")
}

const plainSuite = `
name: próba
corpus: {paths: [docs]}
metrics: [hit@1, mrr@5]
questions: [{path: "${WHERE:-.}/q.jsonl", format: clerk}]
groups: [{name: people, styles: [clerk, lay]}]
thresholds: [{group: people, metric: hit@1, min: 0.75}, {metric: mrr@5, level: unit, min: 0.1}]
`

func none(string) (string, bool) { return "", false }

// scripted finds the hits that the script has for a question.
type scripted struct {
	hits  map[string][]rag.Hit
	err   error
	asked []string
}

func (s *scripted) Search(_ context.Context, q rag.Question) (rag.SearchResult, error) {
	s.asked = append(s.asked, q.ID)
	if hits, found := s.hits[q.ID]; found {
		return rag.SearchResult{Hits: hits, TookMS: 2}, nil
	}
	return rag.SearchResult{}, s.err
}

func searcher() *scripted {
	return &scripted{hits: map[string][]rag.Hit{
		"a": {hit("DU/2020/1", "4", "art=4;ust=1"), hit("DU/2020/1", "2", "art=2")},
		"b": {hit("DU/2020/1", "9", "art=9"), hit("DU/2020/1", "2", "art=2;pkt=1")},
		"c": {},
	}}
}

func TestSuiteRun(t *testing.T) {
	suite, err := LoadSuite(suiteFiles(t, plainSuite), none)
	if err != nil {
		t.Fatal(err)
	}
	if missing := suite.Missing(); missing != "" {
		t.Errorf("%s is missing", missing)
	}
	result, err := suite.Run(t.Context(), Options{Searcher: searcher(), NoModel: true})
	if err != nil {
		t.Fatal(err)
	}
	people, _ := result.Group("people")
	if got := people.Levels[LevelArticle]["hit@1"].Mean; people.N != 2 || got != 0.5 {
		t.Errorf("n %d, hit@1 %v; want 2 and 0.5", people.N, got)
	}
	if all, _ := result.Group("all"); all.N != 2 {
		t.Errorf("a question without gold was counted: n %d", all.N)
	}
	if _, there := result.Group("style:unanswerable"); there {
		t.Error("a style without gold has figures")
	}
	if result.Failed() != 1 || result.Thresholds[0].Passed || !result.Thresholds[1].Passed {
		t.Errorf("thresholds %+v", result.Thresholds)
	}

	var junit bytes.Buffer
	if err := result.JUnit(&junit); err != nil {
		t.Fatal(err)
	}
	var read junitSuites
	if err := xml.Unmarshal(junit.Bytes(), &read); err != nil {
		t.Fatal(err)
	}
	if s := read.Suites[0]; s.Tests != 2 || s.Failures != 1 || s.Cases[0].Failure == nil {
		t.Errorf("JUnit %s", junit.String())
	}
	var run bytes.Buffer
	if err := result.TREC(&run); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Split(strings.TrimSpace(run.String()), "\n"); len(lines) != 4 || !strings.HasPrefix(lines[0], "a Q0 DU/2020/1#4 1 ") {
		t.Errorf("TREC run:\n%s", run.String())
	}
}

func TestFailingQuestionsAreKeptAndCountAsNotFound(t *testing.T) {
	suite, err := LoadSuite(suiteFiles(t, plainSuite), none)
	if err != nil {
		t.Fatal(err)
	}
	s := searcher()
	delete(s.hits, "a")
	s.err = errors.New("index on fire")
	result, err := suite.Run(t.Context(), Options{Searcher: s, NoModel: true})
	if err != nil {
		t.Fatal(err)
	}
	if result.Broken() != 1 || result.Questions[0].Error != "index on fire" || result.Questions[0].Scores[LevelArticle]["hit@1"] != 0 {
		t.Errorf("%+v", result.Questions[0])
	}
	s.err = &rag.Error{Code: rag.CodeEmptyLibrary}
	if _, err := suite.Run(t.Context(), Options{Searcher: s, NoModel: true}); !errors.Is(err, s.err) {
		t.Errorf("an empty library gave %v", err)
	}
}

// degraded answers by words alone although a model was asked for.
type degraded struct{}

func (degraded) Search(context.Context, rag.Question) (rag.SearchResult, error) {
	return rag.SearchResult{Degraded: []rag.Degradation{rag.NoEmbeddings}}, nil
}

func TestWordsAloneAreNotMeasuredAsVectors(t *testing.T) {
	suite, err := LoadSuite(suiteFiles(t, plainSuite), none)
	if err != nil {
		t.Fatal(err)
	}
	result, err := suite.Run(t.Context(), Options{Searcher: degraded{}})
	if err != nil || result.Broken() != 3 {
		t.Errorf("%v, %d of 3 questions are broken", err, result.Broken())
	}
}

func TestComparison(t *testing.T) {
	suite, err := LoadSuite(suiteFiles(t, plainSuite), none)
	if err != nil {
		t.Fatal(err)
	}
	before, err := suite.Run(t.Context(), Options{Searcher: searcher(), NoModel: true})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "before.json")
	if err := before.Write(path); err != nil {
		t.Fatal(err)
	}
	baseline, err := ReadResult(path)
	if err != nil {
		t.Fatal(err)
	}
	s := searcher()
	s.hits["b"] = s.hits["b"][1:]
	after, err := suite.Run(t.Context(), Options{Searcher: s, NoModel: true})
	if err != nil {
		t.Fatal(err)
	}
	after.Compare(baseline, path)
	c := after.Comparison
	if c.Shared != 2 || len(c.Changed) != 1 || c.Changed[0].ID != "b" || c.Changed[0].Before != 2 || c.Changed[0].After != 1 {
		t.Errorf("%+v", c)
	}
	first := c.Tests[0]
	if first.Group != "all" || first.Before != 0.5 || first.After != 1 || first.P < 0.9 || first.Significant {
		t.Errorf("one changed question of two: %+v", first)
	}
	var page bytes.Buffer
	if err := after.HTML(&page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Kto może złożyć?", "article 2 → 1", "DU/2020/1", "missed"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the report lacks %q", want)
		}
	}
	for _, outside := range []string{"http://", "https://", "src=", "@import", "url("} {
		if strings.Contains(page.String(), outside) {
			t.Errorf("the report holds %q", outside)
		}
	}
}

func TestReportEscapes(t *testing.T) {
	suite, err := LoadSuite(suiteFiles(t, plainSuite), none)
	if err != nil {
		t.Fatal(err)
	}
	suite.asked[0].Question = "<script>alert(1)</script>"
	s := searcher()
	s.hits["a"] = nil
	result, err := suite.Run(t.Context(), Options{Searcher: s, NoModel: true})
	if err != nil {
		t.Fatal(err)
	}
	var page bytes.Buffer
	if err := result.HTML(&page); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "<script") || !strings.Contains(page.String(), "&lt;script&gt;") {
		t.Error("a question's text is markup in the report")
	}
}

func TestJournalGoesOn(t *testing.T) {
	suite, err := LoadSuite(suiteFiles(t, plainSuite), none)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "out.json.part")
	journal, err := OpenJournal(path, "binary 1", "model 1")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := suite.Run(t.Context(), Options{Searcher: searcher(), NoModel: true, Journal: journal})
	if err != nil {
		t.Fatal(err)
	}
	if err := journal.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(content, []byte("\n"))
	cut := append(bytes.Join(lines[:2], nil), lines[2][:10]...) // head, one outcome, half of one
	if err := os.WriteFile(path, cut, 0o600); err != nil {
		t.Fatal(err)
	}

	journal, err = OpenJournal(path, "binary 1", "model 1")
	if err != nil || journal.Done() != 1 {
		t.Fatalf("%v, %d done", err, journal.Done())
	}
	s := searcher()
	rest, err := suite.Run(t.Context(), Options{Searcher: s, NoModel: true, Journal: journal})
	if err != nil || strings.Join(s.asked, "") != "bc" {
		t.Errorf("%v, asked again %v", err, s.asked)
	}
	a, errA := json.Marshal(whole.Groups)
	b, errB := json.Marshal(rest.Groups)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Error("a run that went on has other figures")
	}
	if err := journal.Close(); err != nil {
		t.Fatal(err)
	}
	if journal, err = OpenJournal(path, "binary 1", "model 1"); err != nil || journal.Done() != 3 {
		t.Errorf("%v, after the cut line %d are done", err, journal.Done())
	}
	if journal, err = OpenJournal(path, "binary 2", "model 1"); err != nil || journal.Done() != 0 {
		t.Errorf("%v, another binary took over %d outcomes", err, journal.Done())
	}
	if err := journal.Remove(); err != nil {
		t.Error(err)
	}
}

func TestSuitesThatCannotBeUsed(t *testing.T) {
	for name, suite := range map[string]string{
		"unknown key":       plainSuite + "colour: red\n",
		"not YAML":          "{",
		"unknown metric":    strings.Replace(plainSuite, "mrr@5]", "mrr@5, map@5]", 1),
		"too deep":          strings.Replace(plainSuite, "mrr@5]", "mrr@5, hit@50]", 1),
		"unknown format":    strings.Replace(plainSuite, "format: clerk", "format: xml", 1),
		"unknown group":     strings.Replace(plainSuite, "group: people", "group: cats", 1),
		"unknown level":     strings.Replace(plainSuite, "level: unit", "level: page", 1),
		"no such variable":  strings.Replace(plainSuite, "${WHERE:-.}", "${WHERE}", 1),
		"no questions":      "name: x\n",
		"the same id twice": strings.Replace(plainSuite, "format: clerk}]", "format: clerk}, {path: q.jsonl, format: clerk}]", 1),
		"metric not listed": strings.Replace(plainSuite, "metric: hit@1, min", "metric: hit@5, min", 1),
	} {
		if _, err := LoadSuite(suiteFiles(t, suite), none); !errors.Is(err, &rag.Error{Code: rag.CodeSuiteInvalid}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := LoadSuite(filepath.Join(t.TempDir(), "none.yaml"), none); !errors.Is(err, &rag.Error{Code: rag.CodeFileUnreadable}) {
		t.Errorf("a suite that is not there: %v", err)
	}
}
