package ingest

import (
	"errors"
	"testing"

	"referent/rag"
)

// TestSharedBrokenFiles holds how each broken file that is no PDF ends: read (""), or with its code.
func TestSharedBrokenFiles(t *testing.T) {
	for file, want := range map[string]rag.Code{
		"doc_img.docx": "", "example_odt_file.odt": "", "example_ods_file.ods": "", "sheet_img.xlsx": "", "wrong_schema_table.xlsx": "", "state_variants.csv": "", "multi_pdf_xlsx.zip": "",
		"empty_docx_packed.rar": rag.CodeArchiveUnsupported, "encrypted_content.zip": rag.CodeFileEncrypted, "example_xls_file.xls": withoutConverter(rag.CodeConverterMissing),
	} {
		_, err := Reader{}.Read(t.Context(), shared(t, "corpus", "broken", file))
		var e *rag.Error
		if errors.As(err, &e); e == nil && want != "" || e != nil && e.Code != want {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}

// withoutConverter is how a file ends where LibreOffice is not installed; it is read where it is.
func withoutConverter(code rag.Code) rag.Code {
	if Converter() != "" {
		return ""
	}
	return code
}
