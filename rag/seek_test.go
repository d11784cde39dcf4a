package rag

import (
	"slices"
	"strings"
	"testing"
)

// citing holds acts as ingest does: a short code in long and short passages.
func citing(t *testing.T) (*memory, *Assistant) {
	m := newMemory()
	split(m)
	m.add(Info{ID: "archiwa", Collection: "biuro", Act: "DU/1983/173", Title: "Ustawa o archiwach", Status: StatusInForce},
		"Art. 6. Archiwa rodzin i rodów przyjmuje się, jak stanowi art. 9 i art. 35.")
	return m, assistant(t, m, nil, nil)
}

func TestACitationIsAnsweredByTheUnitItself(t *testing.T) {
	m, a := citing(t)
	for question, want := range map[string][]string{
		"art. 10 ust. 1 ustawy o petycjach":                             {"art. 10 ust. 1"},
		"art. 35 § 2 kpa":                                               {"art. 35 § 2"},
		"§ 3 art. 35 kodeksu postępowania administracyjnego":            {"art. 35 § 3"},
		"art. 35 kpa":                                                   {"art. 35"},
		"art. 9 i 11 ustawy o petycjach":                                {"art. 9", "art. 11"},
		"art. 9-11 ustawy o petycjach":                                  {"art. 9", "art. 10", "art. 11"},
		"art. 9 ustawy o petycjach i art. 1 ustawy o opłacie skarbowej": {"art. 9", "art. 1"},
	} {
		answer, err := a.Ask(t.Context(), Question{Question: question}, nil)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range answer.Citations {
			got = append(got, c.Unit)
			if text := string([]rune(m.texts[c.Document])[c.Start:c.End]); text != c.Quote || text == "" {
				t.Errorf("%s: the span holds %q, the quote says %q", question, text, c.Quote)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: quotes %q, want %q", question, got, want)
		}
	}
}

// A question in words beside a citation is answered from the article cited first.
func TestACitedArticleIsNeverLeftOut(t *testing.T) {
	_, a := citing(t)
	answer, err := a.Ask(t.Context(), Question{Question: "Czy art. 10 ustawy o petycjach każe rozpatrzyć petycję bez zbędnej zwłoki?"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Citations) == 0 || answer.Citations[0].Article != "10" {
		t.Errorf("got %+v", answer.Citations)
	}
}

func TestTheModelReadsTheUnitsCited(t *testing.T) {
	m, _ := citing(t)
	model := &scripted{say: "Tak stanowi przepis [1]."}
	answer, err := assistant(t, m, nil, model).Ask(t.Context(), Question{Question: "art. 35 § 2 kpa"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	prompt := model.asked[0][len(model.asked[0])-1].Text
	if !strings.Contains(prompt, "[1] art. 35 § 2 k.p.a.\nNiezwłocznie załatwia się") || strings.Contains(prompt, "[2] ") {
		t.Errorf("the model reads %s", prompt)
	}
	if len(answer.Citations) != 1 || answer.Citations[0].Unit != "art. 35 § 2" {
		t.Errorf("cites %+v", answer.Citations)
	}
}

func TestAUnitThatIsNotThereIsRefused(t *testing.T) {
	_, a := citing(t)
	for question, want := range map[string]Missing{
		"art. 999 ustawy o petycjach": {Act: "DU/2014/1195", Unit: "art. 999", Label: "art. 999 ustawy o petycjach", ActHeld: true},
		"art. 35 § 9 kpa":             {Act: "DU/1960/168", Unit: "art. 35 § 9", Label: "art. 35 § 9 k.p.a.", ActHeld: true},
		"art. 5 kodeksu cywilnego":    {Act: "DU/1964/93", Unit: "art. 5", Label: "art. 5 k.c."},
	} {
		answer, err := a.Ask(t.Context(), Question{Question: question}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !answer.Refused || answer.Refusal.Reason != NotInLibrary || len(answer.Refusal.Missing) != 1 {
			t.Fatalf("%s: %+v", question, answer.Refusal)
		}
		got := answer.Refusal.Missing[0]
		got.document, got.key = "", ""
		if got != want {
			t.Errorf("%s: %+v, want %+v", question, got, want)
		}
		if want.ActHeld && (len(answer.Refusal.Nearest) != 3 || answer.Refusal.Nearest[2].Act != want.Act) {
			t.Errorf("%s: nearest %+v, want the last units beside it", question, answer.Refusal.Nearest)
		}
	}
}

func TestAnAmbiguousActIsAskedFor(t *testing.T) {
	m, a := citing(t)
	const question = "pzp art. 4"
	m.add(Info{ID: "zamowienia", Collection: "biuro", Act: "DU/2019/2019", Title: "Prawo zamówień publicznych", Status: StatusInForce}, "Art. 4. Ustawę stosuje się do zamawiających.")
	answer, err := a.Ask(t.Context(), Question{Question: question}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Citations) != 1 || answer.Citations[0].Act != "DU/2019/2019" {
		t.Errorf("one act holds it: %+v", answer)
	}
	m.add(Info{ID: "plan", Collection: "biuro", Act: "DU/2003/717", Title: "Ustawa o planowaniu", Status: StatusInForce}, "Art. 4. Przeznaczenie terenu ustala plan.")
	if answer, err = a.Ask(t.Context(), Question{Question: question}, nil); err != nil {
		t.Fatal(err)
	}
	if !answer.Refused || answer.Refusal.Reason != TooVague || len(answer.Refusal.Choices) != 2 {
		t.Fatalf("two acts hold it: %+v", answer.Refusal)
	}
	for _, choice := range answer.Refusal.Choices {
		if again, err := a.Ask(t.Context(), Question{Question: choice}, nil); err != nil || len(again.Citations) != 1 || again.Citations[0].Unit != "art. 4" {
			t.Errorf("%s: %+v, %v", choice, again, err)
		}
	}
}

// An enumeration is stored in several passages of one key.
func TestAHitsTextHoldsItsUnit(t *testing.T) {
	m := newMemory()
	split(m)
	text := m.texts["kpa"]
	last := m.units["kpa"][3]
	first := m.passages[len(m.passages)-3]
	m.passages = m.passages[:len(m.passages)-3]
	for _, span := range []Span{{0, last.Start - 1}, last.Span} {
		p := first
		p.ID, p.Key, p.Unit, p.Span = int64(len(m.passages)+1), "art=35", "art. 35", span
		p.Text = string([]rune(text)[span.Start:span.End])
		m.passages = append(m.passages, p)
	}
	result, err := assistant(t, m, nil, nil).Search(t.Context(), Question{Question: "art. 35 § 3 kpa", K: 1})
	if err != nil {
		t.Fatal(err)
	}
	if got := result.Hits[0]; got.Unit != "art. 35 § 3" || got.Text != last.Text {
		t.Errorf("%s: %s", got.Unit, got.Text)
	}
}

// "RODO" has the lemma of "rodów".
func TestTheShortNameOfAnActIsNoOtherWord(t *testing.T) {
	_, a := citing(t)
	result, err := a.Search(t.Context(), Question{Question: "czego wymaga RODO"})
	if err != nil || len(result.Hits) > 0 {
		t.Errorf("found %+v, %v", result.Hits, err)
	}
	for question, want := range map[string]string{
		"art. 6 RODO i zgoda": "art. 6 i zgoda", "a rodo tu": "a tu", "udip o rodach": "udip o rodach", "art. 6 konstytucji": "art. 6 konstytucji",
	} {
		if got := strings.Join(strings.Fields(understand(Question{Question: question}).words), " "); got != want {
			t.Errorf("%s is searched by %q", question, got)
		}
	}
}
