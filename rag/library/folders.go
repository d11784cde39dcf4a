package library

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"referent/rag"
)

// Watch remembers a folder that is looked at again; remembering it twice does nothing.
func (l *Library) Watch(ctx context.Context, collection, path string) error {
	return l.folder(ctx, `INSERT INTO folders (collection, path, added_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		collection, path, time.Now().UTC().Format(time.RFC3339))
}

// Unwatch forgets a folder; its documents stay.
func (l *Library) Unwatch(ctx context.Context, collection, path string) error {
	return l.folder(ctx, `DELETE FROM folders WHERE collection = ? AND path = ?`, collection, path)
}

// Pause lets a watched folder rest, or wakes it.
func (l *Library) Pause(ctx context.Context, collection, path string, paused bool) error {
	return l.folder(ctx, `UPDATE folders SET paused = ? WHERE collection = ? AND path = ?`, paused, collection, path)
}

// Looked notes what a look at a watched folder found.
func (l *Library) Looked(ctx context.Context, collection, path string, look rag.Look) error {
	return l.folder(ctx, `UPDATE folders SET looked_at = ?, files = ?, stored = ?, problems = ?, missing = ? WHERE collection = ? AND path = ?`,
		look.At.UTC().Format(time.RFC3339), look.Files, look.Stored, look.Problems, look.Missing, collection, path)
}

func (l *Library) folder(ctx context.Context, query string, args ...any) error {
	l.commit.Lock()
	defer l.commit.Unlock()
	err := l.write(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	})
	if err != nil {
		return failure(l.dir, fmt.Errorf("watched folders: %w", err))
	}
	return nil
}

// Folders lists the watched folders, those that rest among them.
func (l *Library) Folders(ctx context.Context) ([]rag.WatchedFolder, error) {
	list, err := gather(ctx, l.reader, scanFolder,
		`SELECT collection, path, added_at, paused, looked_at, files, stored, problems, missing FROM folders ORDER BY collection, path`)
	if err != nil {
		return nil, fmt.Errorf("watched folders: %w", err)
	}
	return list, nil
}

func scanFolder(rows *sql.Rows) (f rag.WatchedFolder, err error) {
	var added, looked string
	err = rows.Scan(&f.Collection, &f.Path, &added, &f.Paused, &looked, &f.Look.Files, &f.Look.Stored, &f.Look.Problems, &f.Look.Missing)
	if err != nil {
		return f, err
	}
	if f.Added, err = time.Parse(time.RFC3339, added); err == nil && looked != "" {
		f.Look.At, err = time.Parse(time.RFC3339, looked)
	}
	return f, err
}
