package webtest

import (
	"strings"
	"time"

	"referent/rag"
)

const statuteText = `# Ustawa z dnia 11 lipca 2014 r. o petycjach

Rozdział 1
Przepisy ogólne

## Art. 1

Ustawa określa zasady składania i rozpatrywania petycji oraz sposób postępowania organów w sprawach dotyczących petycji.

## Art. 2

1. Petycja może być złożona przez osobę fizyczną, osobę prawną, jednostkę organizacyjną niebędącą osobą prawną lub grupę tych podmiotów, zwaną dalej „podmiotem wnoszącym petycję”.

2. Petycja może być złożona w interesie:
1) publicznym;
2) podmiotu wnoszącego petycję;
3) podmiotu trzeciego, za jego zgodą.

## Art. 9

(uchylony)

Rozdział 2
Rozpatrywanie petycji

## Art. 10

1. Petycja powinna być rozpatrzona bez zbędnej zwłoki, jednak nie później niż w terminie 3 miesięcy od dnia jej złożenia.

2. W przypadku, o którym mowa w art. 7 ust. 2, termin rozpatrzenia petycji biegnie od dnia jej uzupełnienia lub wyjaśnienia.

3. W przypadku wystąpienia okoliczności niezależnych od podmiotu rozpatrującego petycję, uniemożliwiających rozpatrzenie petycji w terminie określonym w ust. 1, termin ten ulega przedłużeniu, nie dłużej jednak niż do 3 miesięcy, licząc od upływu terminu, o którym mowa w ust. 1.
`

// The quote that answers: art. 10 ust. 1.
const answerQuote = "Petycja powinna być rozpatrzona bez zbędnej zwłoki, jednak nie później niż w terminie 3 miesięcy od dnia jej złożenia."

// StatuteID and NoteID name the office's documents.
const (
	StatuteID = "0f3a9c21d4e8"
	NoteID    = "77aa01c9be42"
)

// Statute is the office's statute, with its units as they would be read.
func Statute() rag.Document {
	d := rag.Document{Info: rag.Info{
		ID: StatuteID, Collection: rag.DefaultCollection, Act: "DU/2014/1195", Title: "Ustawa z dnia 11 lipca 2014 r. o petycjach",
		Source: "/srv/akty/DU-2014-1195_petycje.md", Kind: "markdown", Language: "pl", Hash: strings.Repeat("ab", 32),
		Status: rag.StatusInForce, WordingDate: "2014-07-11", TextKind: rag.TextPromulgated, Extractor: "markdown/1",
		FetchedAt: time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC),
	}, Text: statuteText}
	add := func(key, citation, article, from, to string) {
		d.Units = append(d.Units, rag.Unit{Key: key, Citation: citation, Article: article, Span: Find(statuteText, from, to), Status: rag.StatusInForce})
	}
	add("art=1", "art. 1", "1", "## Art. 1\n", "dotyczących petycji.")
	add("art=2", "art. 2", "2", "## Art. 2\n", "za jego zgodą.")
	add("art=2;ust=1", "art. 2 ust. 1", "2", "1. Petycja może", "wnoszącym petycję”.")
	add("art=2;ust=2", "art. 2 ust. 2", "2", "2. Petycja może", "za jego zgodą.")
	add("art=2;ust=2;pkt=1", "art. 2 ust. 2 pkt 1", "2", "1) publicznym", "publicznym;")
	add("art=2;ust=2;pkt=2", "art. 2 ust. 2 pkt 2", "2", "2) podmiotu", "petycję;")
	add("art=2;ust=2;pkt=3", "art. 2 ust. 2 pkt 3", "2", "3) podmiotu", "za jego zgodą.")
	add("art=9", "art. 9", "9", "## Art. 9\n", "(uchylony)")
	d.Units[len(d.Units)-1].Status = rag.StatusRepealed
	add("art=10", "art. 10", "10", "## Art. 10", "mowa w ust. 1.")
	add("art=10;ust=1", "art. 10 ust. 1", "10", "1. Petycja powinna", "jej złożenia.")
	add("art=10;ust=2", "art. 10 ust. 2", "10", "2. W przypadku", "wyjaśnienia.")
	add("art=10;ust=3", "art. 10 ust. 3", "10", "3. W przypadku", "mowa w ust. 1.")
	d.Passages = []rag.Passage{{
		ID: 1, Article: "10", Key: "art=10;ust=1", Unit: "art. 10 ust. 1", Heading: "Rozdział 2 Rozpatrywanie petycji > Art. 10",
		Span: d.Units[9].Span, Text: answerQuote, Status: rag.StatusInForce,
	}}
	return d
}

// Note is a document without legal structure, of two pages.
func Note() rag.Document {
	text := "Instrukcja obsługi wniosków\n\nWnioski przyjmuje kancelaria w godzinach pracy urzędu. Każdy wniosek otrzymuje numer.\n\nWniosek bez podpisu kieruje się do uzupełnienia. Termin uzupełnienia wynosi 7 dni."
	second := Find(text, "Wniosek bez", "7 dni.")
	return rag.Document{Info: rag.Info{
		ID: NoteID, Collection: rag.SampleCollection, Title: "Instrukcja obsługi wniosków", Source: "/srv/uploads/instrukcja.pdf", Kind: "pdf", Language: "pl",
		Hash: strings.Repeat("cd", 32), Status: rag.StatusUnknown, Extractor: "pdf/1", FetchedAt: time.Date(2026, 11, 3, 12, 0, 0, 0, time.UTC),
	}, Text: text, Pages: []rag.Page{
		{Number: 1, Span: rag.Span{Start: 0, End: second.Start}, Words: 14, Share: 0.97},
		{Number: 2, Span: rag.Span{Start: second.Start, End: second.End}, Words: 11, Share: 0.97},
	}, Passages: []rag.Passage{{ID: 2, Span: second, Page: 2, Text: string([]rune(text)[second.Start:second.End])}}}
}

// Find gives the span from the first place of one text to the end of the next place
// of another, in code points.
func Find(text, from, to string) rag.Span {
	start := strings.Index(text, from)
	end := start + strings.Index(text[start:], to) + len(to)
	return rag.Span{Start: len([]rune(text[:start])), End: len([]rune(text[:end]))}
}
