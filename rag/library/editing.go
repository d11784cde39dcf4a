package library

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"referent/internal/polish"
	"referent/rag"
)

// PutWritten keeps what a hand wrote for a unit in place of what models wrote for it
// before, and that it did, in one transaction.
func (l *Library) PutWritten(ctx context.Context, w rag.Written) error {
	l.commit.Lock()
	defer l.commit.Unlock()
	return l.change(ctx, "keep the questions about "+w.Citation, func(tx *sql.Tx) (int64, error) {
		const remove = `DELETE FROM questions WHERE act = ? AND key = ? AND origin = ?`
		if _, err := tx.ExecContext(ctx, remove, w.About, w.Key, rag.OriginModel); err != nil {
			return 0, fmt.Errorf("remove the questions: %w", err)
		}
		if err := insertQuestions(ctx, tx, w.About, rag.OriginModel, w.Questions); err != nil {
			return 0, err
		}
		const note = `INSERT INTO written (about, key, unit_hash, digest, prompt_version, kept, dropped, created_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET kept = excluded.kept, dropped = excluded.dropped`
		_, err := tx.ExecContext(ctx, note, w.About, w.Key, w.Hash, w.Digest, w.Prompt, len(w.Questions), w.Dropped,
			time.Now().UTC().Format(time.RFC3339))
		if err != nil {
			return 0, fmt.Errorf("note what was written: %w", err)
		}
		return placeAll(ctx, tx, w.About)
	})
}

// AddPace adds to what was measured of a hand.
func (l *Library) AddPace(ctx context.Context, by rag.Hand, pace rag.Pace) error {
	l.commit.Lock()
	defer l.commit.Unlock()
	before, err := l.Pace(ctx, by)
	if err != nil {
		return err
	}
	text, err := json.Marshal(before.Add(pace))
	if err != nil {
		return err
	}
	const put = `INSERT INTO paces (digest, prompt_version, pace) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET pace = excluded.pace`
	if _, err := l.writer.ExecContext(ctx, put, by.Digest, by.Prompt, string(text)); err != nil {
		return failure(l.dir, fmt.Errorf("keep the measured pace: %w", err))
	}
	return nil
}

// EditQuestions changes the questions about a document's act, or about the document where
// it is of none, at once. It gives the questions that were added, by id.
func (l *Library) EditQuestions(ctx context.Context, document string, edit rag.QuestionEdit) (added []int64, err error) {
	l.commit.Lock()
	defer l.commit.Unlock()
	err = l.change(ctx, "edit the questions about "+document, func(tx *sql.Tx) (int64, error) {
		info := rag.Info{ID: document}
		err := tx.QueryRowContext(ctx, `SELECT act FROM documents WHERE id = ?`, document).Scan(&info.Act)
		if errors.Is(err, sql.ErrNoRows) {
			return 0, &rag.Error{Code: rag.CodeNotFound, Subject: document}
		}
		if err != nil {
			return 0, err
		}
		about := info.About()
		const takeOff = `INSERT OR IGNORE INTO taken_off (about, key, text) SELECT act, key, text FROM questions WHERE id = ? AND act = ?`
		const restore = `DELETE FROM taken_off WHERE (about, key, text) IN (SELECT act, key, text FROM questions WHERE id = ? AND act = ?)`
		if err := eachQuestion(ctx, tx, about, takeOff, edit.TakeOff); err != nil {
			return 0, err
		}
		if err := eachQuestion(ctx, tx, about, restore, edit.Restore); err != nil {
			return 0, err
		}
		for _, q := range edit.Add {
			id, err := addQuestion(ctx, tx, about, edit.Origin, q)
			if err != nil {
				return 0, err
			}
			added = append(added, id)
		}
		return placeAll(ctx, tx, about)
	})
	return added, err
}

// eachQuestion runs a statement for questions about something; one that is not there is
// CodeNotFound.
func eachQuestion(ctx context.Context, tx *sql.Tx, about, statement string, ids []int64) error {
	for _, id := range ids {
		var there bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM questions WHERE id = ? AND act = ?)`, id, about).Scan(&there); err != nil {
			return err
		}
		if !there {
			return &rag.Error{Code: rag.CodeNotFound, Subject: fmt.Sprint(id)}
		}
		if _, err := tx.ExecContext(ctx, statement, id, about); err != nil {
			return err
		}
	}
	return nil
}

// addQuestion keeps a question; one that is there already, perhaps taken off, stands again.
func addQuestion(ctx context.Context, tx *sql.Tx, about string, origin rag.Origin, q rag.EverydayQuestion) (id int64, err error) {
	const back = `DELETE FROM taken_off WHERE about = ? AND key = ? AND text = ?`
	if _, err := tx.ExecContext(ctx, back, about, q.Key, q.Text); err != nil {
		return 0, err
	}
	const insert = `INSERT INTO questions (act, key, text, origin, model, prompt_version, language, unit_hash, sketch,
		created_at, text_hash, runes, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (act, key, text) DO UPDATE SET act = act RETURNING id`
	err = tx.QueryRowContext(ctx, insert, about, q.Key, q.Text, origin, q.Model, q.PromptVersion, cmp.Or(q.Language, defaultLanguage),
		q.TextHash, q.Sketch, time.Now().UTC().Format(time.RFC3339), questionHash(q.Text), utf8.RuneCountInString(q.Text), len(polish.Terms(q.Text))).Scan(&id)
	if err != nil {
		return 0, fmt.Errorf("insert a question: %w", err)
	}
	return id, nil
}

// QuestionTask is what makes the vector of a question, so that it can be found by meaning
// at once and not after all that waits.
func QuestionTask(text string) rag.EmbeddingTask {
	return rag.EmbeddingTask{Hash: questionHash(text), Text: text, Question: true}
}

// TakenOff gives the questions about a document that a person took off.
func (l *Library) TakenOff(ctx context.Context, document string) ([]rag.AskedQuestion, error) {
	const query = `SELECT q.id, q.key, q.text, q.origin FROM documents d
		JOIN questions q ON q.act = CASE d.act WHEN '' THEN 'document/' || d.id ELSE d.act END
		JOIN taken_off t ON t.about = q.act AND t.key = q.key AND t.text = q.text WHERE d.id = ? ORDER BY q.id`
	off, err := gather(ctx, l.reader, func(rows *sql.Rows) (rag.AskedQuestion, error) {
		q := rag.AskedQuestion{TakenOff: true}
		err := rows.Scan(&q.ID, &q.Key, &q.Text, &q.Origin)
		return q, err
	}, query, document)
	if err != nil {
		return nil, fmt.Errorf("questions taken off %s: %w", document, err)
	}
	return off, nil
}
