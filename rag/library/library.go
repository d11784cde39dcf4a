// Package library keeps the documents of an office. SQLite is the truth; the indices
// by words (bleve) and by vectors (chromem-go), of passages and of everyday questions,
// are derived from it: they follow its list of changes and rebuild themselves when
// they cannot.
//
// It imports rag and internal/polish.
package library

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/gofrs/flock"

	"referent/rag"
)

// The library is what retrieval and the pages ask.
var (
	_ rag.Index         = (*Library)(nil)
	_ rag.QuestionIndex = (*Library)(nil)
	_ rag.Shelf         = (*Library)(nil)
	_ rag.Catalogue     = (*Library)(nil)
)

// Names in the data folder.
const (
	databaseName  = "library.db"
	wordsName     = "index.bleve"
	questionsName = "questions.bleve"
)

// Library is an open data folder. Many may read at once; writers take turns.
type Library struct {
	dir  string
	lock *flock.Flock

	writer *sql.DB // one connection
	reader *sql.DB

	// commit makes a transaction and the application of its changes one step, so
	// that the derived indices see changes in their order.
	commit    sync.Mutex
	closed    bool
	seq       atomic.Int64 // of the last change committed
	words     *wordIndex
	questions *wordIndex
	vectors   *vectorIndex
	bank      Bank // nil: nothing comes with Referent; guarded by commit
	bulk      bulk // guarded by commit

	holdings atomic.Pointer[holdings]
	pending  pendingCache
}

// Open opens the library in a folder, makes it where there is none, and lets the
// derived indices catch up. It fails with CodeDataFolderHeld (and a *HeldError
// inside) when another process has the folder and with CodeLibraryNewer when a
// newer Referent wrote it.
func Open(ctx context.Context, dir string, holder Holder) (*Library, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, failure(dir, fmt.Errorf("data folder: %w", err))
	}
	lock, err := hold(dir, holder)
	if err != nil {
		return nil, err
	}
	l := &Library{dir: dir, lock: lock}
	if err := l.open(ctx); err != nil {
		return nil, errors.Join(failure(dir, err), l.Close())
	}
	return l, nil
}

func (l *Library) open(ctx context.Context) error {
	var err error
	path := filepath.Join(l.dir, databaseName)
	if l.writer, err = openDatabase(path, 1); err != nil {
		return err
	}
	if err := migrate(ctx, l.writer); err != nil {
		return err
	}
	if l.reader, err = openDatabase(path, readers); err != nil {
		return err
	}
	last, err := lastChange(ctx, l.writer)
	if err != nil {
		return err
	}
	l.seq.Store(last)
	if l.words, err = openWords(ctx, l.writer, filepath.Join(l.dir, wordsName), corpora.passages); err != nil {
		return fmt.Errorf("index by words: %w", err)
	}
	if l.questions, err = openWords(ctx, l.writer, filepath.Join(l.dir, questionsName), corpora.questions); err != nil {
		return fmt.Errorf("index of questions by words: %w", err)
	}
	l.vectors = newVectorIndex()
	// The index by vectors starts from the tables themselves, so what the indices by
	// words have durably applied is needed by nobody any more.
	return pruneChanges(ctx, l.writer, min(l.words.seq, l.questions.seq))
}

// errClosed is what a closed index answers, or one that a full disk did not let open again.
var errClosed = errors.New("the index by words is closed")

// Close gives the data folder back. It waits for a writer that is at work; closing
// again does nothing.
func (l *Library) Close() error {
	l.commit.Lock()
	defer l.commit.Unlock()
	if l.closed {
		return nil
	}
	l.closed = true
	l.bulk.followed()
	var errs []error
	for _, index := range []*wordIndex{l.words, l.questions} {
		if index != nil {
			errs = append(errs, index.close())
		}
	}
	for _, db := range []*sql.DB{l.reader, l.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(append(errs, release(l.lock))...)
}

// follow applies the changes that were just committed to the derived indices. The
// caller holds commit. The commit stands whatever happens here, so a caller who has
// left does not stop it, and an index that failed catches up at the next change.
func (l *Library) follow(ctx context.Context, committed int64) error {
	ctx = context.WithoutCancel(ctx)
	l.seq.Store(committed)
	l.bulk.followed()
	if err := l.words.catchUp(ctx, l.writer); err != nil {
		return fmt.Errorf("index by words: %w", err)
	}
	if err := l.questions.catchUp(ctx, l.writer); err != nil {
		return fmt.Errorf("index of questions by words: %w", err)
	}
	if err := l.vectors.catchUp(ctx, l.writer); err != nil {
		return fmt.Errorf("index by vectors: %w", err)
	}
	return nil
}

// write runs a transaction; within it, changes are recorded with recordChange.
func (l *Library) write(ctx context.Context, run func(tx *sql.Tx) error) error {
	tx, err := l.writer.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := run(tx); err != nil {
		return errors.Join(err, ignoreDone(tx.Rollback()))
	}
	return tx.Commit()
}

// ignoreDone forgives a rollback of what database/sql rolled back already because
// the context was cancelled.
func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}
	return err
}
