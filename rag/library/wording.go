package library

import "referent/rag"

// wordings says which documents answer. Of the wordings of an act the newest one
// does, whether it is in force or repealed: an older wording of a repealed act is no
// law either. A wording that is not in force yet never stands in for the one that is.
// Documents without an act all answer, and so do documents of one act that nothing
// tells apart, as a resolution and its annex. What is in force is judged on the day
// that is asked about; a document whose source is gone does not answer.
func wordings(documents []holding, scope rag.Scope, today string) func(holding) bool {
	day := today
	if scope.AsOf != "" {
		day = scope.AsOf
	}
	past := scope.AsOf != "" && scope.AsOf < today
	acts := map[string]newest{}
	for _, d := range documents {
		if d.act == "" || d.missing || d.standing.StatusOn(day) == rag.StatusNotYet || later(d, scope.AsOf) {
			continue
		}
		known, found := acts[d.act]
		if !found {
			known = newest{dated: -1, dateless: -1}
		}
		acts[d.act] = known.with(dated(d, past))
	}
	return func(d holding) bool {
		status := d.standing.StatusOn(day)
		switch {
		case d.missing, later(d, scope.AsOf):
			return false
		case status == rag.StatusNotYet:
			return scope.Repealed
		case status == rag.StatusRepealed && !scope.Repealed:
			return false
		case d.act == "":
			return true
		}
		return acts[d.act].is(dated(d, past), past)
	}
}

// dated gives an undated text the day that it is no older than, where a past day is
// asked about: a text that cites acts of 2023 comes after one of 1960, whatever its kind.
func dated(d holding, past bool) holding {
	if past && d.wordingDate == "" {
		d.wordingDate = d.notBefore
	}
	return d
}

// later says that a wording came after the day that is asked about.
func later(d holding, asOf string) bool {
	return asOf != "" && max(d.wordingDate, d.notBefore) > asOf
}

// newest is the newest wording of an act. Among dated ones the last day counts, then
// how official the text is; among dateless ones only that. Between the two, T goes
// before U before O, then the dated one answers; as of a past day the dated one
// always does, since nobody knows of which day the other is.
type newest struct {
	date     string
	dated    int // officialness of the text of that date; -1: there is none
	dateless int // the same of texts without a date
}

func (n newest) with(d holding) newest {
	rank := officialness(d.textKind)
	switch {
	case d.wordingDate == "":
		n.dateless = max(n.dateless, rank)
	case d.wordingDate > n.date:
		n.date, n.dated = d.wordingDate, rank
	case d.wordingDate == n.date:
		n.dated = max(n.dated, rank)
	}
	return n
}

func (n newest) is(d holding, past bool) bool {
	rank := officialness(d.textKind)
	if d.wordingDate != "" {
		return d.wordingDate == n.date && rank == n.dated && (past || n.dated >= n.dateless)
	}
	if rank != n.dateless {
		return false
	}
	unknown := rank == 0 && n.dated == 0 // nothing says that one replaces the other
	return n.dated < 0 || !past && (n.dateless > n.dated || unknown)
}

// officialness ranks kinds of texts.
func officialness(kind rag.TextKind) int {
	switch kind {
	case rag.TextConsolidated:
		return 3
	case rag.TextUnofficial:
		return 2
	case rag.TextPromulgated:
		return 1
	}
	return 0
}
