package polish

import (
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

func TestTermsLeaveOutFunctionWords(t *testing.T) {
	got := Terms("Czy w sprawie nie trzeba opłaty za pełnomocnictwo?")
	want := []string{"sprawie", "oplaty", "pelnomocnictwo"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
