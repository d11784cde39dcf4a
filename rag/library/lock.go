package library

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gofrs/flock"

	"referent/rag"
)

// Holder says who has a data folder: its process and, once it serves, its page.
type Holder struct {
	PID int    `json:"pid"` // 0: this process
	URL string `json:"url"`
}

// HeldError names the process that has the data folder. It is the cause of an
// error with CodeDataFolderHeld.
type HeldError struct {
	Holder // zero where the other process has not written it yet
}

// Error reads "PID 4711, http://127.0.0.1:8080" in any language.
func (e *HeldError) Error() string {
	text := "PID ?"
	if e.PID != 0 {
		text = fmt.Sprintf("PID %d", e.PID)
	}
	if e.URL != "" {
		text += ", " + e.URL
	}
	return text
}

// Fact says so to the catalogue.
func (e *HeldError) Fact() string { return e.Error() }

const lockName = "lock"

// hold takes the folder's lock, which the system gives back however the process ends.
func hold(dir string, holder Holder) (*flock.Flock, error) {
	lock := flock.New(filepath.Join(dir, lockName))
	taken, err := lock.TryLock()
	if err != nil {
		return nil, failure(dir, fmt.Errorf("lock the data folder: %w", err))
	}
	if !taken {
		return nil, &rag.Error{Code: rag.CodeDataFolderHeld, Subject: dir, Err: &HeldError{Holder: readHolder(lock.Path())}}
	}
	if holder.PID == 0 {
		holder.PID = os.Getpid()
	}
	if err := writeHolder(lock.Path(), holder); err != nil {
		return nil, errors.Join(failure(dir, err), lock.Close())
	}
	return lock, nil
}

// Announce writes the address of the page that this process serves where a second
// process will find it.
func (l *Library) Announce(url string) error {
	holder := readHolder(l.lock.Path())
	holder.URL = url
	return failure(l.dir, writeHolder(l.lock.Path(), holder))
}

// release empties the lock file, so that nobody reads of a process that is gone, and
// unlocks it. The file stays: removing it would let two processes lock two files.
func release(lock *flock.Flock) error {
	return errors.Join(os.Truncate(lock.Path(), 0), lock.Close())
}

// readHolder gives the zero Holder where the other process is just writing its own.
func readHolder(path string) Holder {
	var holder Holder
	content, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(content, &holder) != nil {
		return Holder{}
	}
	return holder
}

// writeHolder writes in place: a file renamed over the lock would not be the one that is locked.
func writeHolder(path string, holder Holder) error {
	content, err := json.Marshal(holder)
	if err != nil {
		return fmt.Errorf("lock file: %w", err)
	}
	if err := os.WriteFile(path, append(content, '\n'), 0o640); err != nil {
		return fmt.Errorf("lock file: %w", err)
	}
	return nil
}
