package eval

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"referent/internal/law"
	"referent/rag"
)

// formats read the questions of a set, by the names that a suite uses.
var formats = map[string]func(Set) ([]Question, error){
	"clerk": readClerk,
	"beir":  readBEIRSet,
	"lqad":  readLQAD,
	"exam":  readExam,
}

// eachLine reads JSON Lines into values of T; an error names the file and the line.
func eachLine[T any](path string, take func(T) error) error {
	file, err := os.Open(path)
	if err != nil {
		return &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: err}
	}
	defer func() { _ = file.Close() }() // it was only read
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 0, 64<<10), MaxLine)
	number := 0
	for lines.Scan() {
		number++
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), []byte("\ufeff")))
		if len(line) == 0 {
			continue
		}
		var value T
		if err := json.Unmarshal(line, &value); err != nil {
			return badLine(path, number, err)
		}
		if err := take(value); err != nil {
			return badLine(path, number, err)
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return badLine(path, number+1, err)
	} else if err != nil {
		return &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: err}
	}
	return nil
}

func badLine(path string, line int, err error) error {
	return &rag.Error{Code: rag.CodeQuestionsInvalid, Subject: path, Line: line, Err: err}
}

// clerkLine is a line of the format of Referent's own question files. Gold may say a
// document instead of an act: a text of the office without units.
type clerkLine struct {
	ID       string         `json:"id"`
	Question string         `json:"question"`
	Style    string         `json:"style"`
	History  []rag.Exchange `json:"history"`
	Gold     []Gold         `json:"gold"`
	Nuggets  []string       `json:"nuggets"`
	Refuse   bool           `json:"refuse"`
}

func readClerk(set Set) ([]Question, error) {
	var questions []Question
	err := eachLine(set.Path, func(line clerkLine) error {
		q := Question{ID: line.ID, Style: line.Style, Question: line.Question, History: line.History, Nuggets: line.Nuggets, Refuse: line.Refuse}
		for _, g := range line.Gold {
			gold, err := g.resolve()
			if err != nil {
				return err
			}
			q.Gold = append(q.Gold, gold...)
		}
		questions = append(questions, q)
		return q.check()
	})
	return questions, err
}

// lqadLine is a line of an LQAD export with articles; act_key names the act, and Acts
// of the set give its identifier.
type lqadLine struct {
	ID         string `json:"id"`
	Question   string `json:"question"`
	ActKey     string `json:"act_key"`
	Act        string `json:"act"`
	Article    string `json:"article"`
	Impossible bool   `json:"is_impossible"`
}

func readLQAD(set Set) ([]Question, error) {
	var questions []Question
	err := eachLine(set.Path, func(line lqadLine) error {
		act := set.Acts[line.ActKey]
		if act == "" {
			act = law.ActByTitle(line.Act)
		}
		if act == "" || line.Article == "" || line.Impossible {
			return nil // about an act that the suite does not ask of
		}
		gold, err := Gold{Act: act, Unit: "art. " + line.Article}.resolve()
		if err != nil {
			return err
		}
		q := Question{ID: line.ID, Style: "exam", Question: line.Question, Gold: gold}
		questions = append(questions, q)
		return q.check()
	})
	return questions, err
}

// examLine is an exam question with choices and its legal basis.
type examLine struct {
	ID         string `json:"id"`
	Question   string `json:"question"`
	LegalBasis string `json:"legal_basis"`
}

// readExam takes the questions whose legal basis names units of known acts.
func readExam(set Set) ([]Question, error) {
	var questions []Question
	err := eachLine(set.Path, func(line examLine) error {
		q := Question{ID: line.ID, Style: "exam", Question: line.Question}
		for _, r := range law.References(line.LegalBasis) {
			if r.Act != "" && r.Key != "" {
				q.Gold = append(q.Gold, Gold{Act: r.Act, Unit: r.Key.Citation(), key: r.Key})
			}
		}
		if len(q.Gold) == 0 {
			return nil
		}
		questions = append(questions, q)
		return q.check()
	})
	return questions, err
}

// beirText is a line of queries.jsonl or corpus.jsonl.
type beirText struct {
	ID    string `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// BEIR is a BEIR folder: a corpus, questions and judgements.
type BEIR struct {
	Name      string
	Corpus    []BEIRDocument
	Questions []Question // those that have a judgement above 0, gold by document
}

// BEIRDocument is an entry of corpus.jsonl.
type BEIRDocument struct{ ID, Title, Text string }

// ReadBEIR reads a BEIR folder with its corpus.
func ReadBEIR(dir string) (BEIR, error) {
	b := BEIR{Name: filepath.Base(filepath.Clean(dir))}
	path := filepath.Join(dir, "corpus.jsonl")
	seen := map[string]bool{}
	err := eachLine(path, func(line beirText) error {
		switch {
		case line.ID == "" || strings.ContainsFunc(line.ID, isSpace):
			return fmt.Errorf("bad _id %q", line.ID)
		case seen[line.ID]:
			return fmt.Errorf("_id %q stands twice", line.ID)
		}
		seen[line.ID] = true
		b.Corpus = append(b.Corpus, BEIRDocument(line))
		return nil
	})
	if err != nil {
		return BEIR{}, err
	}
	if len(b.Corpus) == 0 {
		return BEIR{}, &rag.Error{Code: rag.CodeQuestionsInvalid, Subject: path, Err: errors.New("the corpus is empty")}
	}
	b.Questions, err = readBEIRQuestions(dir)
	for i := range b.Questions {
		b.Questions[i].Set = b.Name
	}
	return b, err
}

// readBEIRQuestions reads the questions that have judgements, gold by document.
func readBEIRQuestions(dir string) ([]Question, error) {
	judgements, qrels, err := readQrels(dir)
	if err != nil {
		return nil, err
	}
	var questions []Question
	seen := map[string]bool{}
	err = eachLine(filepath.Join(dir, "queries.jsonl"), func(line beirText) error {
		if seen[line.ID] {
			return fmt.Errorf("_id %q stands twice", line.ID)
		}
		seen[line.ID] = true
		q := Question{ID: line.ID, Question: line.Text, Gold: judgements[line.ID]}
		if len(q.Gold) == 0 {
			return nil // not judged: nothing can be measured
		}
		questions = append(questions, q)
		return q.check()
	})
	if err == nil && len(questions) == 0 {
		err = &rag.Error{Code: rag.CodeQuestionsInvalid, Subject: qrels, Err: errors.New("no question has a judgement above 0")}
	}
	return questions, err
}

// readBEIRSet reads a folder's questions for a library that holds the acts: Acts maps
// the beginning of an identifier to the act (kpa-art-: DU/1960/168), the rest of it is
// the article.
func readBEIRSet(set Set) ([]Question, error) {
	questions, err := readBEIRQuestions(set.Path)
	if err != nil {
		return nil, err
	}
	for i := range questions {
		for n, g := range questions[i].Gold {
			gold, err := set.mapped(g)
			if err != nil {
				return nil, &rag.Error{Code: rag.CodeQuestionsInvalid, Subject: set.Path, Err: err}
			}
			questions[i].Gold[n] = gold
		}
	}
	return questions, nil
}

func (s Set) mapped(g Gold) (Gold, error) {
	for prefix, act := range s.Acts {
		if article, is := strings.CutPrefix(g.Document, prefix); is {
			gold, err := Gold{Act: act, Unit: "art. " + article, Grade: g.Grade}.resolve()
			if err != nil {
				return Gold{}, err
			}
			return gold[0], nil
		}
	}
	return Gold{}, fmt.Errorf("no act of the suite fits the document %q", g.Document)
}

// readQrels reads qrels.tsv, or qrels/test.tsv as BEIR has it: three columns, or the
// four of TREC, with or without a heading.
func readQrels(dir string) (judgements map[string][]Gold, path string, err error) {
	path = filepath.Join(dir, "qrels.tsv")
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		nested := filepath.Join(dir, "qrels", "test.tsv")
		if content, err = os.ReadFile(nested); err == nil {
			path = nested
		}
	}
	if err != nil {
		return nil, path, &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: err}
	}
	judgements = map[string][]Gold{}
	lines := bufio.NewScanner(bytes.NewReader(content))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimPrefix(lines.Text(), "\ufeff")
		if strings.TrimSpace(line) == "" {
			continue
		}
		question, document, grade, err := judgement(line)
		if err != nil && number == 1 {
			continue // the heading
		}
		if err != nil {
			return nil, path, badLine(path, number, err)
		}
		if grade > 0 {
			judgements[question] = append(judgements[question], Gold{Document: document, Grade: grade})
		}
	}
	if err := lines.Err(); err != nil && !errors.Is(err, io.EOF) {
		return nil, path, &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: err}
	}
	if len(judgements) == 0 {
		return nil, path, &rag.Error{Code: rag.CodeQuestionsInvalid, Subject: path, Err: errors.New("no judgement above 0")}
	}
	return judgements, path, nil
}

func judgement(line string) (question, document string, grade float64, err error) {
	fields := strings.Fields(line)
	switch len(fields) {
	case 3:
		question, document = fields[0], fields[1]
	case 4: // TREC: question, iteration, document, grade
		question, document = fields[0], fields[2]
	default:
		return "", "", 0, fmt.Errorf("%d columns instead of 3", len(fields))
	}
	if _, err := fmt.Sscanf(fields[len(fields)-1], "%g", &grade); err != nil {
		return "", "", 0, fmt.Errorf("the grade %q is no number", fields[len(fields)-1])
	}
	return question, document, grade, nil
}
