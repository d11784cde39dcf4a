package library

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"referent/rag"
)

// keptOverlap is how much of the lemmas of a unit must be those of the text that a
// question was written from for the question to stay.
const keptOverlap = 0.6

// actWording is a document of an act as its questions are put to it.
type actWording struct {
	id, collection, language string
	first, last              int64 // its passages
	text                     string
	units                    []rag.Unit // with their texts
}

// writtenFor is a question as far as placing it needs.
type writtenFor struct {
	id       int64
	key      string
	language string
	hash     string
	sketch   rag.Sketch
}

// place puts the questions about an act to a wording of it, in place of where they stood.
// Those that a person took off stay away.
func (w actWording) place(ctx context.Context, tx *sql.Tx, about string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM asked WHERE passage BETWEEN ? AND ?`, w.first, w.last); err != nil {
		return fmt.Errorf("take the questions off: %w", err)
	}
	questions, err := gather(ctx, tx, func(rows *sql.Rows) (q writtenFor, err error) {
		err = rows.Scan(&q.id, &q.key, &q.language, &q.hash, &q.sketch)
		return q, err
	}, `SELECT id, key, language, unit_hash, sketch FROM questions q WHERE act = ? AND NOT EXISTS
		(SELECT 1 FROM taken_off t WHERE t.about = q.act AND t.key = q.key AND t.text = q.text) ORDER BY id`, about)
	if err != nil || len(questions) == 0 {
		return err
	}
	passages, err := articlePassages(ctx, tx, w.id)
	if err != nil {
		return err
	}
	loose := looseTexts{}
	if loose.pieces, err = readPieces(ctx, tx, w.id); err != nil {
		return err
	}
	units := map[string][]rag.Unit{}
	for _, u := range w.units {
		units[u.Key] = append(units[u.Key], u)
	}
	insert, err := tx.PrepareContext(ctx, `INSERT INTO asked (passage, question, stale) VALUES (?, ?, ?)`)
	if err != nil {
		return err
	}
	defer insert.Close() //nolint:errcheck // the transaction closes it as well
	for _, q := range questions {
		unit, stale, found := w.suits(q, units[q.key])
		passage, has := passages[unit.Article]
		if rag.IsTextKey(q.key) {
			passage, stale, has = loose.suits(q)
			found = has
		}
		if !found || !has {
			continue
		}
		if _, err := insert.ExecContext(ctx, passage, q.id, stale); err != nil {
			return fmt.Errorf("put a question to its article: %w", err)
		}
	}
	return nil
}

// suits says whether one of the units with a question's key says what the question was
// written from, or nearly (stale). Of a text in another language nobody can tell.
func (w actWording) suits(q writtenFor, units []rag.Unit) (unit rag.Unit, stale, found bool) {
	for _, u := range units {
		if rag.UnitHash(u.Text) == q.hash {
			return u, false, true
		}
	}
	for _, u := range units {
		if q.language != w.language || rag.NewSketch(u.Text).Overlap(q.sketch) >= keptOverlap {
			return u, true, true
		}
	}
	return rag.Unit{}, false, false
}

// looseTexts are the passages of a document that no article holds. Their sketches are
// made when a question needs one: most are found by their hash.
type looseTexts struct {
	pieces   []rag.Passage
	hashes   map[string]int64
	sketches []rag.Sketch
}

// suits gives the passage that says what a question was written from, or else the one
// most like it if it says nearly that.
func (l *looseTexts) suits(q writtenFor) (passage int64, stale, found bool) {
	if l.hashes == nil {
		l.hashes = make(map[string]int64, len(l.pieces))
		for _, p := range slices.Backward(l.pieces) { // of two that are the same the first
			l.hashes[rag.UnitHash(p.Text)] = p.ID
		}
	}
	if passage, found = l.hashes[q.hash]; found {
		return passage, false, true
	}
	if l.sketches == nil {
		for _, p := range l.pieces {
			l.sketches = append(l.sketches, rag.NewSketch(p.Text))
		}
	}
	best := keptOverlap
	for i, sketch := range l.sketches {
		if overlap := sketch.Overlap(q.sketch); overlap > best || overlap == best && !found {
			passage, best, found = l.pieces[i].ID, overlap, true
		}
	}
	return passage, true, found
}

// articlePassages gives the first passage of each article of a document, of those in
// force if there are any: a scope may see no others.
func articlePassages(ctx context.Context, tx *sql.Tx, document string) (map[string]int64, error) {
	first := map[string]int64{}
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var article string
		var passage int64
		err := rows.Scan(&article, &passage)
		first[article] = passage
		return err
	}, `SELECT article, COALESCE(MIN(id) FILTER (WHERE status NOT IN ('repealed', 'not_yet')), MIN(id))
		FROM passages WHERE document = ? AND article <> '' GROUP BY article`, document)
	if err != nil {
		return nil, fmt.Errorf("articles of %s: %w", document, err)
	}
	return first, nil
}

// AskedOf gives the everyday questions at the units of a document, in the order of its
// articles; stale are those that were written from another wording.
func (l *Library) AskedOf(ctx context.Context, document string) ([]rag.AskedQuestion, error) {
	const query = `SELECT q.id, a.passage, q.key, q.text, q.model, q.prompt_version, q.language, q.unit_hash, q.sketch, q.origin, a.stale
		FROM documents d JOIN asked a ON a.passage BETWEEN d.first_passage AND d.last_passage
		JOIN questions q ON q.id = a.question WHERE d.id = ? ORDER BY a.passage, q.id`
	asked, err := gather(ctx, l.reader, func(rows *sql.Rows) (q rag.AskedQuestion, err error) {
		err = rows.Scan(&q.ID, &q.Passage, &q.Key, &q.Text, &q.Model, &q.PromptVersion, &q.Language, &q.TextHash, &q.Sketch, &q.Origin, &q.Stale)
		return q, err
	}, query, document)
	if err != nil {
		return nil, fmt.Errorf("questions about %s: %w", document, err)
	}
	return asked, nil
}
