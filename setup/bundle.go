package setup

import (
	"archive/tar"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// Bundle says what goes into the archive for a server without a network.
type Bundle struct {
	Output   string   // the archive; its checksum goes to Output+".sha256"
	Referent string   // this program
	Files    fs.FS    // instructions, scripts and units, laid out as in the archive
	Models   []string // names of models that Ollama has here
}

// WriteBundle writes one archive of Referent, an Ollama that runs on other
// processors than this one, the models and what installs them. It is not
// compressed: weights do not get smaller. It appears only when it is whole.
func (s *Setup) WriteBundle(ctx context.Context, b Bundle) error {
	began := time.Now()
	ollamaFolder, err := s.portableOllama(ctx)
	if err != nil {
		return err
	}
	models, size, err := s.allModelFiles(b.Models)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(b.Output), 0o755); err != nil {
		return err
	}
	if err := room(filepath.Dir(b.Output), size); err != nil {
		return err
	}
	s.Say(Notice{NoticeBundle, Facts{What: b.Output, Other: strings.Join(b.Models, ", "), Bytes: size}})
	sum, err := writeArchive(ctx, b, ollamaFolder, models)
	if err != nil {
		return err
	}
	line := sum + "  " + filepath.Base(b.Output) + "\n"
	if err := os.WriteFile(b.Output+".sha256", []byte(line), 0o644); err != nil {
		return err
	}
	info, err := os.Stat(b.Output)
	if err != nil {
		return err
	}
	s.Say(Notice{NoticeBundled, Facts{What: b.Output, Other: sum, Bytes: info.Size(), Took: time.Since(began)}})
	return nil
}

// portableOllama gives an installed Ollama that runs on other machines: the
// official release, else one built for x86-64-v3 without any library.
func (s *Setup) portableOllama(ctx context.Context) (string, error) {
	for _, kind := range []string{kindRelease, kindPortable} {
		if _, err := os.Stat(filepath.Join(s.ollamaFolder(kind), "bin", "ollama")); err == nil {
			return s.ollamaFolder(kind), nil
		}
	}
	_, err := s.fromRelease(ctx)
	if err == nil {
		return s.ollamaFolder(kindRelease), nil
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	releaseErr := s.failed(WayRelease, err)
	if _, err := s.build(ctx, kindPortable, portable); err != nil {
		return "", errors.Join(releaseErr, s.failed(WayModule, err))
	}
	return s.ollamaFolder(kindPortable), nil
}

// writeArchive writes the archive under a name of its own and gives its SHA-256.
func writeArchive(ctx context.Context, b Bundle, ollamaFolder string, models []modelFile) (string, error) {
	part := b.Output + ".part"
	file, err := os.Create(part)
	if err != nil {
		return "", err
	}
	whole := sha256.New()
	a := &archive{
		ctx:  ctx,
		root: strings.TrimSuffix(filepath.Base(b.Output), ".tar"),
		tar:  tar.NewWriter(io.MultiWriter(file, whole)),
	}
	err = a.fill(b, ollamaFolder, models)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(part))
	}
	return hex.EncodeToString(whole.Sum(nil)), os.Rename(part, b.Output)
}

// archive is a tar file in the making, under one root folder; sums are the lines
// of its SHA256SUMS.
type archive struct {
	ctx  context.Context
	root string
	tar  *tar.Writer
	sums strings.Builder
}

func (a *archive) fill(b Bundle, ollamaFolder string, models []modelFile) error {
	if err := a.addFile(b.Referent, "referent", 0o755); err != nil {
		return err
	}
	if err := a.addFS(b.Files, ""); err != nil {
		return err
	}
	if err := a.addFS(os.DirFS(ollamaFolder), "ollama"); err != nil {
		return err
	}
	for _, model := range models {
		if err := a.addModel(model); err != nil {
			return err
		}
	}
	if err := a.write("SHA256SUMS", 0o644, int64(a.sums.Len()), strings.NewReader(a.sums.String()), sha256.New()); err != nil {
		return err
	}
	return a.tar.Close()
}

func (a *archive) addFS(files fs.FS, folder string) error {
	return fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		target := path.Join(folder, name)
		if entry.Type()&fs.ModeSymlink != 0 {
			link, err := fs.ReadLink(files, name)
			if err != nil {
				return err
			}
			return a.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: path.Join(a.root, target), Linkname: link})
		}
		file, err := files.Open(name)
		if err != nil {
			return err
		}
		// Embedded files carry no mode: scripts are known by their name.
		mode := int64(0o644)
		if info.Mode()&0o111 != 0 || strings.HasSuffix(name, ".sh") {
			mode = 0o755
		}
		_, err = a.add(target, mode, info.Size(), file)
		return errors.Join(err, file.Close())
	})
}

func (a *archive) addFile(source, target string, mode int64) error {
	file, err := os.Open(source)
	if err != nil {
		return err
	}
	info, err := file.Stat()
	if err == nil {
		_, err = a.add(target, mode, info.Size(), file)
	}
	return errors.Join(err, file.Close())
}

// addModel adds a file of a model; a blob must have the checksum in its name.
func (a *archive) addModel(m modelFile) error {
	file, err := os.Open(m.path)
	if err != nil {
		return err
	}
	sum, err := a.add(path.Join("models", m.name), 0o644, m.size, file)
	if err == nil && m.sum != "" && sum != m.sum {
		err = &Problem{ID: ProblemChecksum, Subject: m.path}
	}
	return errors.Join(err, file.Close())
}

func (a *archive) add(name string, mode, size int64, content io.Reader) (string, error) {
	sum := sha256.New()
	if err := a.write(name, mode, size, content, sum); err != nil {
		return "", err
	}
	text := hex.EncodeToString(sum.Sum(nil))
	fmt.Fprintf(&a.sums, "%s  %s\n", text, name)
	return text, nil
}

func (a *archive) write(name string, mode, size int64, content io.Reader, sum hash.Hash) error {
	if err := a.ctx.Err(); err != nil {
		return err
	}
	header := &tar.Header{Typeflag: tar.TypeReg, Name: path.Join(a.root, name), Mode: mode, Size: size, ModTime: time.Now().Truncate(time.Second)}
	if err := a.tar.WriteHeader(header); err != nil {
		return err
	}
	_, err := io.Copy(io.MultiWriter(a.tar, sum), content)
	return err
}
