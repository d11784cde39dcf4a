package setup

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"

	"referent/rag/ollama"
)

// Version of Ollama that Referent installs and is tested with.
const Version = "0.17.4"

func (s *Setup) onPath(context.Context) (string, error) {
	binary, err := exec.LookPath("ollama")
	if err != nil {
		return "", errNotHere
	}
	return binary, nil
}

// ollamaFolder holds an installed Ollama: bin/ollama and lib/ollama. It comes to
// be by a rename, so that what is there is whole.
func (s *Setup) ollamaFolder(kind string) string {
	return filepath.Join(s.Cache, "ollama", Version+"-"+kind)
}

// The kinds of installed Ollama.
const (
	kindRelease  = "release"
	kindNative   = "native"   // built for this very processor
	kindPortable = "portable" // built for any x86-64-v3 processor
)

func (s *Setup) cached(context.Context) (string, error) {
	for _, kind := range []string{kindRelease, kindNative} {
		binary := filepath.Join(s.ollamaFolder(kind), "bin", "ollama")
		if _, err := os.Stat(binary); err == nil {
			return binary, nil
		}
	}
	return "", errNotHere
}

// fromRelease installs the official release. Its checksum is the one that the
// release publishes beside it, read over TLS from the same place: that guards
// against a broken or swapped download, not against a swapped release. A sum
// carried here would be stronger; none could be obtained where this was written.
func (s *Setup) fromRelease(ctx context.Context) (string, error) {
	name := "ollama-linux-" + runtime.GOARCH + ".tar.zst"
	address := s.releases + "/v" + Version + "/"
	s.Say(Notice{NoticeTry, Facts{What: WayRelease, Other: address + name}})
	began := time.Now()
	sums, err := s.small(ctx, address+"sha256sum.txt")
	if err != nil {
		return "", err
	}
	sum := sumOf(sums, name)
	if sum == "" {
		return "", &Problem{ID: ProblemNotThere, Subject: name + " in sha256sum.txt"}
	}
	archive := filepath.Join(s.Cache, "downloads", name)
	if err := s.download(ctx, address+name, archive, sum); err != nil {
		return "", err
	}
	folder := s.ollamaFolder(kindRelease)
	if err := unpackRelease(archive, folder, s.machine() == ollama.GPU); err != nil {
		return "", err
	}
	if err := os.Remove(archive); err != nil {
		return "", err
	}
	s.Say(Notice{NoticeInstalled, Facts{What: folder, Took: time.Since(began)}})
	return filepath.Join(folder, "bin", "ollama"), nil
}

// sumOf finds a file's line in the output of sha256sum.
func sumOf(sums, name string) string {
	for line := range strings.Lines(sums) {
		fields := strings.Fields(line)
		if len(fields) == 2 && len(fields[0]) == 64 && strings.TrimPrefix(strings.TrimPrefix(fields[1], "*"), "./") == name {
			return strings.ToLower(fields[0])
		}
	}
	return ""
}

// unpackRelease unpacks an archive of Ollama; the libraries of graphics cards
// (nine tenths of it) only where there is one.
func unpackRelease(archive, folder string, graphics bool) error {
	file, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }() // read only
	packed, err := zstd.NewReader(file)
	if err != nil {
		return err
	}
	defer packed.Close()
	part := folder + ".part"
	if err := os.RemoveAll(part); err != nil {
		return err
	}
	for entries := tar.NewReader(packed); ; {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return replaceFolder(part, folder)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", archive, err)
		}
		name := filepath.Clean(entry.Name)
		if !graphics && strings.Count(strings.TrimPrefix(name, "lib/ollama"), "/") > 1 {
			continue
		}
		if err := unpackEntry(entries, entry, part, name); err != nil {
			return fmt.Errorf("%s: %s: %w", archive, name, err)
		}
	}
}

func unpackEntry(content io.Reader, entry *tar.Header, folder, name string) error {
	if !filepath.IsLocal(name) {
		return errors.New("leads out of the folder")
	}
	target := filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	switch entry.Typeflag {
	case tar.TypeDir:
		return os.MkdirAll(target, 0o755)
	case tar.TypeSymlink: // libggml.so → libggml.so.0
		if !filepath.IsLocal(filepath.Join(filepath.Dir(name), entry.Linkname)) {
			return errors.New("links out of the folder")
		}
		return os.Symlink(entry.Linkname, target)
	case tar.TypeReg:
		file, err := os.OpenFile(target, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, entry.FileInfo().Mode().Perm()|0o600)
		if err != nil {
			return err
		}
		_, err = io.Copy(file, content)
		return errors.Join(err, file.Close())
	}
	return nil
}

func replaceFolder(part, folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	return os.Rename(part, folder)
}
