package table

import (
	"archive/zip"
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pack makes a zip file of parts.
func pack(t *testing.T, parts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		part, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(parts[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func book(sheet string) map[string]string {
	return map[string]string{
		"xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr/>
			<sheets><sheet name="Dane" sheetId="1" r:id="rId1"/><sheet name="Ukryty" sheetId="2" state="hidden" r:id="rId2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/>
			<Relationship Id="rId2" Type="http://x/worksheet" Target="/xl/worksheets/sheet2.xml"/></Relationships>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\.mm\.yyyy"/><numFmt numFmtId="165" formatCode="0000000"/>
			<numFmt numFmtId="166" formatCode="#,##0.00\ &quot;zł&quot;"/></numFmts>
			<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="22"/><xf numFmtId="20"/></cellXfs></styleSheet>`,
		"xl/sharedStrings.xml":     `<sst><si><t>Gmina</t></si><si><r><t>Lipo</t></r><r><t>góra</t></r><rPh><t>x</t></rPh></si></sst>`,
		"xl/worksheets/sheet1.xml": sheet,
		"xl/worksheets/sheet2.xml": `<worksheet><sheetData><row r="7"><c r="A7"><v>1</v></c></row></sheetData></worksheet>`,
	}
}

func TestXLSX(t *testing.T) {
	sheet := `<worksheet><sheetData>
		<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr"><is><t>Kwota</t></is></c></row>
		<row r="2"/>
		<row r="3"><c r="A3" t="s"><v>1</v></c><c r="B3" s="1"><v>45292</v></c><c r="C3" s="3"><v>104947.80000000001</v></c><c r="D3" s="2"><v>699053</v></c></row>
		<row r="4"><c r="B4" s="4"><v>45292.5</v></c><c r="C4" t="str"><f>A1</f><v>=cmd|x</v></c><c r="D4" t="b"><v>1</v></c><c r="E4" s="5"><v>0.25</v></c><c r="F4" s="1"/></row>
		</sheetData><mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A3:A12"/></mergeCells></worksheet>`
	file := openFile(t, write(t, "a.csv", pack(t, book(sheet))), Limits{})
	want := []Row{
		{Number: 1, Cells: []string{"Gmina", "", "Kwota"}, Kinds: []Kind{Text, Text, Text}},
		{Number: 3, Cells: []string{"Lipogóra", "2024-01-01", "104947.8", "0699053"}, Kinds: []Kind{Text, Date, Number, Text}},
		{Number: 4, Cells: []string{"", "2024-01-01T12:00:00", "=cmd|x", "true", "06:00:00"}, Kinds: []Kind{Text, Date, Text, Bool, Date}},
	}
	if diff := cmp.Diff(want, rows(t, file.Sheets[0])); diff != "" {
		t.Error(diff)
	}
	merged, err := file.Sheets[0].Merged()
	if diff := cmp.Diff([]Range{{1, 1, 1, 2}, {3, 12, 1, 1}}, merged); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if s := file.Sheets[1]; file.Format != XLSX || s.Name != "Ukryty" || !s.Hidden || rows(t, s)[0].Number != 7 {
		t.Errorf("second sheet: %+v", s)
	}
}

func TestODS(t *testing.T) {
	content := `<office:document-content><office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
		<office:body><office:spreadsheet><table:table table:name="Pierwszy"><table:table-row><table:table-cell office:value-type="string" table:number-columns-spanned="3"><text:p>Tytuł</text:p></table:table-cell>
		<table:covered-table-cell table:number-columns-repeated="2"/></table:table-row><table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
		<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="float" office:value="2.5"><text:p>2,50</text:p></table:table-cell><table:table-cell table:number-columns-repeated="2" office:value-type="date" office:date-value="2024-05-01"><text:p>1 maja</text:p></table:table-cell>
		<table:table-cell office:value-type="string"><office:annotation><text:p>notatka</text:p></office:annotation><text:p>a<text:s text:c="2"/>b</text:p><text:p>c</text:p></table:table-cell></table:table-row>
		<table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
		<table:table table:name="Drugi" table:style-name="ta2"><table:table-row><table:table-cell office:value-type="time" office:time-value="PT08H05M00S"/></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>`
	file := openFile(t, write(t, "a.ods", pack(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})), Limits{})
	line := func(n int) Row {
		return Row{Number: n, Cells: []string{"2.5", "2024-05-01", "2024-05-01", "a  b\nc"}, Kinds: []Kind{Number, Date, Date, Text}}
	}
	want := []Row{{Number: 1, Cells: []string{"Tytuł"}, Kinds: []Kind{Text}}, line(5), line(6)}
	if diff := cmp.Diff(want, rows(t, file.Sheets[0])); diff != "" {
		t.Error(diff)
	}
	merged, err := file.Sheets[0].Merged()
	if diff := cmp.Diff([]Range{{1, 1, 1, 3}}, merged); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if second := file.Sheets[1]; !second.Hidden || second.Name != "Drugi" || rows(t, second)[0].Cells[0] != "08:05:00" {
		t.Errorf("second sheet: %+v", second)
	}
}

func TestGridLimits(t *testing.T) {
	far := `<worksheet><sheetData><row r="1"><c r="ZZZ1"><v>1</v></c></row></sheetData></worksheet>`
	bomb := book("<worksheet><sheetData>" + strings.Repeat(" ", 64<<20) + "</sheetData></worksheet>")
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"a far column": {pack(t, book(far)), LimitColumns},
		"a bomb":       {pack(t, bomb), LimitUnzip},
	} {
		file := openFile(t, write(t, "a.xlsx", c.data), Limits{})
		err := file.Sheets[0].Each(t.Context(), func(Row) error { return nil })
		var limit *LimitError
		if !errors.As(err, &limit) || limit.What != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	cut := pack(t, book("<worksheet><sheetData><row"))
	file := openFile(t, write(t, "a.xlsx", cut), Limits{})
	if err := file.Sheets[0].Each(t.Context(), func(Row) error { return nil }); !errors.Is(err, ErrDamaged) {
		t.Errorf("a cut sheet: %v", err)
	}
	locked := pack(t, map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>", "META-INF/manifest.xml": "<manifest:encryption-data/>"})
	if _, err := Open(write(t, "a.ods", locked), Limits{}); !errors.Is(err, ErrEncrypted) {
		t.Errorf("an encrypted ODS: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("a;b\n\"1\"\";2\n"))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Open(write(t, "a", data), Limits{})
		if err != nil {
			return
		}
		for _, sheet := range file.Sheets {
			last := 0
			err := sheet.Each(t.Context(), func(row Row) error {
				if row.Number <= last {
					t.Errorf("row %d after row %d", row.Number, last)
				}
				last = row.Number
				return nil
			})
			if err != nil {
				t.Log(err)
			}
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
}
