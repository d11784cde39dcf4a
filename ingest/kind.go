package ingest

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"
)

// Kinds of sources that are read.
const (
	kindMarkdown = "markdown"
	kindText     = "text"
	kindHTML     = "html"
	kindPDF      = "pdf"
	kindDOCX     = "docx"
	kindODT      = "odt"
)

// extractors name what reads each kind and its version; a new version reads unchanged
// files again.
var extractors = map[string]string{
	kindMarkdown: "markdown/2",
	kindText:     "text/2",
	kindHTML:     "html/2",
	kindPDF:      "pdf/2",
	kindDOCX:     "docx/1",
	kindODT:      "odt/1",
}

// kindOfSource tells the kind by content first: names lie. "" is a kind that is not read.
func kindOfSource(src source) string {
	ext := strings.ToLower(filepath.Ext(src.name))
	if isPDF(src.data, ext) {
		return kindPDF
	}
	if bytes.HasPrefix(src.data, []byte("PK\x03\x04")) || bytes.HasPrefix(src.data, []byte("PK\x05\x06")) {
		return kindOfZIP(src.data)
	}
	detected := mimetype.Detect(src.data)
	switch {
	case detected.Is("text/html"), strings.HasPrefix(src.contentType, "text/html"):
		if ext == ".md" {
			return kindMarkdown
		}
		return kindHTML
	case !isText(detected) && !mostlyText(src.data):
		return ""
	}
	switch ext {
	case ".md", ".markdown":
		return kindMarkdown
	case ".htm", ".html", ".xhtml":
		return kindHTML
	case ".txt", ".csv", ".tsv", ".text", ".log", "":
		return kindText
	}
	if src.contentType != "" || detected.Is("text/plain") || detected.Is("text/csv") || detected.Is("text/tab-separated-values") {
		return kindText
	}
	return ""
}

// pdfHead bytes may stand before the mark of a PDF.
const pdfHead = 1024

var pdfObject = regexp.MustCompile(`\d+ \d+ obj\b`)

// isPDF wants an object beside the mark: a text may speak of "%PDF-". One that begins
// with other words is a text, unless it is called a PDF or holds what no text does.
func isPDF(data []byte, ext string) bool {
	at := bytes.Index(data[:min(len(data), pdfHead)], []byte("%PDF-"))
	switch {
	case at < 0:
		return false
	case ext == ".pdf":
		return true
	case !pdfObject.Match(data):
		return false
	}
	return at == 0 || !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0
}

func isText(m *mimetype.MIME) bool {
	for ; m != nil; m = m.Parent() {
		if m.Is("text/plain") {
			return true
		}
	}
	return false
}

// mostlyText lets in texts of 8-bit charsets that the detector takes for binary: no zero
// byte and hardly a control character. What has a known binary type is none.
func mostlyText(data []byte) bool {
	if !mimetype.Detect(data).Is("application/octet-stream") {
		return false
	}
	sample := data[:min(len(data), 8192)]
	control := 0
	for _, b := range sample {
		if b == 0 {
			return false
		}
		if b < 0x20 && b != '\n' && b != '\r' && b != '\t' && b != '\f' {
			control++
		}
	}
	return control*100 <= len(sample)
}
