package eval

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"referent/internal/polish"
	"referent/rag"
)

// Suite says what is asked of which documents, what is measured and what must hold.
type Suite struct {
	Name       string      `yaml:"name"`
	Corpus     Corpus      `yaml:"corpus"`
	K          int         `yaml:"k"`       // hits asked for; 0: 10
	Seed       uint64      `yaml:"seed"`    // of the statistics; 0: 1
	Answers    bool        `yaml:"answers"` // also answer each question, by the model where there is one
	Questions  []Set       `yaml:"questions"`
	Metrics    []string    `yaml:"metrics"`
	Groups     []Group     `yaml:"groups"`
	Thresholds []Threshold `yaml:"thresholds"`

	metrics []Metric
	asked   []Question
}

// Corpus is what is searched: files and folders that go into a throw-away library, or
// the library of the data folder where Paths is empty.
type Corpus struct {
	Paths       []string `yaml:"paths"`
	Collections []string `yaml:"collections"` // of the data folder's library
}

// Set is a file or folder of questions.
type Set struct {
	Name   string            `yaml:"name"`   // "": the file's name
	Path   string            `yaml:"path"`   // relative to the suite
	Format string            `yaml:"format"` // clerk, beir, lqad, exam
	Acts   map[string]string `yaml:"acts"`   // beir: beginning of an id → act; lqad: act_key → act
	Styles []string          `yaml:"styles"` // only these
	Only   []string          `yaml:"only"`   // only those whose gold lies in these acts
	Style  string            `yaml:"style"`  // instead of each question's own
	Folded bool              `yaml:"folded"` // ask without diacritics
	Prefix string            `yaml:"prefix"` // before each id, where two sets share them
}

// Group is a part of the questions with figures of its own. Each set, style and act is
// a group already.
type Group struct {
	Name   string   `yaml:"name"`
	Sets   []string `yaml:"sets"`
	Styles []string `yaml:"styles"`
	Acts   []string `yaml:"acts"` // all gold lies in these
}

// Threshold is a figure that must be reached.
type Threshold struct {
	Group  string  `yaml:"group"` // "all", or "set:…", "style:…", "act:…" or a group's name
	Level  Level   `yaml:"level"` // "": article
	Metric string  `yaml:"metric"`
	Min    float64 `yaml:"min"`
}

var defaultMetrics = []string{"hit@1", "hit@5", "recall@5", "recall@10", "mrr@10", "ndcg@10"}

// LoadSuite reads a suite and its questions. lookup gives the variables that its paths
// name as ${NAME} or ${NAME:-default}.
func LoadSuite(path string, lookup func(string) (string, bool)) (*Suite, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: err}
	}
	var s Suite
	decoder := yaml.NewDecoder(bytes.NewReader(content))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s); err != nil {
		return nil, invalid(path, err)
	}
	if s.Name == "" {
		s.Name = strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	}
	if err := s.resolve(filepath.Dir(path), lookup); err != nil {
		return nil, invalid(path, err)
	}
	if err := s.read(path); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, invalid(path, err)
	}
	return &s, nil
}

// Suite makes a suite of a BEIR folder for a library that holds its corpus as documents.
func (b BEIR) Suite(k int) (*Suite, error) {
	s := &Suite{Name: b.Name, K: k, Questions: []Set{{Name: b.Name, Format: "beir"}}, asked: b.Questions}
	for _, metric := range []Metric{{"hit", 1}, {"hit", 5}, {"recall", 5}, {"hit", k}, {"recall", k}, {"mrr", k}, {"ndcg", k}} {
		if metric.K <= k && !slices.Contains(s.Metrics, metric.String()) {
			s.Metrics = append(s.Metrics, metric.String())
		}
	}
	return s, s.check()
}

func invalid(path string, err error) error {
	return &rag.Error{Code: rag.CodeSuiteInvalid, Subject: path, Err: err}
}

// Asked gives the questions of the suite.
func (s *Suite) Asked() []Question { return s.asked }

// Files gives the files that hold the suite's questions.
func (s *Suite) Files() []string {
	var files []string
	for _, set := range s.Questions {
		if set.Format != "beir" {
			files = append(files, set.Path)
			continue
		}
		files = append(files, filepath.Join(set.Path, "queries.jsonl"))
		if _, qrels, err := readQrels(set.Path); err == nil { // it was read when the suite was loaded
			files = append(files, qrels)
		}
	}
	return files
}

// Missing gives the first path of the suite that is not there, "" when all are.
func (s *Suite) Missing() string {
	for _, path := range s.Corpus.Paths {
		if _, err := os.Stat(path); err != nil {
			return path
		}
	}
	return ""
}

// resolve makes the paths absolute or relative to the working folder.
func (s *Suite) resolve(dir string, lookup func(string) (string, bool)) error {
	paths := make([]*string, 0, len(s.Corpus.Paths)+len(s.Questions))
	for i := range s.Corpus.Paths {
		paths = append(paths, &s.Corpus.Paths[i])
	}
	for i := range s.Questions {
		paths = append(paths, &s.Questions[i].Path)
	}
	for _, path := range paths {
		if *path == "" {
			return errors.New("a path is empty")
		}
		expanded, err := expand(*path, lookup)
		if err != nil {
			return err
		}
		if !filepath.IsAbs(expanded) {
			expanded = filepath.Join(dir, expanded)
		}
		*path = expanded
	}
	return nil
}

// expand puts variables into a path.
func expand(path string, lookup func(string) (string, bool)) (string, error) {
	var missing error
	expanded := os.Expand(path, func(name string) string {
		name, fallback, has := strings.Cut(name, ":-")
		if value, found := lookup(name); found && value != "" {
			return value
		}
		if !has {
			missing = fmt.Errorf("the variable %s is not set", name)
		}
		return fallback
	})
	return expanded, missing
}

// read reads the questions of all sets.
func (s *Suite) read(path string) error {
	for i := range s.Questions {
		set := &s.Questions[i]
		format, known := formats[set.Format]
		if !known {
			return invalid(path, fmt.Errorf("unknown format of questions %q (known: clerk, beir, lqad, exam)", set.Format))
		}
		if set.Name == "" {
			set.Name = strings.TrimSuffix(filepath.Base(set.Path), filepath.Ext(set.Path))
		}
		questions, err := format(*set)
		if err != nil {
			return err
		}
		for _, q := range questions {
			if !(Group{Styles: set.Styles, Acts: set.Only}).has(q) {
				continue
			}
			q.Set, q.ID = set.Name, set.Prefix+q.ID
			if set.Style != "" {
				q.Style = set.Style
			}
			if set.Folded {
				q.Question = polish.Fold(q.Question)
			}
			s.asked = append(s.asked, q)
		}
	}
	return nil
}

// check completes the suite and says what is wrong with it.
func (s *Suite) check() error {
	if len(s.Questions) == 0 || len(s.asked) == 0 {
		return errors.New("the suite has no questions")
	}
	if len(s.asked) > MaxQuestions {
		return fmt.Errorf("%d questions; at most %d", len(s.asked), MaxQuestions)
	}
	if len(s.Corpus.Paths) > 0 && len(s.Corpus.Collections) > 0 {
		return errors.New("a corpus has paths or collections, not both")
	}
	seen := map[string]string{}
	for _, q := range s.asked {
		if other, twice := seen[q.ID]; twice {
			return fmt.Errorf("the id %s stands in the sets %s and %s: give one of them a prefix", q.ID, other, q.Set)
		}
		seen[q.ID] = q.Set
	}
	if len(s.Metrics) == 0 {
		s.Metrics = defaultMetrics
	}
	if s.K == 0 {
		s.K = defaultHits
	}
	if s.Seed == 0 {
		s.Seed = defaultSeed
	}
	if s.K < 1 || s.K > MaxCut {
		return fmt.Errorf("k is 1 to %d", MaxCut)
	}
	for _, name := range s.Metrics {
		m, err := ParseMetric(name)
		if err != nil {
			return err
		}
		if m.K > s.K {
			return fmt.Errorf("%s asks for more than the %d hits of k", m, s.K)
		}
		s.metrics = append(s.metrics, m)
	}
	return s.checkThresholds()
}

func (s *Suite) checkThresholds() error {
	groups := map[string]bool{}
	for _, g := range s.groups() {
		groups[g.Name] = true
	}
	for i := range s.Thresholds {
		t := &s.Thresholds[i]
		if t.Level == "" {
			t.Level = LevelArticle
		}
		switch {
		case !slices.Contains(s.Metrics, t.Metric):
			return fmt.Errorf("a threshold asks for %q, which is not among the metrics", t.Metric)
		case !slices.Contains(Levels, t.Level):
			return fmt.Errorf("unknown level %q (known: article, unit)", t.Level)
		case t.Group == "":
			t.Group = groupAll
		}
		if !groups[t.Group] {
			return fmt.Errorf("a threshold asks for the group %q, which has no questions", t.Group)
		}
	}
	return nil
}
