package polish

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Zażółć GĘŚLĄ jaźń": "zazolc gesla jazn",
		"ŁÓDŹ":              "lodz",
		"ﬁnanse":            "finanse",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	got := Words("Rozp. 2016/679, art. 39^3 k.p.a. i e-mail; koniec zdania.Następne")
	want := []string{"Rozp", "2016/679", "art", "39^3", "k.p.a", "i", "e-mail", "koniec", "zdania", "Następne"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTermsAreLemmasOfContentWords(t *testing.T) {
	got := Terms("Czy w sprawie nie trzeba opłaty za pełnomocnictwo 2016/679 (e-petycję)?")
	want := []string{"sprawa", "opłata", "pełnomocnictwo", "2016/679", "e", "petycja"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAlternatives(t *testing.T) {
	for text, want := range map[string][][]string{
		"danych":      {{"dany", "dane", "dać"}},
		"petycje":     {{"petycja"}},
		"wplate":      {{"wpłata"}},      // no form as it stands
		"sad":         {{"sad"}},         // a form as it stands
		"Sosnodołowi": {{"sosnodolowi"}}, // not in the lexicon
		"art. 39^3":   {{"art"}, {"39^3"}},
	} {
		got := Alternatives(text)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestQuestionsWithoutDiacriticsAreReadBothWays(t *testing.T) {
	if got := QuestionAlternatives("sad"); len(got) != 1 || !slices.Contains(got[0], "sąd") || !slices.Contains(got[0], "sad") {
		t.Errorf("got %v", got)
	}
	if got := QuestionAlternatives("żółty sad"); len(got) != 2 || slices.Contains(got[1], "sąd") {
		t.Errorf("got %v", got)
	}
}
