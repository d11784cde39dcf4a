package personal

import (
	"regexp"
	"strings"
)

// home is where somebody says they live: a place of an event is no personal data.
var home = regexp.MustCompile(`(?:[Mm]ieszka\pL*|[Zz]amieszka\pL*|[Zz]am\.|[Zz]ameldowan\pL*|[Aa]dres (?:zamieszkania|domowy|do korespondencji)|[Mm]ój adres)[^.;\n\d]{0,30}?((?:(?:ul|al|os|pl)\. ?|ulic[ya] |osiedl[eau] )?\p{Lu}[\pL.\-]*(?: \p{Lu}[\pL.\-]*)* \d{1,4}[A-Za-z]?(?:/\d{1,4}| ?m\. ?\d{1,4})?)`)

// homeSigns are in every text that home matches.
var homeSigns = []string{"ieszka", "am.", "meldowan", "res "}

func (s *Scanner) homes(text string) {
	if !hasAny(text, homeSigns) {
		return
	}
	for _, at := range home.FindAllStringSubmatchIndex(text, -1) {
		s.add(Address, at[2], at[3])
	}
}

var (
	streetAddress  = regexp.MustCompile(`^(?:\d{2}-\d{3} [\pL \-]+, ?)?(?:ul|al|os|pl|ulica|aleja|osiedle|plac|rondo)\b\.? ?[\pL\d .\-„”"]+?(?:,? ?(?:nr )?\d{1,4} ?[A-Za-z]?(?: ?[/\-] ?\d{1,4} ?[A-Za-z]?| ?(?:m|lok)\.? ?\d{1,4})?)?(?:,? ?(?:\d{2}-\d{3} )?[\pL \-]+)?$`)
	villageAddress = regexp.MustCompile(`^(?:\d{2}-\d{3} )?\p{Lu}[\pL\-]+(?: [\pL\-]+){0,3},? \d{1,4} ?[A-Za-z]?(?: ?/ ?\d{1,4}[A-Za-z]?)?(?:,? ?\d{2}-\d{3} [\pL \-]+)?$`)
)

// LooksLikeAddress says whether a whole cell is an address: a street, or a village with
// the number of a house.
func LooksLikeAddress(cell string) bool {
	return len(cell) <= 120 && (streetAddress.MatchString(cell) || villageAddress.MatchString(cell) && !strings.Contains(cell, " nr "))
}
