package library

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"strconv"

	"github.com/blevesearch/bleve/v2"

	"referent/internal/polish"
)

// rebuildWords builds the index from the tables. Its state comes last: an index
// without one was cut short.
func rebuildWords(ctx context.Context, db *sql.DB, path string, state indexState) (*wordIndex, error) {
	if err := os.RemoveAll(path); err != nil {
		return nil, err
	}
	created, err := bleve.New(path, wordsMapping())
	if err != nil {
		return nil, err
	}
	w := &wordIndex{path: path, index: created, indexState: state}
	if err := w.fill(ctx, db); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// fill indexes all passages and counts the words of each document again, as the
// analyser that counted them may have been another one.
func (w *wordIndex) fill(ctx context.Context, db *sql.DB) error {
	// One transaction sees one state of the library, and its number.
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit it has nothing to do
	last, err := lastChange(ctx, tx)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	batch := w.newBatch()
	err = each(ctx, tx, func(rows *sql.Rows) error {
		var id int64
		var document, title, heading, text string
		if err := rows.Scan(&id, &document, &title, &heading, &text); err != nil {
			return err
		}
		words := wordsOf(title, heading, text)
		counts[document] += len(polish.Terms(words))
		return batch.add(id, words)
	}, selectWords+` ORDER BY p.id`)
	if err != nil {
		return err
	}
	for document, words := range counts {
		if _, err := tx.ExecContext(ctx, `UPDATE documents SET words = ? WHERE id = ?`, words, document); err != nil {
			return err
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return batch.finish(last)
}

const selectWords = `SELECT p.id, p.document, d.title, p.heading, p.text
	FROM passages p JOIN documents d ON d.id = p.document`

// wordBatch sends changes to bleve in pieces.
type wordBatch struct {
	words *wordIndex
	batch *bleve.Batch
}

func (w *wordIndex) newBatch() *wordBatch { return &wordBatch{words: w, batch: w.index.NewBatch()} }

func (b *wordBatch) apply(ctx context.Context, db querier, c change) error {
	switch c.kind {
	case changeRemoved:
		for id := c.first; id <= c.last; id++ {
			b.batch.Delete(passageName(id))
			if err := b.flushFull(); err != nil {
				return err
			}
		}
	case changeStored:
		return each(ctx, db, func(rows *sql.Rows) error {
			var id int64
			var document, title, heading, text string
			if err := rows.Scan(&id, &document, &title, &heading, &text); err != nil {
				return err
			}
			return b.add(id, wordsOf(title, heading, text))
		}, selectWords+` WHERE p.id BETWEEN ? AND ?`, c.first, c.last)
	}
	return nil
}

func (b *wordBatch) add(id int64, words string) error {
	entry := struct {
		Words string `json:"words"`
	}{words}
	if err := b.batch.Index(passageName(id), entry); err != nil {
		return err
	}
	return b.flushFull()
}

func (b *wordBatch) flushFull() error {
	if b.batch.Size() < batchSize {
		return nil
	}
	err := b.send()
	b.batch.Reset()
	return err
}

// finish sends the rest together with the number of the last change in it.
func (b *wordBatch) finish(seq int64) error {
	state := b.words.indexState
	state.Seq = seq
	content, err := json.Marshal(state)
	if err != nil {
		return err
	}
	b.batch.SetInternal(stateKey, content)
	if err := b.send(); err != nil {
		return err
	}
	b.words.seq = seq
	return nil
}

func (b *wordBatch) send() error {
	return guarded(func() error { return b.words.index.Batch(b.batch) })
}

func passageName(id int64) string { return strconv.FormatInt(id, 10) }
