package enrich

import (
	"slices"
	"strings"
	"testing"
)

const unit = `Adresat rozpatruje petycję w terminie trzech miesięcy od dnia złożenia pisma przez mieszkańca gminy.`

func TestCheck(t *testing.T) {
	others := []string{"Ile czasu urząd może się zastanawiać nad moim pismem w sprawie parku?"}
	for question, want := range map[string][]Reason{
		"Wysłałem prośbę do wójta, ile najdłużej mogę czekać na to, co postanowi?": nil,
		"wyslalem prosbe do wojta ile najdluzej moge czekac na odpowiedz":          nil,
		"Ile mam czekać?": {TooShort},
		strings.Repeat("czy mogę ", 12) + "czekać?":                                  {TooLong},
		"Co wynika z art. 2 tej ustawy dla kogoś, kto napisał do urzędu?":            {NamesUnit},
		"Co wynika z § 7 tej uchwały dla kogoś, kto napisał do urzędu?":              {NamesUnit},
		"Co mówi artykuł 12 o tym, jak długo trzeba czekać na wójta?":                {NamesUnit},
		"Czy to prawda, że adresat ROZPATRUJE petycje w terminie, który sam wybrał?": {Copied},
		"ile czasu urzad moze sie zastanawiac nad moim pismem w sprawie parku":       {Twice},
		"How long should I wait for the answer of the mayor to my letter?":           {OtherLanguage},
		"чи могу я узнать, как долго мне ждать ответа от мэра сейчас?":               {OtherLanguage},
		"Wójt postanowi niebawem, bo pismo leży już od wiosny u niego w biurze.":     {NoQuestion},
		"Tyle trzeba czekać, a sąsiad dostał od wójta list już po dwóch tygodniach":  nil, // "trzeba" asks, in a hurry
	} {
		if got := Check(question, unit, others); !slices.Equal(got, want) {
			t.Errorf("%q breaks %v, want %v", question, got, want)
		}
	}
	if got := CheckAsked("termin petycji", others); len(got) > 0 {
		t.Errorf("a question that was really asked is too short: %v", got)
	}
	if got := CheckAsked(others[0], others); !slices.Equal(got, []Reason{Twice}) {
		t.Errorf("asked twice: %v", got)
	}
}

func TestReadQuestions(t *testing.T) {
	for answer, want := range map[string][]string{
		`{"questions":["a","b"]}`:          {"a", "b"},
		`{"questions":["a","b","uci`:       {"a", "b"},
		"```json\n{\"questions\":[\"a\"]}": nil, // the schema does not let that come
		`{"questions":[]}`:                 nil,
		``:                                 nil,
	} {
		if got := readQuestions(answer); !slices.Equal(got, want) {
			t.Errorf("%s: %q", answer, got)
		}
	}
}
