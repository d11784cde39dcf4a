package rag

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"
	"strings"

	"referent/internal/law"
)

// memory is a small library in memory: an index, a shelf and a catalogue that behave.
type memory struct {
	passages []Passage
	units    map[string][]Unit // by document, in reading order
	texts    map[string]string // by document
	pending  int
	unread   int
	fail     error // what every look-up fails with
}

const petitions = `Art. 9. 1. Adresat petycji rozpatruje ją bez zbędnej zwłoki, nie później niż w terminie 3 miesięcy od dnia jej złożenia. 2. W razie potrzeby termin przedłuża się o 3 miesiące.
Art. 10. 1. Petycja złożona do organu niewłaściwego jest przekazywana w terminie 30 dni. Zawiadamia się o tym składającego petycję.
Art. 11. Petycję pozostawia się bez rozpatrzenia, jeżeli nie wskazuje adresu.`

const stampDuty = `Art. 1. Opłacie skarbowej podlega złożenie dokumentu pełnomocnictwa oraz wydanie zaświadczenia.
Art. 6. Obowiązek zapłaty opłaty skarbowej powstaje z chwilą złożenia wniosku. Organ odsyła do art. 9.`

const note = `Parking przy ratuszu jest czynny od szóstej rano. Abonament kosztuje 120 zł miesięcznie.`

func newMemory() *memory {
	m := &memory{units: map[string][]Unit{}, texts: map[string]string{}}
	m.add(Info{ID: "petycje", Collection: "biuro", Act: "DU/2014/1195", Title: "Ustawa o petycjach", Status: StatusInForce}, petitions)
	m.add(Info{ID: "oplata", Collection: "biuro", Act: "DU/2006/1635", Title: "Ustawa o opłacie skarbowej", Status: StatusInForce}, stampDuty)
	m.add(Info{ID: "parking", Collection: "biuro", Title: "Parking", Status: StatusUnknown}, note)
	return m
}

// add cuts a text at "Art. n." and "n. " into units; a text without them is a passage.
func (m *memory) add(info Info, text string) {
	m.texts[info.ID] = text
	if !strings.HasPrefix(text, "Art.") {
		m.passages = append(m.passages, Passage{ID: int64(len(m.passages) + 1), Span: Span{0, len([]rune(text))}, Text: text, Document: &info})
		return
	}
	at := 0
	for _, line := range strings.SplitAfter(text, "\n") {
		body := strings.TrimRight(line, "\n")
		number := strings.TrimSuffix(strings.Fields(line)[1], ".")
		key := law.NewKey(law.Level{Name: "art", Number: number})
		span := Span{at, at + len([]rune(body))}
		unit := Unit{Key: string(key), Citation: key.Citation(), Article: number, Page: 1, Span: span, Status: info.Status, Text: body}
		m.units[info.ID] = append(m.units[info.ID], unit)
		for n := 1; ; n++ {
			start := strings.Index(body, " "+strconv.Itoa(n)+". ")
			if start < 0 {
				break
			}
			end := strings.Index(body, " "+strconv.Itoa(n+1)+". ")
			if end < 0 {
				end = len(body)
			}
			sub := body[start+1 : end]
			s := at + len([]rune(body[:start+1]))
			below := key.With("ust", strconv.Itoa(n))
			m.units[info.ID] = append(m.units[info.ID], Unit{
				Key: string(below), Citation: below.Citation(), Article: number, Page: 1,
				Span: Span{s, s + len([]rune(sub))}, Status: info.Status, Text: sub,
			})
		}
		m.passages = append(m.passages, Passage{
			ID: int64(len(m.passages) + 1), Article: number, Key: string(key), Unit: key.Citation(), Page: 1,
			Span: span, Text: body, Status: info.Status, Document: &info,
		})
		at += len([]rune(line))
	}
}

func (m *memory) Words(_ context.Context, _ Scope, question string, k int) (WordHits, error) {
	stems := Stems(question)
	idf := map[string]float64{}
	reach := 0.0
	for _, stem := range stems {
		df := 0
		for _, p := range m.passages {
			df += countIn([]string{stem}, setOf(Stems(p.Text)))
		}
		idf[stem] = math.Log(1 + (float64(len(m.passages))-float64(df)+0.5)/(float64(df)+0.5))
		reach += idf[stem]
	}
	var hits []Scored
	for _, p := range m.passages {
		score := 0.0
		there := setOf(Stems(p.Text))
		for _, stem := range stems {
			if there[stem] {
				score += idf[stem]
			}
		}
		if score > 0 {
			hits = append(hits, Scored{p.ID, score})
		}
	}
	return WordHits{best(hits, k), reach}, m.fail
}

func (m *memory) Restored(_ context.Context, question string) (string, error) { return question, nil }

func (m *memory) Nearest(_ context.Context, _ Scope, _ string, vector []float32, k int) ([]Scored, error) {
	var hits []Scored
	for _, p := range m.passages {
		cosine := 0.0
		for i, value := range bag(p.Text) {
			cosine += float64(value) * float64(vector[i])
		}
		hits = append(hits, Scored{p.ID, cosine})
	}
	return best(hits, k), m.fail
}

func best(hits []Scored, k int) []Scored {
	slices.SortFunc(hits, func(a, b Scored) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Passage, b.Passage))
	})
	return hits[:min(k, len(hits))]
}

func (m *memory) Passages(_ context.Context, ids []int64) ([]Passage, error) {
	var some []Passage
	for _, id := range ids {
		some = append(some, m.passages[id-1])
	}
	return some, m.fail
}

func (m *memory) Units(_ context.Context, document, key string) ([]Unit, error) {
	var some []Unit
	for _, unit := range m.units[document] {
		if law.Key(key).Contains(law.Key(unit.Key)) {
			some = append(some, unit)
		}
	}
	return some, m.fail
}

func (m *memory) Lookup(_ context.Context, _ Scope, act, key string) ([]Passage, error) {
	var some []Passage
	for _, p := range m.passages {
		holds := law.Key(p.Key).Contains(law.Key(key)) || law.Key(key).Contains(law.Key(p.Key))
		if (act == "" || p.Document.Act == act) && p.Key != "" && holds {
			some = append(some, p)
		}
	}
	return some, m.fail
}

func (m *memory) Searched(_ context.Context, scope Scope) ([]string, error) {
	if len(m.passages) == 0 {
		return nil, nil
	}
	for _, name := range scope.Collections {
		if name != "biuro" {
			return nil, &Error{Code: CodeUnknownCollection, Subject: name}
		}
	}
	return []string{"biuro"}, m.fail
}

func (m *memory) Pending(context.Context, Scope, string) (int, error) { return m.pending, m.fail }

func (m *memory) Unread(context.Context, Scope) (int, error) { return m.unread, m.fail }

// bag embeds a text as its words' first letters.
func bag(text string) []float32 {
	vector := make([]float32, 26)
	for _, stem := range Stems(text) {
		if c := stem[0]; c >= 'a' && c <= 'z' {
			vector[c-'a']++
		}
	}
	sum := 1e-9
	for _, value := range vector {
		sum += float64(value * value)
	}
	for i := range vector {
		vector[i] /= float32(math.Sqrt(sum))
	}
	return vector
}

// bags is the embedding model of these tests.
type bags struct {
	fail    error
	missing bool
	hang    bool
	asked   []string
}

func (b *bags) Model(context.Context) (Model, bool, error) {
	return Model{Name: "bags", Digest: "b1", Dimension: 26}, !b.missing, nil
}

func (b *bags) EmbedQuery(ctx context.Context, text string) ([]float32, error) {
	b.asked = append(b.asked, text)
	if b.hang {
		<-ctx.Done()
		return nil, &Error{Code: CodeOllamaUnreachable, Err: ctx.Err()}
	}
	return bag(text), b.fail
}

func (b *bags) EmbedPassages(_ context.Context, texts []string) ([][]float32, error) {
	var vectors [][]float32
	for _, text := range texts {
		vectors = append(vectors, bag(text))
	}
	return vectors, b.fail
}

// scripted is a model that says what it is told and records what it was asked.
type scripted struct {
	say     string
	fail    error // after the first word
	gone    error // of Model
	missing bool
	enter   chan struct{} // told when it starts to write
	hold    chan struct{} // waits for it before it writes
	asked   [][]Message
}

func (s *scripted) Model(context.Context) (Model, bool, error) {
	return Model{Name: "scripted", Digest: "5c41"}, !s.missing, s.gone
}

func (s *scripted) Generate(ctx context.Context, messages []Message, _ Options, token func(string) error) (Generation, error) {
	s.asked = append(s.asked, messages)
	if s.enter != nil {
		s.enter <- struct{}{}
	}
	if s.hold != nil {
		select {
		case <-s.hold:
		case <-ctx.Done():
			return Generation{}, ctx.Err()
		}
	}
	for i, word := range strings.SplitAfter(s.say, " ") {
		if i == 1 && s.fail != nil {
			return Generation{}, s.fail
		}
		if err := token(word); err != nil {
			return Generation{}, err
		}
	}
	return Generation{Text: s.say, PromptTokens: 100, AnswerTokens: 10}, nil
}

// plainCheck takes every sentence as it stands and reads its markers.
func plainCheck(answer string, sources []Source) (string, []Claim) {
	var claims []Claim
	runes := []rune(answer)
	for _, span := range Sentences(answer) {
		claim := Claim{Text: string(runes[span.Start:span.End]), Problems: []string{}, Citations: []int{}}
		for _, source := range sources {
			if strings.Contains(claim.Text, marker(source.N)) {
				claim.Citations = append(claim.Citations, source.N)
			}
		}
		claims = append(claims, claim)
	}
	return answer, claims
}
