package library

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"referent/rag"
)

// repealedByOthers gives the first day from which a document (d) is repealed by what
// others say of its act; NULL where nothing does. A document that names no day repeals
// from the day it comes into force, else from its own, else from when it was read: a
// repeal without any day is a repeal all the same. It goes when that document goes.
const repealedByOthers = `(SELECT MIN(COALESCE(NULLIF(r.date, ''), NULLIF(by.in_force_from, ''), NULLIF(by.wording_date, ''), substr(by.fetched_at, 1, 10)))
	FROM relations r JOIN documents by ON by.id = r.document
	WHERE r.act = d.act AND r.kind = 'repeals' AND d.act != '' AND by.act != d.act)`

// today is the day that the law is asked of where none is named.
func today() string { return time.Now().Format(time.DateOnly) }

// earlier gives the earlier of two days; "" is none.
func earlier(a, b string) string {
	if a == "" || b != "" && b < a {
		return b
	}
	return a
}

func insertRelations(ctx context.Context, tx *sql.Tx, doc rag.Document) error {
	const insert = `INSERT INTO relations (document, ord, kind, act, date, key) VALUES (?, ?, ?, ?, ?, ?)`
	return insertEach(ctx, tx, insert, len(doc.Relations), func(i int) []any {
		r := doc.Relations[i]
		return []any{doc.ID, i, r.Kind, r.Act, r.Date, r.Key}
	})
}

// Effects gives what other documents do to an act, earliest first.
func (l *Library) Effects(ctx context.Context, act string) ([]rag.Effect, error) {
	all, err := readEffects(ctx, l.reader, act)
	return all[act], err
}

// readEffects gives the effects on an act, or on each act where it is "".
func readEffects(ctx context.Context, db querier, act string) (map[string][]rag.Effect, error) {
	const query = `SELECT r.act, r.kind, COALESCE(NULLIF(r.date, ''), by.in_force_from), r.key, by.id, by.act, by.title
		FROM relations r JOIN documents by ON by.id = r.document
		WHERE (?1 = '' OR r.act = ?1) AND by.act != r.act ORDER BY 3, by.id, r.ord`
	effects := map[string][]rag.Effect{}
	err := each(ctx, db, func(rows *sql.Rows) error {
		var on string
		var e rag.Effect
		err := rows.Scan(&on, &e.Kind, &e.Date, &e.Key, &e.Document, &e.Act, &e.Title)
		effects[on] = append(effects[on], e)
		return err
	}, query, act)
	if err != nil {
		return nil, fmt.Errorf("what was done to %q: %w", act, err)
	}
	return effects, nil
}

// Wording gives the wording of an act that answers today from a collection.
func (l *Library) Wording(ctx context.Context, collection, act string) (rag.Document, bool, error) {
	in, err := gather(ctx, l.reader, func(rows *sql.Rows) (holding, error) {
		d, _, err := scanHolding(rows)
		return d, err
	}, selectHoldings+` WHERE d.act = ? AND d.collection = ? ORDER BY first_passage`, act, collection)
	if err != nil {
		return rag.Document{}, false, fmt.Errorf("wordings of %s: %w", act, err)
	}
	answering := wordings(in, rag.Scope{Repealed: true}, today())
	for _, d := range in {
		if answering(d) {
			doc, err := l.Document(ctx, d.id)
			return doc, err == nil, err
		}
	}
	return rag.Document{}, false, nil
}

// SetMissing notes since which day the sources of documents are gone; "" says that they
// are back. A document whose source is gone stays out of answers.
func (l *Library) SetMissing(ctx context.Context, ids []string, since string) error {
	if len(ids) == 0 {
		return nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	return l.note(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE documents SET missing_since = ? WHERE id IN (SELECT value FROM json_each(?))`, since, string(list))
		return err
	})
}

// note changes what is known of documents without changing a passage, and tells the
// holdings by a change of its own.
func (l *Library) note(ctx context.Context, run func(tx *sql.Tx) error) error {
	l.commit.Lock()
	defer l.commit.Unlock()
	var seq int64
	err := l.write(ctx, func(tx *sql.Tx) (err error) {
		if err = run(tx); err != nil {
			return err
		}
		seq, err = recordChange(ctx, tx, change{kind: changeNoted, first: 1})
		return err
	})
	if err == nil {
		err = l.follow(ctx, seq)
	}
	if err != nil {
		return failure(l.dir, fmt.Errorf("note of documents: %w", err))
	}
	return nil
}
