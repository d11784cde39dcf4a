// Package backup keeps a data folder in one file and brings it back: the library as a
// consistent copy, the configuration and the uploaded files. What can be derived is left
// out. It imports rag and rag/library.
package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"referent/rag"
	"referent/rag/library"
)

// manifestName is the last file of a backup; a backup without it was cut short.
const manifestName = "MANIFEST.json"

const format = 1

// manifest lists what a backup holds.
type manifest struct {
	Format  int       `json:"format"`
	Created time.Time `json:"created"`
	Files   []entry   `json:"files"`
}

type entry struct {
	Name   string `json:"name"` // with slashes
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
}

// Write saves a data folder in a file, also while a process holds the folder, and reads
// it back to be sure. It writes over nothing.
func Write(ctx context.Context, dir, file string) (err error) {
	if _, err := os.Lstat(file); err == nil {
		return &rag.Error{Code: rag.CodeBackupExists, Subject: file}
	}
	work, err := os.MkdirTemp(filepath.Dir(file), ".referent-backup-*")
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	archive := filepath.Join(work, "archive")
	if err := pack(ctx, dir, work, archive); err != nil {
		return err
	}
	if _, err := read(ctx, archive, nil); err != nil {
		return err
	}
	// A link is made only where there is nothing; a rename would replace.
	if err := os.Link(archive, file); errors.Is(err, fs.ErrExist) {
		return &rag.Error{Code: rag.CodeBackupExists, Subject: file, Err: err}
	} else if err != nil {
		if err := os.Rename(archive, file); err != nil { // file systems without links
			return fmt.Errorf("backup: %w", err)
		}
	}
	return syncFolder(filepath.Dir(file))
}

// pack writes the archive.
func pack(ctx context.Context, dir, work, archive string) (err error) {
	out, err := os.OpenFile(archive, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	compressed := gzip.NewWriter(out)
	p := packer{ctx: ctx, dir: dir, work: work, tar: tar.NewWriter(compressed), manifest: manifest{Format: format, Created: time.Now().UTC()}}
	if err := p.all(); err != nil {
		return err
	}
	return errors.Join(p.tar.Close(), compressed.Close(), out.Sync())
}

type packer struct {
	ctx       context.Context
	dir, work string
	tar       *tar.Writer
	manifest  manifest
}

func (p *packer) all() error {
	// The library first: what its documents were read from is newer than its copy, never older.
	if err := p.database(library.DatabaseName); err != nil {
		return err
	}
	err := filepath.WalkDir(p.dir, func(path string, found fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(p.dir, path)
		if err != nil {
			return err
		}
		switch {
		case name == ".", name == library.DatabaseName:
			return nil
		case found.IsDir() && leftOut(name):
			return fs.SkipDir
		case !found.Type().IsRegular() || leftOut(name):
			return nil
		case filepath.Ext(name) == ".db":
			return p.database(name)
		}
		return p.file(name, path)
	})
	if err != nil {
		return fmt.Errorf("backup of %s: %w", p.dir, err)
	}
	content, err := json.MarshalIndent(p.manifest, "", " ")
	if err != nil {
		return err
	}
	return p.write(manifestName, int64(len(content)), strings.NewReader(string(content)))
}

// asideName begins the folders in which restore keeps what was there before.
const asideName = "before-restore-"

// leftOut says what a backup does not need: what is derived, what comes embedded, earlier
// states and unfinished files.
func leftOut(name string) bool {
	top, _, _ := strings.Cut(filepath.ToSlash(name), "/")
	base := filepath.Base(name)
	return library.Derived(top) || library.Derived(base) || top == "packs" || top == "backups" ||
		strings.HasPrefix(base, ".") || strings.HasPrefix(top, asideName)
}

// database copies a SQLite file consistently and checks the copy before it is kept.
func (p *packer) database(name string) error {
	copied := filepath.Join(p.work, "copy.db")
	defer os.Remove(copied) //nolint:errcheck // the folder goes as a whole
	if err := library.Snapshot(p.ctx, filepath.Join(p.dir, name), copied); err != nil {
		return err
	}
	if err := library.Check(p.ctx, copied); err != nil {
		return err
	}
	return p.file(name, copied)
}

func (p *packer) file(name, path string) (err error) {
	in, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it went while we looked
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	sum := sha256.New()
	slashed := filepath.ToSlash(name)
	if err := p.write(slashed, info.Size(), io.TeeReader(io.LimitReader(in, info.Size()), sum)); err != nil {
		return err
	}
	p.manifest.Files = append(p.manifest.Files, entry{slashed, info.Size(), hex.EncodeToString(sum.Sum(nil))})
	return p.ctx.Err()
}

func (p *packer) write(name string, size int64, content io.Reader) error {
	head := &tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: p.manifest.Created}
	if err := p.tar.WriteHeader(head); err != nil {
		return err
	}
	_, err := io.Copy(p.tar, content)
	return err
}

// read goes through an archive and holds it against its manifest; keep, where it is given,
// gets each file. What does not fit is CodeBackupDamaged.
func read(ctx context.Context, archive string, keep func(name string, content io.Reader) error) (manifest, error) {
	in, err := os.Open(archive)
	if err != nil {
		return manifest{}, &rag.Error{Code: rag.CodeFileUnreadable, Subject: archive, Err: err}
	}
	defer in.Close() //nolint:errcheck // only read
	m, err := readAll(ctx, in, keep)
	var known *rag.Error
	if err != nil && !errors.As(err, &known) && ctx.Err() == nil && !errors.Is(err, errKeep) {
		err = &rag.Error{Code: rag.CodeBackupDamaged, Subject: archive, Err: err}
	}
	return m, err
}

// errKeep marks a failure to write what was read.
var errKeep = errors.New("restore")

func readAll(ctx context.Context, in io.Reader, keep func(name string, content io.Reader) error) (manifest, error) {
	compressed, err := gzip.NewReader(in)
	if err != nil {
		return manifest{}, err
	}
	entries := tar.NewReader(compressed)
	sums := map[string]entry{}
	for {
		head, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return manifest{}, errors.New("it has no manifest: it was cut short")
		}
		if err != nil {
			return manifest{}, err
		}
		if err := ctx.Err(); err != nil {
			return manifest{}, err
		}
		if head.Name == manifestName {
			return checkManifest(entries, compressed, sums)
		}
		if head.Typeflag != tar.TypeReg || !filepath.IsLocal(filepath.FromSlash(head.Name)) {
			return manifest{}, fmt.Errorf("%q is no file of a data folder", head.Name)
		}
		sum := &counter{hash: sha256.New()}
		if keep != nil {
			err = keep(head.Name, io.TeeReader(entries, sum))
		} else {
			_, err = io.Copy(sum, entries)
		}
		if err != nil {
			return manifest{}, err
		}
		sums[head.Name] = entry{head.Name, sum.size, hex.EncodeToString(sum.hash.Sum(nil))}
	}
}

type counter struct {
	hash hash.Hash
	size int64
}

// Write counts what goes through.
func (c *counter) Write(p []byte) (int, error) {
	c.size += int64(len(p))
	return c.hash.Write(p)
}

// checkManifest holds what was read against the manifest, to the archive's last byte,
// where its own checksum stands.
func checkManifest(content, rest io.Reader, sums map[string]entry) (manifest, error) {
	var m manifest
	if err := json.NewDecoder(content).Decode(&m); err != nil {
		return m, fmt.Errorf("manifest: %w", err)
	}
	if m.Format != format {
		return m, fmt.Errorf("its format is %d, this Referent knows %d", m.Format, format)
	}
	if _, err := io.Copy(io.Discard, rest); err != nil {
		return m, err
	}
	if len(sums) != len(m.Files) {
		return m, fmt.Errorf("it has %d files, its manifest %d", len(sums), len(m.Files))
	}
	for _, file := range m.Files {
		if sums[file.Name] != file {
			return m, fmt.Errorf("%s is not what was saved", file.Name)
		}
	}
	if _, found := sums[library.DatabaseName]; !found {
		return m, errors.New("it holds no library")
	}
	return m, nil
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
