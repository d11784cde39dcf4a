package rag

import (
	"context"
	"slices"
	"strings"

	"referent/internal/law"
)

// located is a unit that a question cites and a passage that holds it.
type located struct {
	passage Passage
	unit    Unit
}

// sought is what a question that asks for units alone cites: those held, and where there
// is none, those missing or the acts that the name may mean.
type sought struct {
	held    []located
	missing []Missing
	choices []string
}

// seek finds the units that a bare question cites, in its order. A unit named without its
// act may stand in many documents: ranking chooses among them, and seek says nothing.
func (a *Assistant) seek(ctx context.Context, scope Scope, u understood) (sought, error) {
	var s sought
	for i, reference := range u.references {
		acts := reference.Acts()
		switch {
		case reference.Key == "":
			continue
		case !u.bare || len(acts) == 0 || acts[0] == "":
			return sought{}, nil
		}
		var held []located
		for _, act := range acts {
			at, missing, err := a.locate(ctx, scope, act, reference.Key)
			if err != nil {
				return sought{}, err
			}
			if missing != nil {
				s.missing = append(s.missing, *missing)
			}
			held = append(held, at...)
		}
		if len(held) > 1 {
			for _, l := range held {
				s.choices = append(s.choices, law.Label(l.passage.Document.Act, reference.Key, l.passage.Document.Title))
			}
			continue
		}
		if i > 0 && len(held) == 1 && len(s.held) > 0 && isRange(u.cited, u.references[i-1], reference) {
			between, err := a.between(ctx, s.held[len(s.held)-1], held[0])
			if err != nil {
				return sought{}, err
			}
			s.held = append(s.held, between...)
		}
		for _, l := range held {
			if !slices.ContainsFunc(s.held, func(other located) bool {
				return other.passage.Document.ID == l.passage.Document.ID && other.unit.Key == l.unit.Key
			}) {
				s.held = append(s.held, l)
			}
		}
	}
	s.held = s.held[:min(len(s.held), maxLookups)]
	return s, nil
}

// locate finds a unit of an act, or the nearest unit around it where that is not divided
// so. A unit that is there but not in force is not missing.
func (a *Assistant) locate(ctx context.Context, scope Scope, act string, key law.Key) ([]located, *Missing, error) {
	all := scope
	all.Repealed = true
	below := key
	for around := key; ; below, around = around, around.Parent() {
		passages, units, err := a.inside(ctx, scope, act, around)
		if err != nil {
			return nil, nil, err
		}
		if len(units) > 0 && (around == key || around != "" && !isDivided(units, around, below)) {
			return []located{{holding(passages, units[0]), units[0]}}, nil, nil
		}
		if len(units) == 0 && around != "" {
			continue
		}
		if _, there, err := a.inside(ctx, all, act, key); err != nil || len(there) > 0 {
			return nil, nil, err
		}
		missing := &Missing{Act: act, Unit: key.Citation(), Label: law.Label(act, key, ""), ActHeld: len(units) > 0, key: below}
		if missing.ActHeld {
			missing.document = passages[0].Document.ID
		}
		return nil, missing, nil
	}
}

// inside gives a unit of an act with all units below it, and the passages that hold it.
func (a *Assistant) inside(ctx context.Context, scope Scope, act string, key law.Key) ([]Passage, []Unit, error) {
	passages, err := a.Shelf.Lookup(ctx, scope, act, string(key))
	if err != nil || len(passages) == 0 {
		return nil, nil, err
	}
	units, err := a.Shelf.Units(ctx, passages[0].Document.ID, string(key))
	if err != nil || len(units) > 0 && key != "" && units[0].Key != string(key) {
		return nil, nil, err
	}
	return passages, units, nil
}

// isDivided says whether a unit has parts of the kind that is asked for.
func isDivided(units []Unit, around, below law.Key) bool {
	return slices.ContainsFunc(units, func(u Unit) bool { return isBeside(law.Key(u.Key), below) && around.Contains(law.Key(u.Key)) })
}

// isBeside says whether two units stand beside each other: art. 5 and art. 6.
func isBeside(key, other law.Key) bool {
	if key == "" || key.Parent() != other.Parent() {
		return false
	}
	a, b := key.Levels(), other.Levels()
	return a[len(a)-1].Name == b[len(b)-1].Name
}

// holding gives the passage among those of a unit's document whose text holds the unit,
// else one that holds its beginning, else the first: a long enumeration is several.
func holding(passages []Passage, unit Unit) Passage {
	best, most := passages[0], 0
	for _, p := range passages {
		n := 0
		switch {
		case p.Document.ID != passages[0].Document.ID:
		case p.Start <= unit.Start && unit.End <= p.End:
			n = 2
		case p.Start <= unit.Start && unit.Start < p.End:
			n = 1
		}
		if n > most {
			best, most = p, n
		}
	}
	return best
}

// around gives the passage that holds a unit of the article that p is of: p itself where
// it does or nothing does.
func (a *Assistant) around(ctx context.Context, p Passage, unit Unit) (Passage, error) {
	if unit.Key == p.Key || p.Start <= unit.Start && unit.End <= p.End && strings.Contains(p.Text, unit.Text) {
		return p, nil
	}
	scope := Scope{Collections: []string{p.Document.Collection}, Repealed: true}
	held, err := a.Shelf.Lookup(ctx, scope, p.Document.Act, unit.Key)
	if err != nil {
		return p, err
	}
	for _, other := range held {
		if other.Document.ID == p.Document.ID && strings.Contains(other.Text, unit.Text) {
			other.Document = p.Document
			return other, nil
		}
	}
	return p, nil
}

// isRange says whether two references that follow each other stand for all between them:
// "art. 35-37 kpa", "art. 35 do 37 kpa".
func isRange(text string, from, to law.Reference) bool {
	runes := []rune(text)
	if from.End > to.Start || to.End > len(runes) || from.Key.Parent() != to.Key.Parent() {
		return false
	}
	switch strings.TrimSpace(string(runes[from.End:to.Start])) {
	case "-", "–", "—", "do":
		return true
	}
	return false
}

// between gives the units between two units of a document that stand side by side.
func (a *Assistant) between(ctx context.Context, from, to located) ([]located, error) {
	document := from.passage.Document.ID
	parent := law.Key(from.unit.Key).Parent()
	if document != to.passage.Document.ID || parent != law.Key(to.unit.Key).Parent() {
		return nil, nil
	}
	units, err := a.Shelf.Units(ctx, document, string(parent))
	if err != nil {
		return nil, err
	}
	var some []located
	for _, unit := range units {
		key := law.Key(unit.Key)
		if len(some) == maxLookups || key.Parent() != parent || !law.Key(from.unit.Key).Less(key) || !key.Less(law.Key(to.unit.Key)) {
			continue
		}
		passages, err := a.Shelf.Lookup(ctx, Scope{Collections: []string{from.passage.Document.Collection}, Repealed: true}, from.passage.Document.Act, unit.Key)
		if err != nil {
			return nil, err
		}
		if len(passages) > 0 {
			some = append(some, located{holding(passages, unit), unit})
		}
	}
	return some, nil
}

// neighbours are the units beside a missing one, as hits.
func (a *Assistant) neighbours(ctx context.Context, scope Scope, m Missing) ([]Hit, error) {
	units, err := a.Shelf.Units(ctx, m.document, string(m.key.Parent()))
	if err != nil {
		return nil, err
	}
	var beside []Unit
	before := 0
	for _, unit := range units {
		if key := law.Key(unit.Key); isBeside(key, m.key) {
			if key.Less(m.key) {
				before++
			}
			beside = append(beside, unit)
		}
	}
	from := max(0, min(before-nearestHits/2-1, len(beside)-nearestHits))
	hits := []Hit{}
	for _, unit := range beside[from:min(len(beside), from+nearestHits)] {
		passages, err := a.Shelf.Lookup(ctx, scope, m.Act, unit.Key)
		if err != nil {
			return nil, err
		}
		if len(passages) > 0 {
			hit := hitOf(fused{passage: holding(passages, unit)}, unit)
			hit.Rank = len(hits) + 1
			hits = append(hits, hit)
		}
	}
	return hits, nil
}
