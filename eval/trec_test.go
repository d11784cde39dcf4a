package eval

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"referent/rag"
)

// python gives an interpreter that has pytrec_eval.
func python(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, candidate := range []string{os.Getenv("REFERENT_PYTHON"), filepath.Join(cache, "referent", "eval-python", "bin", "python"), "python3"} {
		if candidate != "" && exec.Command(candidate, "-c", "import pytrec_eval").Run() == nil {
			return candidate
		}
	}
	t.Skip("no Python with pytrec_eval: scripts/eval-python.sh makes one")
	return ""
}

const trecEval = `
import json, sys, pytrec_eval
qrels = json.load(open(sys.argv[1]))
run = pytrec_eval.parse_run(open(sys.argv[2]))
measures = {"success.1,5", "recall.5,10", "recip_rank", "ndcg_cut.5,10"}
print(json.dumps(pytrec_eval.RelevanceEvaluator(qrels, measures).evaluate(run)))
`

// TestAgainstTRECEval holds our metrics and our TREC run to those of trec_eval, over
// rankings with ties, graded judgements and questions where nothing was found.
func TestAgainstTRECEval(t *testing.T) {
	interpreter := python(t)
	random := rand.New(rand.NewPCG(7, 8))
	s := &Suite{Name: "made up", K: 10, Seed: 1, Metrics: []string{"hit@1", "hit@5", "recall@5", "recall@10", "mrr", "ndcg@5", "ndcg@10"}, Questions: []Set{{}}}
	qrels := map[string]map[string]int{}
	for i := range 200 {
		q := Question{ID: fmt.Sprint("q", i), Set: "s", Question: "?"}
		qrels[q.ID] = map[string]int{}
		for range 1 + random.IntN(4) {
			document, grade := fmt.Sprint("d", random.IntN(30)), 1+random.IntN(3)
			if _, twice := qrels[q.ID][document]; !twice {
				qrels[q.ID][document] = grade
				q.Gold = append(q.Gold, Gold{Document: document, Grade: float64(grade)})
			}
		}
		s.asked = append(s.asked, q)
	}
	if err := s.check(); err != nil {
		t.Fatal(err)
	}
	result, err := s.Run(t.Context(), Options{Searcher: shuffled{random}})
	if err != nil {
		t.Fatal(err)
	}

	dir := t.TempDir()
	if err := result.Write(filepath.Join(dir, "run.trec")); err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(qrels)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "qrels.json"), encoded, 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(interpreter, "-c", trecEval, filepath.Join(dir, "qrels.json"), filepath.Join(dir, "run.trec"))
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	var theirs map[string]map[string]float64
	if err := json.Unmarshal(output, &theirs); err != nil {
		t.Fatal(err)
	}
	names := map[string]string{"hit@1": "success_1", "hit@5": "success_5", "recall@5": "recall_5", "recall@10": "recall_10", "mrr": "recip_rank", "ndcg@5": "ndcg_cut_5", "ndcg@10": "ndcg_cut_10"}
	for _, q := range result.Questions {
		for our, their := range names {
			if a, b := q.Scores[LevelArticle][our], theirs[q.ID][their]; len(q.Hits) > 0 && math.Abs(a-b) > 1e-9 {
				t.Errorf("%s: %s %v, trec_eval says %v", q.ID, our, a, b)
			}
		}
	}
}

// shuffled finds documents at random, many with the same score, now and then none.
type shuffled struct{ random *rand.Rand }

func (s shuffled) Search(context.Context, rag.Question) (rag.SearchResult, error) {
	hits := []rag.Hit{}
	for rank, document := range s.random.Perm(30)[:s.random.IntN(11)] {
		hits = append(hits, rag.Hit{Document: fmt.Sprint("d", document), Score: float64(10 - rank/3)})
	}
	return rag.SearchResult{Hits: hits}, nil
}
