package archive

import (
	"archive/zip"
	"bytes"
	"errors"
	"hash/crc32"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type file struct{ name, text string }

func pack(t testing.TB, files ...file) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, f := range files {
		// raw headers keep the names as they are: an evil archive is written by no library
		part, err := w.CreateRaw(&zip.FileHeader{Name: f.name, NonUTF8: true, Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(f.text)), CompressedSize64: uint64(len(f.text)), UncompressedSize64: uint64(len(f.text))})
		if err == nil {
			_, err = part.Write([]byte(f.text))
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

func open(t testing.TB, data []byte) *Archive {
	t.Helper()
	a, err := Open(data)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestNamesOfEntries(t *testing.T) {
	a := open(t, pack(t, file{"pisma/", ""}, file{"pisma/1.txt", "a"}, file{"za\x88\xa5cznik.txt", "cp852"}, file{"za\xb3\xb9cznik.txt", "cp1250"}, file{`sprawa\2.txt`, "b"}, file{"pisma/1.txt", "c"},
		file{"__MACOSX/._1.txt", "x"}, file{"pisma/Thumbs.db", "x"}, file{"pisma/.DS_Store", "x"}))
	var names []string
	for _, e := range a.Entries() {
		names = append(names, e.Name)
	}
	if diff := cmp.Diff([]string{"pisma/1.txt", "załącznik.txt", "załącznik (2).txt", "sprawa/2.txt", "pisma/1 (2).txt"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestNamesThatLeadOut(t *testing.T) {
	for _, name := range []string{"../etc/passwd", "pisma/../../x.txt", "/etc/passwd", `C:\x.txt`, `..\x.txt`, "a\nb.txt", "a\x1b[31m.txt"} {
		entries := open(t, pack(t, file{name, "x"})).Entries()
		if _, err := NewBudget().Read(entries[0]); !errors.Is(err, ErrUnsafeName) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestLimits(t *testing.T) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	part, err := w.Create("bomba.txt")
	if err != nil {
		t.Fatal(err)
	}
	zeros := make([]byte, 1<<20)
	for range 20 {
		if _, err := part.Write(zeros); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	bomb := open(t, b.Bytes()).Entries()[0]
	if _, err := NewBudget().Read(bomb); !errors.Is(err, ErrRatio) {
		t.Errorf("20 MB of zeros: %v", err)
	}
	plain := open(t, pack(t, file{"a.txt", "abc"})).Entries()[0]
	for name, c := range map[string]struct {
		budget Budget
		want   error
	}{
		"files": {Budget{files: 0, bytes: 100}, ErrTooManyFiles}, "bytes": {Budget{files: 1, bytes: 0}, ErrBudget}, "the last bytes": {Budget{files: 1, bytes: 2}, ErrBudget}, "enough": {Budget{files: 1, bytes: 3}, nil},
	} {
		if _, err := c.budget.Read(plain); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	var many []file
	for i := range maxHeaders + 1 {
		many = append(many, file{strconv.Itoa(i), ""})
	}
	if _, err := Open(pack(t, many...)); !errors.Is(err, ErrTooManyFiles) {
		t.Errorf("a list of %d: %v", len(many), err)
	}
}

func TestEntriesThatAreNotRead(t *testing.T) {
	data := pack(t, file{"a.txt", "abc"})
	set := func(local, central int, value byte) []byte {
		changed := bytes.Clone(data)
		changed[local] = value
		changed[bytes.Index(changed, []byte("PK\x01\x02"))+central] = value
		return changed
	}
	for name, c := range map[string]struct {
		data []byte
		want error
	}{
		"encrypted": {set(6, 8, 1), ErrEncrypted},
		"LZMA":      {set(8, 10, 14), ErrMethod},
		"checksum":  {bytes.Replace(data, []byte("abc"), []byte("abd"), 1), ErrDamaged},
	} {
		if _, err := NewBudget().Read(open(t, c.data).Entries()[0]); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := Open(data[:len(data)-5]); !errors.Is(err, ErrDamaged) {
		t.Errorf("cut: %v", err)
	}
}

// FuzzOpen reads any archive: no panic, no name that leads out, nothing beyond the limits.
func FuzzOpen(f *testing.F) {
	f.Add(pack(f, file{"pisma/1.txt", "abc"}, file{"../x", ""}, file{"za\x88\xa5cznik", "x"}))
	f.Add([]byte("PK\x05\x06\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Open(data)
		if err != nil {
			return
		}
		budget := NewBudget()
		for _, e := range a.Entries() {
			if content, err := budget.Read(e); err == nil && (!safe(e.Name) || len(content) > ratioFrom && len(content) > MaxRatio*len(data)) {
				t.Errorf("%q gave %d bytes", e.Name, len(content))
			}
		}
	})
}
