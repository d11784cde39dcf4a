package office

import (
	"bytes"
	"testing"
	"unicode/utf8"
)

// sound holds what is true of any text that was read.
func sound(t *testing.T, text Text) {
	t.Helper()
	last := 0
	for _, h := range text.Headings {
		if h.Start < last || h.End < h.Start || h.End > len(text.Text) || h.Rank < 1 || h.Rank > RankBold {
			t.Errorf("heading %+v in %d bytes", h, len(text.Text))
		}
		last = h.Start
	}
	if !utf8.ValidString(text.Text) {
		t.Errorf("no UTF-8: %q", text.Text)
	}
}

// FuzzDOCX reads any body and any numbering: the container is the work of the standard library.
func FuzzDOCX(f *testing.F) {
	f.Add(para("Treść")+item("1", "0", "jeden")+item("1", "3", "dwa"), legalNumbering["numbering.xml"])
	f.Add(`<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/><w:vMerge/></w:tcPr>`+para("a")+`</w:tc></w:tr></w:tbl><w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr></w:p>`, `<w:num w:numId="1"><w:lvlOverride w:ilvl="-1"><w:startOverride w:val="-5"/></w:lvlOverride></w:num>`)
	f.Fuzz(func(t *testing.T, body, numbering string) {
		data := docxFile(t, body, map[string]string{"numbering.xml": numbering, "styles.xml": numbering})
		if text, err := ReadDOCX(bytes.NewReader(data), int64(len(data))); err == nil {
			sound(t, text)
		}
	})
}

// FuzzODT reads any text and any styles.
func FuzzODT(f *testing.F) {
	f.Add(ul(`text:style-name="Prawo"`, li(p("jeden")+ul("", li(p("dwa"))))), odtStylesXML)
	f.Add(`<text:list-item text:start-value="-9"/><text:h text:outline-level="99">x</text:h><text:s text:c="999999999"/>`, `<text:outline-style><text:outline-level-style text:level="99" style:num-format="a" text:display-levels="99"/></text:outline-style>`)
	f.Fuzz(func(t *testing.T, body, styles string) {
		data := odtFile(t, body, styles)
		if text, err := ReadODT(bytes.NewReader(data), int64(len(data))); err == nil {
			sound(t, text)
		}
	})
}

// FuzzRTF reads anything that begins as RTF does.
func FuzzRTF(f *testing.F) {
	f.Add([]byte(`\ansicpg1250{\fonttbl{\f1\fcharset238 A;}}\f1 g\'ea{\*\x y}{\footnote z}\trowd a\cell\row\u-10179?\bin9 x\par}`))
	f.Add([]byte(`\uc0\u378\'b3{\super 1}}}}{\deleted x\par`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if text, err := ReadRTF(append([]byte(`{\rtf1`), data...)); err == nil {
			sound(t, text)
		}
	})
}
