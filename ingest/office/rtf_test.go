package office

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRTF(t *testing.T) {
	for name, c := range map[string]struct{ rtf, want string }{
		"charsets": {`{\rtf1\ansi\ansicpg1250{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset238 Arial CE;}}Za\'bf\'f3\'b3\'e6 \f1 g\'ea\'9cl\'b9 {\uc1 ja\u378?\u324?}\par Koniec.\par}`,
			lines("Zażółć gęślą jaźń", "Koniec.")},
		"skipped": {`{\rtf1{\info{\title Tajne}}{\*\generator Program;}{\stylesheet{\s1 Styl;}}{\header Nag\'b3\'f3wek\par}Tre\'9c\'e6{\*\bkmkstart a}{\pict\bin4 }}}}}{\v ukryte}.\par}`,
			lines("Treść.")},
		"list and table": {`{\rtf1\pard{\listtext\'a7 1.\tab}Ustala si\'ea.\par\pard{\pntext 1)\tab}jeden;\par\pard\intbl Lp.\cell Op\'b3ata\par z\'b3\cell\row\pard\par Dalej\par}`,
			lines("§ 1. Ustala się.", "1) jeden;", "Lp. | Opłata zł", "", "Dalej")},
		"note and index": {`{\rtf1 art. 33{\super 1} pkt 2{\super\chftn{\footnote\pard Zmiany og\'b3oszono.}} dalej{\*\annotation uwaga}{\deleted skre\'9clone}\par{\b Zasady}\par}`,
			lines("art. 33^1 pkt 2 dalej", "Zasady", notesHeading, "Zmiany ogłoszono.")},
		"cut": {`{\rtf1 Pocz\'b9tek {\b gruby \'`, lines("Początek gruby")},
	} {
		text, err := ReadRTF([]byte(c.rtf))
		if diff := cmp.Diff(c.want, text.Text); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
	text, err := ReadRTF([]byte(`{\rtf1 a{\annotation x}{\deleted b}{\revised c}\pard\outlinelevel0 Rozdzia\'b3\par{\b Gruby}\par}`))
	if err != nil || text.Comments != 1 || text.Changes != 2 || len(text.Headings) != 2 {
		t.Errorf("%+v, %v", text, err)
	}
	if _, err := ReadRTF([]byte(`{\rtf1` + strings.Repeat("{", 10_000))); !errors.Is(err, ErrTooDeep) {
		t.Errorf("nesting: %v", err)
	}
}
