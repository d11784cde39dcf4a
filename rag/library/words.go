package library

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"
	index "github.com/blevesearch/bleve_index_api"

	"referent/internal/polish"
)

const (
	// analyserVersion names what polish.Terms makes of a text. Raise it when that
	// changes: every library then builds its index by words anew when it is opened.
	analyserVersion = "referent-folded-1"

	// wordsField holds title, heading and text of a passage: one field, because a
	// question names the act and says what it asks in one breath (measured in
	// docs/benchmarks.md: better than the text alone).
	wordsField = "words"

	batchSize = 500 // passages
)

// stateKey is where the index remembers what it is an index of.
var stateKey = []byte("referent")

// indexState is written in the same batch as what it tells of.
type indexState struct {
	Generation string `json:"generation"`
	Analyser   string `json:"analyser"`
	Seq        int64  `json:"seq"` // the last change applied
}

// wordIndex is the index by words: postings in bleve, scored in bm25.go.
type wordIndex struct {
	// open keeps the index open while a question reads it: bleve unmaps its files
	// under a reader that it did not hand out to a search of its own.
	open   sync.RWMutex
	closed bool
	index  bleve.Index
	indexState
	seq int64 // the last change applied; guarded by Library.commit
}

// wordsOf is the text that the words of a passage are taken from.
func wordsOf(title, heading, text string) string {
	return title + "\n" + heading + "\n" + text
}

// analyser gives bleve the terms of polish.Terms. Positions are ordinals alone: the
// index keeps no term vectors.
type analyser struct{}

// Analyze gives the terms; bleve calls it.
func (analyser) Analyze(input []byte) analysis.TokenStream {
	terms := polish.Terms(string(input))
	tokens := make(analysis.TokenStream, len(terms))
	for i, term := range terms {
		tokens[i] = &analysis.Token{Term: []byte(term), Position: i + 1, Type: analysis.AlphaNumeric}
	}
	return tokens
}

// registerAnalyser makes the analyser known to bleve, whose registry is global.
var registerAnalyser = sync.OnceValue(func() error {
	return registry.RegisterAnalyzer(analyserVersion, func(map[string]any, *registry.Cache) (analysis.Analyzer, error) {
		return analyser{}, nil
	})
})

func wordsMapping() mapping.IndexMapping {
	field := bleve.NewTextFieldMapping()
	field.Analyzer = analyserVersion
	field.Store, field.IncludeInAll, field.IncludeTermVectors, field.DocValues = false, false, false, false
	m := bleve.NewIndexMapping()
	m.DefaultMapping = bleve.NewDocumentStaticMapping()
	m.DefaultMapping.AddFieldMappingsAt(wordsField, field)
	m.DefaultAnalyzer = analyserVersion
	m.ScoringModel = index.BM25Scoring
	return m
}

// openWords opens the index and lets it catch up, or builds it anew where it is
// missing, damaged, of another library or analyser, or too far behind.
func openWords(ctx context.Context, db *sql.DB, path string) (*wordIndex, error) {
	if err := registerAnalyser(); err != nil {
		return nil, err
	}
	want := indexState{Analyser: analyserVersion}
	if err := db.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'generation'`).Scan(&want.Generation); err != nil {
		return nil, fmt.Errorf("generation of the library: %w", err)
	}
	w, err := reopenWords(ctx, db, path, want)
	if err == nil {
		return w, nil
	}
	if ctx.Err() != nil || diskFull(err) {
		return nil, err
	}
	return rebuildWords(ctx, db, path, want)
}

// errStale says that an index can only be built anew.
var errStale = errors.New("the index does not fit the library")

func reopenWords(ctx context.Context, db *sql.DB, path string, want indexState) (*wordIndex, error) {
	opened, err := openBleve(path)
	if err != nil {
		return nil, err
	}
	w := &wordIndex{index: opened}
	if err := w.check(ctx, db, want); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

func (w *wordIndex) check(ctx context.Context, db *sql.DB, want indexState) error {
	content, err := w.index.GetInternal(stateKey)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, &w.indexState); err != nil {
		return errStale // also a rebuild that was cut short: it writes its state last
	}
	if w.Generation != want.Generation || w.Analyser != want.Analyser {
		return errStale
	}
	w.seq = w.Seq
	if err := w.catchUp(ctx, db); err != nil {
		return err
	}
	indexed, err := w.index.DocCount()
	if err != nil {
		return err
	}
	var stored uint64
	if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM passages`).Scan(&stored); err != nil {
		return err
	}
	if indexed != stored {
		return errStale
	}
	return nil
}

// openBleve opens a folder that may be damaged in any way: bleve maps the files into
// memory and trusts them, so a cut file shows as a panic or a fault here.
func openBleve(path string) (opened bleve.Index, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if cause := recover(); cause != nil {
			opened, err = nil, fmt.Errorf("open the index: %v", cause)
		}
	}()
	return bleve.Open(path)
}

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
	w := &wordIndex{index: created, indexState: state}
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

// catchUp applies the changes that the index has not seen. What it applies can be
// applied twice: a passage's words are put under its id, and an id never comes back.
func (w *wordIndex) catchUp(ctx context.Context, db querier) error {
	list, whole, err := changesAfter(ctx, db, w.seq)
	if err != nil {
		return err
	}
	if !whole {
		return errStale
	}
	if len(list) == 0 {
		return nil
	}
	batch := w.newBatch()
	for _, c := range list {
		if err := batch.apply(ctx, db, c); err != nil {
			return err
		}
	}
	return batch.finish(list[len(list)-1].seq)
}

func (w *wordIndex) close() error {
	w.open.Lock()
	defer w.open.Unlock()
	if w.closed {
		return nil // bleve panics at the second time
	}
	w.closed = true
	return w.index.Close()
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
	err := b.words.index.Batch(b.batch)
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
	if err := b.words.index.Batch(b.batch); err != nil {
		return err
	}
	b.words.seq = seq
	return nil
}

func passageName(id int64) string { return strconv.FormatInt(id, 10) }
