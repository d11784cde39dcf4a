package rag

import (
	"strconv"
	"strings"
	"testing"

	"referent/internal/law"
)

// split stores art. 35 of the k.p.a. as ingest does with a long article: a passage a paragraph.
func split(m *memory) {
	info := &Info{ID: "kpa", Collection: "biuro", Act: "DU/1960/168", Title: "Kodeks postępowania administracyjnego", Status: StatusInForce}
	paragraphs := []string{"Organ załatwia sprawę bez zwłoki.", "Niezwłocznie załatwia się to, co wiadomo z urzędu.", "Kodeks wyznacza miesiąc, a w sprawie szczególnie skomplikowanej dwa miesiące."}
	article := law.NewKey(law.Level{Name: "art", Number: "35"})
	text := strings.Join(paragraphs, "\n")
	m.texts["kpa"] = text
	units := []Unit{{Key: string(article), Citation: article.Citation(), Article: "35", Span: Span{0, len([]rune(text))}, Text: text}}
	at := 0
	for i, paragraph := range paragraphs {
		key := article.With("par", strconv.Itoa(i+1))
		span := Span{at, at + len([]rune(paragraph))}
		units = append(units, Unit{Key: string(key), Citation: key.Citation(), Article: "35", Span: span, Text: paragraph})
		m.passages = append(m.passages, Passage{
			ID: int64(len(m.passages) + 1), Article: "35", Key: string(key), Unit: key.Citation(), Span: span, Text: paragraph, Document: info,
		})
		at = span.End + 1
	}
	m.units["kpa"] = units
}

func TestACitationLeadsWithTheUnitItself(t *testing.T) {
	m := newMemory()
	split(m)
	a := assistant(t, m, &bags{}, nil)
	const beginning = "Organ załatwia sprawę bez zwłoki."
	for question, want := range map[string][2]string{
		"art. 35 kpa":            {"art. 35", beginning},
		"co mówi art. 35 k.p.a.": {"art. 35", beginning},
		"Jaka jest treść art. 35 kodeksu postępowania administracyjnego?": {"art. 35", beginning},
		"kpa 35 par 2":                                 {"art. 35 § 2", "Niezwłocznie załatwia się to, co wiadomo z urzędu."},
		"art. 35 kpa sprawa skomplikowana":             {"art. 35 § 3", "Kodeks wyznacza miesiąc, a w sprawie szczególnie skomplikowanej dwa miesiące."},
		"ustawa o petycjach art 9 ust 2 – co tam jest": {"art. 9 ust. 2", m.passages[0].Text},
	} {
		result, err := a.Search(t.Context(), Question{Question: question, K: 1})
		if err != nil {
			t.Fatal(err)
		}
		if got := result.Hits[0]; got.Unit != want[0] || got.Text != want[1] {
			t.Errorf("%s: %s: %s", question, got.Unit, got.Text)
		}
	}
}

func TestIsBare(t *testing.T) {
	for question, want := range map[string]bool{
		"art. 35 kpa": true, "kpa 189e": true, "pokaż mi art. 5 i art. 6 kpa": true, "co jest w art 16 ust 2 ustawy o pracownikach samorządowych": true,
		"kpa": false, "pzp art. 4": true, "ile czasu daje art. 35 kpa": false, "opłata skarbowa": false,
	} {
		if got := isBare(question, law.References(question)); got != want {
			t.Errorf("%s: %t", question, got)
		}
	}
}
