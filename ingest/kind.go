package ingest

import (
	"bytes"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"referent/internal/polish"
	"referent/rag"
)

// Kinds of sources that are read.
const (
	kindMarkdown = "markdown"
	kindText     = "text"
	kindHTML     = "html"
	kindPDF      = "pdf"
	kindDOCX     = "docx"
	kindODT      = "odt"
	kindRTF      = "rtf"
	kindDOC      = "doc"
	kindCSV      = "csv"
	kindXLSX     = "xlsx"
	kindODS      = "ods"
	kindXLS      = "xls"
	kindEML      = "eml"
	kindZIP      = "zip"
)

// Kinds that are known and not read: each has a message of its own.
const (
	kindLocked  = "locked"  // an office file with a password
	kindPacked  = "packed"  // RAR, 7z and other archives
	kindOutlook = "outlook" // MSG
	kindEZD     = "ezd"     // metadata of documents beside it: no document of its own
)

// refused says why a kind that is known is not read.
var refused = map[string]rag.Code{
	kindLocked:  rag.CodeFileEncrypted,
	kindPacked:  rag.CodeArchiveUnsupported,
	kindOutlook: rag.CodeMailUnsupported,
}

// extractors name what reads each kind and its version; a new version reads unchanged
// files again.
var extractors = map[string]string{
	kindMarkdown: "markdown/3",
	kindText:     "text/3",
	kindHTML:     "html/3",
	kindPDF:      "pdf/3",
	kindDOCX:     "docx/1",
	kindODT:      "odt/1",
	kindRTF:      "rtf/1",
	kindDOC:      "doc/1",
	kindCSV:      "csv/1",
	kindXLSX:     "xlsx/1",
	kindODS:      "ods/1",
	kindXLS:      "xls/1",
	kindEML:      "eml/1",
}

// kindOfSource tells the kind by content first: names lie. "" is a kind that is not read.
func kindOfSource(src source) string {
	ext := strings.ToLower(filepath.Ext(src.name))
	if isPDF(src.data, ext) {
		return kindPDF
	}
	if kind, ok := kindBySign(src.data); ok {
		if kind == "" && ext == ".msg" && bytes.HasPrefix(src.data, compoundSign) {
			return kindOutlook // whatever is left of it
		}
		return kind
	}
	if isUTF16(src.data) {
		return kindOfText(ext, src.contentType)
	}
	detected := mimetype.Detect(src.data)
	switch {
	case isMail(src.data, ext):
		return kindEML
	case detected.Is("text/html"), strings.HasPrefix(src.contentType, "text/html"):
		if ext == ".md" {
			return kindMarkdown
		}
		return kindHTML
	case !isText(detected) && !mostlyText(src.data):
		return ""
	}
	if kind := kindOfText(ext, src.contentType); kind != "" {
		return kind
	}
	if detected.Is("application/pdf") {
		return kindText
	}
	if isEZD(src.data) {
		return kindEZD
	}
	if src.contentType != "" || detected.Is("text/plain") || detected.Is("text/csv") || detected.Is("text/tab-separated-values") {
		return kindText
	}
	return ""
}

// kindOfText tells the kinds of text by their names, "" for a name that says nothing.
func kindOfText(ext, contentType string) string {
	switch ext {
	case ".md", ".markdown":
		return kindMarkdown
	case ".htm", ".html", ".xhtml":
		return kindHTML
	case ".csv", ".tsv", ".tab":
		return kindCSV
	case ".txt", ".text", ".log", "":
		return kindText
	}
	if strings.HasPrefix(contentType, "text/csv") {
		return kindCSV
	}
	return ""
}

// signs are how files begin that name their kind themselves.
var signs = []struct{ sign, kind string }{
	{`{\rtf`, kindRTF},
	{"Rar!\x1a\x07", kindPacked},
	{"7z\xbc\xaf\x27\x1c", kindPacked},
	{"\x1f\x8b", kindPacked}, // gzip
	{"BZh", kindPacked},
	{"\xfd7zXZ\x00", kindPacked},
}

// compoundSign begins the compound files of older Office programs.
var compoundSign = []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")

// kindBySign tells the kinds that content alone decides.
func kindBySign(data []byte) (kind string, ok bool) {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")), bytes.HasPrefix(data, []byte("PK\x05\x06")):
		return kindOfZIP(data), true
	case bytes.HasPrefix(data, compoundSign):
		return kindOfCompound(data), true
	}
	for _, s := range signs {
		if bytes.HasPrefix(data, []byte(s.sign)) {
			return s.kind, true
		}
	}
	return "", false
}

// streams name what a compound file of older Office programs holds, first what decides.
var streams = []struct{ name, kind string }{
	{"EncryptedPackage", kindLocked},
	{"__substg1.0_", kindOutlook},
	{"WordDocument", kindDOC},
	{"Workbook", kindXLS},
	{"Book", kindXLS},
}

func kindOfCompound(data []byte) string {
	for _, s := range streams {
		wide := make([]byte, 0, 2*len(s.name))
		for i := range len(s.name) {
			wide = append(wide, s.name[i], 0)
		}
		if bytes.Contains(data, wide) {
			return s.kind
		}
	}
	return ""
}

// isUTF16 knows text in UTF-16, whose zero bytes make it look binary.
func isUTF16(data []byte) bool {
	switch polish.DetectCharset(data[:min(len(data), charsetSample)]) {
	case polish.UTF16, polish.UTF16LE, polish.UTF16BE:
		return true
	}
	return false
}

var (
	mailHeader = regexp.MustCompile(`(?im)^(from|to|cc|subject|date|message-id|mime-version|received|return-path|delivered-to|reply-to|x-[a-z-]+|content-type|dkim-signature):`)
	mailSure   = regexp.MustCompile(`(?im)^(message-id|mime-version|received|return-path):`)
)

// isMail knows a message by its header; a file that is called one needs but a few lines of it.
func isMail(data []byte, ext string) bool {
	head, _, _ := bytes.Cut(bytes.ReplaceAll(data[:min(len(data), 16<<10)], []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	first := mailHeader.FindIndex(head)
	if first == nil || first[0] != 0 && !bytes.HasPrefix(head, []byte("From ")) {
		return false
	}
	fields := len(mailHeader.FindAllIndex(head, -1))
	return ext == ".eml" && fields >= 2 || fields >= 4 && mailSure.Match(head)
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
	case !pdfObject.Match(data):
		return at == 0 && ext == ".pdf" // cut to its first line
	}
	return at == 0 || ext == ".pdf" || !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0
}

func isText(m *mimetype.MIME) bool {
	for ; m != nil; m = m.Parent() {
		if m.Is("text/plain") {
			return true
		}
	}
	return false
}

// mostlyText lets in texts that the detector takes for binary, for their 8-bit charset or
// because they speak of PDF: no zero byte and hardly a control character. What has another
// known binary type is none.
func mostlyText(data []byte) bool {
	if detected := mimetype.Detect(data); !detected.Is("application/octet-stream") && !detected.Is("application/pdf") {
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
