// Package law reads, orders and prints Polish and EU legal citations and knows
// the names and abbreviations of acts. It imports only internal/polish.
package law

import (
	"slices"
	"strings"
)

// Key is a unit's place in its act, levels joined by ";": "art=33^1;ust=2;pkt=3;lit=a".
// Levels: art par ust akapit pkt lit tiret zal motyw. Indices are written with ^.
// In acts of local government the top level is par ("par=5"), in an annex "zal=1;par=5".
// "" is the whole act.
type Key string

// Reference is a unit that somebody named in a text.
type Reference struct {
	// Act is the ELI of the act named; of an act of local government a pattern such as
	// "local/*/uchwala/xii-88-2019" (see Names). "" when none was named or it cannot be told.
	Act     string
	Choices []string // acts that the name may mean where nothing decides; Act is "" then
	Unknown bool     // an act was named that is not known; Act is "" then
	Key     Key      // "" when an act was named alone
	Start   int      // code points of the text
	End     int
}

// Names says whether the reference may mean a unit of an act: of the act named, of one of
// the choices, of any act where none was named.
func (r Reference) Names(act string) bool {
	switch {
	case r.Act != "":
		return SameAct(r.Act, act)
	case len(r.Choices) > 0:
		return slices.Contains(r.Choices, act)
	}
	return !r.Unknown
}

// Acts gives what to look the unit up in: the act, or each of the choices, or "" for
// every act where none was named. There are none when the act named is not known.
func (r Reference) Acts() []string {
	if r.Act != "" || len(r.Choices) == 0 && !r.Unknown {
		return []string{r.Act}
	}
	return r.Choices
}

// SameAct says whether an act is the one named: itself, or an act of local government that
// the pattern of a Reference fits. A part of a pattern may end with a star.
func SameAct(named, act string) bool {
	if named == act || !strings.Contains(named, "*") {
		return named == act
	}
	want, have := strings.Split(named, "/"), strings.Split(act, "/")
	if len(want) != len(have) {
		return false
	}
	for i, part := range want {
		stem, open := strings.CutSuffix(part, "*")
		if open && !strings.HasPrefix(have[i], stem) || !open && part != have[i] {
			return false
		}
	}
	return true
}
