package library

import (
	"fmt"
	"testing"

	"referent/rag"
)

// A thousand articles of a statute, with everyday questions, speak of fees, deadlines
// and motions; one rule of the office says what the car park costs.
func TestALargeCollectionDoesNotDrownASmallOne(t *testing.T) {
	l := open(t, t.TempDir())
	var articles []string
	var questions []rag.EverydayQuestion
	for i := range 1000 {
		text := fmt.Sprintf("Opłatę za wniosek nr %d wnosi się miesięcznie na rachunek urzędu, a abonament rozlicza organ w terminie %d dni", i, i%30)
		articles = append(articles, text)
		if i%5 == 0 {
			unit := fmt.Sprintf("Art. %d. %s", i+1, text)
			questions = append(questions, asks(fmt.Sprintf("art=%d", i+1), unit, fmt.Sprintf("ile kosztuje abonament i opłata za wniosek w sprawie %d", i)))
		}
	}
	statute := act("/statute.txt", "2020-01-01", articles...)
	statute.Collection = "ustawy"
	put(t, l, statute)
	putQuestions(t, l, rag.OriginBank, questions...)
	put(t, l, document("/parking.txt", "Abonament na parking przy ratuszu kosztuje 120 zł miesięcznie"))
	unchecked := func(answer string, _ []rag.Source) (string, []rag.Claim) { return answer, nil }
	a, err := rag.New(rag.Config{Index: l, Shelf: l, Catalogue: l, Questions: l, Check: unchecked})
	if err != nil {
		t.Fatal(err)
	}
	result, err := a.Search(t.Context(), rag.Question{Question: "ile kosztuje abonament na parking przy ratuszu, jaka to opłata", NoModel: true, Explain: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(result.Hits) == 0 || result.Hits[0].Collection != rag.DefaultCollection {
		t.Errorf("first is %+v", result.Hits[:min(2, len(result.Hits))])
	}
}
