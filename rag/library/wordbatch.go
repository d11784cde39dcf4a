package library

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/blevesearch/bleve/v2"

	"referent/internal/polish"
)

// corpus is what an index by words is made of: a text to each passage that has one.
type corpus struct {
	texts   string // gives passage and text; ends where conditions on "passage" may follow
	group   string // what comes after them
	count   string // how many texts there are
	recount func(ctx context.Context, tx *sql.Tx, words map[int64]int) error

	lengthWeight float64 // what the length of a text counts for, as in BM25
}

// corpora are those of the passages and of the everyday questions. All questions of an
// article are one text, as they are one answer to what the article is about.
var corpora = struct{ passages, questions corpus }{
	passages: corpus{
		texts: `SELECT p.id AS passage, d.title || char(10) || p.heading || char(10) || p.text
			FROM passages p JOIN documents d ON d.id = p.document`,
		group: ` ORDER BY passage`,
		count: `SELECT COUNT(*) FROM passages`, recount: recountPassages, lengthWeight: passageLength,
	},
	questions: corpus{
		texts: `SELECT a.passage AS passage, group_concat(q.text, char(10)) FROM asked a JOIN questions q ON q.id = a.question`,
		group: ` GROUP BY passage ORDER BY passage`,
		count: `SELECT COUNT(DISTINCT passage) FROM asked`, recount: recountQuestions, lengthWeight: questionLength,
	},
}

// rebuildWords builds the index from the tables. Its state comes last: an index
// without one was cut short.
func rebuildWords(ctx context.Context, db *sql.DB, path string, of corpus, state indexState) (*wordIndex, error) {
	if err := os.RemoveAll(path); err != nil {
		return nil, err
	}
	created, err := bleve.New(path, wordsMapping())
	if err != nil {
		return nil, err
	}
	w := &wordIndex{path: path, of: of, index: created, indexState: state}
	if err := w.fill(ctx, db); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// fill indexes all texts and counts their words again, as the analyser that counted
// them may have been another one.
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
	counts := map[int64]int{}
	batch := w.newBatch()
	err = each(ctx, tx, func(rows *sql.Rows) error {
		var passage int64
		var text string
		if err := rows.Scan(&passage, &text); err != nil {
			return err
		}
		counts[passage] = polish.CountTerms(text)
		return batch.add(passage, text)
	}, w.of.texts+w.of.group)
	if err != nil {
		return err
	}
	if err := w.of.recount(ctx, tx, counts); err != nil {
		return fmt.Errorf("count the words: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	return batch.finish(last)
}

func recountPassages(ctx context.Context, tx *sql.Tx, words map[int64]int) error {
	documents, err := gather(ctx, tx, func(rows *sql.Rows) (d holding, err error) {
		err = rows.Scan(&d.id, &d.first, &d.last)
		return d, err
	}, `SELECT id, first_passage, last_passage FROM documents`)
	if err != nil {
		return err
	}
	for _, d := range documents {
		sum := 0
		for passage := d.first; passage <= d.last; passage++ {
			sum += words[passage]
		}
		if _, err := tx.ExecContext(ctx, `UPDATE documents SET words = ? WHERE id = ?`, sum, d.id); err != nil {
			return err
		}
	}
	return nil
}

// recountQuestions counts question by question: one may stand at passages of several
// wordings of its act.
func recountQuestions(ctx context.Context, tx *sql.Tx, _ map[int64]int) error {
	words := map[int64]int{}
	err := each(ctx, tx, func(rows *sql.Rows) error {
		var id int64
		var text string
		err := rows.Scan(&id, &text)
		words[id] = polish.CountTerms(text)
		return err
	}, `SELECT id, text FROM questions`)
	if err != nil {
		return err
	}
	for id, n := range words {
		if _, err := tx.ExecContext(ctx, `UPDATE questions SET words = ? WHERE id = ?`, n, id); err != nil {
			return err
		}
	}
	return nil
}

// wordBatch sends changes to bleve in pieces.
type wordBatch struct {
	words *wordIndex
	batch *bleve.Batch
}

func (w *wordIndex) newBatch() *wordBatch { return &wordBatch{words: w, batch: w.index.NewBatch()} }

func (b *wordBatch) apply(ctx context.Context, db querier, c change) error {
	switch c.kind {
	case changeRemoved:
		return b.remove(c)
	case changeAsked:
		// Passages have not changed; questions may be gone from some.
		if err := b.remove(c); err != nil {
			return err
		}
		return b.put(ctx, db, c)
	case changeStored:
		return b.put(ctx, db, c)
	}
	return nil
}

func (b *wordBatch) remove(c change) error {
	for id := c.first; id <= c.last; id++ {
		b.batch.Delete(passageName(id))
		if err := b.flushFull(); err != nil {
			return err
		}
	}
	return nil
}

func (b *wordBatch) put(ctx context.Context, db querier, c change) error {
	return each(ctx, db, func(rows *sql.Rows) error {
		var passage int64
		var text string
		if err := rows.Scan(&passage, &text); err != nil {
			return err
		}
		return b.add(passage, text)
	}, b.words.of.texts+` WHERE passage BETWEEN ? AND ?`+b.words.of.group, c.first, c.last)
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
