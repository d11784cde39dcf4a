package library

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"referent/internal/polish"
	"referent/rag"
)

// Bank is the everyday questions that come with Referent.
type Bank interface {
	// Edition tells one bank from another.
	Edition() string
	// Questions gives the questions about an act, none where it has none.
	Questions(act string) ([]rag.EverydayQuestion, error)
}

// bankEdition is where meta says which bank the library has its questions from.
const bankEdition = "bank"

// UseBank takes the questions about an act from a bank whenever a document of the act
// is stored, in the same transaction. Of another edition than the library's, those of
// the acts that it holds are exchanged at once.
func (l *Library) UseBank(ctx context.Context, bank Bank) error {
	l.commit.Lock()
	defer l.commit.Unlock()
	l.bank = bank
	var edition string
	err := l.reader.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = ?`, bankEdition).Scan(&edition)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("edition of the bank: %w", err)
	}
	if edition == bank.Edition() {
		return nil
	}
	return l.change(ctx, "install the bank of questions", func(tx *sql.Tx) (int64, error) { return l.exchangeBank(ctx, tx) })
}

// change commits what a transaction changes and lets the indices follow. The caller
// holds commit; 0 is the number of no change.
func (l *Library) change(ctx context.Context, what string, run func(tx *sql.Tx) (int64, error)) error {
	var seq int64
	err := l.write(ctx, func(tx *sql.Tx) (err error) {
		seq, err = run(tx)
		return err
	})
	if err == nil {
		err = l.follow(ctx, max(seq, l.seq.Load()))
	}
	if err != nil {
		return failure(l.dir, fmt.Errorf("%s: %w", what, err))
	}
	return nil
}

func (l *Library) exchangeBank(ctx context.Context, tx *sql.Tx) (seq int64, err error) {
	const known = `SELECT DISTINCT act FROM documents WHERE act <> '' UNION SELECT act FROM questions WHERE origin = ?`
	acts, err := gather(ctx, tx, func(rows *sql.Rows) (act string, err error) {
		err = rows.Scan(&act)
		return act, err
	}, known, rag.OriginBank)
	if err != nil {
		return 0, err
	}
	for _, act := range acts {
		questions, err := l.bank.Questions(act)
		if err != nil {
			return 0, err
		}
		last, err := replaceQuestions(ctx, tx, act, rag.OriginBank, questions)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", act, err)
		}
		seq = max(seq, last)
	}
	const keep = `INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	_, err = tx.ExecContext(ctx, keep, bankEdition, l.bank.Edition())
	return seq, err
}

// PutQuestions keeps the questions about an act of an origin in place of those it had
// before, and puts them at the articles of every wording that they still suit.
func (l *Library) PutQuestions(ctx context.Context, act string, origin rag.Origin, questions []rag.EverydayQuestion) error {
	l.commit.Lock()
	defer l.commit.Unlock()
	return l.change(ctx, "keep the questions about "+act, func(tx *sql.Tx) (int64, error) {
		return replaceQuestions(ctx, tx, act, origin, questions)
	})
}

func replaceQuestions(ctx context.Context, tx *sql.Tx, act string, origin rag.Origin, questions []rag.EverydayQuestion) (int64, error) {
	if act == "" {
		return 0, errors.New("questions about no act")
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM questions WHERE act = ? AND origin = ?`, act, origin); err != nil {
		return 0, fmt.Errorf("remove the questions: %w", err)
	}
	if err := insertQuestions(ctx, tx, act, origin, questions); err != nil {
		return 0, err
	}
	return placeAll(ctx, tx, act)
}

// placeAll puts the questions about something to all its wordings anew.
func placeAll(ctx context.Context, tx *sql.Tx, about string) (seq int64, err error) {
	documents, err := gather(ctx, tx, func(rows *sql.Rows) (d actWording, err error) {
		err = rows.Scan(&d.id, &d.collection, &d.language, &d.first, &d.last, &d.text)
		return d, err
	}, `SELECT d.id, d.collection, d.language, d.first_passage, d.last_passage, t.text
		FROM documents d JOIN texts t ON t.document = d.id WHERE ?1 IN (d.act, 'document/' || d.id)`, about)
	if err != nil {
		return 0, fmt.Errorf("wordings of %s: %w", about, err)
	}
	for _, d := range documents {
		if d.units, err = readUnits(ctx, tx, d.id, ""); err != nil {
			return 0, err
		}
		fillTexts(d.units, d.text, 0)
		if err := d.place(ctx, tx, about); err != nil {
			return 0, err
		}
		asked := change{kind: changeAsked, collection: d.collection, first: d.first, last: d.last}
		if seq, err = recordChange(ctx, tx, asked); err != nil {
			return 0, err
		}
	}
	return seq, nil
}

// insertQuestions keeps one question of several that are the same at a unit.
func insertQuestions(ctx context.Context, tx *sql.Tx, act string, origin rag.Origin, questions []rag.EverydayQuestion) error {
	const insert = `INSERT INTO questions (act, key, text, origin, model, prompt_version, language, unit_hash, sketch,
		created_at, text_hash, runes, words) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (act, key, text) DO NOTHING`
	now := time.Now().UTC().Format(time.RFC3339)
	err := insertEach(ctx, tx, insert, len(questions), func(i int) []any {
		q := questions[i]
		return []any{
			act, q.Key, q.Text, origin, q.Model, q.PromptVersion, cmp.Or(q.Language, defaultLanguage), q.TextHash, q.Sketch,
			now, questionHash(q.Text), utf8.RuneCountInString(q.Text), polish.CountTerms(q.Text),
		}
	})
	if err != nil {
		return fmt.Errorf("insert the questions: %w", err)
	}
	return nil
}

const defaultLanguage = "pl"

// questionHash is what the vector of a question is kept by: a passage with the same
// text has another one, since a model embeds it in another way.
func questionHash(text string) string { return textHash("query\x00" + text) }

// bankFor keeps the bank's questions about an act that the library learns of with a
// document that is being stored.
func (l *Library) bankFor(ctx context.Context, tx *sql.Tx, act string) error {
	if act == "" || l.bank == nil {
		return nil
	}
	var there bool
	const known = `SELECT EXISTS (SELECT 1 FROM questions WHERE act = ? AND origin = ?)`
	if err := tx.QueryRowContext(ctx, known, act, rag.OriginBank).Scan(&there); err != nil || there {
		return err
	}
	questions, err := l.bank.Questions(act)
	if err != nil {
		return err
	}
	return insertQuestions(ctx, tx, act, rag.OriginBank, questions)
}
