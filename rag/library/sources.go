package library

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"referent/rag"
)

const knownColumns = infoColumns + `, COALESCE(s.size, 0), COALESCE(s.mtime, 0), COALESCE(s.inode, 0),
	COALESCE(s.etag, ''), COALESCE(s.modified, ''), COALESCE(s.checked_at, '')`

const fromKnown = ` FROM documents d LEFT JOIN stamps s ON s.document = d.id `

func scanKnown(scan func(...any) error) (rag.Known, error) {
	var k rag.Known
	var inode int64
	var checked string
	info, err := scanInfo(scan, &k.Stamp.Size, &k.Stamp.MTime, &inode, &k.Stamp.ETag, &k.Stamp.Modified, &checked)
	if err != nil {
		return rag.Known{}, err
	}
	k.Info, k.Stamp.Inode = info, uint64(inode)
	if checked != "" {
		if k.Stamp.Checked, err = time.Parse(time.RFC3339Nano, checked); err != nil {
			return rag.Known{}, fmt.Errorf("document %s: %w", info.ID, err)
		}
	}
	return k, nil
}

// Known gives the document that was read from a source, if the library has one.
func (l *Library) Known(ctx context.Context, collection, source string) (rag.Known, bool, error) {
	row := l.reader.QueryRowContext(ctx, `SELECT `+knownColumns+fromKnown+`WHERE d.collection = ? AND d.source = ?`, collection, source)
	known, err := scanKnown(row.Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return rag.Known{}, false, nil
	}
	if err != nil {
		return rag.Known{}, false, fmt.Errorf("document of %s: %w", source, err)
	}
	return known, true, nil
}

// Sources gives the documents of a collection, or of all where it is "", by source.
func (l *Library) Sources(ctx context.Context, collection string) ([]rag.Known, error) {
	list, err := gather(ctx, l.reader, func(rows *sql.Rows) (rag.Known, error) { return scanKnown(rows.Scan) },
		`SELECT `+knownColumns+fromKnown+`WHERE ?1 IN ('', d.collection) ORDER BY d.collection, d.source`, collection)
	if err != nil {
		return nil, fmt.Errorf("list sources: %w", err)
	}
	return list, nil
}

// State says how far a document is.
func (l *Library) State(ctx context.Context, id, digest string) (rag.Stored, error) {
	return countStored(ctx, l.reader, id, digest)
}

// Restamp notes how the source of an unchanged document looks now.
func (l *Library) Restamp(ctx context.Context, id string, stamp rag.Stamp) error {
	l.commit.Lock()
	defer l.commit.Unlock()
	err := l.write(ctx, func(tx *sql.Tx) error { return putStamp(ctx, tx, id, stamp) })
	if err != nil {
		return failure(l.dir, fmt.Errorf("stamp of %s: %w", id, err))
	}
	return nil
}

func putStamp(ctx context.Context, tx *sql.Tx, id string, stamp rag.Stamp) error {
	if stamp == (rag.Stamp{}) {
		return nil
	}
	const put = `INSERT OR REPLACE INTO stamps (document, size, mtime, inode, etag, modified, checked_at) VALUES (?, ?, ?, ?, ?, ?, ?)`
	_, err := tx.ExecContext(ctx, put, id, stamp.Size, stamp.MTime, int64(stamp.Inode), stamp.ETag, stamp.Modified, stamp.Checked.UTC().Format(time.RFC3339Nano))
	return err
}
