package eval

import (
	"errors"
	"path/filepath"
	"testing"

	"referent/rag"
)

func beirFiles() map[string]string {
	return map[string]string{
		"corpus.jsonl":  `{"_id":"kpa-art-5","title":"A","text":"jeden"}` + "\n" + `{"_id":"kpa-art-39^1","title":"","text":"dwa"}` + "\n",
		"queries.jsonl": `{"_id":"q1","text":"co?"}` + "\n" + `{"_id":"q2","text":"nieoceniane"}` + "\n",
		"qrels.tsv":     "query-id\tcorpus-id\tscore\nq1\tkpa-art-39^1\t2\nq1\tkpa-art-5\t0\n",
	}
}

func TestReadBEIR(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "zbior")
	write(t, dir, beirFiles())
	b, err := ReadBEIR(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Corpus) != 2 || len(b.Questions) != 1 || b.Name != "zbior" {
		t.Fatalf("%+v", b)
	}
	if g := b.Questions[0].Gold; len(g) != 1 || g[0].Document != "kpa-art-39^1" || g[0].Grade != 2 {
		t.Errorf("gold %+v: a judgement of 0 is none", g)
	}
	mapped, err := readBEIRSet(Set{Path: dir, Acts: map[string]string{"kpa-art-": "DU/1960/168"}})
	if err != nil || mapped[0].Gold[0].name() != "DU/1960/168#39^1" {
		t.Errorf("%v: %+v", err, mapped)
	}
	if _, err := readBEIRSet(Set{Path: dir, Acts: map[string]string{"konst-art-": "DU/1997/483"}}); !errors.Is(err, &rag.Error{Code: rag.CodeQuestionsInvalid}) {
		t.Errorf("documents of no act: %v", err)
	}
}

func TestQrelsInTheFolderOfBEIRAndInTheFormOfTREC(t *testing.T) {
	dir := t.TempDir()
	files := beirFiles()
	delete(files, "qrels.tsv")
	files["qrels/test.tsv"] = "q1 0 kpa-art-5 1\r\n"
	write(t, dir, files)
	b, err := ReadBEIR(dir)
	if err != nil || len(b.Questions) != 1 || b.Questions[0].Gold[0].Document != "kpa-art-5" {
		t.Errorf("%v: %+v", err, b.Questions)
	}
}

func TestBEIRFoldersThatCannotBeUsed(t *testing.T) {
	for name, c := range map[string]struct {
		file, content string
		code          rag.Code
		line          int
	}{
		"empty qrels":         {"qrels.tsv", "", rag.CodeQuestionsInvalid, 0},
		"heading alone":       {"qrels.tsv", "query-id\tcorpus-id\tscore\n", rag.CodeQuestionsInvalid, 0},
		"all judged 0":        {"qrels.tsv", "q1\tkpa-art-5\t0\n", rag.CodeQuestionsInvalid, 0},
		"of other questions":  {"qrels.tsv", "q9\tkpa-art-5\t1\n", rag.CodeQuestionsInvalid, 0},
		"broken grade":        {"qrels.tsv", "q1\tkpa-art-5\t1\nq1\tkpa-art-5\tdużo\n", rag.CodeQuestionsInvalid, 2},
		"missing column":      {"qrels.tsv", "q1\tkpa-art-5\t1\nq1\n", rag.CodeQuestionsInvalid, 2},
		"broken corpus line":  {"corpus.jsonl", "{\"_id\":\"a\",\"text\":\"x\"}\n{\n", rag.CodeQuestionsInvalid, 2},
		"empty corpus":        {"corpus.jsonl", "\n", rag.CodeQuestionsInvalid, 0},
		"document twice":      {"corpus.jsonl", "{\"_id\":\"a\"}\n{\"_id\":\"a\"}\n", rag.CodeQuestionsInvalid, 2},
		"document without id": {"corpus.jsonl", "{\"text\":\"a\"}\n", rag.CodeQuestionsInvalid, 1},
		"broken query":        {"queries.jsonl", "[]\n", rag.CodeQuestionsInvalid, 1},
		"query without text":  {"queries.jsonl", "{\"_id\":\"q1\",\"text\":\" \"}\n", rag.CodeQuestionsInvalid, 1},
		"query twice":         {"queries.jsonl", "{\"_id\":\"q1\",\"text\":\"a\"}\n{\"_id\":\"q1\",\"text\":\"b\"}\n", rag.CodeQuestionsInvalid, 2},
	} {
		dir := t.TempDir()
		files := beirFiles()
		files[c.file] = c.content
		write(t, dir, files)
		_, err := ReadBEIR(dir)
		var known *rag.Error
		if !errors.As(err, &known) || known.Code != c.code || known.Line != c.line {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, missing := range []string{"corpus.jsonl", "queries.jsonl", "qrels.tsv"} {
		dir := t.TempDir()
		files := beirFiles()
		delete(files, missing)
		write(t, dir, files)
		if _, err := ReadBEIR(dir); !errors.Is(err, &rag.Error{Code: rag.CodeFileUnreadable}) {
			t.Errorf("without %s: %v", missing, err)
		}
	}
}

func TestClerkLinesThatCannotBeUsed(t *testing.T) {
	for name, line := range map[string]string{
		"no JSON":         `{"id"`,
		"no id":           `{"question":"?","refuse":true}`,
		"id with a space": `{"id":"a b","question":"?","refuse":true}`,
		"no text":         `{"id":"a","question":" ","refuse":true}`,
		"no gold":         `{"id":"a","question":"?","gold":[]}`,
		"no unit":         `{"id":"a","question":"?","gold":[{"act":"DU/2020/1","unit":"tam"}]}`,
		"no act":          `{"id":"a","question":"?","gold":[{"unit":"art. 1"}]}`,
	} {
		dir := t.TempDir()
		write(t, dir, map[string]string{"q.jsonl": "\n" + line + "\n"})
		_, err := readClerk(Set{Path: filepath.Join(dir, "q.jsonl")})
		var known *rag.Error
		if !errors.As(err, &known) || known.Code != rag.CodeQuestionsInvalid || known.Line != 2 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExamFormats(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"lqad.jsonl": `{"id":"l1","question":"Kto?","act_key":"kpa","article":"33"}` + "\n" + `{"id":"l2","question":"Kto?","act":"Ustawa o niczym","article":"1"}` + "\n",
		"exam.jsonl": `{"id":"e1","question":"Kiedy?","legal_basis":"art. 35 § 3 k.p.a."}` + "\n" + `{"id":"e2","question":"Kiedy?","legal_basis":"zasada"}` + "\n",
	})
	lqad, err := readLQAD(Set{Path: filepath.Join(dir, "lqad.jsonl"), Acts: map[string]string{"kpa": "DU/1960/168"}})
	if err != nil || len(lqad) != 1 || lqad[0].Gold[0].name() != "DU/1960/168#33" {
		t.Errorf("%v: %+v", err, lqad)
	}
	exam, err := readExam(Set{Path: filepath.Join(dir, "exam.jsonl")})
	if err != nil || len(exam) != 1 || exam[0].Gold[0].Act != "DU/1960/168" || exam[0].Gold[0].Unit != "art. 35 § 3" {
		t.Errorf("%v: %+v", err, exam)
	}
}
