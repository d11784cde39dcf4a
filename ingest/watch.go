package ingest

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"referent/rag"
)

// Watcher tells of watched folders in which something changed. It waits until a folder
// has settled, so that a copy of a hundred files is one change.
type Watcher struct {
	Folders Folders                    // read again at each look: folders come and go
	Changed func(rag.WatchedFolder)    // something changed, or may have while nobody watched
	Failed  func(path string, _ error) // nil: nobody listens; the folder is looked at from time to time all the same
	Settle  time.Duration              // 0: 2 s without a change
	Look    time.Duration              // 0: 30 s between looks at the list of folders
}

const (
	settleAfter = 2 * time.Second
	lookEvery   = 30 * time.Second
	// A folder that never settles is told of after so many times Settle.
	longestUnsettled = 15
	// Network shares send no events: each folder is taken for changed after so many looks.
	looksUnseen = 20
)

// watching is what a watcher knows of a folder.
type watching struct {
	folder rag.WatchedFolder
	there  bool      // and watched
	due    time.Time // when it has settled; zero while nothing changed
	since  time.Time // the first change that was not told of
	looks  int       // since it was told of last
}

// Run watches until the context ends. Each folder is told of once when it begins: it may
// have changed while nobody watched. A folder that goes is told of when it is back.
func (w Watcher) Run(ctx context.Context) error {
	events, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watch folders: %w", err)
	}
	defer events.Close() //nolint:errcheck // nothing is written
	if w.Settle == 0 {
		w.Settle = settleAfter
	}
	if w.Look == 0 {
		w.Look = lookEvery
	}
	known := map[string]*watching{}
	look := time.NewTicker(w.Look)
	defer look.Stop()
	settle := time.NewTicker(max(w.Settle/4, time.Millisecond))
	defer settle.Stop()
	w.look(ctx, events, known)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
			w.look(ctx, events, known)
		case now := <-settle.C:
			w.tell(known, now)
		case event := <-events.Events:
			w.note(events, known, event)
		case err := <-events.Errors: // too many events at once: all may have changed
			w.failed("", err)
			for _, k := range known {
				w.changed(k)
			}
		}
	}
}

func (w Watcher) failed(path string, err error) {
	if w.Failed != nil {
		w.Failed(path, err)
	}
}

// look reads the list of folders anew and watches those that came, or came back.
func (w Watcher) look(ctx context.Context, events *fsnotify.Watcher, known map[string]*watching) {
	folders, err := w.Folders.Folders(ctx)
	if err != nil {
		if ctx.Err() == nil {
			w.failed("", err)
		}
		return
	}
	listed := map[string]bool{}
	for _, f := range folders {
		if f.Paused {
			continue // as if it were not listed; woken, it is told of as one that begins
		}
		key := f.Collection + "\x00" + f.Path
		listed[key] = true
		k := known[key]
		if k == nil {
			k = &watching{folder: f}
			known[key] = k
		}
		k.folder = f // what the last look found is another now
		switch there := isFolder(f.Path); {
		case !there:
			k.there = false
		case !k.there:
			k.there = true
			w.add(events, f.Path)
			w.changed(k)
		default:
			if k.looks++; k.looks >= looksUnseen {
				w.changed(k)
			}
		}
	}
	for key := range known {
		if !listed[key] {
			delete(known, key)
		}
	}
}

// add watches a folder and those in it. One that cannot be watched, as when the system
// watches enough already, is looked at from time to time.
func (w Watcher) add(events *fsnotify.Watcher, root string) {
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil //nolint:nilerr // expand says so when the folder is read
		case !entry.IsDir():
			return nil
		case path != root && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		}
		return events.Add(path)
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		w.failed(root, err)
	}
}

func (w Watcher) note(events *fsnotify.Watcher, known map[string]*watching, event fsnotify.Event) {
	if event.Op == fsnotify.Chmod || strings.HasPrefix(filepath.Base(event.Name), ".") {
		return
	}
	if event.Has(fsnotify.Create) && isFolder(event.Name) {
		w.add(events, event.Name)
	}
	for _, k := range known {
		rel, err := filepath.Rel(k.folder.Path, event.Name)
		switch {
		case err != nil || !filepath.IsLocal(rel):
		case rel == "." && event.Has(fsnotify.Remove|fsnotify.Rename):
			k.there, k.due = false, time.Time{} // told of when it is back
		default:
			w.changed(k)
		}
	}
}

func (w Watcher) changed(k *watching) {
	now := time.Now()
	if k.due.IsZero() {
		k.since = now
	}
	k.due = now.Add(w.Settle)
	if latest := k.since.Add(longestUnsettled * w.Settle); k.due.After(latest) {
		k.due = latest
	}
}

func (w Watcher) tell(known map[string]*watching, now time.Time) {
	for _, k := range known {
		if k.there && !k.due.IsZero() && !now.Before(k.due) {
			k.due, k.looks = time.Time{}, 0
			w.Changed(k.folder)
		}
	}
}
