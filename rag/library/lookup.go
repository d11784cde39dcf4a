package library

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"referent/internal/law"
	"referent/rag"
)

// found is a passage that holds a unit that was asked for, and how well it does.
type found struct {
	passage int64
	ord     int
	key     string
	in      holding
}

// Lookup gives the passages that hold a unit of an act, or of every document of the
// scope where act is "" (act may be a pattern of law.SameAct): first the passage that is the unit, then the one around it,
// the nearest first, then those below it in reading order; the newest wording first
// among equals. Key "" stands for the beginning of the act.
func (l *Library) Lookup(ctx context.Context, scope rag.Scope, act, key string) ([]rag.Passage, error) {
	if act == "" && key == "" {
		return nil, nil
	}
	v, err := l.view(ctx, scope)
	if err != nil {
		return nil, err
	}
	documents := map[string]holding{}
	for _, d := range v.documents {
		if act == "" || law.SameAct(act, d.act) {
			documents[d.id] = d
		}
	}
	hits, err := lookUp(ctx, l.reader, documents, key)
	if err != nil {
		return nil, fmt.Errorf("look up %s %s: %w", act, key, err)
	}
	hits = slices.DeleteFunc(hits, func(f found) bool { return !v.letIn(f.passage) })
	slices.SortFunc(hits, func(a, b found) int {
		return cmp.Or(
			distance(key, a.key)-distance(key, b.key),
			strings.Compare(b.in.wordingDate, a.in.wordingDate),
			strings.Compare(a.in.id, b.in.id),
			a.ord-b.ord,
		)
	})
	ids := make([]int64, len(hits))
	for i, hit := range hits {
		ids[i] = hit.passage
	}
	return l.Passages(ctx, ids)
}

// distance is 0 for the unit itself, counts the levels up to a passage around it, and
// is the same for all that lie below it.
func distance(asked, key string) int {
	const below = 100 // more than there are levels
	switch {
	case key == asked, asked == "":
		return 0
	case strings.HasPrefix(asked, key):
		return strings.Count(asked, ";") - strings.Count(key, ";")
	}
	return below
}

func lookUp(ctx context.Context, db querier, documents map[string]holding, key string) ([]found, error) {
	in := make([]string, 0, len(documents))
	for id := range documents {
		in = append(in, id)
	}
	list, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	keys, err := json.Marshal(keysAround(key))
	if err != nil {
		return nil, err
	}
	query := `SELECT p.id, p.ord, p.key, p.document FROM json_each(?1) asked CROSS JOIN passages p ON p.document = asked.value
		WHERE p.key IN (SELECT value FROM json_each(?2)) OR p.key >= ?3 || ';' AND p.key < ?3 || '<'`
	if key == "" {
		query = `SELECT p.id, p.ord, p.key, p.document FROM json_each(?1) asked JOIN documents d ON d.id = asked.value
			JOIN passages p ON p.id = d.first_passage`
	}
	return gather(ctx, db, func(rows *sql.Rows) (f found, err error) {
		var document string
		err = rows.Scan(&f.passage, &f.ord, &f.key, &document)
		f.in = documents[document]
		return f, err
	}, query, string(list), string(keys), key)
}

// keysAround gives a key and the keys of the units around it.
func keysAround(key string) []string {
	keys := []string{key}
	for i := strings.LastIndexByte(key, ';'); i > 0; i = strings.LastIndexByte(key, ';') {
		key = key[:i]
		keys = append(keys, key)
	}
	return keys
}
