package rag

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
)

func TestSearchFindsTheUnit(t *testing.T) {
	a := assistant(t, newMemory(), &bags{}, nil)
	result, err := a.Search(t.Context(), Question{ID: "7", Question: deadline, K: 2, Explain: true})
	if err != nil {
		t.Fatal(err)
	}
	if result.ID != "7" || len(result.Hits) != 2 || len(result.Degraded) != 0 {
		t.Fatalf("got %+v", result)
	}
	hit := result.Hits[0]
	if hit.Rank != 1 || hit.Unit != "art. 9 ust. 1" || hit.Key != "art=9;ust=1" || hit.Article != "9" || hit.Act != "DU/2014/1195" {
		t.Errorf("got %+v, want art. 9 ust. 1", hit)
	}
	if len(hit.Legs) != 3 || hit.Legs[1].Name != LegWords || hit.Legs[1].Rank != 1 {
		t.Errorf("legs %+v", hit.Legs)
	}
}

func TestACitedUnitComesFirst(t *testing.T) {
	a := assistant(t, newMemory(), &bags{}, nil)
	result, err := a.Search(t.Context(), Question{Question: "Co mówi art. 11 ustawy o petycjach o terminie rozpatrzenia petycji?"})
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Hits[0]; got.Article != "11" || got.Act != "DU/2014/1195" {
		t.Errorf("first is %s of %s", got.Unit, got.Act)
	}
}

func TestACitedParagraphIsTheUnit(t *testing.T) {
	a := assistant(t, newMemory(), nil, nil)
	result, err := a.Search(t.Context(), Question{Question: "O ile przedłuża się termin według art. 9 ust. 2 ustawy o petycjach?"})
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Hits[0].Unit; got != "art. 9 ust. 2" {
		t.Errorf("got %s", got)
	}
}

func TestUnstructuredTextIsFoundByPassage(t *testing.T) {
	result, err := assistant(t, newMemory(), nil, nil).Search(t.Context(), Question{Question: "Ile kosztuje abonament na parking?", NoModel: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Hits[0]; got.Document != "parking" || got.Article != "" || got.Act != "" {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]Degradation{NoModel, NoEmbeddings}, result.Degraded); diff != "" {
		t.Error(diff)
	}
}

func TestSearchSaysWhatItDidWithout(t *testing.T) {
	pending := newMemory()
	pending.pending = 3
	unread := newMemory()
	unread.unread = 2
	for name, c := range map[string]struct {
		library *memory
		model   Embedder
		want    []Degradation
	}{
		"nothing":     {newMemory(), &bags{}, []Degradation{}},
		"no model":    {newMemory(), &bags{missing: true}, []Degradation{NoEmbeddings}},
		"unreachable": {newMemory(), &bags{fail: &Error{Code: CodeOllamaUnreachable}}, []Degradation{NoEmbeddings}},
		"pending":     {pending, &bags{}, []Degradation{EmbeddingPending}},
		"unread":      {unread, &bags{}, []Degradation{NoOCR}},
	} {
		result, err := assistant(t, c.library, c.model, nil).Search(t.Context(), Question{Question: deadline})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, result.Degraded); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestASlowEmbeddingFallsBackToWords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		result, err := assistant(t, newMemory(), &bags{hang: true}, nil).Search(t.Context(), Question{Question: deadline})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]Degradation{NoEmbeddings}, result.Degraded); diff != "" || result.Hits[0].Article != "9" {
			t.Errorf("%s, first hit %+v", diff, result.Hits[0])
		}
	})
}

func TestAModelBugIsAnError(t *testing.T) {
	bug := errors.New("wrong dimension in the index")
	if _, err := assistant(t, newMemory(), &bags{fail: bug}, nil).Search(t.Context(), Question{Question: deadline}); !errors.Is(err, bug) {
		t.Errorf("got %v", err)
	}
}

func TestFollowUps(t *testing.T) {
	first := Exchange{Q: "Ile czasu ma urząd na rozpatrzenie petycji?", A: "3 miesiące."}
	for question, rewritten := range map[string]bool{
		"a po terminie?":                 true,
		"A co jeśli petycja jest pusta?": true,
		"Czy można to przedłużyć?":       true,
		"Ile to kosztuje?":               true,
		"Co to jest opłata skarbowa?":    false,
		"Kiedy powstaje obowiązek zapłaty opłaty skarbowej od wniosku?": false,
		"Co mówi art. 6 ustawy o opłacie skarbowej?":                    false,
	} {
		u := understand(Question{Question: question, History: []Exchange{first, {Q: "a potem?"}}})
		if (u.rewritten != "") != rewritten {
			t.Errorf("%q became %q", question, u.text)
		}
		if rewritten && (!strings.HasPrefix(u.text, first.Q) || !strings.HasSuffix(u.text, question)) {
			t.Errorf("%q became %q, want it behind the first question", question, u.text)
		}
		if got := understand(Question{Question: question}); got.rewritten != "" {
			t.Errorf("without a history %q became %q", question, got.text)
		}
	}
}

func TestAFollowUpKeepsTheActOfTheConversation(t *testing.T) {
	u := understand(Question{Question: "a art. 11?", History: []Exchange{{Q: "Co mówi art. 9 ustawy o petycjach?"}}})
	if len(u.references) != 1 || u.references[0].Act != "DU/2014/1195" {
		t.Errorf("references %+v", u.references)
	}
}

func TestANamedActIsLikelierAndNoOtherIsLeftOut(t *testing.T) {
	result, err := assistant(t, newMemory(), nil, nil).Search(t.Context(), Question{Question: "termin i opłata w ustawie o petycjach", Explain: true})
	if err != nil {
		t.Fatal(err)
	}
	acts := map[string]bool{}
	for _, hit := range result.Hits {
		acts[hit.Act] = true
		named := hit.Legs[len(hit.Legs)-1].Name == LegAct
		if named != (hit.Act == "DU/2014/1195") {
			t.Errorf("%s of %s: legs %+v", hit.Unit, hit.Act, hit.Legs)
		}
	}
	if result.Hits[0].Act != "DU/2014/1195" || !acts["DU/2006/1635"] {
		t.Errorf("found %v, first %s", acts, result.Hits[0].Act)
	}
}
