package personal

import (
	"regexp"
	"strings"
	"unicode"

	"referent/internal/polish"
)

// near gives the folded text before and after a piece: what a number is, its neighbours say.
func near(text string, start, end int) (before, after string) {
	from, to := max(0, start-contextBytes), min(len(text), end+contextBytes/2)
	return polish.Fold(strings.ToValidUTF8(text[from:start], "")), polish.Fold(strings.ToValidUTF8(text[end:to], ""))
}

const contextBytes = 48

func hasAny(text string, signs []string) bool {
	for _, sign := range signs {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}

var (
	phoneSigns   = []string{"tel", "kom.", "komork", "fax", "faks", "zadzwon", "dzwon", "kontakt", "moj numer", "numer to", "numerem", "sms", "whatsapp"}
	otherNumbers = []string{"spraw", "zgloszen", "umow", "faktur", "krs", "dzialk", "licznik", "zamowien", "wniosk", "decyzj", "polis", "serial", "seryjn", "ewidenc", "nr ref", "id ", "sygn", "kod ", "ean", "isbn", "poz."}
	peselSigns   = []string{"pesel", "ewidencyjn", "urodz", "ur."}
	nipSigns     = []string{"nip", "podatk"}
	regonSigns   = []string{"regon"}
	cardSigns    = []string{"dowod", "dow. os", "d.o.", "paszport", "legitym", "seria", "serii", "tozsamosc", "prawo jazdy", "prawa jazdy"}
	moneySigns   = []string{"zl", "pln", "eur", "usd", "m2", "m²", "km", "szt", "kwh", "%"}
)

// numbers goes through the runs of digits that may be identifiers or telephones.
func (s *Scanner) numbers(text string) {
	for i := 0; i < len(text); {
		if !digit(text[i]) && text[i] != '+' && text[i] != '(' {
			i++
			continue
		}
		if i > 0 && (digit(text[i-1]) || letter(text[i-1])) {
			s.account(text, i)
			s.card(text, i)
			i = skipWord(text, i)
			continue
		}
		s.card(text, i)
		end := runEnd(text, i)
		s.number(text, i, end)
		i = max(end, i+1)
	}
}

func digit(b byte) bool  { return b >= '0' && b <= '9' }
func letter(b byte) bool { return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= 0x80 }

func skipWord(text string, i int) int {
	for i < len(text) && (digit(text[i]) || letter(text[i])) {
		i++
	}
	return i
}

// runEnd gives the end of digits parted by single spaces, hyphens or brackets.
func runEnd(text string, start int) int {
	end, gap := start, 0
	for i := start; i < len(text); i++ {
		switch {
		case digit(text[i]):
			end, gap = i+1, 0
		case i == start && (text[i] == '+' || text[i] == '('):
		case (text[i] == ' ' || text[i] == '-' || text[i] == ')' || text[i] == '(') && gap < 2:
			gap++
		default:
			return end
		}
	}
	return end
}

func (s *Scanner) number(text string, start, end int) {
	if end < len(text) && (letter(text[end]) || text[end] == '/' && end+1 < len(text) && digit(text[end+1])) || start > 0 && text[start-1] == '/' {
		return // a part of a signature
	}
	run := text[start:end]
	digits := onlyDigits(run)
	if len(digits) < 7 || len(digits) > 34 {
		return
	}
	before, after := near(text, start, end)
	told := lastSign(before)
	switch {
	case len(digits) == 26 && ValidIBAN(digits):
		s.add(IBAN, start, end)
	case len(digits) == 11 && ValidPESEL(digits) && (told == peselSign || told == noSign || told == phoneSign):
		s.add(PESEL, start, end)
	case len(digits) == 10 && ValidNIP(digits) && told == nipSign:
		s.add(NIP, start, end)
	case (len(digits) == 9 || len(digits) == 14) && ValidREGON(digits) && told == regonSign:
		s.add(REGON, start, end)
	case told != peselSign && told != nipSign && told != regonSign && phoneLike(run, digits, told, after):
		s.add(Phone, start, end)
	}
}

// onlyDigits drops what parts the digits of a number.
func onlyDigits(run string) string {
	var kept [40]byte
	n := 0
	for i := 0; i < len(run) && n < len(kept); i++ {
		if digit(run[i]) {
			kept[n] = run[i]
			n++
		}
	}
	return string(kept[:n])
}

type sign int

const (
	noSign sign = iota
	phoneSign
	otherSign
	peselSign
	nipSign
	regonSign
)

// lastSign says what the text before a number announces: the word nearest to it tells.
func lastSign(before string) sign {
	best, at := noSign, -1
	for what, words := range map[sign][]string{phoneSign: phoneSigns, otherSign: otherNumbers, peselSign: peselSigns, nipSign: nipSigns, regonSign: regonSigns} {
		for _, word := range words {
			if i := strings.LastIndex(before, word); i > at {
				best, at = what, i
			}
		}
	}
	return best
}

// phoneLike tells telephones: with their code or in their groups they speak for
// themselves; nine digits in a row need a word that announces them.
func phoneLike(run, digits string, told sign, after string) bool {
	plus := strings.HasPrefix(run, "+")
	national := strings.TrimPrefix(strings.TrimPrefix(digits, "00"), "48")
	if !plus && len(digits) != 11 && len(digits) != 13 {
		national = digits
	}
	if len(national) == 10 && national[0] == '0' {
		national = national[1:]
	}
	switch {
	case len(national) == 7 && told == phoneSign:
		return true
	case len(national) != 9 || national[0] == '0' || told == otherSign && !plus:
		return false
	case plus || told == phoneSign:
		return true
	case hasAny(strings.TrimSpace(after[:min(len(after), 5)]), moneySigns):
		return false
	}
	return grouped(run)
}

var phoneGroups = regexp.MustCompile(`^(\d{3}[ -]\d{3}[ -]\d{3}|\(?\d{2}\)?[ -]\d{3}[ -]\d{2}[ -]\d{2}|\(\d{2}\) ?\d{7}|\(?\d{2}\)?[ -]\d{3}[ -]\d{4}|0048 ?\d{3} ?\d{3} ?\d{3}|48 \d{3} \d{3} \d{3})$`)

func grouped(run string) bool { return phoneGroups.MatchString(run) }

// LooksLikePhone says whether a whole cell is a telephone number in a column of such.
func LooksLikePhone(cell string) bool {
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == ',' || r == ';' || r == '/' }) {
		digits := 0
		for _, r := range part {
			switch {
			case unicode.IsDigit(r):
				digits++
			case strings.ContainsRune(" -+().telTELwnkomKOM:", r):
			default:
				return false
			}
		}
		if digits < 7 || digits > 13 {
			return false
		}
	}
	return strings.ContainsAny(cell, "0123456789")
}

// account finds an account number that begins with PL.
func (s *Scanner) account(text string, at int) {
	if at < 2 || !strings.EqualFold(text[at-2:at], "PL") {
		return
	}
	if end := runEnd(text, at); ValidIBAN(text[at:end]) {
		s.add(IBAN, at-2, end)
	}
}

// card finds an identity card, which a word must announce.
func (s *Scanner) card(text string, at int) {
	start := at - 3
	if at >= 4 && text[at-1] == ' ' {
		start = at - 4
	}
	if start < 0 || start > 0 && letter(text[start-1]) {
		return
	}
	end := runEnd(text, at)
	before, _ := near(text, start, end)
	if ValidIDCard(text[start:end]) && hasAny(before, cardSigns) {
		s.add(IDNumber, start, end)
	}
}

func (s *Scanner) emails(text string) {
	for at := strings.IndexByte(text, '@'); at >= 0; {
		start, end := at, at+1
		for start > 0 && (letter(text[start-1]) || digit(text[start-1]) || strings.IndexByte("._%+-", text[start-1]) >= 0) {
			start--
		}
		for end < len(text) && (letter(text[end]) || digit(text[end]) || text[end] == '.' || text[end] == '-') {
			end++
		}
		for end > at && (text[end-1] == '.' || text[end-1] == '-') {
			end--
		}
		if start < at && strings.Contains(text[at:end], ".") {
			s.found = append(s.found, Finding{Email, start, end, roleAddress(text[start:at])})
		}
		next := strings.IndexByte(text[at+1:], '@')
		if next < 0 {
			return
		}
		at += 1 + next
	}
}

var roleWords = strings.Fields(`sekretariat biuro kontakt urzad gmina gm info poczta kancelaria szkola przedszkole zlobek sp zs zso lo gops mops ops
	ug um office admin iod rodo bip bok gok mok dom centrum hala basen osir mosir spzoz sklep firma redakcja rekrutacja zamowienia przetargi
	promocja oswiata ksiegowosc kadry rada soltys straz osp policja muzeum biblioteka gbp mbp dps wtz sds klub fundacja stowarzyszenie dyrektor
	dyrekcja zarzad recepcja rejestracja punkt pszok zgk zwik wodociagi helpdesk serwis marketing mail email e-mail zespol wydzial referat boi pcpr`)

// roleAddress says whether the name of a mail box is that of an office.
func roleAddress(local string) bool {
	local = polish.Fold(local)
	for _, part := range strings.FieldsFunc(local, func(r rune) bool { return !unicode.IsLetter(r) }) {
		for _, word := range roleWords {
			if part == word || len(word) > 4 && strings.HasPrefix(part, word) {
				return true
			}
		}
	}
	return false
}

var (
	courtSignature = regexp.MustCompile(`\b[IVX]{1,5} ?(?:[A-Z][A-Za-z]{0,3}|[A-Z]{1,4}) ?\d{1,5}/\d{2,4}\b`)
	landRegister   = regexp.MustCompile(`\b[A-Z]{2}\d[A-Z]/\d{8}/\d\b`)
	plate          = regexp.MustCompile(`\b[A-Z]{1,3}[ -]?[0-9A-Z]{4,5}\b`)
	birth          = regexp.MustCompile(`(?i)\b(?:ur\.|urodz\w*)[^0-9]{0,20}(\d{1,2}[.\-/]\d{1,2}[.\-/](?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}-\d{2}|\d{1,2} \p{L}{4,12} (?:19|20)\d{2})`)
)

func (s *Scanner) signatures(text string) {
	if !strings.Contains(text, "/") {
		return
	}
	for _, at := range landRegister.FindAllStringIndex(text, -1) {
		s.add(LandRegister, at[0], at[1])
	}
	for _, at := range courtSignature.FindAllStringIndex(text, -1) {
		if before, _ := near(text, at[0], at[1]); hasAny(before, []string{"sygn", "akt", "sad", "spraw", "wyrok", "postanowien"}) {
			s.add(Signature, at[0], at[1])
		}
	}
}

// plateSigns announce a number plate, whatever their first letter's case.
var plateSigns = []string{"rej", "ablic", "auto", "Auto", "amoch", "ojazd", "REJ"}

func (s *Scanner) plates(text string) {
	if !hasAny(text, plateSigns) {
		return
	}
	for _, at := range plate.FindAllStringIndex(text, -1) {
		before, _ := near(text, at[0], at[1])
		if strings.ContainsAny(text[at[0]:at[1]], "0123456789") && hasAny(before, []string{"rej", "tablic", "auto", "samoch", "pojazd"}) {
			s.add(Plate, at[0], at[1])
		}
	}
}

// LooksLikePlate says whether a whole cell is a number plate, in a column of such.
func LooksLikePlate(cell string) bool {
	at := plate.FindStringIndex(cell)
	return at != nil && at[0] == 0 && at[1] == len(cell) && strings.ContainsAny(cell, "0123456789")
}

func (s *Scanner) births(text string) {
	if !hasAny(text, []string{"ur.", "Ur.", "rodz", "RODZ"}) {
		return
	}
	for _, at := range birth.FindAllStringSubmatchIndex(text, -1) {
		s.add(BirthDate, at[2], at[3])
	}
}
