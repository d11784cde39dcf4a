package rag

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"referent/internal/law"
)

func texts(text string) []string {
	runes := []rune(text)
	var all []string
	for _, span := range Sentences(text) {
		all = append(all, string(runes[span.Start:span.End]))
	}
	return all
}

func TestSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"Termin to 3 miesiące. Można go przedłużyć.":                                    {"Termin to 3 miesiące.", "Można go przedłużyć."},
		"Zgodnie z art. 35 § 3 k.p.a. organ ma miesiąc. Tak jest.":                      {"Zgodnie z art. 35 § 3 k.p.a. organ ma miesiąc.", "Tak jest."},
		"Ustawa z dnia 6 września 2001 r. Dz. U. z 2022 r. poz. 902.":                   {"Ustawa z dnia 6 września 2001 r. Dz. U. z 2022 r. poz. 902."},
		"Zwraca się ją w 21 dni [1]. Za zwłokę się płaci [1][2].":                       {"Zwraca się ją w 21 dni [1].", "Za zwłokę się płaci [1][2]."},
		"Zwraca się ją w 21 dni. [1] Za zwłokę się płaci. [2]":                          {"Zwraca się ją w 21 dni. [1]", "Za zwłokę się płaci. [2]"},
		"Opłata wynosi 12.50 zł. To wszystko!":                                          {"Opłata wynosi 12.50 zł.", "To wszystko!"},
		"1. Petycja zawiera:\n1) podmiot;\n2) podpis.\n2. Petycję składa się pisemnie.": {"1. Petycja zawiera:\n1) podmiot;\n2) podpis.", "2. Petycję składa się pisemnie."},
		"- punkt pierwszy\n- punkt drugi":                                               {"- punkt pierwszy", "- punkt drugi"},
		"O tym mówi ust. 2. Nie dotyczy to gmin.":                                       {"O tym mówi ust. 2.", "Nie dotyczy to gmin."},
		"":     nil,
		"  \n": nil,
	} {
		if diff := cmp.Diff(want, texts(text)); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestSentencesHoldAllOfATextInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"art.", "Ala", "ma", "kota.", "[1]", "[1].", "\n", "3", "!", "§", "ł”", " "})).Draw(t, "parts"), " ")
		if got, want := strings.Join(strings.Fields(strings.Join(texts(text), " ")), ""), strings.Join(strings.Fields(text), ""); got != want {
			t.Fatalf("%q became %q", want, got)
		}
	})
}

func TestStemsMeetOverInflection(t *testing.T) {
	if got := Overlap("rozpatrzenie petycji przez gminy", "Petycję rozpatruje wójt gminy."); got < 0.99 {
		t.Errorf("overlap %.2f: %v", got, Stems("rozpatrzenie petycji przez gminy"))
	}
	if got := Overlap("opłata skarbowa", "Petycję rozpatruje wójt gminy."); got != 0 {
		t.Errorf("overlap %.2f", got)
	}
}

func TestReadBatch(t *testing.T) {
	input := "\ufeff" + `{"id":"a","question":"Kto?","history":[{"q":"x","a":"y"}]}` + "\n\n" +
		`{"question":` + "\r\n" +
		`{"question":"Co?"}` + "\n" +
		`{"question":"` + strings.Repeat("x", MaxBatchLine) + `"}` + "\n" +
		`{"id":"z","question":"Kiedy?"}`
	var ids []string
	var lines []int
	for question, err := range ReadBatch(strings.NewReader(input)) {
		var broken *Error
		switch {
		case err == nil:
			ids = append(ids, question.ID)
		case errors.As(err, &broken) && broken.Code == CodeBadBatchLine:
			lines = append(lines, broken.Line)
		default:
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff([]string{"a", "4", "z"}, ids); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{3, 5}, lines); diff != "" {
		t.Error(diff)
	}
}

func TestReadBatchSaysThatReadingFailed(t *testing.T) {
	broken := errors.New("pipe burst")
	var got error
	for _, err := range ReadBatch(&failing{broken}) {
		got = err
	}
	if !errors.Is(got, broken) {
		t.Errorf("got %v", got)
	}
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

func TestQuotesAreVerbatim(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sentence := rapid.SampledFrom([]string{"Petycję rozpatruje się w 3 miesiące.", "Opłata wynosi 17 zł.", "Zażółć gęślą jaźń, art. 5 ust. 2."})
		body := strings.Join(rapid.SliceOfN(sentence, 1, 40).Draw(t, "sentences"), " ")
		before := rapid.SampledFrom([]string{"", "Art. 1. ", "żółw "}).Draw(t, "before")
		document := []rune(before + body)
		unit := Unit{Span: Span{len([]rune(before)), len(document)}, Text: body}
		words, span := quote(unit, "petycja")
		if got := string(document[span.Start:span.End]); got != words || words == "" {
			t.Fatalf("span holds %q, quote %q", got, words)
		}
	})
}

func TestAQuoteThatCannotBeVouchedForIsEmpty(t *testing.T) {
	if words, span := quote(Unit{Span: Span{10, 15}, Text: "wstęp i punkt"}, "punkt"); words != "" || span != (Span{10, 10}) {
		t.Errorf("got %q at %v", words, span)
	}
}

// TestConversationDecidesBetweenActs holds that what was spoken of decides which act an
// abbreviation means, and says nothing of an act that is not known.
func TestConversationDecidesBetweenActs(t *testing.T) {
	before := []Exchange{{Q: "Kiedy odrzuca się ofertę według art. 226 Prawa zamówień publicznych?", A: "…"}}
	for question, want := range map[string]law.Reference{
		"A co z art. 53 pzp?":                       {Act: "DU/2019/2019", Key: "art=53"},
		"A co z art. 53?":                           {Act: "DU/2019/2019", Key: "art=53"},
		"A co z art. 3 ustawy o izbach lekarskich?": {Unknown: true, Key: "art=3"},
	} {
		references := understand(Question{Question: question, History: before}).references
		if len(references) != 1 {
			t.Errorf("%q cites %+v", question, references)
			continue
		}
		got := references[0]
		if got.Act != want.Act || got.Unknown != want.Unknown || got.Key != want.Key || len(got.Choices) > 0 {
			t.Errorf("%q cites %+v, want %+v", question, got, want)
		}
	}
}
