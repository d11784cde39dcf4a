package main

import (
	"strings"

	"referent/ingest"
)

// sayWording says which wording of an act was taken, as of when, and what it changed.
func (p *progress) sayWording(e ingest.Event) {
	if w := e.Wording; w != nil {
		p.say("ingest.wording", wordingData{
			Subject: e.File, Kind: p.text.Text("ingest.kind."+string(w.TextKind), nil), Date: p.day(w.WordingDate),
			Published: w.Published, Since: listed(w.AmendedSince),
		})
	}
	if c := e.Change; c != nil {
		p.say("ingest.change", changeData{
			Subject: e.Act, Before: p.day(c.Before.WordingDate), After: p.day(c.After.WordingDate),
			Added: listed(c.Added), Removed: listed(c.Removed), Changed: listed(c.Changed),
		})
	}
}

type wordingData struct{ Subject, Kind, Date, Published, Since string }

type changeData struct{ Subject, Before, After, Added, Removed, Changed string }

func (p *progress) day(date string) string {
	if date == "" {
		return p.text.Text("ingest.no_date", nil)
	}
	return date
}

// mostListed is how many articles a line names; --json names them all.
const mostListed = 12

func listed(names []string) string {
	if len(names) == 0 {
		return "–"
	}
	if len(names) > mostListed {
		names = append(append([]string{}, names[:mostListed]...), "…")
	}
	return strings.Join(names, ", ")
}
