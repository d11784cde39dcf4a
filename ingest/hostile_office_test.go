package ingest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"referent/rag"
)

// xlsxOf makes a XLSX of the XML of its one sheet.
func xlsxOf(t testing.TB, sheet string) string {
	t.Helper()
	const relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	return string(zipBytes(t,
		"[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"_rels/.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="`+relations+`/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="`+relations+`"><sheets><sheet name="Arkusz" sheetId="1" r:id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="`+relations+`/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml", sheet))
}

func TestHostileOfficeFilesEndWithTheirCodes(t *testing.T) {
	const entities = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	docx := func(document string) string {
		return string(zipBytes(t, "[Content_Types].xml", "<Types/>", "word/document.xml", document))
	}
	sheet := func(rows string) string {
		return `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData>` + rows + `</sheetData></worksheet>`
	}
	ods := func(rows string) string {
		return string(zipBytes(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">`+
			`<office:body><office:spreadsheet><table:table table:name="A">`+rows+`</table:table></office:spreadsheet></office:body></office:document-content>`))
	}
	var nested strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&nested, "From: a@b.pl\nContent-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)
	}
	for name, c := range map[string]struct {
		data string
		want rag.Code
		text string
	}{
		"encje.docx":   {docx(entities + `<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:body></w:document>`), rag.CodeFileDamaged, ""},
		"glebia.docx":  {docx(`<w:document xmlns:w="w"><w:body>` + strings.Repeat("<w:sdt>", 1_000_000)), rag.CodeFileDamaged, ""},
		"glebia.rtf":   {`{\rtf1` + strings.Repeat("{", 1_000_000), rag.CodeFileDamaged, ""},
		"glebia.eml":   {nested.String(), rag.CodeFileDamaged, ""},
		"zakres.xlsx":  {xlsxOf(t, sheet(`<row r="1"><c r="A1" t="inlineStr"><is><t>Nazwa</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>7</v></c></row>`)), "", "Nazwa"},
		"encje.xlsx":   {xlsxOf(t, entities+sheet(`<row r="1"><c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row>`)), rag.CodeFileDamaged, ""},
		"powtorki.ods": {ods(`<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000000"/></table:table-row><table:table-row><table:table-cell><text:p>Nazwa</text:p></table:table-cell></table:table-row>`), "", "Nazwa"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(path, []byte(c.data), 0o600); err != nil {
				t.Fatal(err)
			}
			started := time.Now()
			doc, err := Reader{}.Read(t.Context(), path)
			if got := codeOf(err); got != c.want || !strings.Contains(doc.Text, c.text) {
				t.Errorf("%v, want %q; text %.60q", err, c.want, doc.Text)
			}
			if took := time.Since(started); took > 20*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}

func codeOf(err error) rag.Code {
	var e *rag.Error
	if errors.As(err, &e) {
		return e.Code
	}
	if err != nil {
		return rag.Code(err.Error())
	}
	return ""
}
