package webtest

import (
	"strings"
	"time"

	"referent/internal/doctor"
	"referent/rag"
)

func citation(n int, unit, key, quote string) rag.Citation {
	span := Find(statuteText, quote[:20], quote[len(quote)-12:])
	return rag.Citation{
		N: n, Act: "DU/2014/1195", Unit: unit, Key: key, Label: unit + " ustawy o petycjach", Article: "10", Document: StatuteID,
		Title: "Ustawa z dnia 11 lipca 2014 r. o petycjach", Quote: quote, Start: span.Start, End: span.End,
		Status: rag.StatusInForce, WordingDate: "2014-07-11", TextKind: rag.TextPromulgated,
	}
}

func sources() []rag.Citation {
	return []rag.Citation{
		citation(1, "art. 10 ust. 1", "art=10;ust=1", answerQuote),
		citation(2, "art. 10 ust. 3", "art=10;ust=3", "W przypadku wystąpienia okoliczności niezależnych od podmiotu rozpatrującego petycję, uniemożliwiających rozpatrzenie petycji w terminie określonym w ust. 1, termin ten ulega przedłużeniu, nie dłużej jednak niż do 3 miesięcy, licząc od upływu terminu, o którym mowa w ust. 1."),
	}
}

func answered(q rag.Question) rag.Answer {
	first := "Petycję trzeba rozpatrzyć bez zbędnej zwłoki, **nie później niż w terminie 3 miesięcy** od dnia jej złożenia [1]."
	second := "Termin można przedłużyć najwyżej o kolejne 3 miesiące, gdy wystąpią okoliczności niezależne od urzędu [2]."
	third := "O przedłużeniu zawiadamia się w ciągu 5 dni."
	a := rag.Answer{
		ID: "q1", Question: q.Question, Answer: first + "\n\n- " + second + "\n- " + third, Citations: sources(),
		Claims: []rag.Claim{
			{Text: first, Citations: []int{1}, Supported: true, Problems: []string{}},
			{Text: second, Citations: []int{2}, Supported: true, Problems: []string{}},
			{Text: third, Citations: []int{}, Problems: []string{"no_citation"}},
		},
		Model: "referent-qwen", ModelDigest: "sha256:1", PromptVersion: "p1", Seed: 1, Degraded: []rag.Degradation{},
		Timings: rag.Timings{RetrieveMS: 12, FirstTokenMS: 900, TotalMS: 12400, PromptTokens: 631, AnswerTokens: 64},
	}
	if len(q.History) > 0 {
		a.Rewritten = "termin rozpatrzenia petycji"
	}
	if strings.Contains(q.Question, AskExtractive) {
		a.Answer, a.Model, a.Degraded = "„"+answerQuote+"” [1]", "", []rag.Degradation{rag.NoModel}
		a.Citations = a.Citations[:1]
		a.Claims = []rag.Claim{{Text: a.Answer, Citations: []int{1}, Supported: true, Problems: []string{}}}
	}
	return a
}

func refused(q rag.Question) rag.Answer {
	return rag.Answer{
		ID: "q2", Question: q.Question, Refused: true, Citations: []rag.Citation{}, Claims: []rag.Claim{}, Degraded: []rag.Degradation{},
		Refusal: &rag.Refusal{
			Reason: rag.NotInLibrary, Searched: []string{rag.DefaultCollection}, Nearest: []rag.Hit{hit()},
			Choices: []string{"W jakim terminie trzeba rozpatrzyć petycję?"},
		},
		PromptVersion: "p1", Timings: rag.Timings{RetrieveMS: 10, TotalMS: 11},
	}
}

func hit() rag.Hit {
	return rag.Hit{
		Rank: 1, Score: 0.71, Act: "DU/2014/1195", Unit: "art. 10 ust. 1", Key: "art=10;ust=1", Article: "10",
		Title: "Ustawa z dnia 11 lipca 2014 r. o petycjach", Document: StatuteID, Collection: rag.DefaultCollection, Passage: 1,
		Text: answerQuote, Span: Find(statuteText, answerQuote[:20], "jej złożenia."), Status: rag.StatusInForce, WordingDate: "2014-07-11", TextKind: rag.TextPromulgated,
	}
}

func healthy() doctor.Report {
	return doctor.Report{
		Version: "0.1.0",
		Checks: []doctor.Check{
			{ID: "ollama", Name: "Ollama", Level: doctor.OK, Text: "Ollama 0.17.4 odpowiada pod adresem 127.0.0.1:11434."},
			{ID: "chat", Name: "Model językowy", Level: doctor.OK, Text: "Odpowiedzi pisze model referent-qwen."},
			{ID: "embedding", Name: "Model osadzeń", Level: doctor.Warning, Text: "Nie ma modelu osadzeń. Referent szuka tylko po słowach.", Command: "referent setup"},
			{ID: "library", Name: "Biblioteka", Level: doctor.OK, Text: "2 dokumenty, 20 fragmentów."},
		},
		Models: []doctor.Model{
			{Name: "referent-qwen:latest", Use: "chat", Reason: "najlepszy z obecnych w Ollamie, które Referent zna", Bytes: 1_100_000_000, Reads: 41, Writes: 17},
			{Name: "nomic-embed-text:latest", Reason: "Referent sam go nie wybierze", Bytes: 274_000_000},
		},
		Disk:    doctor.Disk{Folder: "/srv/referent/data", Used: 48_000_000, Free: 21_000_000_000},
		Library: doctor.Holdings{Collections: []rag.CollectionState{}, Documents: 2, Passages: 20, Embedded: 14},
		Queue:   doctor.Queue{Questions: 1},
		Failures: []doctor.Failure{
			{At: time.Date(2026, 11, 3, 14, 5, 0, 0, time.UTC), Text: "Ollama przerwała odpowiedź w połowie."},
		},
	}
}
