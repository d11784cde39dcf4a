package library

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
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
	analyserVersion = "referent-lemmas-2"

	// wordsField holds title, heading and text of a passage: one field, because a
	// question names the act and says what it asks in one breath. On exam questions
	// about one act among 33, hit@1 is 0.72 so and 0.71 by the text alone.
	wordsField = "words"

	// batchSize is how many passages bleve is given at once. Segments of fewer than 2000
	// are merged at once, larger ones when there are ten of a size.
	batchSize = 2000
)

// stateKey is where the index remembers what it is an index of.
var stateKey = []byte("referent")

// indexState is written in the same batch as what it tells of.
type indexState struct {
	Generation string `json:"generation"`
	Analyser   string `json:"analyser"`
	Seq        int64  `json:"seq"` // the last change applied
}

// wordIndex is an index by words, of the passages or of the everyday questions:
// postings in bleve, scored in bm25.go.
type wordIndex struct {
	path string
	of   corpus

	// open keeps the index open while a question reads it: bleve unmaps its files
	// under a reader that it did not hand out to a search of its own.
	open  sync.RWMutex
	index bleve.Index // nil once closed, or while it could not be opened again

	indexState
	seq int64 // the last change applied; guarded by Library.commit
}

// analyser gives bleve the terms of polish.Terms, those of one word at one position.
// The index keeps no term vectors.
type analyser struct{}

// Analyze gives the terms; bleve calls it.
func (analyser) Analyze(input []byte) analysis.TokenStream {
	words := polish.Alternatives(string(input))
	terms := 0
	for _, word := range words {
		terms += len(word)
	}
	made, tokens := make([]analysis.Token, 0, terms), make(analysis.TokenStream, 0, terms)
	for i, word := range words {
		for _, term := range word {
			made = append(made, analysis.Token{Term: []byte(term), Position: i + 1, Type: analysis.AlphaNumeric})
			tokens = append(tokens, &made[len(made)-1])
		}
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
func openWords(ctx context.Context, db *sql.DB, path string, of corpus) (*wordIndex, error) {
	if err := registerAnalyser(); err != nil {
		return nil, err
	}
	want := indexState{Analyser: analyserVersion}
	if err := db.QueryRowContext(ctx, `SELECT value FROM meta WHERE name = 'generation'`).Scan(&want.Generation); err != nil {
		return nil, fmt.Errorf("generation of the library: %w", err)
	}
	w, err := reopenWords(ctx, db, path, of, want)
	if err == nil {
		return w, nil
	}
	if ctx.Err() != nil || diskFull(err) {
		return nil, err
	}
	return rebuildWords(ctx, db, path, of, want)
}

// errStale says that an index can only be built anew.
var errStale = errors.New("the index does not fit the library")

func reopenWords(ctx context.Context, db *sql.DB, path string, of corpus, want indexState) (*wordIndex, error) {
	w, err := openAsLeft(path, of, want)
	if err != nil {
		return nil, err
	}
	if err := w.check(ctx, db); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// openAsLeft opens the index in the state it has on disk.
func openAsLeft(path string, of corpus, want indexState) (*wordIndex, error) {
	w := &wordIndex{path: path, of: of}
	err := guarded(func() (err error) {
		if w.index, err = bleve.Open(path); err != nil {
			return err
		}
		content, err := w.index.GetInternal(stateKey)
		if err != nil {
			return err
		}
		if json.Unmarshal(content, &w.indexState) != nil {
			return errStale // also a rebuild that was cut short: it writes its state last
		}
		return nil
	})
	if err == nil && (w.Generation != want.Generation || w.Analyser != want.Analyser) {
		err = errStale
	}
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	w.seq = w.Seq
	return w, nil
}

func (w *wordIndex) check(ctx context.Context, db *sql.DB) error {
	if err := w.catchUp(ctx, db); err != nil {
		return err
	}
	indexed, err := w.index.DocCount()
	if err != nil {
		return err
	}
	var stored uint64
	if err := db.QueryRowContext(ctx, w.of.count).Scan(&stored); err != nil {
		return err
	}
	if indexed != stored {
		return errStale
	}
	return nil
}

// guarded runs what bleve may not survive: it maps files into memory and trusts them,
// so a cut file shows as a panic or a fault, and so does an index that met a full disk.
func guarded(run func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("bleve: %v", cause)
		}
	}()
	return run()
}

// catchUp applies the changes that the index has not seen. What it applies can be
// applied twice: words are put under the id of a passage, as they are now, and an id
// never comes back.
// After a failure the index goes on in the state it has on disk.
func (w *wordIndex) catchUp(ctx context.Context, db *sql.DB) error {
	if w.index == nil {
		return w.replace(openWords(ctx, db, w.path, w.of))
	}
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
		if err = batch.apply(ctx, db, c); err != nil {
			break
		}
	}
	if err == nil {
		err = batch.finish(list[len(list)-1].seq)
	}
	if err != nil {
		// bleve keeps segments that it failed to write and panics at them later.
		return errors.Join(err, w.close(), w.replace(openAsLeft(w.path, w.of, w.indexState)))
	}
	return nil
}

// replace goes on with an index that was opened anew.
func (w *wordIndex) replace(opened *wordIndex, err error) error {
	if err != nil {
		return err
	}
	w.open.Lock()
	defer w.open.Unlock()
	w.index, w.indexState, w.seq = opened.index, opened.indexState, opened.seq
	return nil
}

func (w *wordIndex) close() error {
	w.open.Lock()
	defer w.open.Unlock()
	if w.index == nil {
		return nil // bleve panics when it is closed twice
	}
	closing := w.index
	w.index = nil
	return guarded(closing.Close)
}
