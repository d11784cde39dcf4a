package pageimage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"referent/internal/worker"
	"referent/rag"
)

func TestMain(m *testing.M) {
	if code, ran := worker.Main(worker.Registry{Task: Draw}); ran {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// write makes a PDF of empty pages of a size in points.
func write(t *testing.T, pages int, width, height string) (path, hash string) {
	t.Helper()
	var b bytes.Buffer
	var at []int
	object := func(format string, args ...any) {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n"+format+"\nendobj\n", append([]any{len(at)}, args...)...)
	}
	b.WriteString("%PDF-1.4\n")
	object("<< /Type /Catalog /Pages 2 0 R >>")
	kids := ""
	for i := range pages {
		kids += fmt.Sprintf("%d 0 R ", 3+i)
	}
	object("<< /Type /Pages /Kids [%s] /Count %d >>", kids, pages)
	for range pages {
		object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %s %s] >>", width, height)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return store(t, b.Bytes())
}

func store(t *testing.T, content []byte) (path, hash string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "-pismo.pdf")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(content)
	return path, hex.EncodeToString(sum[:])
}

func drawer(t *testing.T) *Drawer {
	t.Helper()
	d := &Drawer{}
	if !d.Ready() {
		t.Skip("pdftoppm is not installed")
	}
	return d
}

func TestPagesAreDrawnWithinTheirSize(t *testing.T) {
	d := drawer(t)
	for name, size := range map[string][2]string{"a4": {"595", "842"}, "hall": {"14400", "14400"}} {
		path, hash := write(t, 2, size[0], size[1])
		body, err := d.Page(context.Background(), path, hash, 2)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		picture, err := png.DecodeConfig(bytes.NewReader(body))
		if err != nil || max(picture.Width, picture.Height) != longestSide {
			t.Errorf("%s: %d × %d, %v", name, picture.Width, picture.Height, err)
		}
	}
}

func TestWhatCannotBeDrawnSaysWhy(t *testing.T) {
	d := drawer(t)
	path, hash := write(t, 1, "595", "842")
	damaged, damagedHash := store(t, []byte("%PDF-1.4\nto nie jest plik PDF"))
	for name, x := range map[string]struct {
		path, hash string
		page       int
		code       rag.Code
	}{
		"a page behind the last": {path, hash, 2, rag.CodeFileDamaged},
		"a changed file":         {path, damagedHash, 1, CodeChanged},
		"a file that is gone":    {path + "x", hash, 1, rag.CodeFileVanished},
		"a folder":               {filepath.Dir(path), hash, 1, rag.CodeFileVanished},
		"a damaged file":         {damaged, damagedHash, 1, rag.CodeFileDamaged},
	} {
		if _, err := d.Page(context.Background(), x.path, x.hash, x.page); !errors.Is(err, &rag.Error{Code: x.code}) {
			t.Errorf("%s: %v, want %s", name, err, x.code)
		}
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := d.Page(context.Background(), path, hash, 1); !errors.Is(err, &rag.Error{Code: CodeNoProgram}) || d.Ready() {
		t.Errorf("without the program: %v", err)
	}
}

func TestAFileThatChangesIsNotDrawnFromMemory(t *testing.T) {
	d := drawer(t)
	path, hash := write(t, 1, "595", "842")
	first, err := d.Page(context.Background(), path, hash, 1)
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Page(context.Background(), path, hash, 1)
	if err != nil || &again[0] != &first[0] {
		t.Errorf("the page was drawn twice (%v)", err)
	}
	if err := os.WriteFile(path, []byte("%PDF-1.4 inny"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Page(context.Background(), path, hash, 1); !errors.Is(err, &rag.Error{Code: CodeChanged}) {
		t.Errorf("changed meanwhile: %v", err)
	}
}
