package office

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
)

// zipped makes a file of parts by name.
func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range parts {
		part, err := w.Create(name)
		if err == nil {
			_, err = part.Write([]byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const wordSpace = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"`

// docxFile makes a DOCX of its body and further parts of its folder.
func docxFile(t testing.TB, body string, parts map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"[Content_Types].xml": `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
		"_rels/.rels":         `<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
		"word/document.xml":   `<?xml version="1.0" encoding="UTF-8"?><w:document ` + wordSpace + `><w:body>` + body + `<w:sectPr/></w:body></w:document>`,
	}
	for name, text := range parts {
		root, _, _ := strings.Cut(name, ".")
		all["word/"+name] = `<w:` + root + ` ` + wordSpace + `>` + text + `</w:` + root + `>`
	}
	return zipped(t, all)
}

func readDOCX(t testing.TB, body string, parts map[string]string) Text {
	t.Helper()
	data := docxFile(t, body, parts)
	text, err := ReadDOCX(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

const odtSpaces = `xmlns:office="o" xmlns:text="t" xmlns:style="s" xmlns:table="tb" xmlns:fo="f" xmlns:draw="d" xmlns:loext="l"`

// odtFile makes an ODT of its text and its styles.
func odtFile(t testing.TB, body, styles string) []byte {
	t.Helper()
	return zipped(t, map[string]string{
		"mimetype":              "application/vnd.oasis.opendocument.text",
		"META-INF/manifest.xml": `<manifest/>`,
		"styles.xml":            `<office:document-styles ` + odtSpaces + `>` + styles + `</office:document-styles>`,
		"content.xml":           `<office:document-content ` + odtSpaces + `><office:body><office:text>` + body + `</office:text></office:body></office:document-content>`,
	})
}

func readODT(t testing.TB, body, styles string) Text {
	t.Helper()
	data := odtFile(t, body, styles)
	text, err := ReadODT(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// lines are what a text should be, a line each.
func lines(want ...string) string { return strings.Join(want, "\n") + "\n" }
