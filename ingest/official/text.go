package official

import (
	"context"
	"strings"

	"referent/rag"
)

// Text is the wording of an act that a service has to give, and what it says of the act.
type Text struct {
	Act     string // identifier of the act itself, also where an announcement was asked for
	Title   string
	Kind    rag.TextKind
	Date    string // the day whose wording it is, "" when unknown
	Address string // where the text is
	Accept  string // what to ask for there
	Name    string // of a file that holds it: begins with the act's identifier

	Published    string   // the act that announced the consolidated text, "" for the act itself
	AmendedSince []string // acts that amended it after that wording: their changes are not in the text

	Status       rag.Status
	InForceFrom  string
	RepealedFrom string
}

// Is says whether a source is one that this client resolves.
func Is(source string) bool {
	return strings.HasPrefix(source, "eli:") || strings.HasPrefix(source, "celex:")
}

// Source gives the source that an act is asked for by; "" for an act of no service.
func Source(act string) string {
	switch {
	case strings.HasPrefix(act, "DU/"), strings.HasPrefix(act, "MP/"):
		return "eli:" + act
	case strings.HasPrefix(act, "EU/"):
		return celexOf(act)
	}
	return ""
}

// Choose finds the newest wording of an act: "eli:DU/2021/1641" or "celex:32016R0679". A
// source that is not written so is CodeNotFound; an act without a text CodeFileNoText.
func (c *Client) Choose(ctx context.Context, source string) (Text, error) {
	if act, ok := strings.CutPrefix(source, "eli:"); ok && eliSource.MatchString(act) {
		return c.chooseELI(ctx, act)
	}
	if number, ok := strings.CutPrefix(source, "celex:"); ok && celexSource.MatchString(strings.ToUpper(number)) {
		return c.chooseEU(ctx, strings.ToUpper(number))
	}
	return Text{}, &rag.Error{Code: rag.CodeNotFound, Subject: source}
}

// Newer says whether a wording is newer than one that is held. A day tells, for an undated
// text the day that it is no older than; without days an official consolidated text is
// newer than what was promulgated.
func (t Text) Newer(held rag.Info) bool {
	day := max(held.WordingDate, held.WordingAfter)
	switch {
	case t.Date != "" && day != "":
		return t.Date > day
	case t.Address != "" && held.Origin == t.Address:
		return false
	}
	return t.Kind != rag.TextPromulgated && held.TextKind != t.Kind
}
