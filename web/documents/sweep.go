package documents

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"
)

// sweepAge is how old an upload without a document must be to be removed: younger ones may
// still wait for the intake or for a second try.
const sweepAge = 24 * time.Hour

// Sweeper removes uploaded files that no document was read from any more: whoever takes a
// document out expects its file to go too.
type Sweeper struct {
	Root    string                                      // of the inbox
	Sources func(ctx context.Context) ([]string, error) // absolute paths that documents were read from
	Now     func() time.Time                            // nil: the clock

	unused map[string]time.Time // files without a document → when that was seen first
}

// Run looks now and then until the context ends.
func (s *Sweeper) Run(ctx context.Context) {
	for {
		if err := s.Look(ctx); err != nil && ctx.Err() == nil {
			slog.ErrorContext(ctx, "uploads without a document could not be removed", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(UndoTime):
		}
	}
}

// Look removes the files that were without a document for longer than a deletion can be
// undone and are older than sweepAge.
func (s *Sweeper) Look(ctx context.Context) error {
	root, err := filepath.Abs(s.Root)
	if err != nil {
		return err
	}
	sources, err := s.Sources(ctx)
	if err != nil {
		return err
	}
	used := make(map[string]bool, len(sources))
	for _, source := range sources {
		used[source] = true
	}
	now := time.Now()
	if s.Now != nil {
		now = s.Now()
	}
	unused := map[string]time.Time{}
	var failed error
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || used[path] {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		since, known := s.unused[path]
		if !known {
			since = now
		}
		if now.Sub(since) > UndoTime && now.Sub(info.ModTime()) > sweepAge {
			failed = errors.Join(failed, os.Remove(path))
			return nil
		}
		unused[path] = since
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		err = nil // nothing was ever uploaded
	}
	s.unused = unused
	return errors.Join(err, failed)
}
