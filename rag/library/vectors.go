package library

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"sync"

	"github.com/philippgille/chromem-go"

	"referent/rag"
)

// vectorIndex is the index by vectors: the vectors of one model in memory, one
// chromem collection to each of ours, made from the tables and never written to disk.
//
// chromem checks little: a deletion beside an addition is a race, a wrong dimension
// or a zero vector spoils every question, a cancelled question ends without an error
// and with part of the result. All of it is guarded here.
type vectorIndex struct {
	mu          sync.RWMutex
	digest      string // "" before the first question
	model       int64  // 0 where the library has no vectors of that model yet
	dimension   int
	seq         int64                          // the last change applied; guarded by Library.commit
	collections map[string]*chromem.Collection // those of questions apart
	asked       map[int64][]string             // names of the questions' vectors by passage
}

func newVectorIndex() *vectorIndex { return &vectorIndex{} }

func (v *vectorIndex) holds(digest string) bool {
	v.mu.RLock()
	defer v.mu.RUnlock()
	return v.digest != "" && v.digest == digest
}

// errEmbeds keeps chromem from embedding anything itself: by default it would call a
// cloud service.
var errEmbeds = errors.New("the library embeds nothing")

func failingEmbedder(context.Context, string) ([]float32, error) { return nil, errEmbeds }

// hydrate reads all vectors of a model, row by row, beside those that serve questions
// meanwhile. The caller holds Library.commit.
func (v *vectorIndex) hydrate(ctx context.Context, db *sql.DB, digest string) error {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	next := vectorIndex{digest: digest, collections: map[string]*chromem.Collection{}, asked: map[int64][]string{}}
	if next.seq, err = lastChange(ctx, tx); err != nil {
		return err
	}
	err = tx.QueryRowContext(ctx, `SELECT id, dimension FROM models WHERE digest = ?`, digest).Scan(&next.model, &next.dimension)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("model of the vectors: %w", err)
	}
	if err := next.add(ctx, tx, `v.model = ?`, next.model); err != nil {
		return fmt.Errorf("read the vectors: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.digest, v.model, v.dimension, v.seq = next.digest, next.model, next.dimension, next.seq
	v.collections, v.asked = next.collections, next.asked
	return nil
}

// Vectors with the passages, or the questions at passages (question 0: none), that they
// are of. A condition follows.
const (
	selectVectors = `SELECT p.id AS passage, 0, d.collection, v.vector
		FROM vectors v JOIN passages p ON p.text_hash = v.text_hash JOIN documents d ON d.id = p.document WHERE `
	selectAskedVectors = `SELECT a.passage AS passage, q.id, d.collection, v.vector
		FROM vectors v JOIN questions q ON q.text_hash = v.text_hash JOIN asked a ON a.question = q.id
		JOIN passages p ON p.id = a.passage JOIN documents d ON d.id = p.document WHERE `
)

// add puts the vectors of passages and of questions into chromem.
func (v *vectorIndex) add(ctx context.Context, db querier, condition string, args ...any) error {
	if err := each(ctx, db, v.addRow(ctx), selectVectors+condition, args...); err != nil {
		return err
	}
	return each(ctx, db, v.addRow(ctx), selectAskedVectors+condition, args...)
}

// addRow puts a row into chromem; the bytes of the row are decoded where they lie.
func (v *vectorIndex) addRow(ctx context.Context) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var passage, question int64
		var collection string
		var content sql.RawBytes
		if err := rows.Scan(&passage, &question, &collection, &content); err != nil {
			return err
		}
		if len(content) != 4*v.dimension {
			return fmt.Errorf("vector of passage %d: %d bytes for %d values", passage, len(content), v.dimension)
		}
		name := passageName(passage)
		if question != 0 {
			collection += questionsApart
			name = askedName(passage, question)
			v.asked[passage] = append(v.asked[passage], name)
		}
		into, err := v.collection(collection)
		if err != nil {
			return err
		}
		return into.AddDocument(ctx, chromem.Document{ID: name, Embedding: decodeVector(content)})
	}
}

func (v *vectorIndex) collection(name string) (*chromem.Collection, error) {
	if known, found := v.collections[name]; found {
		return known, nil
	}
	created, err := chromem.NewDB().CreateCollection(name, nil, failingEmbedder)
	if err != nil {
		return nil, err
	}
	v.collections[name] = created
	return created, nil
}

// catchUp applies the changes since the last one seen. Before the first question
// there is nothing to keep up to date.
func (v *vectorIndex) catchUp(ctx context.Context, db querier) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.digest == "" {
		return nil
	}
	list, whole, err := changesAfter(ctx, db, v.seq)
	if err != nil {
		return err
	}
	if !whole {
		v.digest = "" // the next question reads all of them again
		return nil
	}
	for _, c := range list {
		if err := v.apply(ctx, db, c); err != nil {
			return err
		}
		v.seq = c.seq
	}
	return nil
}

func (v *vectorIndex) apply(ctx context.Context, db querier, c change) error {
	if v.model == 0 {
		// The first vectors of the model may come with this change.
		err := db.QueryRowContext(ctx, `SELECT id, dimension FROM models WHERE digest = ?`, v.digest).Scan(&v.model, &v.dimension)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	switch c.kind {
	case changeStored:
		return v.add(ctx, db, `v.model = ? AND passage BETWEEN ? AND ?`, v.model, c.first, c.last)
	case changeEmbedded:
		if c.model != v.model {
			return nil
		}
		return v.add(ctx, db, `v.model = ? AND v.id BETWEEN ? AND ?`, v.model, c.first, c.last)
	case changeAsked:
		if err := v.removeAsked(ctx, c); err != nil {
			return err
		}
		return each(ctx, db, v.addRow(ctx), selectAskedVectors+`v.model = ? AND passage BETWEEN ? AND ?`, v.model, c.first, c.last)
	case changeRemoved:
		if err := v.removeAsked(ctx, c); err != nil {
			return err
		}
		return v.remove(ctx, c)
	}
	return nil
}

// remove takes passages out.
func (v *vectorIndex) remove(ctx context.Context, c change) error {
	var names []string
	for id := c.first; id <= c.last; id++ {
		names = append(names, passageName(id))
	}
	return v.delete(ctx, c.collection, names)
}

// removeAsked takes the questions at passages out.
func (v *vectorIndex) removeAsked(ctx context.Context, c change) error {
	var names []string
	for id := c.first; id <= c.last; id++ {
		names = append(names, v.asked[id]...)
		delete(v.asked, id)
	}
	return v.delete(ctx, c.collection+questionsApart, names)
}

// delete never asks chromem to delete nothing: it reads an empty map as "all of them",
// so the filters are nil and there is always an id.
func (v *vectorIndex) delete(ctx context.Context, collection string, names []string) error {
	from, found := v.collections[collection]
	if !found || len(names) == 0 {
		return nil
	}
	return from.Delete(ctx, nil, nil, names...)
}

// errOtherModel says that another question brought the vectors of another model in.
var errOtherModel = errors.New("the vectors in memory are of another model")

// nearest asks each collection of a view for as many as could be needed: those wanted
// and those that the view keeps out.
func (v *vectorIndex) nearest(ctx context.Context, digest string, vector []float32, k int, scope *view) ([]rag.Scored, error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	unit, err := v.ready(digest, vector)
	if err != nil || unit == nil {
		return nil, err
	}
	var hits []rag.Scored
	for _, name := range scope.collections {
		found, err := v.nearestIn(ctx, name, unit, k+scope.closed[name], scope.letIn)
		if err != nil {
			return nil, err
		}
		hits = append(hits, found...)
	}
	return ranked(hits, k), nil
}

// ready gives a question's vector unit length; nil where nothing is embedded yet and
// the words alone answer.
func (v *vectorIndex) ready(digest string, vector []float32) ([]float32, error) {
	if v.digest != digest {
		return nil, errOtherModel
	}
	if v.model == 0 {
		return nil, nil
	}
	if len(vector) != v.dimension {
		return nil, fmt.Errorf("the question's vector has %d values, those of the model %d", len(vector), v.dimension)
	}
	unit, err := normalised(vector)
	if err != nil {
		return nil, fmt.Errorf("the question's vector: %w", err)
	}
	return unit, nil
}

func (v *vectorIndex) nearestIn(ctx context.Context, name string, unit []float32, wanted int, letIn func(int64) bool) ([]rag.Scored, error) {
	in, found := v.collections[name]
	if !found {
		return nil, nil
	}
	for {
		// One more than wanted shows whether others are equal to the last: chromem
		// would give any of them, so then more are asked for and ties end by passage.
		n := min(wanted+1, in.Count())
		if n == 0 {
			return nil, nil
		}
		results, err := in.QueryEmbedding(ctx, unit, n, nil, nil)
		if ctx.Err() != nil {
			return nil, ctx.Err() // chromem would call a part of the result the whole
		}
		if err != nil {
			return nil, fmt.Errorf("collection %q: %w", name, err)
		}
		if n > wanted && n < in.Count() && results[n-1].Similarity == results[wanted-1].Similarity {
			wanted *= 2
			continue
		}
		return lettingIn(results, letIn)
	}
}

func lettingIn(results []chromem.Result, letIn func(int64) bool) ([]rag.Scored, error) {
	hits := make([]rag.Scored, 0, len(results))
	for _, result := range results {
		id, err := strconv.ParseInt(result.ID, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("index by vectors: passage %q: %w", result.ID, err)
		}
		if letIn(id) {
			hits = append(hits, rag.Scored{Passage: id, Score: float64(result.Similarity)})
		}
	}
	return hits, nil
}

var errNoDirection = errors.New("a vector of zeros, or with values that are not numbers, has no direction")

// normalised gives a vector unit length, computed in double precision: what is off by
// more than a millionth chromem would copy and scale once more.
func normalised(vector []float32) ([]float32, error) {
	var sum float64
	for _, value := range vector {
		sum += float64(value) * float64(value)
	}
	if sum == 0 || math.IsNaN(sum) || math.IsInf(sum, 0) {
		return nil, errNoDirection
	}
	length := math.Sqrt(sum)
	unit := make([]float32, len(vector))
	for i, value := range vector {
		unit[i] = float32(float64(value) / length)
	}
	return unit, nil
}

func encodeVector(vector []float32) []byte {
	content := make([]byte, 0, 4*len(vector))
	for _, value := range vector {
		content = binary.LittleEndian.AppendUint32(content, math.Float32bits(value))
	}
	return content
}

func decodeVector(content []byte) []float32 {
	vector := make([]float32, len(content)/4)
	for i := range vector {
		vector[i] = math.Float32frombits(binary.LittleEndian.Uint32(content[4*i:]))
	}
	return vector
}
