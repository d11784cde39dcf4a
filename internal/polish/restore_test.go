package polish

import (
	"errors"
	"testing"
)

func TestRestore(t *testing.T) {
	common := map[string]uint64{"zwłoka": 9, "sąd": 40, "sad": 1, "być": 100, "urząd": 50, "odpowiedź": 30, "musieć": 20}
	holding := func(lemma string) (uint64, error) { return common[lemma], nil }
	for typed, want := range map[string]string{
		"Urzad jest w zwloce":           "Urząd jest w zwłoce",
		"czy musze isc do sadu":         "czy muszę iść do sądu",
		"kiedy bedzie odpowiedz":        "kiedy będzie odpowiedź",
		"wniosek KRUS z 2024":           "wniosek KRUS z 2024",
		"zażółć sad":                    "zażółć sad", // typed with diacritics: nothing is guessed
		"what are the rights of people": "what are the rights of people",
		"":                              "",
	} {
		got, err := Restore(typed, holding)
		if err != nil || got != want {
			t.Errorf("%q became %q, want %q (%v)", typed, got, want, err)
		}
	}
}

func TestRestoreTellsOfABrokenIndex(t *testing.T) {
	broken := errors.New("index is closed")
	if _, err := Restore("zwloka", func(string) (uint64, error) { return 0, broken }); !errors.Is(err, broken) {
		t.Errorf("error %v", err)
	}
}
