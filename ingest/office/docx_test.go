package office

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func para(text string) string {
	return `<w:p><w:r><w:t xml:space="preserve">` + text + `</w:t></w:r></w:p>`
}

func item(list, level, text string) string {
	return `<w:p><w:pPr><w:numPr><w:ilvl w:val="` + level + `"/><w:numId w:val="` + list + `"/></w:numPr></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
}

func lvl(at, format, text, more string) string {
	return `<w:lvl w:ilvl="` + at + `"><w:start w:val="1"/><w:numFmt w:val="` + format + `"/>` + more + `<w:lvlText w:val="` + text + `"/></w:lvl>`
}

// legalNumbering numbers as resolutions do: § 1. 1. 1) a) –, and a list with parts of one.
var legalNumbering = map[string]string{"numbering.xml": `<w:abstractNum w:abstractNumId="5">` +
	lvl("0", "decimal", "§ %1.", "") + lvl("1", "decimal", "%2.", "") + lvl("2", "decimal", "%3)", "") + lvl("3", "lowerLetter", "%4)", "") + lvl("4", "bullet", "-", "") +
	`</w:abstractNum><w:abstractNum w:abstractNumId="6">` + lvl("0", "upperRoman", "%1.", "") + lvl("1", "decimal", "%1.%2", "<w:isLgl/>") + lvl("2", "decimal", "%1.%2.%3", `<w:lvlRestart w:val="0"/><w:isLgl w:val="1"/>`) +
	`</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="6"/></w:num>` +
	`<w:num w:numId="3"><w:abstractNumId w:val="5"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride></w:num>`}

func TestNumbersOfListsArePrinted(t *testing.T) {
	text := readDOCX(t, item("1", "0", "Ustala się regulamin.")+item("1", "0", "Biblioteka wypożycza:")+item("1", "2", "książki;")+item("1", "2", "czasopisma:")+
		item("1", "3", "bieżące,")+item("1", "3", "archiwalne:")+item("1", "4", "oprawne")+item("1", "0", "Opłaty.")+item("1", "2", "nie ma;")+para("Poza listą.")+item("1", "0", "Koniec."), legalNumbering)
	want := lines("§ 1. Ustala się regulamin.", "§ 2. Biblioteka wypożycza:", "1) książki;", "2) czasopisma:", "a) bieżące,", "b) archiwalne:", "– oprawne",
		"§ 3. Opłaty.", "1) nie ma;", "Poza listą.", "§ 4. Koniec.")
	if diff := cmp.Diff(want, text.Text); diff != "" {
		t.Error(diff)
	}
}

func TestNumbersOfSeveralLevels(t *testing.T) {
	text := readDOCX(t, item("2", "0", "Wstęp")+item("2", "1", "cel")+item("2", "2", "dalej")+item("2", "0", "Zasady")+item("2", "1", "pierwsza")+item("2", "2", "druga")+
		item("3", "0", "Od siedmiu")+item("3", "0", "Osiem")+item("0", "0", "Bez numeru")+item("99", "0", "Nieznana lista"), legalNumbering)
	want := lines("I. Wstęp", "1.1 cel", "1.1.1 dalej", "II. Zasady", "2.1 pierwsza", "2.1.2 druga", "§ 7. Od siedmiu", "§ 8. Osiem", "Bez numeru", "Nieznana lista")
	if diff := cmp.Diff(want, text.Text); diff != "" {
		t.Error(diff)
	}
}

func TestStylesCarryHeadingsAndLists(t *testing.T) {
	styles := `<w:style w:styleId="N1"><w:name w:val="heading 1"/></w:style><w:style w:styleId="Par"><w:name w:val="Paragraf"/><w:basedOn w:val="Lista"/></w:style>` +
		`<w:style w:styleId="Lista"><w:name w:val="Lista"/><w:basedOn w:val="Lista"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>` +
		`<w:style w:styleId="Pkt"><w:name w:val="Punkt"/><w:pPr><w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>` +
		`<w:style w:styleId="Tyt"><w:name w:val="Title"/></w:style><w:style w:styleId="Spis"><w:name w:val="toc 1"/></w:style>`
	styled := func(style, text string) string {
		return `<w:p><w:pPr><w:pStyle w:val="` + style + `"/></w:pPr><w:r><w:t>` + text + `</w:t></w:r></w:p>`
	}
	text := readDOCX(t, styled("Tyt", "Regulamin")+styled("Spis", "Rozdział 1 .... 3")+styled("N1", "Rozdział 1")+styled("Par", "Treść.")+styled("Pkt", "jeden;")+
		`<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Zasady</w:t></w:r></w:p>`+`<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Uwaga</w:t></w:r><w:r><w:t> na to</w:t></w:r></w:p>`,
		map[string]string{"styles.xml": styles, "numbering.xml": legalNumbering["numbering.xml"]})
	if want := lines("Regulamin", "Rozdział 1", "§ 1. Treść.", "1) jeden;", "Zasady", "Uwaga na to"); text.Text != want {
		t.Error(cmp.Diff(want, text.Text))
	}
	var heads []string
	for _, h := range text.Headings {
		heads = append(heads, string(rune('0'+h.Rank))+" "+text.Text[h.Start:h.End])
	}
	if diff := cmp.Diff([]string{"1 Regulamin", "1 Rozdział 1", "9 Zasady"}, heads); diff != "" || text.Title != "Regulamin" {
		t.Errorf("title %q, headings %s", text.Title, diff)
	}
}

func TestTrackedChangesAreAcceptedAndCommentsCounted(t *testing.T) {
	run := func(text string) string { return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>` }
	body := `<w:p><w:commentRangeStart w:id="1"/>` + run("Opłata wynosi ") + `<w:del><w:r><w:delText>17</w:delText></w:r></w:del><w:ins>` + run("21") + `</w:ins>` + run(" zł.") +
		`<w:commentRangeEnd w:id="1"/><w:r><w:commentReference w:id="1"/></w:r></w:p>` +
		`<w:p><w:pPr><w:rPr><w:del w:id="2"/></w:rPr></w:pPr>` + run("Pierwsza część ") + `</w:p><w:p>` + run("i druga.") + `</w:p>` +
		`<w:moveFrom>` + para("przeniesione stąd") + `</w:moveFrom><w:moveTo>` + para("przeniesione tu") + `</w:moveTo>` +
		`<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>` + para("usunięty wiersz") + `</w:tc><w:tc>` + para("x") + `</w:tc></w:tr></w:tbl>` +
		item("1", "0", "jeden") + `<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>skreślony</w:delText></w:r></w:del></w:p>` + item("1", "0", "dwa")
	text := readDOCX(t, body, map[string]string{"comments.xml": `<w:comment w:id="1">` + para("Czy na pewno?") + `</w:comment>`, "numbering.xml": legalNumbering["numbering.xml"]})
	if want := lines("Opłata wynosi 21 zł.", "Pierwsza część i druga.", "przeniesione tu", "§ 1. jeden", "§ 2. dwa"); text.Text != want {
		t.Error(cmp.Diff(want, text.Text))
	}
	if text.Comments != 1 || text.Changes != 8 {
		t.Errorf("%d comments, %d changes", text.Comments, text.Changes)
	}
}

func TestTablesAreRows(t *testing.T) {
	tc := func(props, text string) string { return `<w:tc><w:tcPr>` + props + `</w:tcPr>` + text + `</w:tc>` }
	body := `<w:tbl><w:tr>` + tc("", para("Lp.")) + tc("", para("Rodzaj")) + tc("", para("Opłata")) + `</w:tr>` +
		`<w:tr>` + tc("", para("1")) + tc(`<w:vMerge w:val="restart"/>`, para("Odpis")+para("aktu")) + tc("", para("22 zł")) + `</w:tr>` +
		`<w:tr>` + tc("", para("2")) + tc(`<w:vMerge/>`, para("")) + tc("", para("33 zł")) + `</w:tr>` +
		`<w:tr>` + tc(`<w:gridSpan w:val="2"/>`, para("Razem")) + tc("", para("55 zł")) + `</w:tr></w:tbl>` +
		`<w:tbl><w:tr>` + tc("", para("Ramka")+para("z dwoma akapitami")) + `</w:tr></w:tbl>`
	text := readDOCX(t, body, nil)
	if want := lines("Lp. | Rodzaj | Opłata", "1 | Odpis aktu | 22 zł", "2 | Odpis aktu | 33 zł", "Razem | 55 zł", "Ramka", "z dwoma akapitami"); text.Text != want {
		t.Error(cmp.Diff(want, text.Text))
	}
}

func TestFootnotesStandApart(t *testing.T) {
	body := `<w:p><w:r><w:t>Zgodnie z art. 33</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>1</w:t></w:r><w:r><w:t> pkt 2</w:t></w:r>` +
		`<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="2"/></w:r><w:r><w:t> działka ma 30 m</w:t></w:r><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>2</w:t></w:r></w:p>`
	text := readDOCX(t, body, map[string]string{"footnotes.xml": `<w:footnote w:type="separator" w:id="0">` + para("----") + `</w:footnote><w:footnote w:id="2">` + para("Zmiany ogłoszono.") + `</w:footnote>`})
	if want := lines("Zgodnie z art. 33^1 pkt 2 działka ma 30 m²", notesHeading, "Zmiany ogłoszono."); text.Text != want || text.Footnotes != 1 {
		t.Errorf("%d footnotes: %s", text.Footnotes, cmp.Diff(want, text.Text))
	}
}

func TestBoxesFieldsAndSigns(t *testing.T) {
	box := `<mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>` + para("W ramce") + `</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>` + para("W ramce") + `</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent>`
	body := `<w:p><w:r><w:t>Zaznacz</w:t></w:r><w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r><w:r>` + box + `</w:r><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:tab/><w:t>tak</w:t></w:r>` +
		`<w:r><w:rPr><w:vanish/></w:rPr><w:t>ukryte</w:t></w:r></w:p><w:sdt><w:sdtContent>` + para("W polu") + `</w:sdtContent></w:sdt>`
	if text, want := readDOCX(t, body, nil), lines("Zaznacz☐ tak", "W ramce", "W polu"); text.Text != want {
		t.Error(cmp.Diff(want, text.Text))
	}
}

func TestHostileDOCX(t *testing.T) {
	bomb := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:document ` + wordSpace + `><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>`
	deep := `<w:document ` + wordSpace + `><w:body>` + strings.Repeat("<w:sdt>", 100_000) + `</w:body></w:document>`
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"entities": {zipped(t, map[string]string{"word/document.xml": bomb}), ErrDamaged},
		"nesting":  {zipped(t, map[string]string{"word/document.xml": deep}), ErrTooDeep},
		"cut":      {docxFile(t, para("Treść"), nil)[:200], ErrDamaged},
		"no text":  {zipped(t, map[string]string{"word/styles.xml": "<w:styles/>"}), ErrDamaged},
	} {
		if _, err := ReadDOCX(bytes.NewReader(c.data), int64(len(c.data))); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestPartThatUnpacksToTooMuch(t *testing.T) {
	s := newStream(&bounded{r: strings.NewReader("<d>" + strings.Repeat("<p/>", 100)), left: 100})
	if err := s.skip(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("%v", err)
	}
}
