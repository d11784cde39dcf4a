package office

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const odtStylesXML = `<style:style style:name="Gruby"><style:text-properties fo:font-weight="bold"/></style:style><style:style style:name="Wyzej"><style:text-properties style:text-position="super 58%"/></style:style>` +
	`<style:style style:name="Ukryty"><style:text-properties text:display="none"/></style:style><style:style style:name="Title"/>` +
	`<text:list-style style:name="Prawo"><text:list-level-style-number text:level="1" style:num-prefix="§ " style:num-suffix="." style:num-format="1"/>` +
	`<text:list-level-style-number text:level="2" loext:num-list-format="%2%)" style:num-format="1"/><text:list-level-style-number text:level="3" style:num-suffix=")" style:num-format="a"/>` +
	`<text:list-level-style-bullet text:level="4" text:bullet-char="-"/></text:list-style>` +
	`<text:list-style style:name="Czesci"><text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="I"/><text:list-level-style-number text:level="2" text:display-levels="2" style:num-format="1"/></text:list-style>`

func p(text string) string { return `<text:p>` + text + `</text:p>` }

func li(inner string) string { return `<text:list-item>` + inner + `</text:list-item>` }

func ul(attrs, inner string) string { return `<text:list ` + attrs + `>` + inner + `</text:list>` }

func TestODTNumbersOfLists(t *testing.T) {
	body := ul(`text:style-name="Prawo" xml:id="l1"`, li(p("Ustala się regulamin."))+li(p("Biblioteka wypożycza:")+ul("", li(p("książki;"))+li(p("czasopisma:")+ul("", li(p("bieżące,"))+li(p("dawne:")+ul("", li(p("oprawne")))))))+p("bez numeru"))) +
		p("Poza listą.") + ul(`text:style-name="Prawo" text:continue-numbering="true"`, li(p("Dalej.")+ul("", li(p("znów jeden"))))) +
		ul(`text:style-name="Czesci"`, li(p("Wstęp")+ul("", li(p("cel"))))+`<text:list-item text:start-value="5">`+p("Zasady")+`</text:list-item>`)
	want := lines("§ 1. Ustala się regulamin.", "§ 2. Biblioteka wypożycza:", "1) książki;", "2) czasopisma:", "a) bieżące,", "b) dawne:", "– oprawne", "bez numeru",
		"Poza listą.", "§ 3. Dalej.", "1) znów jeden", "I. Wstęp", "I.1 cel", "V. Zasady")
	if diff := cmp.Diff(want, readODT(t, body, odtStylesXML).Text); diff != "" {
		t.Error(diff)
	}
}

func TestODTText(t *testing.T) {
	body := `<text:tracked-changes><text:changed-region><text:deletion>` + p("skreślone") + `</text:deletion></text:changed-region></text:tracked-changes>` +
		`<text:p text:style-name="Title">Zarządzenie</text:p><text:h text:outline-level="2">Rozdział 1</text:h>` +
		`<text:p text:style-name="Gruby">Zasady</text:p>` +
		p(`art. 33<text:span text:style-name="Wyzej">1</text:span>  pkt 2<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body>`+p("Zmiany ogłoszono.")+`</text:note-body></text:note>`+
			`<text:s text:c="2"/>dalej<office:annotation>`+p("Sprawdzić")+`</office:annotation><text:span text:style-name="Ukryty">ukryte</text:span><text:tab/>tak<text:line-break/>wiersz`) +
		`<text:table-of-content><text:index-body>` + p("Rozdział 1 ... 2") + `</text:index-body></text:table-of-content>` +
		`<table:table><table:table-header-rows><table:table-row><table:table-cell>` + p("Lp.") + `</table:table-cell><table:table-cell>` + p("Opłata") + `</table:table-cell></table:table-row></table:table-header-rows>` +
		`<table:table-row><table:table-cell>` + p("1") + `</table:table-cell><table:table-cell>` + p("17 zł") + p("lub więcej") + `</table:table-cell></table:table-row></table:table>` +
		p(`<draw:frame><draw:text-box>`+p("W ramce")+`</draw:text-box></draw:frame>Podpis`)
	text := readODT(t, body, odtStylesXML)
	want := lines("Zarządzenie", "Rozdział 1", "Zasady", "art. 33^1 pkt 2  dalej tak", "wiersz", "Lp. | Opłata", "1 | 17 zł lub więcej", "Podpis", "W ramce", notesHeading, "Zmiany ogłoszono.")
	if diff := cmp.Diff(want, text.Text); diff != "" {
		t.Error(diff)
	}
	if text.Title != "Zarządzenie" || text.Comments != 1 || text.Changes != 1 || text.Footnotes != 1 || len(text.Headings) != 4 {
		t.Errorf("read as %+v", text)
	}
}

func TestEncryptedODT(t *testing.T) {
	data := zipped(t, map[string]string{"content.xml": "\x01\x02", "META-INF/manifest.xml": `<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>`})
	if _, err := ReadODT(bytes.NewReader(data), int64(len(data))); !errors.Is(err, ErrEncrypted) {
		t.Errorf("%v", err)
	}
}
