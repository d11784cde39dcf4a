package setup

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"referent/rag/ollama"
)

// modelFile is a file of a model in Ollama's store.
type modelFile struct {
	path string
	name string // in the store: manifests/… or blobs/sha256-…
	size int64
	sum  string // that a blob must have, "" for a manifest
}

// manifest is what Ollama's store keeps of a model.
type manifest struct {
	Config layer   `json:"config"`
	Layers []layer `json:"layers"`
}

type layer struct {
	Digest string `json:"digest"`
	Size   int64  `json:"size"`
}

// allModelFiles gives the files of several models, each once, and their size.
func (s *Setup) allModelFiles(names []string) (all []modelFile, size int64, err error) {
	seen := map[string]bool{}
	for _, name := range names {
		files, err := s.modelFiles(name)
		if err != nil {
			return nil, 0, err
		}
		for _, file := range files { // models share blobs, such as a licence
			if !seen[file.name] {
				seen[file.name] = true
				all, size = append(all, file), size+file.size
			}
		}
	}
	return all, size, nil
}

// modelFiles finds a model in the stores that Ollama may keep here: that of the
// server which set-up starts, the user's, and that of the official service.
func (s *Setup) modelFiles(name string) ([]modelFile, error) {
	for _, store := range []string{s.modelsFolder(), s.models, "/usr/share/ollama/.ollama/models"} {
		files, err := filesOf(store, name)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return files, err
		}
	}
	return nil, &Problem{ID: ProblemNoModel, Subject: name}
}

// filesOf reads the manifest of a model, which stands at
// manifests/<registry>/<namespace>/<model>/<tag>.
func filesOf(store, name string) ([]modelFile, error) {
	found := ""
	root := filepath.Join(store, "manifests")
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		relative, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		parts := strings.Split(relative, string(filepath.Separator))
		if len(parts) == 4 && ollama.SameName(strings.TrimPrefix(parts[1]+"/", "library/")+parts[2]+":"+parts[3], name) {
			found = file
			return filepath.SkipAll
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if found == "" {
		return nil, fs.ErrNotExist
	}
	text, err := os.ReadFile(found)
	if err != nil {
		return nil, err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return nil, fmt.Errorf("%s: %w", found, err)
	}
	relative, err := filepath.Rel(store, found)
	if err != nil {
		return nil, err
	}
	files := []modelFile{{path: found, name: filepath.ToSlash(relative), size: int64(len(text))}}
	for _, l := range append(m.Layers, m.Config) {
		sum, known := strings.CutPrefix(l.Digest, "sha256:")
		if !known {
			return nil, fmt.Errorf("%s: digest %q", found, l.Digest)
		}
		blob := filepath.Join("blobs", "sha256-"+sum)
		files = append(files, modelFile{path: filepath.Join(store, blob), name: filepath.ToSlash(blob), size: l.Size, sum: sum})
	}
	return files, nil
}
