package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"referent/rag"
	"referent/rag/library"
)

// Restored says what restore did.
type Restored struct {
	Created time.Time // when the backup was made
	Files   int
	Aside   string // folder that keeps what was there before, "" where nothing was
}

// Restore brings a backup into a data folder that nobody holds. Everything is read and
// checked before anything there is touched. A folder that has a library already is left
// alone unless force is given; then its content is kept aside in a folder within it.
func Restore(ctx context.Context, file, dir string, force bool) (done Restored, err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return done, fmt.Errorf("data folder: %w", err)
	}
	release, err := library.Hold(dir, library.Holder{})
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, release()) }()
	occupied, err := content(dir)
	if err != nil {
		return done, err
	}
	if len(occupied) > 0 && !force {
		return done, &rag.Error{Code: rag.CodeRestoreOccupied, Subject: dir}
	}
	work, err := os.MkdirTemp(dir, ".restore-*")
	if err != nil {
		return done, fmt.Errorf("restore: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	m, err := read(ctx, file, func(name string, content io.Reader) error { return unpack(work, name, content) })
	if err != nil {
		return done, err
	}
	if err := checkDatabases(ctx, work, m); err != nil {
		return done, err
	}
	done = Restored{Created: m.Created, Files: len(m.Files)}
	if slices.Contains(occupied, library.DatabaseName) {
		err := library.Checkpoint(ctx, filepath.Join(dir, library.DatabaseName))
		if err != nil && !errors.Is(err, &rag.Error{Code: rag.CodeLibraryDamaged}) { // that is what backups are for
			return done, err
		}
		if occupied, err = content(dir); err != nil {
			return done, err
		}
	}
	done.Aside, err = replace(dir, work, occupied)
	return done, err
}

func unpack(work, name string, content io.Reader) (err error) {
	path := filepath.Join(work, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return fmt.Errorf("%w: %w", errKeep, err)
	}
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o640)
	if err != nil {
		return fmt.Errorf("%w: %w", errKeep, err)
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, content); err != nil {
		return err
	}
	return out.Sync()
}

func checkDatabases(ctx context.Context, work string, m manifest) error {
	for _, file := range m.Files {
		if filepath.Ext(file.Name) != ".db" {
			continue
		}
		if err := library.Check(ctx, filepath.Join(work, filepath.FromSlash(file.Name))); err != nil {
			return err
		}
	}
	return library.CheckVersion(ctx, filepath.Join(work, library.DatabaseName))
}

// content lists what a data folder holds beside its lock, unfinished files and what
// earlier restores kept aside.
func content(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	var names []string
	for _, e := range entries {
		if name := e.Name(); name != "lock" && !strings.HasPrefix(name, ".") && !strings.HasPrefix(name, asideName) {
			names = append(names, name)
		}
	}
	return names, nil
}

// replace moves what is there aside and what was unpacked in. The library comes last, by
// a rename over the old one, so that the folder is never without a library: after a crash
// it has the old one or the new one. The folder itself stays, for it may be a mount.
func replace(dir, work string, occupied []string) (aside string, err error) {
	old := filepath.Join(dir, library.DatabaseName)
	if len(occupied) > 0 {
		aside = filepath.Join(dir, asideName+time.Now().Format("20060102-150405.000"))
		if err := os.Mkdir(aside, 0o750); err != nil {
			return "", fmt.Errorf("restore: %w", err)
		}
	}
	for _, name := range occupied {
		move := os.Rename
		if name == library.DatabaseName {
			move = keepBoth
		}
		if err := move(filepath.Join(dir, name), filepath.Join(aside, name)); err != nil {
			return aside, fmt.Errorf("restore: %w", err)
		}
	}
	unpacked, err := content(work)
	if err != nil {
		return aside, err
	}
	for _, name := range unpacked {
		if name == library.DatabaseName {
			continue
		}
		if err := os.Rename(filepath.Join(work, name), filepath.Join(dir, name)); err != nil {
			return aside, fmt.Errorf("restore: %w", err)
		}
	}
	if err := os.Rename(filepath.Join(work, library.DatabaseName), old); err != nil {
		return aside, fmt.Errorf("restore: %w", err)
	}
	return aside, syncFolder(dir)
}

// keepBoth keeps a file in a second place without taking it out of the first.
func keepBoth(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return copyFile(from, to) // file systems without links
}

func copyFile(from, to string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close() //nolint:errcheck // only read
	return unpack(filepath.Dir(to), filepath.Base(to), in)
}
