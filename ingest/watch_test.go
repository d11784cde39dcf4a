package ingest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"referent/rag"
)

// watchedFolders is the list of watched folders in memory.
type watchedFolders struct {
	mu   sync.Mutex
	list []rag.WatchedFolder
}

func (f *watchedFolders) Watch(_ context.Context, collection, path string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = append(f.list, rag.WatchedFolder{Collection: collection, Path: path})
	return nil
}

func (f *watchedFolders) Unwatch(context.Context, string, string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list = nil
	return nil
}

func (f *watchedFolders) Folders(context.Context) ([]rag.WatchedFolder, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]rag.WatchedFolder{}, f.list...), nil
}

func TestWatcherTellsOnceAFolderHasSettled(t *testing.T) {
	defer goleak.VerifyNone(t)
	dir := t.TempDir()
	folders := &watchedFolders{}
	if err := folders.Watch(t.Context(), "biuro", dir); err != nil {
		t.Fatal(err)
	}
	told := make(chan string, 100)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer running.Wait()
	defer cancel()
	w := Watcher{Folders: folders, Settle: 60 * time.Millisecond, Look: 50 * time.Millisecond,
		Changed: func(f rag.WatchedFolder) { told <- f.Path }, Failed: func(path string, err error) { t.Error(path, err) }}
	running.Go(func() {
		if err := w.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	wait := func(what string) {
		t.Helper()
		select {
		case path := <-told:
			if path != dir {
				t.Errorf("%s: told of %s", what, path)
			}
		case <-time.After(10 * time.Second):
			t.Fatalf("%s: nobody was told", what)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	wait("at the beginning")
	for i := range 20 { // one change, however many files
		must(os.WriteFile(filepath.Join(dir, string(rune('a'+i))+".txt"), []byte("x"), 0o600))
	}
	wait("new files")
	must(os.WriteFile(filepath.Join(dir, ".upload-1"), []byte("x"), 0o600))
	inner := filepath.Join(dir, "nowy")
	must(os.Mkdir(inner, 0o700))
	wait("a new folder")
	must(os.WriteFile(filepath.Join(inner, "a.txt"), []byte("x"), 0o600))
	wait("a file in the new folder")
	must(os.RemoveAll(dir))
	time.Sleep(150 * time.Millisecond) // it is seen to be gone
	for len(told) > 0 {
		<-told
	}
	must(os.MkdirAll(dir, 0o700))
	wait("the folder is back")
	must(os.WriteFile(filepath.Join(dir, "b.txt"), []byte("x"), 0o600))
	wait("a file after it is back")
	time.Sleep(200 * time.Millisecond)
	if n := len(told); n > 1 {
		t.Errorf("told %d times of nothing", n)
	}
}
