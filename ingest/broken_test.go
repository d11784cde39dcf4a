package ingest

import (
	"errors"
	"testing"

	"referent/rag"
)

// TestSharedBrokenFiles holds how each broken file that is no PDF ends: read (""), or with its code.
func TestSharedBrokenFiles(t *testing.T) {
	for file, want := range map[string]rag.Code{
		"doc_img.docx": "", "example_odt_file.odt": "", "empty_docx_packed.rar": rag.CodeFileUnsupported, "encrypted_content.zip": rag.CodeFileUnsupported,
		"example_ods_file.ods": rag.CodeFileUnsupported, "example_xls_file.xls": rag.CodeFileUnsupported,
		"multi_pdf_xlsx.zip": rag.CodeFileUnsupported, "sheet_img.xlsx": rag.CodeFileUnsupported, "wrong_schema_table.xlsx": rag.CodeFileUnsupported,
	} {
		_, err := Reader{}.Read(t.Context(), shared(t, "corpus", "broken", file))
		var e *rag.Error
		if errors.As(err, &e); e == nil && want != "" || e != nil && e.Code != want {
			t.Errorf("%s: %v, want %q", file, err, want)
		}
	}
}
