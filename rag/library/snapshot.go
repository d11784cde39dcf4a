package library

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"

	"referent/rag"
)

// Derived says that a name in a data folder is of what the library makes again by itself,
// or of what belongs to the process that holds it.
func Derived(name string) bool {
	switch name {
	case wordsName, questionsName, lockName:
		return true
	}
	return strings.HasSuffix(name, "-wal") || strings.HasSuffix(name, "-shm") || strings.HasSuffix(name, "-journal")
}

// Snapshot writes a consistent copy of a SQLite file to a new file, while another process
// reads and writes it. The copy holds every transaction that was committed before.
func Snapshot(ctx context.Context, from, to string) (err error) {
	if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
		return &rag.Error{Code: rag.CodeLibraryMissing, Subject: filepath.Dir(from), Err: err}
	}
	db, err := sql.Open("sqlite", dsn(from, url.Values{"_pragma": {"busy_timeout(10000)"}}))
	if err != nil {
		return fmt.Errorf("open %s: %w", from, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?`, to); err != nil {
		return failure(filepath.Dir(from), fmt.Errorf("copy %s: %w", from, err))
	}
	return nil
}

// Checkpoint brings the write-ahead log of a file that nobody uses into the file itself.
func Checkpoint(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", dsn(path, nil))
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return failure(path, err)
	}
	return nil
}

// Check holds a library's file against its own rules: it is whole, nothing in it points
// at nothing, and this Referent knows its version.
func Check(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", dsn(path, url.Values{"mode": {"ro"}, "immutable": {"1"}}))
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var found string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&found); err != nil {
		return failure(path, err)
	}
	if found != "ok" {
		return damaged(path, errors.New(found))
	}
	err = each(ctx, db, func(*sql.Rows) error { return errors.New("a row belongs to nothing") }, `PRAGMA foreign_key_check`)
	if err != nil {
		return damaged(path, err)
	}
	return nil
}

// CheckVersion refuses a library of a newer Referent, or a file that is no library.
func CheckVersion(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", dsn(path, url.Values{"mode": {"ro"}, "immutable": {"1"}}))
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	var current int64
	if err := db.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version`).Scan(&current); err != nil {
		return damaged(path, err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	sources := provider.ListSources()
	if newest := sources[len(sources)-1].Version; current > newest {
		return &rag.Error{Code: rag.CodeLibraryNewer, Subject: path, Err: fmt.Errorf("library is of version %d, this Referent knows %d", current, newest)}
	}
	return nil
}

func damaged(path string, err error) error {
	return &rag.Error{Code: rag.CodeLibraryDamaged, Subject: path, Err: err}
}

// Hold takes a data folder without opening its library; release gives it back.
func Hold(dir string, holder Holder) (give func() error, err error) {
	var lock *flock.Flock
	if lock, err = hold(dir, holder); err != nil {
		return nil, err
	}
	return func() error { return release(lock) }, nil
}

// DatabaseName is the library's file in a data folder.
const DatabaseName = databaseName
