package packs

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var number = regexp.MustCompile(`\d+(?:[.,]\d+)*`)

func TestQuestionsPointAtTheirAnswers(t *testing.T) {
	questions, err := Questions()
	if err != nil {
		t.Fatal(err)
	}
	texts := documents(t)
	seen := map[string]bool{}
	refused, asked := 0, map[string]bool{}
	for _, q := range questions {
		if seen[q.ID] || seen[q.Question] {
			t.Errorf("%s stands twice", q.ID)
		}
		seen[q.ID], seen[q.Question] = true, true
		if q.Refuse {
			refused++
		}
		if q.Refuse != (len(q.Gold) == 0) || q.Refuse != (len(q.Nuggets) == 0) || q.Refuse != (q.Style == "unanswerable") {
			t.Errorf("%s: a question is refused or has gold and nuggets", q.ID)
		}
		answer := ""
		for _, gold := range q.Gold {
			asked[gold.File] = true
			text, found := readOutline(texts[gold.File]).units[gold.Key]
			if !found {
				t.Errorf("%s: %s has no %s", q.ID, gold.File, gold.Key)
			}
			if got := citation(gold.Key); got != gold.Unit {
				t.Errorf("%s: %s is %q, not %q", q.ID, gold.Key, got, gold.Unit)
			}
			answer += text
		}
		for _, n := range number.FindAllString(strings.Join(q.Nuggets, " "), -1) {
			if !slices.Contains(number.FindAllString(answer, -1), n) {
				t.Errorf("%s: %s stands in the nuggets but not in the gold units", q.ID, n)
			}
		}
	}
	if len(questions) < 30 || refused < 3 {
		t.Errorf("%d questions, %d of them refused", len(questions), refused)
	}
	for name := range texts {
		// the repealed resolution is never the answer
		if !asked[name] && name != "06-swietlice-wiejskie-2023-uchylona.md" {
			t.Errorf("nobody asks about %s", name)
		}
	}
}

func citation(key string) string {
	marks := strings.NewReplacer("zal=", "zał. nr ", "par=", "§ ", "ust=", "ust. ", "pkt=", "pkt ", ";", " ")
	return marks.Replace(key)
}
