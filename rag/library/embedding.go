package library

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"referent/rag"
)

// countEmbedded counts passages (p) that have a vector of the model with a digest.
const countEmbedded = `SELECT COUNT(*) FROM passages p JOIN models m ON m.digest = ?
	WHERE EXISTS (SELECT 1 FROM vectors v WHERE v.model = m.id AND v.text_hash = p.text_hash)`

// withoutVector is true of passages (p) without a vector of the model with a digest.
const withoutVector = `NOT EXISTS (SELECT 1 FROM vectors v JOIN models m ON m.id = v.model
	WHERE m.digest = ? AND v.text_hash = p.text_hash)`

// PendingTexts gives texts that have no vector of the model with that digest, first
// stored first, each once however many passages share it; everyday questions come after
// all passages, since a passage is found by them alone with those it has.
func (l *Library) PendingTexts(ctx context.Context, digest string, limit int) ([]rag.EmbeddingTask, error) {
	const query = `SELECT d.title, p.heading, p.unit, p.article, p.text, p.text_hash
		FROM (SELECT MIN(p.id) AS id FROM passages p WHERE ` + withoutVector + ` GROUP BY p.text_hash ORDER BY 1 LIMIT ?) first
		JOIN passages p ON p.id = first.id JOIN documents d ON d.id = p.document ORDER BY p.id`
	tasks, err := gather(ctx, l.reader, func(rows *sql.Rows) (task rag.EmbeddingTask, err error) {
		var p rag.Passage
		var title string
		err = rows.Scan(&title, &p.Heading, &p.Unit, &p.Article, &p.Text, &task.Hash)
		task.Text = p.EmbeddingText(title)
		return task, err
	}, query, digest, limit)
	if err != nil {
		return nil, fmt.Errorf("texts to embed: %w", err)
	}
	if len(tasks) >= limit {
		return tasks, nil
	}
	questions, err := gather(ctx, l.reader, func(rows *sql.Rows) (rag.EmbeddingTask, error) {
		task := rag.EmbeddingTask{Question: true}
		err := rows.Scan(&task.Text, &task.Hash)
		return task, err
	}, `SELECT p.text, p.text_hash FROM questions p WHERE `+askedWithoutVector+`
		GROUP BY p.text_hash ORDER BY MIN(p.id) LIMIT ?`, digest, limit-len(tasks))
	if err != nil {
		return nil, fmt.Errorf("questions to embed: %w", err)
	}
	return append(tasks, questions...), nil
}

// askedWithoutVector is true of questions (p) that stand at a passage and have no vector.
const askedWithoutVector = `EXISTS (SELECT 1 FROM asked a WHERE a.question = p.id) AND ` + withoutVector

// CountPending counts the texts that PendingTexts would give and their code points.
func (l *Library) CountPending(ctx context.Context, digest string) (texts int, runes int64, err error) {
	const query = `SELECT COUNT(*), COALESCE(SUM(runes), 0) FROM (
		SELECT MAX(p.runes) AS runes FROM passages p WHERE ` + withoutVector + ` GROUP BY p.text_hash
		UNION ALL SELECT MAX(p.runes) FROM questions p WHERE ` + askedWithoutVector + ` GROUP BY p.text_hash)`
	if err := l.reader.QueryRowContext(ctx, query, digest, digest).Scan(&texts, &runes); err != nil {
		return 0, 0, fmt.Errorf("count the texts to embed: %w", err)
	}
	return texts, runes, nil
}

// PutVectors keeps vectors of a model. A vector of another dimension than the model's
// others, or without a direction, is refused and none of its batch is kept.
func (l *Library) PutVectors(ctx context.Context, digest string, vectors []rag.Vector) error {
	if len(vectors) == 0 {
		return nil
	}
	l.commit.Lock()
	defer l.commit.Unlock()
	var seq int64
	err := l.write(ctx, func(tx *sql.Tx) (err error) {
		seq, err = insertVectors(ctx, tx, digest, vectors)
		return err
	})
	if err == nil {
		err = l.follow(ctx, seq)
	}
	if err != nil {
		return failure(l.dir, fmt.Errorf("keep %d vectors: %w", len(vectors), err))
	}
	return nil
}

func insertVectors(ctx context.Context, tx *sql.Tx, digest string, vectors []rag.Vector) (seq int64, err error) {
	model, dimension, err := modelOf(ctx, tx, digest, len(vectors[0].Values))
	if err != nil {
		return 0, err
	}
	var last int64
	const given = `SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'vectors'), 0)`
	if err := tx.QueryRowContext(ctx, given).Scan(&last); err != nil {
		return 0, fmt.Errorf("last vector: %w", err)
	}
	embedded := change{kind: changeEmbedded, model: model, first: last + 1}
	const insert = `INSERT INTO vectors (model, text_hash, vector) VALUES (?, ?, ?) ON CONFLICT (model, text_hash) DO NOTHING`
	for _, v := range vectors {
		if len(v.Values) != dimension {
			return 0, fmt.Errorf("vector of %s has %d values, those of its model have %d", v.Hash, len(v.Values), dimension)
		}
		unit, err := normalised(v.Values)
		if err != nil {
			return 0, fmt.Errorf("vector of %s: %w", v.Hash, err)
		}
		if _, err := tx.ExecContext(ctx, insert, model, v.Hash, encodeVector(unit)); err != nil {
			return 0, fmt.Errorf("insert a vector: %w", err)
		}
	}
	if err := tx.QueryRowContext(ctx, given).Scan(&embedded.last); err != nil {
		return 0, fmt.Errorf("last vector: %w", err)
	}
	return recordChange(ctx, tx, embedded)
}

func modelOf(ctx context.Context, tx *sql.Tx, digest string, dimension int) (id int64, known int, err error) {
	const insert = `INSERT INTO models (digest, dimension) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING`
	if digest == "" || dimension == 0 {
		return 0, 0, errors.New("vectors of no model, or of no dimension")
	}
	if _, err := tx.ExecContext(ctx, insert, digest, dimension); err != nil {
		return 0, 0, fmt.Errorf("insert the model: %w", err)
	}
	err = tx.QueryRowContext(ctx, `SELECT id, dimension FROM models WHERE digest = ?`, digest).Scan(&id, &known)
	return id, known, err
}

// Unread counts the pages of the scope's documents that could not be read.
func (l *Library) Unread(ctx context.Context, scope rag.Scope) (int, error) {
	v, err := l.view(ctx, scope)
	if err != nil {
		return 0, err
	}
	count := 0
	for _, d := range v.documents {
		count += d.unread
	}
	return count, nil
}

// Pending counts the scope's passages, and the questions at them, that have no vector
// of the model with that digest.
func (l *Library) Pending(ctx context.Context, scope rag.Scope, digest string) (int, error) {
	v, err := l.view(ctx, scope)
	if err != nil {
		return 0, err
	}
	waiting, err := l.pending.get(l.seq.Load(), digest, func() (map[string]waiting, error) {
		return readWaiting(ctx, l.reader, digest)
	})
	if err != nil {
		return 0, fmt.Errorf("count pending passages: %w", err)
	}
	count := 0
	for _, d := range v.documents {
		count += waiting[d.id].inForce
		if v.outOfForce == nil {
			count += waiting[d.id].outOfForce
		}
	}
	return count, nil
}

// waiting counts the passages of a document, and the questions at them, that have no vector.
type waiting struct{ inForce, outOfForce int }

func readWaiting(ctx context.Context, db querier, digest string) (map[string]waiting, error) {
	counts := map[string]waiting{}
	count := func(rows *sql.Rows) error {
		var document string
		var w waiting
		err := rows.Scan(&document, &w.inForce, &w.outOfForce)
		w.inForce += counts[document].inForce
		counts[document] = w
		return err
	}
	err := each(ctx, db, count, `SELECT d.id, COUNT(*), 0 FROM questions p JOIN asked a ON a.question = p.id
		JOIN passages at ON at.id = a.passage JOIN documents d ON d.id = at.document WHERE `+withoutVector+` GROUP BY d.id`, digest)
	if err != nil {
		return nil, err
	}
	err = each(ctx, db, count, `SELECT p.document, COUNT(*) FILTER (WHERE p.status NOT IN ('repealed', 'not_yet')),
		COUNT(*) FILTER (WHERE p.status IN ('repealed', 'not_yet'))
		FROM passages p WHERE `+withoutVector+` GROUP BY p.document`, digest)
	return counts, err
}

// pendingCache keeps the last count: every question asks, few change the answer.
type pendingCache struct {
	mu     sync.Mutex
	seq    int64
	digest string
	counts map[string]waiting
}

// get reads again after a change or for another model. A count read while a change
// came may be newer than seq says, never older.
func (c *pendingCache) get(seq int64, digest string, read func() (map[string]waiting, error)) (map[string]waiting, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts != nil && c.seq == seq && c.digest == digest {
		return c.counts, nil
	}
	counts, err := read()
	if err != nil {
		return nil, err
	}
	c.seq, c.digest, c.counts = seq, digest, counts
	return counts, nil
}
