package setup

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// store keeps a model as Ollama does and gives the folder.
func (b *bench) store(name, weights string) string {
	b.Helper()
	store := filepath.Join(b.setup.Cache, "models")
	config := "{}"
	text := fmt.Sprintf(`{"config":{"digest":"sha256:%s","size":%d},"layers":[{"digest":"sha256:%s","size":%d}]}`,
		sumHex(config), len(config), sumHex(weights), len(weights))
	files := map[string]string{
		"manifests/registry.ollama.ai/" + name: text,
		"blobs/sha256-" + sumHex(weights):      weights,
		"blobs/sha256-" + sumHex(config):       config,
	}
	b.put(store, files)
	return store
}

func (b *bench) put(folder string, files map[string]string) {
	b.Helper()
	for name, text := range files {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
			b.Fatal(err)
		}
	}
}

func (b *bench) bundle(models ...string) Bundle {
	b.Helper()
	b.put(b.setup.ollamaFolder(kindPortable), map[string]string{"bin/ollama": "an Ollama for other processors"})
	b.put(b.setup.ollamaFolder(kindNative), map[string]string{"bin/ollama": "an Ollama for this very processor"})
	return Bundle{
		Output:   filepath.Join(b.TempDir(), "dist", "referent-1-linux-amd64.tar"),
		Referent: b.write("program", "the program"),
		Files:    fstest.MapFS{"install.sh": {Data: []byte("#!/bin/sh\n")}, "README.html": {Data: []byte("<!doctype html>")}},
		Models:   models,
	}
}

type packedFile struct {
	text string
	mode int64
}

func unpack(t *testing.T, archive string) map[string]packedFile {
	t.Helper()
	data, err := os.ReadFile(archive)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]packedFile{}
	for entries := tar.NewReader(bytes.NewReader(data)); ; {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(entries)
		if err != nil {
			t.Fatal(err)
		}
		name, found := strings.CutPrefix(entry.Name, "referent-1-linux-amd64/")
		if _, twice := files[name]; twice {
			t.Errorf("%s is there twice", name)
		}
		if !found {
			t.Errorf("%s lies outside of the one folder", entry.Name)
		}
		files[name] = packedFile{string(text), entry.Mode}
	}
}

func TestTheArchiveHoldsWhatAServerNeeds(t *testing.T) {
	b := newBench(t)
	b.store("library/referent-qwen/latest", "chat")
	b.store("SpeakLeash/bielik/Q8_0", "bielik")
	b.store("library/not-chosen/latest", "other")
	bundle := b.bundle("referent-qwen:latest", "speakleash/bielik:q8_0")
	if err := b.setup.WriteBundle(context.Background(), bundle); err != nil {
		t.Fatal(err)
	}
	files := unpack(t, bundle.Output)
	for name, want := range map[string]packedFile{
		"referent":                              {"the program", 0o755},
		"install.sh":                            {"#!/bin/sh\n", 0o755},
		"README.html":                           {"<!doctype html>", 0o644},
		"ollama/bin/ollama":                     {"an Ollama for other processors", 0o755},
		"models/blobs/sha256-" + sumHex("chat"): {"chat", 0o644},
		"models/blobs/sha256-" + sumHex("bielik"): {"bielik", 0o644},
	} {
		if files[name] != want {
			t.Errorf("%s: got %+v, want %+v", name, files[name], want)
		}
	}
	if _, there := files["models/manifests/registry.ollama.ai/SpeakLeash/bielik/Q8_0"]; !there {
		t.Error("a model without its manifest")
	}
	if _, there := files["models/blobs/sha256-"+sumHex("other")]; there {
		t.Error("a model that was not chosen is in the archive")
	}
	sums := files["SHA256SUMS"].text
	for name, file := range files {
		if name != "SHA256SUMS" && !strings.Contains(sums, sumHex(file.text)+"  "+name+"\n") {
			t.Errorf("SHA256SUMS does not vouch for %s", name)
		}
	}
	whole, err := os.ReadFile(bundle.Output)
	if err != nil {
		t.Fatal(err)
	}
	line, err := os.ReadFile(bundle.Output + ".sha256")
	if err != nil || string(line) != sumHex(string(whole))+"  referent-1-linux-amd64.tar\n" {
		t.Errorf("checksum line %q, %v", line, err)
	}
}

func TestABrokenModelIsNotBundled(t *testing.T) {
	b := newBench(t)
	store := b.store("library/referent-qwen/latest", "chat")
	if err := os.WriteFile(filepath.Join(store, "blobs", "sha256-"+sumHex("chat")), []byte("chaT"), 0o600); err != nil {
		t.Fatal(err)
	}
	bundle := b.bundle("referent-qwen")
	if err := b.setup.WriteBundle(context.Background(), bundle); !errors.Is(err, &Problem{ID: ProblemChecksum}) {
		t.Errorf("got %v", err)
	}
	if left, _ := filepath.Glob(bundle.Output + "*"); len(left) != 0 {
		t.Errorf("something stays: %v", left)
	}
}

func TestAModelThatIsNowhereIsNotBundled(t *testing.T) {
	b := newBench(t)
	b.store("library/referent-qwen/latest", "chat")
	err := b.setup.WriteBundle(context.Background(), b.bundle("bge-m3"))
	if !errors.Is(err, &Problem{ID: ProblemNoModel}) {
		t.Errorf("got %v", err)
	}
}

// An Ollama built for this very processor would die on an older one.
func TestTheArchiveNeverHasTheNativeOllama(t *testing.T) {
	b := newBench(t)
	b.store("library/referent-qwen/latest", "chat")
	bundle := b.bundle("referent-qwen")
	if err := os.RemoveAll(b.setup.ollamaFolder(kindPortable)); err != nil {
		t.Fatal(err)
	}
	err := b.setup.WriteBundle(context.Background(), bundle)
	if !errors.Is(err, &Problem{ID: ProblemNoAnswer}) || !errors.Is(err, &Problem{ID: ProblemTool}) {
		t.Errorf("got %v, want that neither release nor build can be had", err)
	}
}
