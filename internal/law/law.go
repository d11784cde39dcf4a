// Package law reads, orders and prints Polish and EU legal citations and knows
// the names and abbreviations of acts. It imports only internal/polish.
package law

// Key is a unit's place in its act, levels joined by ";": "art=33^1;ust=2;pkt=3;lit=a".
// Levels: art par ust pkt lit tiret zal motyw akapit. Indices are written with ^.
// In acts of local government the top level is par ("par=5"), in an annex "zal=1;par=5".
// "" is the whole act.
type Key string

// Reference is a unit that somebody named in a text.
type Reference struct {
	Act   string // ELI of the act named, "" when none was
	Key   Key    // "" when an act was named alone
	Start int    // code points of the text
	End   int
}
