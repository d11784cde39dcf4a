package ingest

import (
	"strings"
	"testing"
)

// compound begins as files of older Office programs do and names a stream.
func compound(stream string) string {
	var b strings.Builder
	b.WriteString("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + strings.Repeat("\x00", 504))
	for _, r := range stream {
		b.WriteString(string(r) + "\x00")
	}
	return b.String()
}

func TestKindsAreToldByContent(t *testing.T) {
	mail := "Received: from x\nFrom: a@b.pl\nTo: c@d.pl\nSubject: x\n\nTreść\n"
	for name, c := range map[string]struct{ file, data, want string }{
		"PDF called text":                 {"plik.txt", "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n\x00\xff", kindPDF},
		"PDF behind junk":                 {"plik.bin", "junk\x00\n%PDF-1.4\n1 0 obj\n", kindPDF},
		"text that speaks of PDF":         {"notatka.txt", "Każdy taki plik zaczyna się od %PDF-1.4, potem idzie 1 0 obj.", kindText},
		"text called PDF":                 {"notatka.pdf", "Każdy taki plik zaczyna się od %PDF-1.4.", kindText},
		"DOCX of another program":         {"a.docx", string(zipBytes(t, "[Content_Types].xml", "", "word/document2.xml", "")), kindDOCX},
		"text that begins so":             {"notatka.md", "%PDF- to początek pliku.", kindMarkdown},
		"RTF called DOC":                  {"pismo.doc", `{\rtf1 Tekst}`, kindRTF},
		"page called DOC":                 {"pismo.doc", "<html><body>Tekst</body></html>", kindHTML},
		"DOC called DOCX":                 {"pismo.docx", compound("WordDocument"), kindDOC},
		"XLS":                             {"a.xls", compound("Workbook"), kindXLS},
		"DOCX with a password":            {"pismo.docx", compound("EncryptedPackage"), kindLocked},
		"message of Outlook":              {"list.msg", compound("__substg1.0_001A001F"), kindOutlook},
		"what is left of one":             {"list.msg", compound("x"), kindOutlook},
		"ZIP with a stored ODT":           {"a.zip", "PK\x03\x04" + strings.Repeat("\x00", 22) + "\x05\x00\x00\x00a.odt" + storedODT + "text", kindZIP},
		"RAR called ZIP":                  {"a.zip", "Rar!\x1a\x07\x00", kindPacked},
		"7z":                              {"a.7z", "7z\xbc\xaf\x27\x1c", kindPacked},
		"XLSX called CSV":                 {"a.csv", string(zipBytes(t, "[Content_Types].xml", "", "xl/workbook.xml", "")), kindXLSX},
		"ZIP with a DOCX":                 {"a.docx", string(zipBytes(t, "pisma/word/document.xml.docx", "x")), kindZIP},
		"slides":                          {"a.pptx", string(zipBytes(t, "[Content_Types].xml", "", "ppt/presentation.xml", "")), ""},
		"message called text":             {"list.txt", mail, kindEML},
		"text with a heading of one word": {"notatka.txt", "Date: jutro\nNotatka z rozmowy\n", kindText},
		"message with two lines of head":  {"list.eml", "From: a@b.pl\nSubject: x\n\nTreść", kindEML},
		"text in UTF-16":                  {"a.txt", "W\x00\xf3\x00j\x00t\x00 \x00g\x00m\x00i\x00n\x00y\x00", kindText},
		"picture":                         {"a.txt", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", ""},
		"metadata":                        {"a.xml", metadata, kindEZD},
	} {
		if got := kindOfSource(source{name: c.file, data: []byte(c.data)}); got != c.want {
			t.Errorf("%s is %q, want %q", name, got, c.want)
		}
	}
}

// storedODT is how an OpenDocument file begins, up to its kind.
const storedODT = "PK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x27\x00\x00\x00\x27\x00\x00\x00\x08\x00\x00\x00mimetypeapplication/vnd.oasis.opendocument."

func TestODTIsKnownByItsFirstEntry(t *testing.T) {
	for kind, want := range map[string]string{"text": kindODT, "spreadsheet": kindODS, "presentation": ""} {
		if got := kindOfSource(source{name: "plik.pdf.txt", data: []byte(storedODT + kind)}); got != want {
			t.Errorf("%s is %q", kind, got)
		}
	}
}
