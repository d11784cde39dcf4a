package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"referent/ingest"
)

// statute is a statute of the archive: the benchmark alone reads this form.
type statute struct {
	Title      string `json:"title"`
	URL        string `json:"url"`
	Provisions []struct {
		Title   string `json:"title"`
		Section string `json:"section"`
		Content string `json:"content"`
	} `json:"provisions"`
}

// name is the file name that tells the act: DU-1995-444.md.
func (s statute) name() string {
	parts := strings.Split(strings.TrimRight(s.URL, "/"), "/")
	return strings.Join(parts[max(0, len(parts)-3):], "-") + ".md"
}

func (s statute) markdown() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n\nŹródło: %s\n\n", s.Title, s.URL)
	for _, p := range s.Provisions {
		fmt.Fprintf(&b, "## %s\n\n%s\n\n", p.Title, p.Content)
	}
	return b.Bytes()
}

// TestMeasureArchive takes the archive of all statutes in through the command, twice: what
// is found, how fast, in how much memory and on how much disk. `make bench-archive` runs it.
func TestMeasureArchive(t *testing.T) {
	archive := os.Getenv("REFERENT_TEST_ARCHIVE")
	if archive == "" {
		t.Skip("REFERENT_TEST_ARCHIVE names no archive of statutes: `make bench-archive` measures with it")
	}
	dir := t.TempDir()
	statutes, data := filepath.Join(dir, "statutes"), filepath.Join(dir, "data")
	want, provisions := unpack(t, archive, statutes)
	binary := filepath.Join(dir, "referent")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	first := takeIn(t, binary, data, statutes)
	t.Logf("%d statutes, %d provisions: %s wall, %s of processor, %.0f provisions a second, %d MB at the most", len(want), provisions,
		first.wall.Round(time.Millisecond), first.cpu.Round(time.Millisecond), float64(provisions)/first.wall.Seconds(), first.peakMB)
	t.Logf("%d documents, %d units, %d passages, %d MB on disk", first.done.Summary.Stored, first.done.Summary.Units, first.done.Summary.Passages, size(t, data)>>20)
	again := takeIn(t, binary, data, statutes)
	t.Logf("again, unchanged: %s (%.1f %% of the first time)", again.wall.Round(time.Millisecond), 100*again.wall.Seconds()/first.wall.Seconds())
	if again.done.Summary.Unchanged != len(want) || again.wall > first.wall/10 {
		t.Errorf("the second time %d of %d were unchanged", again.done.Summary.Unchanged, len(want))
	}
	found := 0
	for name, sections := range want {
		found += provisionsRead(t, filepath.Join(statutes, name), sections)
	}
	t.Logf("provisions found: %d of %d (%.5f)", found, provisions, float64(found)/float64(provisions))
}

// unpack writes each statute of the archive as Markdown and gives the numbers of its provisions.
func unpack(t *testing.T, archive, to string) (want map[string][]string, provisions int) {
	t.Helper()
	file, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	zipped, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(to, 0o750); err != nil {
		t.Fatal(err)
	}
	want = map[string][]string{}
	for entries := tar.NewReader(zipped); ; {
		header, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return want, provisions
		}
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(header.Name) != ".json" {
			continue
		}
		var s statute
		if err := json.NewDecoder(entries).Decode(&s); err != nil {
			t.Fatalf("%s: %v", header.Name, err)
		}
		if err := os.WriteFile(filepath.Join(to, s.name()), s.markdown(), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Provisions {
			want[s.name()] = append(want[s.name()], p.Section)
		}
		provisions += len(s.Provisions)
	}
}

// taken is what a run of the command took.
type taken struct {
	wall, cpu time.Duration
	peakMB    int64
	done      ingest.Event
}

func takeIn(t *testing.T, binary, data, folder string) taken {
	t.Helper()
	command := exec.CommandContext(t.Context(), binary, "--data", data, "ingest", "--no-model", "--json", folder)
	var out, problems bytes.Buffer
	command.Stdout, command.Stderr = &out, &problems
	started := time.Now()
	if err := command.Run(); err != nil {
		t.Fatalf("%v: %v\n%s", command.Args, err, problems.String()[max(0, problems.Len()-2000):])
	}
	took := taken{wall: time.Since(started), cpu: command.ProcessState.UserTime() + command.ProcessState.SystemTime()}
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		took.peakMB = usage.Maxrss >> 10
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &took.done); err != nil || took.done.Summary == nil {
		t.Fatalf("the last line is %q: %v", lines[len(lines)-1], err)
	}
	return took
}

// provisionsRead counts the provisions of a statute that are units of the document.
func provisionsRead(t *testing.T, path string, sections []string) int {
	t.Helper()
	doc, err := ingest.Reader{}.Read(t.Context(), path)
	if err != nil {
		t.Errorf("%s: %v", path, err)
		return 0
	}
	units := map[string]bool{}
	for _, u := range doc.Units {
		units[u.Key] = true
	}
	found := 0
	var missing []string
	for _, section := range sections {
		key := "art=" + section
		if !units[key] {
			missing = append(missing, section)
			continue
		}
		delete(units, key) // a number that the archive has twice is one unit
		found++
	}
	if len(missing) > 0 {
		t.Logf("%s: not found: %v", filepath.Base(path), missing)
	}
	return found
}

// size is what a folder takes on disk.
func size(t *testing.T, folder string) int64 {
	t.Helper()
	var bytes int64
	err := filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		bytes += info.Size()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}
