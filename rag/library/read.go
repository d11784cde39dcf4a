package library

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"referent/rag"
)

const infoColumns = `d.id, d.collection, d.act, d.title, d.source, d.kind, d.language, d.hash, d.status,
	d.wording_date, d.text_kind, d.extractor, d.fetched_at, d.in_force_from, d.repealed_from, d.wording_after, d.origin,
	d.missing_since, ` + repealedByOthers

func infoPlaces(info *rag.Info, fetched *string, byOthers *sql.NullString) []any {
	return []any{
		&info.ID, &info.Collection, &info.Act, &info.Title, &info.Source, &info.Kind, &info.Language, &info.Hash,
		&info.Status, &info.WordingDate, &info.TextKind, &info.Extractor, fetched, &info.InForceFrom, &info.RepealedFrom,
		&info.WordingAfter, &info.Origin, &info.MissingSince, byOthers,
	}
}

// scanInfo scans infoColumns and what follows them. The status is that of today.
func scanInfo(scan func(...any) error, more ...any) (rag.Info, error) {
	var info rag.Info
	var fetched string
	var byOthers sql.NullString
	if err := scan(append(infoPlaces(&info, &fetched, &byOthers), more...)...); err != nil {
		return rag.Info{}, err
	}
	info.RepealedFrom = earlier(info.RepealedFrom, byOthers.String)
	info.Status = info.StatusOn(today())
	var err error
	if info.FetchedAt, err = time.Parse(time.RFC3339Nano, fetched); err != nil {
		return rag.Info{}, fmt.Errorf("document %s: %w", info.ID, err)
	}
	return info, nil
}

const passageColumns = `p.id, p.article, p.key, p.unit, p.page, p.start_at, p.end_at, p.status, p.heading, p.text`

func passagePlaces(p *rag.Passage) []any {
	return []any{&p.ID, &p.Article, &p.Key, &p.Unit, &p.Page, &p.Start, &p.End, &p.Status, &p.Heading, &p.Text}
}

// Passages gives stored passages with their documents, in the order asked; gone ones
// are left out.
func (l *Library) Passages(ctx context.Context, ids []int64) ([]rag.Passage, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	// One parameter however many are asked for; CROSS JOIN keeps the order of the list.
	const query = `SELECT ` + infoColumns + `, ` + passageColumns + ` FROM json_each(?) asked
		CROSS JOIN passages p ON p.id = asked.value JOIN documents d ON d.id = p.document ORDER BY asked.key`
	documents := map[string]*rag.Info{}
	passages, err := gather(ctx, l.reader, func(rows *sql.Rows) (p rag.Passage, err error) {
		info, err := scanInfo(rows.Scan, passagePlaces(&p)...)
		if documents[info.ID] == nil {
			documents[info.ID] = &info
		}
		p.Document = documents[info.ID]
		return p, err
	}, query, string(list))
	if err != nil {
		return nil, fmt.Errorf("read passages: %w", err)
	}
	return passages, nil
}

// Units gives the units of a document whose key is key or lies below it, with their
// texts, in reading order; key "" gives them all.
func (l *Library) Units(ctx context.Context, document, key string) ([]rag.Unit, error) {
	tx, err := l.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	units, err := readUnits(ctx, tx, document, key)
	if err != nil || len(units) == 0 {
		return nil, err
	}
	around := units[0].Span
	for _, u := range units {
		around.Start, around.End = min(around.Start, u.Start), max(around.End, u.End)
	}
	// The text is read once and cut here: SQLite would read the whole of it for each unit.
	var text string
	const query = `SELECT substr(text, ?, ?) FROM texts WHERE document = ?`
	if err := tx.QueryRowContext(ctx, query, around.Start+1, around.End-around.Start, document).Scan(&text); err != nil {
		return nil, fmt.Errorf("text of the units: %w", err)
	}
	fillTexts(units, text, around.Start)
	return units, nil
}

func readUnits(ctx context.Context, db querier, document, key string) ([]rag.Unit, error) {
	// Keys below a key begin with it and a semicolon, which "<" follows in the alphabet.
	const query = `SELECT key, citation, article, page, start_at, end_at, status FROM units
		WHERE document = ?1 AND (?2 = '' OR key = ?2 OR key >= ?2 || ';' AND key < ?2 || '<') ORDER BY ord`
	units, err := gather(ctx, db, func(rows *sql.Rows) (u rag.Unit, err error) {
		err = rows.Scan(&u.Key, &u.Citation, &u.Article, &u.Page, &u.Start, &u.End, &u.Status)
		return u, err
	}, query, document, key)
	if err != nil {
		return nil, fmt.Errorf("read units: %w", err)
	}
	return units, nil
}

// fillTexts cuts the units' texts out of a text that begins at a code point of the document.
func fillTexts(units []rag.Unit, text string, start int) {
	runes := []rune(text)
	for i := range units {
		units[i].Text = string(runes[units[i].Start-start : units[i].End-start])
	}
}

// Document gives a document with its text, pages and units; passages are read by id.
func (l *Library) Document(ctx context.Context, id string) (rag.Document, error) {
	tx, err := l.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return rag.Document{}, err
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	return readDocument(ctx, tx, id)
}

func readDocument(ctx context.Context, tx querier, id string) (doc rag.Document, err error) {
	row := tx.QueryRowContext(ctx, `SELECT `+infoColumns+`, t.text FROM documents d JOIN texts t ON t.document = d.id WHERE d.id = ?`, id)
	doc.Info, err = scanInfo(row.Scan, &doc.Text)
	if errors.Is(err, sql.ErrNoRows) {
		return rag.Document{}, &rag.Error{Code: rag.CodeNotFound, Subject: id}
	}
	if err != nil {
		return rag.Document{}, fmt.Errorf("read document %s: %w", id, err)
	}
	if doc.Units, err = readUnits(ctx, tx, id, ""); err != nil {
		return rag.Document{}, err
	}
	fillTexts(doc.Units, doc.Text, 0)
	doc.Pages, err = gather(ctx, tx, func(rows *sql.Rows) (p rag.Page, err error) {
		err = rows.Scan(&p.Number, &p.Label, &p.Span.Start, &p.Span.End, &p.Words, &p.Share, &p.OCR, &p.Unread)
		return p, err
	}, `SELECT page, label, start_at, end_at, words, share, ocr, unread FROM pages WHERE document = ? ORDER BY ord`, id)
	if err != nil {
		return rag.Document{}, fmt.Errorf("read the pages of %s: %w", id, err)
	}
	doc.Relations, err = gather(ctx, tx, func(rows *sql.Rows) (r rag.Relation, err error) {
		err = rows.Scan(&r.Kind, &r.Act, &r.Date, &r.Key)
		return r, err
	}, `SELECT kind, act, date, key FROM relations WHERE document = ? ORDER BY ord`, id)
	if err != nil {
		return rag.Document{}, fmt.Errorf("read the relations of %s: %w", id, err)
	}
	return doc, nil
}

// Documents lists the documents of a collection, or of all where it is "", by title.
func (l *Library) Documents(ctx context.Context, collection, digest string) ([]rag.DocumentState, error) {
	const query = `SELECT ` + infoColumns + `, d.units, d.passages, COALESCE(e.n, 0), COALESCE(g.n, 0), COALESCE(g.ocr, 0), COALESCE(g.unread, 0)
		FROM documents d LEFT JOIN (` + embeddedByDocument + `) e ON e.document = d.id
		LEFT JOIN (SELECT document, COUNT(*) AS n, SUM(ocr) AS ocr, SUM(unread) AS unread FROM pages GROUP BY document) g ON g.document = d.id
		WHERE ?2 IN ('', d.collection) ORDER BY d.collection, d.title, d.id`
	states, err := gather(ctx, l.reader, func(rows *sql.Rows) (s rag.DocumentState, err error) {
		s.Info, err = scanInfo(rows.Scan, &s.Units, &s.Passages, &s.Embedded, &s.Pages, &s.OCR, &s.Unread)
		return s, err
	}, query, digest, collection)
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	effects, err := readEffects(ctx, l.reader, "")
	if err != nil {
		return nil, err
	}
	for i := range states {
		states[i].Effects = effects[states[i].Act]
	}
	return states, nil
}

const embeddedByDocument = `SELECT p.document, COUNT(*) AS n FROM models m JOIN vectors v ON v.model = m.id
	JOIN passages p ON p.text_hash = v.text_hash WHERE m.digest = ?1 GROUP BY p.document`

// Collections lists the collections and how far they are.
func (l *Library) Collections(ctx context.Context, digest string) ([]rag.CollectionState, error) {
	const query = `SELECT d.collection, COUNT(*), SUM(d.passages), COALESCE(SUM(e.n), 0)
		FROM documents d LEFT JOIN (` + embeddedByDocument + `) e ON e.document = d.id GROUP BY d.collection ORDER BY d.collection`
	states, err := gather(ctx, l.reader, func(rows *sql.Rows) (s rag.CollectionState, err error) {
		err = rows.Scan(&s.Name, &s.Documents, &s.Passages, &s.Embedded)
		return s, err
	}, query, digest)
	if err != nil {
		return nil, fmt.Errorf("list collections: %w", err)
	}
	return states, nil
}
