package polish

import (
	"fmt"
	"slices"
	"sync"
	"testing"
)

func TestMemorySaysWhatTheLexiconSays(t *testing.T) {
	m := memory{words: map[string][]string{}}
	for range 2 {
		for _, word := range []string{"danych", "Danych", "w", "2016/679", "nieznaneslowo", "ludzie", ""} {
			if got, want := m.stands(word), stands(word, Lemmas); !slices.Equal(got, want) {
				t.Errorf("%q: %q, want %q", word, got, want)
			}
		}
	}
}

func TestMemoryIsBoundedAndShared(t *testing.T) {
	m := memory{words: map[string][]string{}}
	for i := range maxRemembered {
		m.words[fmt.Sprint("wyraz", i)] = nil
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for _, word := range []string{"ustawa", "ustawy", "ustawie"} {
				if got := m.stands(word); !slices.Equal(got, []string{"ustawa"}) {
					t.Errorf("%s: %q", word, got)
				}
			}
		})
	}
	group.Wait()
	if len(m.words) > 10 {
		t.Errorf("%d words are remembered, %d at the most should be", len(m.words), maxRemembered)
	}
}

func TestCountTermsCountsTerms(t *testing.T) {
	for _, text := range []string{"", "-", "w i na", "Ustawa o e-mailach, art. 39^3 § 2 k.p.a.; 2016/679 danych"} {
		if got, want := CountTerms(text), len(Terms(text)); got != want {
			t.Errorf("%q: %d, want %d", text, got, want)
		}
	}
}
