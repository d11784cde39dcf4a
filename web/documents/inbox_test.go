package documents

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"referent/rag"
)

func TestInboxKeepsFilesInTheirFolder(t *testing.T) {
	for name, want := range map[string]string{
		"statut.md":                        "statut.md",
		"../../etc/passwd":                 "passwd",
		`C:\Users\Anna\Pismo z urzędu.pdf`: "Pismo z urzędu.pdf",
		".ukryty":                          "ukryty",
		"..":                               "plik",
		"":                                 "plik",
		"a\x00b\n.md":                      "ab.md",
		strings.Repeat("ą", 200) + ".pdf":  strings.Repeat("ą", 98) + ".pdf",
	} {
		root := t.TempDir()
		path, err := Folder{root}.Save(context.Background(), "biuro", name, strings.NewReader("treść"))
		if err != nil {
			t.Fatalf("%q: %v", name, err)
		}
		if got := filepath.Base(path); got != want || filepath.Dir(path) != filepath.Join(root, "biuro") {
			t.Errorf("%q became %q, want %q", name, path, want)
		}
		if body, err := os.ReadFile(path); err != nil || string(body) != "treść" {
			t.Errorf("%q holds %q, %v", name, body, err)
		}
	}
}

func TestBrokenUploadLeavesTheEarlierFile(t *testing.T) {
	box := Folder{t.TempDir()}
	ctx := context.Background()
	path, err := box.Save(ctx, "biuro", "a.md", strings.NewReader("pierwsza"))
	if err != nil {
		t.Fatal(err)
	}
	broken := io.MultiReader(strings.NewReader("dru"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if _, err := box.Save(ctx, "biuro", "a.md", broken); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("got %v", err)
	}
	if body, _ := os.ReadFile(path); string(body) != "pierwsza" {
		t.Errorf("the earlier file became %q", body)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("%d files left behind", len(left))
	}
}

// zeros is a file of nothing but zeros.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestTooLargeUpload(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 200 MB")
	}
	_, err := Folder{t.TempDir()}.Save(context.Background(), "biuro", "a.md", zeros{})
	if !errors.Is(err, &rag.Error{Code: rag.CodeFileTooLarge}) {
		t.Errorf("got %v", err)
	}
}

func TestStatuteNumbers(t *testing.T) {
	for text, want := range map[string]string{
		"DU/2014/1195": "eli:DU/2014/1195", "eli:mp/2020/5": "eli:MP/2020/5", "Dz.U. 2014 poz. 1195": "eli:DU/2014/1195",
		"Dz. U. z 2014 r. poz. 1195": "eli:DU/2014/1195", "M.P. z 2020 r., poz. 5": "eli:MP/2020/5",
		"DU/14/1195": "", "petycje": "", "eli:DU/2014/1195/../x": "",
	} {
		if got, _ := statute(text); got != want {
			t.Errorf("%q is read as %q, want %q", text, got, want)
		}
	}
}
