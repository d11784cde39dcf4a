package library

import (
	"context"
	"database/sql"
	"fmt"
)

// Kinds of changes.
const (
	changeStored   = "stored"
	changeRemoved  = "removed"
	changeEmbedded = "embedded"
	changeAsked    = "asked"
	changeNoted    = "noted" // of no passage: what is known of a document changed
)

// change is a step that the derived indices have to follow: the passages (when embedded,
// the vectors of a model; when asked, the questions at the passages) from first to last.
type change struct {
	seq         int64
	kind        string
	collection  string
	model       int64
	first, last int64
}

// querier is a database or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

func recordChange(ctx context.Context, tx *sql.Tx, c change) (seq int64, err error) {
	const insert = `INSERT INTO changes (kind, collection, model, first, last) VALUES (?, ?, ?, ?, ?)`
	result, err := tx.ExecContext(ctx, insert, c.kind, c.collection, c.model, c.first, c.last)
	if err != nil {
		return 0, fmt.Errorf("record a change: %w", err)
	}
	return result.LastInsertId()
}

// lastChange is the number of the last change ever made, pruned or not.
func lastChange(ctx context.Context, db querier) (int64, error) {
	const query = `SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0)`
	var seq int64
	if err := db.QueryRowContext(ctx, query).Scan(&seq); err != nil {
		return 0, fmt.Errorf("last change: %w", err)
	}
	return seq, nil
}

// changesAfter gives the changes after one; whole is false where the list does not
// reach back that far, or ends before it, and only a rebuild helps.
func changesAfter(ctx context.Context, db querier, seq int64) (list []change, whole bool, err error) {
	last, err := lastChange(ctx, db)
	if err != nil {
		return nil, false, err
	}
	const query = `SELECT seq, kind, collection, model, first, last FROM changes WHERE seq > ? ORDER BY seq`
	list, err = gather(ctx, db, func(rows *sql.Rows) (c change, err error) {
		err = rows.Scan(&c.seq, &c.kind, &c.collection, &c.model, &c.first, &c.last)
		return c, err
	}, query, seq)
	if err != nil {
		return nil, false, fmt.Errorf("list of changes: %w", err)
	}
	// AUTOINCREMENT leaves no gaps but those of pruning: changes are never rolled
	// back without their number, and nothing else deletes them.
	whole = int64(len(list)) == last-seq
	return list, whole, nil
}

func pruneChanges(ctx context.Context, db *sql.DB, upTo int64) error {
	if _, err := db.ExecContext(ctx, `DELETE FROM changes WHERE seq <= ?`, upTo); err != nil {
		return fmt.Errorf("prune the list of changes: %w", err)
	}
	return nil
}

// gather reads all rows of a query.
func gather[T any](ctx context.Context, db querier, scan func(*sql.Rows) (T, error), query string, args ...any) (list []T, err error) {
	err = each(ctx, db, func(rows *sql.Rows) error {
		item, err := scan(rows)
		list = append(list, item)
		return err
	}, query, args...)
	return list, err
}

// each calls visit at every row of a query.
func each(ctx context.Context, db querier, visit func(*sql.Rows) error, query string, args ...any) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err below has the error
	for rows.Next() {
		if err := visit(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
