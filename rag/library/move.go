package library

import (
	"context"
	"database/sql"
	"fmt"

	"referent/rag"
)

// Take takes a document out and gives it, whole, so that Restore can bring it back.
func (l *Library) Take(ctx context.Context, id string) (rag.Document, error) {
	l.commit.Lock()
	defer l.commit.Unlock()
	var doc rag.Document
	err := l.change(ctx, "take "+id, func(tx *sql.Tx) (seq int64, err error) {
		if doc, err = readWhole(ctx, tx, id); err != nil {
			return 0, err
		}
		return removeDocument(ctx, tx, id)
	})
	return doc, err
}

// Restore brings back a document that Take gave. Where its source was read again
// meanwhile it fails with CodeAlreadyThere: what is newer stays.
func (l *Library) Restore(ctx context.Context, doc rag.Document) error {
	l.commit.Lock()
	defer l.commit.Unlock()
	return l.change(ctx, "restore "+doc.ID, func(tx *sql.Tx) (int64, error) {
		return l.insertKept(ctx, tx, doc)
	})
}

// Move puts a document into another collection and gives the id that it has there. Its
// texts stay embedded. It fails with CodeAlreadyThere where that collection has a document
// of the same source.
func (l *Library) Move(ctx context.Context, id, collection string) (moved string, err error) {
	l.commit.Lock()
	defer l.commit.Unlock()
	moved = id
	err = l.change(ctx, "move "+id, func(tx *sql.Tx) (int64, error) {
		doc, err := readWhole(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		if doc.Collection == collection {
			return lastChange(ctx, tx)
		}
		if _, err := removeDocument(ctx, tx, id); err != nil {
			return 0, err
		}
		before := doc.Info
		doc.Collection, doc.ID = collection, documentID(collection, doc.Source)
		if err := moveQuestions(ctx, tx, before.About(), doc.About()); err != nil {
			return 0, err
		}
		moved = doc.ID
		return l.insertKept(ctx, tx, doc)
	})
	return moved, err
}

// moveQuestions takes the questions about a document of no act along with it.
func moveQuestions(ctx context.Context, tx *sql.Tx, from, to string) error {
	if from == to {
		return nil
	}
	for _, update := range []string{
		`UPDATE OR REPLACE questions SET act = ?2 WHERE act = ?1`,
		`UPDATE OR REPLACE taken_off SET about = ?2 WHERE about = ?1`,
		`UPDATE OR REPLACE written SET about = ?2 WHERE about = ?1`,
	} {
		if _, err := tx.ExecContext(ctx, update, from, to); err != nil {
			return fmt.Errorf("move the questions: %w", err)
		}
	}
	return nil
}

// insertKept stores a document as it was kept, its source's absence with it.
func (l *Library) insertKept(ctx context.Context, tx *sql.Tx, doc rag.Document) (seq int64, err error) {
	var there bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM documents WHERE id = ?)`, doc.ID).Scan(&there); err != nil {
		return 0, err
	}
	if there {
		return 0, &rag.Error{Code: rag.CodeAlreadyThere, Subject: doc.Collection}
	}
	if err := l.bankFor(ctx, tx, doc.Act); err != nil {
		return 0, fmt.Errorf("bank of questions: %w", err)
	}
	if seq, err = insertDocument(ctx, tx, doc); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE documents SET missing_since = ? WHERE id = ?`, doc.MissingSince, doc.ID)
	return seq, err
}

// readWhole gives a document as it was put: with its passages and its stamp, and with the
// standing that it has by itself, not the one that others and today's date give it.
func readWhole(ctx context.Context, tx *sql.Tx, id string) (rag.Document, error) {
	doc, err := readDocument(ctx, tx, id)
	if err != nil {
		return doc, err
	}
	known, err := scanKnown(tx.QueryRowContext(ctx, `SELECT `+knownColumns+fromKnown+`WHERE d.id = ?`, id).Scan)
	if err != nil {
		return doc, fmt.Errorf("stamp of %s: %w", id, err)
	}
	doc.Stamp = known.Stamp
	own := tx.QueryRowContext(ctx, `SELECT status, repealed_from FROM documents WHERE id = ?`, id)
	if err := own.Scan(&doc.Status, &doc.RepealedFrom); err != nil {
		return doc, fmt.Errorf("standing of %s: %w", id, err)
	}
	doc.Passages, err = gather(ctx, tx, func(rows *sql.Rows) (p rag.Passage, err error) {
		err = rows.Scan(passagePlaces(&p)...)
		return p, err
	}, `SELECT `+passageColumns+` FROM passages p WHERE p.document = ? ORDER BY p.ord`, id)
	if err != nil {
		return doc, fmt.Errorf("passages of %s: %w", id, err)
	}
	return doc, nil
}
