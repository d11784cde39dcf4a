package rag

import "testing"

func TestQuoteIsNeverAUnitsNumberAlone(t *testing.T) {
	for text, want := range map[string]string{
		"§ 4. Przepisy szczególne mogą określać inne terminy.":              "Przepisy szczególne mogą określać inne terminy.",
		"Art. 7\n\n1. Wniosek składa się w urzędzie. 2. Termin to 9 dni.":   "Wniosek składa się w urzędzie.",
		"2. Wniosek rozpatruje się w terminie 9 dni od dnia jego złożenia.": "Wniosek rozpatruje się w terminie 9 dni od dnia jego złożenia.",
	} {
		n := len([]rune(text))
		got, span := quote(Unit{Span: Span{100, 100 + n}, Text: text}, "art. 35 kpa")
		if got != want {
			t.Errorf("of %q: %q, want %q", text, got, want)
		}
		if quoted := string([]rune(text)[span.Start-100 : span.End-100]); quoted != got {
			t.Errorf("the span gives %q", quoted)
		}
	}
}
