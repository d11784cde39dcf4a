package library

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sort"

	"referent/rag"
)

// holding is a document as scopes see it.
type holding struct {
	id          string
	collection  string
	act         string
	standing    rag.Info // its status and dates alone
	missing     bool     // its source is gone
	wordingDate string
	notBefore   string // an undated text is no older than this
	textKind    rag.TextKind
	first, last int64 // its passages
	unread      int   // its pages that could not be read
	asked       bool  // it has everyday questions
}

func (h holding) passages() int { return int(h.last - h.first + 1) }

// holdings is what the library holds after a change: small, immutable, shared by
// the questions asked until the next change.
type holdings struct {
	seq         int64
	documents   []holding          // by first passage
	collections []string           // sorted
	words       int64              // of all passages
	asked       int64              // words of all questions, as often as they stand at a passage
	outOfForce  map[int64]struct{} // passages repealed or not yet in force
}

// held gives the holdings after the last change.
func (l *Library) held(ctx context.Context) (*holdings, error) {
	last := l.seq.Load()
	if known := l.holdings.Load(); known != nil && known.seq >= last {
		return known, nil
	}
	read, err := readHoldings(ctx, l.reader)
	if err != nil {
		return nil, fmt.Errorf("read the holdings: %w", err)
	}
	l.holdings.Store(read)
	return read, nil
}

func readHoldings(ctx context.Context, db *sql.DB) (*holdings, error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	h := &holdings{outOfForce: map[int64]struct{}{}}
	if h.seq, err = lastChange(ctx, tx); err != nil {
		return nil, err
	}
	err = each(ctx, tx, func(rows *sql.Rows) error {
		d, words, err := scanHolding(rows)
		h.documents = append(h.documents, d)
		h.words += words
		return err
	}, selectHoldings+` ORDER BY first_passage`)
	if err != nil {
		return nil, err
	}
	for _, d := range h.documents {
		h.collections = append(h.collections, d.collection)
	}
	slices.Sort(h.collections)
	h.collections = slices.Compact(h.collections)
	const words = `SELECT COALESCE(SUM(q.words), 0) FROM asked a JOIN questions q ON q.id = a.question`
	if err := tx.QueryRowContext(ctx, words).Scan(&h.asked); err != nil {
		return nil, err
	}
	err = each(ctx, tx, func(rows *sql.Rows) error {
		var id int64
		err := rows.Scan(&id)
		h.outOfForce[id] = struct{}{}
		return err
	}, `SELECT id FROM passages WHERE status IN ('repealed', 'not_yet')`)
	return h, err
}

const selectHoldings = `SELECT id, collection, act, status, wording_date, text_kind, first_passage, last_passage, words,
	(SELECT COUNT(*) FROM pages WHERE document = d.id AND unread),
	EXISTS (SELECT 1 FROM asked WHERE passage BETWEEN first_passage AND last_passage),
	in_force_from, repealed_from, wording_after, missing_since, ` + repealedByOthers + ` FROM documents d`

func scanHolding(rows *sql.Rows) (d holding, words int64, err error) {
	var missing string
	var byOthers sql.NullString
	err = rows.Scan(&d.id, &d.collection, &d.act, &d.standing.Status, &d.wordingDate, &d.textKind, &d.first, &d.last, &words, &d.unread, &d.asked,
		&d.standing.InForceFrom, &d.standing.RepealedFrom, &d.notBefore, &missing, &byOthers)
	d.standing.RepealedFrom, d.missing = earlier(d.standing.RepealedFrom, byOthers.String), missing != ""
	return d, words, err
}

// searched names the collections of a scope.
func (h *holdings) searched(scope rag.Scope) ([]string, error) {
	if scope.Collections == nil {
		others := slices.DeleteFunc(slices.Clone(h.collections), func(name string) bool { return name == rag.SampleCollection })
		if len(others) == 0 {
			return slices.Clone(h.collections), nil
		}
		return others, nil
	}
	names := slices.Clone(scope.Collections)
	slices.Sort(names)
	names = slices.Compact(names)
	for _, name := range names {
		if _, found := slices.BinarySearch(h.collections, name); !found {
			return nil, &rag.Error{Code: rag.CodeUnknownCollection, Subject: name}
		}
	}
	return names, nil
}

// view is what a scope lets in.
type view struct {
	collections []string
	documents   []holding          // by first passage
	closed      map[string]int     // passages that stay out, by collection
	outOfForce  map[int64]struct{} // nil when the scope lets them in
	words       int64              // as in holdings
	asked       int64
}

// view applies a scope: its collections, one wording of each act, what is in force.
func (h *holdings) view(scope rag.Scope) (*view, error) {
	names, err := h.searched(scope)
	if err != nil {
		return nil, err
	}
	v := &view{collections: names, closed: map[string]int{}, words: h.words, asked: h.asked}
	if !scope.Repealed {
		v.outOfForce = h.outOfForce
	}
	var inScope []holding
	for _, d := range h.documents {
		if _, found := slices.BinarySearch(names, d.collection); found {
			inScope = append(inScope, d)
		}
	}
	answering := wordings(inScope, scope, today())
	for _, d := range inScope {
		if answering(d) {
			v.documents = append(v.documents, d)
		} else {
			v.closed[d.collection] += d.passages()
		}
	}
	for passage := range v.outOfForce {
		if d, found := v.holder(passage); found {
			v.closed[d.collection]++
		}
	}
	return v, nil
}

// holder gives the document of a passage.
func (v *view) holder(passage int64) (holding, bool) {
	i := sort.Search(len(v.documents), func(i int) bool { return v.documents[i].last >= passage })
	if i == len(v.documents) || v.documents[i].first > passage {
		return holding{}, false
	}
	return v.documents[i], true
}

// letIn says whether the scope holds a passage.
func (v *view) letIn(passage int64) bool {
	if _, out := v.outOfForce[passage]; out {
		return false
	}
	_, found := v.holder(passage)
	return found
}
