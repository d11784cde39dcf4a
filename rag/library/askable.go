package library

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"referent/rag"
)

// leastText is how many code points a text has that people would ask about: a heading or
// a signature has fewer.
const leastText = 80

// Askable gives what questions can be written for in the documents of a scope: the
// wordings that answer, articles and passages in force, in reading order. Of each it says
// whether that hand is done with it.
func (l *Library) Askable(ctx context.Context, scope rag.Scope, by rag.Hand) ([]rag.Askable, error) {
	v, err := l.view(ctx, scope)
	if err != nil {
		return nil, err
	}
	var all []rag.Askable
	for _, d := range v.documents {
		units, err := l.AskableOf(ctx, d.id, by)
		if err != nil {
			return nil, err
		}
		all = append(all, units...)
	}
	return all, nil
}

// AskableOf gives what questions can be written for in a document.
func (l *Library) AskableOf(ctx context.Context, document string, by rag.Hand) ([]rag.Askable, error) {
	tx, err := l.reader.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer tx.Rollback() //nolint:errcheck // it only read
	doc, err := readDocument(ctx, tx, document)
	if err != nil {
		return nil, err
	}
	articles, err := articlePassages(ctx, tx, document)
	if err != nil {
		return nil, err
	}
	var units []rag.Askable
	for _, u := range wholeArticles(doc.Units) {
		if passage, found := articles[u.Article]; found {
			units = append(units, askable(doc.Info, u.Key, u.Citation, passage, u.Span, rag.UnitHash(u.Text)))
		}
	}
	pieces, err := readPieces(ctx, tx, document)
	if err != nil {
		return nil, err
	}
	for _, p := range pieces {
		hash := rag.UnitHash(p.Text)
		units = append(units, askable(doc.Info, rag.TextKey(hash), p.Unit, p.ID, p.Span, hash))
	}
	units = slices.DeleteFunc(units, func(u rag.Askable) bool { return u.Runes() < leastText })
	slices.SortStableFunc(units, func(a, b rag.Askable) int { return a.Start - b.Start })
	return units, markAsked(ctx, tx, doc.About(), by, units)
}

func askable(info rag.Info, key, citation string, passage int64, span rag.Span, hash string) rag.Askable {
	return rag.Askable{
		Document: info.ID, Collection: info.Collection, About: info.About(), Title: info.Title, Language: info.Language,
		Key: key, Citation: citation, Passage: passage, Span: span, Hash: hash,
	}
}

// wholeArticles gives the outermost unit of each article that is in force.
func wholeArticles(units []rag.Unit) []rag.Unit {
	var whole []rag.Unit
	at := map[string]int{}
	for _, u := range units {
		if u.Article == "" {
			continue
		}
		i, seen := at[u.Article]
		switch {
		case !seen:
			at[u.Article], whole = len(whole), append(whole, u)
		case len(u.Key) < len(whole[i].Key):
			whole[i] = u
		}
	}
	return slices.DeleteFunc(whole, func(u rag.Unit) bool {
		return u.Status != rag.StatusInForce && u.Status != rag.StatusUnknown && u.Status != ""
	})
}

// readPieces gives the passages of a document that no article holds.
func readPieces(ctx context.Context, tx *sql.Tx, document string) ([]rag.Passage, error) {
	pieces, err := gather(ctx, tx, func(rows *sql.Rows) (p rag.Passage, err error) {
		err = rows.Scan(passagePlaces(&p)...)
		return p, err
	}, `SELECT `+passageColumns+` FROM passages p WHERE p.document = ? AND p.article = '' AND p.status NOT IN ('repealed', 'not_yet')
		ORDER BY p.ord`, document)
	if err != nil {
		return nil, fmt.Errorf("unstructured text of %s: %w", document, err)
	}
	return pieces, nil
}

// markAsked says of units what was written for them.
func markAsked(ctx context.Context, tx *sql.Tx, about string, by rag.Hand, units []rag.Askable) error {
	texts := func(query string, args ...any) (map[string]bool, error) {
		found := map[string]bool{}
		err := each(ctx, tx, func(rows *sql.Rows) error {
			var key, hash string
			err := rows.Scan(&key, &hash)
			found[key+"\x00"+hash] = true
			return err
		}, query, args...)
		return found, err
	}
	bank, err := texts(`SELECT DISTINCT key, unit_hash FROM questions WHERE act = ? AND origin <> 'model'`, about)
	if err != nil {
		return fmt.Errorf("questions about %s: %w", about, err)
	}
	done, err := texts(`SELECT key, unit_hash FROM written WHERE about = ? AND digest = ? AND prompt_version = ?`, about, by.Digest, by.Prompt)
	if err != nil {
		return fmt.Errorf("what was written about %s: %w", about, err)
	}
	for i, u := range units {
		units[i].Bank, units[i].Done = bank[u.Key+"\x00"+u.Hash], done[u.Key+"\x00"+u.Hash]
	}
	return nil
}

// AskableText gives the text of a unit, as questions are written from it.
func (l *Library) AskableText(ctx context.Context, u rag.Askable) (string, error) {
	var text string
	var err error
	if rag.IsTextKey(u.Key) {
		err = l.reader.QueryRowContext(ctx, `SELECT text FROM passages WHERE id = ? AND document = ?`, u.Passage, u.Document).Scan(&text)
	} else {
		const query = `SELECT substr(text, ?, ?) FROM texts WHERE document = ?`
		err = l.reader.QueryRowContext(ctx, query, u.Start+1, u.Runes(), u.Document).Scan(&text)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return "", &rag.Error{Code: rag.CodeNotFound, Subject: u.Citation}
	}
	return text, err
}

// Pace gives what was measured of a hand.
func (l *Library) Pace(ctx context.Context, by rag.Hand) (pace rag.Pace, err error) {
	var text string
	err = l.reader.QueryRowContext(ctx, `SELECT pace FROM paces WHERE digest = ? AND prompt_version = ?`, by.Digest, by.Prompt).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return pace, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &pace)
	}
	if err != nil {
		return pace, fmt.Errorf("measured pace: %w", err)
	}
	return pace, nil
}
