package library

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"referent/rag"
)

//go:embed migrations/*.sql
var migrations embed.FS

// readers is how many reads run at once; each has a page cache of 2 MB.
const readers = 4

// openDatabase opens SQLite with a number of connections.
//
// synchronous is FULL: in WAL mode NORMAL would let a power cut take back a commit
// that was acknowledged, and a document costs one sync of some milliseconds.
// Transactions are immediate: one that began by reading could not become a writer
// while another writes, whatever the busy timeout.
func openDatabase(path string, connections int) (*sql.DB, error) {
	query := url.Values{
		"_txlock": {"immediate"},
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(ON)"},
	}
	db, err := sql.Open("sqlite", dsn(path, query))
	if err != nil {
		return nil, fmt.Errorf("open the library: %w", err)
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}

// dsn names a file for SQLite, which would take the first folder of a relative path for a host.
func dsn(path string, query url.Values) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}).String()
}

// migrate brings the tables to this version. A library of a newer one is left as it is.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("version of the library: %w", err)
	}
	if current > target {
		return &rag.Error{Code: rag.CodeLibraryNewer, Err: fmt.Errorf("library is of version %d, this Referent knows %d", current, target)}
	}
	if current == target {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the library: %w", err)
	}
	return nil
}

// failure gives an error its code where a person can act on it.
func failure(dir string, err error) error {
	if err == nil {
		return nil
	}
	if coded := (*rag.Error)(nil); errors.As(err, &coded) {
		if coded.Subject == "" && coded.Code == rag.CodeLibraryNewer {
			coded.Subject = dir
		}
		return err
	}
	switch {
	case diskFull(err):
		return &rag.Error{Code: rag.CodeDiskFull, Subject: dir, Err: err}
	case readOnly(err):
		return &rag.Error{Code: rag.CodeDataFolderReadOnly, Subject: dir, Err: err}
	case sqliteCode(err) == sqlite3.SQLITE_NOTADB, sqliteCode(err) == sqlite3.SQLITE_CORRUPT:
		return damaged(dir, err)
	}
	return err
}

// sqliteCode gives SQLite's primary result code, 0 for another error.
func sqliteCode(err error) int {
	if failed := (*sqlite.Error)(nil); errors.As(err, &failed) {
		return failed.Code() & 0xff
	}
	return 0
}

func readOnly(err error) bool {
	code := sqliteCode(err)
	return code == sqlite3.SQLITE_READONLY || code == sqlite3.SQLITE_PERM || errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission)
}

func diskFull(err error) bool {
	if sqliteCode(err) == sqlite3.SQLITE_FULL {
		return true
	}
	for _, full := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT} {
		// bleve writes the system's error into a text of its own.
		if errors.Is(err, full) || err != nil && strings.Contains(err.Error(), full.Error()) {
			return true
		}
	}
	return false
}
