package library

import (
	"compress/gzip"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"referent/rag"
)

// restoreOld lays a library of an earlier schema into a folder. testdata/schema-N.db.gz
// was written by the Referent of that time: a statute, a repealed resolution and the one
// that replaced it, taken in with a small embedding model.
func restoreOld(t *testing.T, name string) string {
	t.Helper()
	packed, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close() //nolint:errcheck // only read
	unpacked, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, databaseName), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestLibrariesOfEarlierSchemasOpen(t *testing.T) {
	files, err := filepath.Glob("testdata/schema-*.db.gz")
	if err != nil || len(files) != 4 {
		t.Fatal("a library of each earlier schema is kept in testdata", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			ctx, dir := context.Background(), restoreOld(t, filepath.Base(file))
			l := open(t, dir)
			checkWhole(t, l)
			sources, err := l.Sources(ctx, "biuro")
			if err != nil || len(sources) != 3 {
				t.Fatalf("%d documents, want 3 (%v)", len(sources), err)
			}
			petition := sources[0]
			equal(t, "document", []string{petition.Act, petition.Source, petition.Extractor},
				[]string{"DU/2014/1195", "/srv/urzad/DU-2014-1195_petycje.md", "markdown/2"})
			equal(t, "statuses", []rag.Status{petition.Status, sources[1].Status, sources[2].Status},
				[]rag.Status{rag.StatusUnknown, rag.StatusRepealed, rag.StatusInForce})
			found := named(t, l, words(t, l, rag.Scope{}, "targowisko petycja"))
			equal(t, "found", found, []string{"/srv/urzad/DU-2014-1195_petycje.md", "/srv/urzad/uchwala-nowa.md"})
			digest := modelDigest(t, l)
			if pending, err := l.Pending(ctx, rag.Scope{}, digest); err != nil || pending != 0 {
				t.Errorf("%d passages lost their vectors (%v)", pending, err)
			}
			// It goes on as a library of today: numbers are not given twice, what is put is found.
			ids := words(t, l, rag.Scope{Repealed: true}, "targowisko petycja")
			put(t, l, document("/nowy.txt", "targowisko nocne"))
			for _, id := range words(t, l, rag.Scope{}, "nocne") {
				if slices.Contains(ids, id) {
					t.Errorf("passage %d was given twice", id)
				}
			}
			checkWhole(t, l)
		})
	}
}

func modelDigest(t *testing.T, l *Library) (digest string) {
	t.Helper()
	if err := l.reader.QueryRowContext(context.Background(), `SELECT digest FROM models`).Scan(&digest); err != nil {
		t.Fatal(err)
	}
	return digest
}
