package ingest

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"referent/rag"
)

// fakeConverter puts a program called soffice, and nothing else, on the path.
func fakeConverter(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if script != "" {
		if err := os.WriteFile(filepath.Join(dir, "soffice"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

func TestOldFormatsGoThroughLibreOffice(t *testing.T) {
	made := writeZIP(t, "wynik.docx", resolution()...)
	old := filepath.Join(t.TempDir(), "uchwała.doc")
	if err := os.WriteFile(old, []byte(compound("WordDocument")), 0o600); err != nil {
		t.Fatal(err)
	}
	// its arguments: -env:… --headless --norestore --convert-to docx --outdir DIR FILE
	fakeConverter(t, `[ "$5" = docx ] && [ -s "$8" ] && /bin/cp '`+made+`' "$7/plik.docx"`)
	doc := read(t, old)
	checkDocument(t, doc)
	if doc.Kind != "doc" || doc.Extractor != extractors[kindDOC] || len(doc.Units) == 0 {
		t.Errorf("read as %+v", doc.Info)
	}
	for script, want := range map[string]rag.Code{"": rag.CodeConverterMissing, "exit 1": rag.CodeConverterFailed, "exit 0": rag.CodeConverterFailed} {
		fakeConverter(t, script)
		_, err := Reader{}.Read(t.Context(), old)
		var e *rag.Error
		if !errors.As(err, &e) || e.Code != want || e.Subject != old {
			t.Errorf("%q: %v, want %s", script, err, want)
		}
	}
}
