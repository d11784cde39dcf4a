package library

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"referent/internal/polish"
	"referent/rag"
)

// Put stores a document with its pages, units and passages in one transaction, in
// place of what was read from the same source before. When it returns without an
// error the document is durable and, but in a run of Bulk, found by words; what already
// has a vector of the model with that digest is found by vectors too. The same bytes read by the same
// extractor are left as they are. Where an index could not follow, the error says so;
// the document is durable all the same and the index catches up at the next change.
func (l *Library) Put(ctx context.Context, doc rag.Document, digest string) (rag.Stored, error) {
	if doc.Collection == "" {
		doc.Collection = rag.DefaultCollection
	}
	doc.ID = documentID(doc.Collection, doc.Source)
	if err := sound(doc); err != nil {
		return rag.Stored{}, fmt.Errorf("document %s: %w", doc.Source, err)
	}
	l.commit.Lock()
	defer l.commit.Unlock()
	unchanged, err := l.store(ctx, doc)
	if err != nil {
		return rag.Stored{}, failure(l.dir, fmt.Errorf("store %s: %w", doc.Source, err))
	}
	stored, err := countStored(ctx, l.writer, doc.ID, digest)
	stored.Unchanged = unchanged
	return stored, failure(l.dir, err)
}

// store commits and follows. An unchanged document follows too: an index may have
// failed when it was stored.
func (l *Library) store(ctx context.Context, doc rag.Document) (unchanged bool, err error) {
	committed := l.seq.Load()
	if unchanged, err = isStored(ctx, l.writer, doc); err != nil {
		return false, err
	}
	if !unchanged {
		if committed, err = l.commitDocument(ctx, doc); err != nil {
			return false, err
		}
	}
	return unchanged, l.followSoon(ctx, committed, len(doc.Passages))
}

// isStored says whether the library has these very bytes, read by the same extractor into
// the same text, with the same standing in law. The text may be another one though the
// bytes are not: a program that reads images was installed meanwhile.
func isStored(ctx context.Context, db querier, doc rag.Document) (bool, error) {
	const query = `SELECT EXISTS (SELECT 1 FROM documents WHERE id = ? AND hash = ? AND extractor = ? AND act = ? AND status = ?
		AND wording_date = ? AND text_kind = ? AND in_force_from = ? AND repealed_from = ? AND origin = ? AND missing_since = ''
		AND EXISTS (SELECT 1 FROM texts WHERE document = documents.id AND text = ?))`
	var stored bool
	err := db.QueryRowContext(ctx, query, doc.ID, doc.Hash, doc.Extractor, doc.Act, doc.Status,
		doc.WordingDate, doc.TextKind, doc.InForceFrom, doc.RepealedFrom, doc.Origin, doc.Text).Scan(&stored)
	return stored, err
}

// commitDocument makes the document durable; what is derived comes after it.
func (l *Library) commitDocument(ctx context.Context, doc rag.Document) (seq int64, err error) {
	err = l.write(ctx, func(tx *sql.Tx) error {
		if _, err := removeDocument(ctx, tx, doc.ID); err != nil {
			return err
		}
		if err := l.bankFor(ctx, tx, doc.Act); err != nil {
			return fmt.Errorf("bank of questions: %w", err)
		}
		seq, err = insertDocument(ctx, tx, doc)
		return err
	})
	return seq, err
}

// Delete takes a document out. Its vectors stay for the day it comes back.
func (l *Library) Delete(ctx context.Context, id string) error {
	l.commit.Lock()
	defer l.commit.Unlock()
	var seq int64
	err := l.write(ctx, func(tx *sql.Tx) (err error) {
		seq, err = removeDocument(ctx, tx, id)
		return err
	})
	if err == nil && seq == 0 {
		return &rag.Error{Code: rag.CodeNotFound, Subject: id}
	}
	if err == nil {
		err = l.follow(ctx, seq)
	}
	if err != nil {
		return failure(l.dir, fmt.Errorf("delete %s: %w", id, err))
	}
	return nil
}

// removeDocument gives 0 where there is no such document.
func removeDocument(ctx context.Context, tx *sql.Tx, id string) (seq int64, err error) {
	gone := change{kind: changeRemoved}
	const remove = `DELETE FROM documents WHERE id = ? RETURNING collection, first_passage, last_passage`
	err = tx.QueryRowContext(ctx, remove, id).Scan(&gone.collection, &gone.first, &gone.last)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("remove the document: %w", err)
	}
	return recordChange(ctx, tx, gone)
}

func insertDocument(ctx context.Context, tx *sql.Tx, doc rag.Document) (seq int64, err error) {
	const insert = `INSERT INTO documents (id, collection, act, title, source, kind, language, hash, status, wording_date,
		text_kind, extractor, fetched_at, units, passages, words, first_passage, last_passage, in_force_from, repealed_from,
		wording_after, origin)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	words := len(doc.Passages) * polish.CountTerms(doc.Title) // no word goes on in the next line
	for _, p := range doc.Passages {
		words += polish.CountTerms(p.Heading) + polish.CountTerms(p.Text)
	}
	// The passages' numbers are known beforehand: one writer gives them without gaps.
	var last int64
	const given = `SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'passages'), 0)`
	if err := tx.QueryRowContext(ctx, given).Scan(&last); err != nil {
		return 0, fmt.Errorf("last passage: %w", err)
	}
	stored := change{kind: changeStored, collection: doc.Collection, first: last + 1, last: last + int64(len(doc.Passages))}
	if _, err := tx.ExecContext(ctx, insert, doc.ID, doc.Collection, doc.Act, doc.Title, doc.Source, doc.Kind, doc.Language,
		doc.Hash, doc.Status, doc.WordingDate, doc.TextKind, doc.Extractor, doc.FetchedAt.UTC().Format(time.RFC3339Nano),
		len(doc.Units), len(doc.Passages), words, stored.first, stored.last, doc.InForceFrom, doc.RepealedFrom,
		doc.WordingAfter, doc.Origin); err != nil {
		return 0, fmt.Errorf("insert the document: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO texts (document, text) VALUES (?, ?)`, doc.ID, doc.Text); err != nil {
		return 0, fmt.Errorf("insert the text: %w", err)
	}
	for _, insert := range []func(context.Context, *sql.Tx, rag.Document) error{insertPages, insertUnits, insertRelations} {
		if err := insert(ctx, tx, doc); err != nil {
			return 0, err
		}
	}
	if err := insertPassages(ctx, tx, doc, stored.first); err != nil {
		return 0, err
	}
	if err := putStamp(ctx, tx, doc.ID, doc.Stamp); err != nil {
		return 0, fmt.Errorf("insert the stamp: %w", err)
	}
	w := actWording{id: doc.ID, language: doc.Language, first: stored.first, last: stored.last, units: slices.Clone(doc.Units)}
	fillTexts(w.units, doc.Text, 0)
	if err := w.place(ctx, tx, doc.About()); err != nil {
		return 0, err
	}
	return recordChange(ctx, tx, stored)
}

func insertPages(ctx context.Context, tx *sql.Tx, doc rag.Document) error {
	const insert = `INSERT INTO pages (document, ord, page, label, start_at, end_at, words, share, ocr, unread) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	return insertEach(ctx, tx, insert, len(doc.Pages), func(i int) []any {
		p := doc.Pages[i]
		return []any{doc.ID, i, p.Number, p.Label, p.Span.Start, p.Span.End, p.Words, p.Share, p.OCR, p.Unread}
	})
}

func insertUnits(ctx context.Context, tx *sql.Tx, doc rag.Document) error {
	const insert = `INSERT INTO units (document, ord, key, citation, article, page, start_at, end_at, status) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
	return insertEach(ctx, tx, insert, len(doc.Units), func(i int) []any {
		u := doc.Units[i]
		return []any{doc.ID, i, u.Key, u.Citation, u.Article, u.Page, u.Start, u.End, u.Status}
	})
}

func insertPassages(ctx context.Context, tx *sql.Tx, doc rag.Document, first int64) error {
	const insert = `INSERT INTO passages (id, document, ord, article, key, unit, page, start_at, end_at, status,
		text_hash, runes, heading, text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	return insertEach(ctx, tx, insert, len(doc.Passages), func(i int) []any {
		p := doc.Passages[i]
		text := p.EmbeddingText(doc.Title)
		return []any{
			first + int64(i), doc.ID, i, p.Article, p.Key, p.Unit, p.Page, p.Start, p.End, p.Status,
			textHash(text), utf8.RuneCountInString(text), p.Heading, p.Text,
		}
	})
}

func insertEach(ctx context.Context, tx *sql.Tx, query string, n int, values func(i int) []any) error {
	statement, err := tx.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer statement.Close() //nolint:errcheck // the transaction closes it as well
	for i := range n {
		if _, err := statement.ExecContext(ctx, values(i)...); err != nil {
			return fmt.Errorf("row %d: %w", i, err)
		}
	}
	return nil
}

// countStored says how far a document is.
func countStored(ctx context.Context, db querier, id, digest string) (rag.Stored, error) {
	stored := rag.Stored{Document: id}
	err := db.QueryRowContext(ctx, `SELECT d.units, d.passages, (`+countEmbedded+` AND p.document = d.id)
		FROM documents d WHERE d.id = ?`, digest, id).Scan(&stored.Units, &stored.Passages, &stored.Embedded)
	if err != nil {
		return stored, fmt.Errorf("count what was stored: %w", err)
	}
	return stored, nil
}

// sound refuses a document whose spans would not mean what they say. SQLite ends a
// text at a zero byte and counts the code points of broken UTF-8 in its own way.
func sound(doc rag.Document) error {
	if doc.Source == "" {
		return errors.New("it has no source")
	}
	if !utf8.ValidString(doc.Text) || strings.ContainsRune(doc.Text, 0) {
		return errors.New("its text is not clean UTF-8")
	}
	if len(doc.Passages) == 0 {
		return errors.New("it has no passages")
	}
	length := utf8.RuneCountInString(doc.Text)
	within := func(s rag.Span) bool { return 0 <= s.Start && s.Start <= s.End && s.End <= length }
	for _, u := range doc.Units {
		if !within(u.Span) {
			return fmt.Errorf("unit %s lies outside of its text", u.Citation)
		}
	}
	for i, p := range doc.Passages {
		if !within(p.Span) {
			return fmt.Errorf("passage %d (%s) lies outside of its text", i+1, p.Unit)
		}
	}
	for _, p := range doc.Pages {
		if !within(p.Span) {
			return fmt.Errorf("page %d lies outside of its text", p.Number)
		}
	}
	return nil
}

// documentID is the same for a source whenever it is read again. Two sources with one
// id are refused by the table, not mixed up.
func documentID(collection, source string) string {
	sum := sha256.Sum256([]byte(collection + "\x00" + source))
	return hex.EncodeToString(sum[:8])
}

func textHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
