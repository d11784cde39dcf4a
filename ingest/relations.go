package ingest

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"referent/internal/law"
	"referent/rag"
)

// localPrefix begins the identifiers of acts of local government.
const localPrefix = "local/"

var (
	// repealing words; what follows them is the clause that names what is repealed
	repealing = regexp.MustCompile(`(?i)\b(?:traci|tracą)\s+moc\b|\buchyla\s+się|\butrat[ay]\s+mocy\b`)
	// amending words at the beginning of a unit: the clause begins with them
	amending = regexp.MustCompile(`(?i)^(?:zmienia\s+się|(?:w|we)\s[^.;:]{0,200}?(?:uchwa|zarządzeni))`)
	// what an amending clause does, wherever it says it
	changes = regexp.MustCompile(`(?i)\bwprowadza\s+się|\botrzymuj[eą]\s+(?:\p{L}+\s+)?brzmienie|\b(?:dodaje|skreśla|uchyla|zastępuje|zmienia)\s+się|\bzastępuje\b|\botrzymuj[eą]\s+oznaczenie`)
	// titles that say it
	amendingTitle  = regexp.MustCompile(`(?i)\bzmieniając[aeyąo]\p{L}*\s|\bzmian\p{L}*\s|\bo\s+zmianie\s`)
	repealingTitle = regexp.MustCompile(`(?i)\buchylając[aeyąo]\p{L}*\s|\buchyleni[aeu]\s|\butrat[ay]\s+mocy\s`)
	// a local act by its number; its issuer or date may stand before the number
	namedAct = regexp.MustCompile(`(?i)\b(uchwa[łl]\p{L}*|zarządzeni\p{L}*)\s+((?:[\p{L}\d.]+\s+){0,14}?)nr\s+(` + actNumber + `)` + issuer)
	// further numbers of a list: „uchwały nr A z dnia …, nr B z dnia …”
	nextAct   = regexp.MustCompile(`(?i)(?:[,;]|\bi|\boraz)\s+nr\s+(` + actNumber + `)` + issuer)
	clauseDay = regexp.MustCompile(`(?i)\bz\s+dniem\s+(\d{1,2})\.? ?(\p{L}+) (\d{4})`)
	entryDay  = regexp.MustCompile(`(?i)\bwchodzi\s+w\s+życie\s+(?:z\s+dniem|od\s+dnia|od)\s+(\d{1,2})\.? ?(\p{L}+) (\d{4})`)
	// a part of an act: then the act lives on
	partOfAct = regexp.MustCompile(`(?i)§|\b(?:art|ust|pkt|lit)\.?\s|\b(?:załącznik\p{L}*|paragraf\p{L}*|punkt\p{L}*|zdani[ae]|rozdział\p{L}*|tabel\p{L}*)\b`)
	// by what an act was changed or repealed before: said of it, not done to it here
	already = regexp.MustCompile(`(?i)\b(?:zmienion\p{L}*|uchylon\p{L}*|zmieniając\p{L}*|ze\s+zmian\p{L}*|zmian\p{L}*)\s[^,;]{0,40}$`)
)

const (
	actNumber = `[IVXLCivxlc\d][\p{L}\d]{0,7}(?:(?:\s?/\s?|[.\-])[\p{L}\d]{1,8}){1,5}|\d{1,4}`
	issuer    = `(?:\s+((?:Rady|Wójta|Burmistrza|Prezydenta|Starosty|Zarządu|Sejmiku|Marszałka)\s[^,;:()„”\n]{1,80}))?`
)

// relationsOf finds what an act of local government does to others: „traci moc uchwała
// nr …”, „w uchwale nr … wprowadza się …”, and what its title says. Only what its units
// say counts, not their reasons, nor what a unit quotes; a part of an act that is
// repealed amends it.
func relationsOf(doc rag.Document) []rag.Relation {
	own, ok := localAct(doc.Act)
	if !ok {
		return nil
	}
	f := relationFinder{own: own, doc: doc}
	f.title(doc.Title)
	runes := []rune(doc.Text)
	for _, u := range outermost(doc.Units) {
		f.unit(u.Key, unquoted(string(runes[u.Start:u.End])))
	}
	return f.found
}

// outermost gives the units that lie in no other one.
func outermost(units []rag.Unit) []rag.Unit {
	var top []rag.Unit
	end := -1
	for _, u := range units {
		if key, err := law.ParseKey(u.Key); err != nil || strings.HasPrefix(string(key), "zal=") {
			continue // an annex is what the act sets, not what it does
		}
		if u.Start >= end {
			top = append(top, u)
			end = u.End
		}
	}
	return top
}

// unquoted leaves out what stands between „ and ”: words that another act gets.
func unquoted(text string) string {
	var out strings.Builder
	depth := 0
	for _, r := range text {
		switch {
		case r == '„':
			depth++
		case r == '”' && depth > 0:
			depth--
		case depth == 0:
			out.WriteRune(r)
			continue
		}
		out.WriteByte(' ')
	}
	return out.String()
}

// actName is the identifier of a local act in its parts.
type actName struct{ issuer, kind, number string }

func localAct(act string) (actName, bool) {
	parts := strings.Split(strings.TrimPrefix(act, localPrefix), "/")
	if !strings.HasPrefix(act, localPrefix) || len(parts) != 3 {
		return actName{}, false
	}
	return actName{parts[0], parts[1], parts[2]}, true
}

// String writes the act as the library knows it: "local/<issuer>/<kind>/<number>".
func (n actName) String() string { return localPrefix + n.issuer + "/" + n.kind + "/" + n.number }

type relationFinder struct {
	own   actName
	doc   rag.Document
	found []rag.Relation
}

func (f *relationFinder) add(kind rag.RelationKind, act actName, key, date string) {
	if act == f.own {
		return
	}
	same := func(r rag.Relation) bool { return r.Kind == kind && r.Act == act.String() }
	if i := slices.IndexFunc(f.found, same); i >= 0 {
		if key != "" && f.found[i].Key == "" { // a unit says it better than the title
			f.found[i].Key, f.found[i].Date = key, date
		}
		return
	}
	f.found = append(f.found, rag.Relation{Kind: kind, Act: act.String(), Date: date, Key: key})
}

func (f *relationFinder) title(title string) {
	_, subject, _ := strings.Cut(title, " z dnia ") // past the act's own number
	kind, words := rag.Amends, amendingTitle.FindStringIndex(subject)
	if at := repealingTitle.FindStringIndex(subject); at != nil && (words == nil || at[0] < words[0]) {
		kind, words = rag.Repeals, at
	}
	if words == nil {
		return
	}
	clause := subject[words[1]:]
	first := named(clause)
	if first == nil || strings.Contains(clause[:first[0]], "w sprawie") {
		return // the act that is named is part of another's subject
	}
	if partOfAct.MatchString(clause[:first[0]]) {
		kind = rag.Amends
	}
	f.add(kind, f.act(clause, first), "", f.doc.InForceFrom)
}

// named finds the first local act that a text names.
func named(text string) []int {
	if all := allNamed(text); len(all) > 0 {
		return all[0]
	}
	return nil
}

// allNamed finds the local acts that a text names. What stands between the kind and the
// number is who issued the act and when; past „w sprawie” a number is another's.
func allNamed(text string) [][]int {
	return slices.DeleteFunc(namedAct.FindAllStringSubmatchIndex(text, -1), func(m []int) bool {
		return strings.Contains(submatch(text, m, 2), "sprawie")
	})
}

// unit reads the clauses of a unit. One that amends an act says „uchyla się § 4” of that
// act's units, not of other acts.
func (f *relationFinder) unit(key, text string) {
	body := strings.TrimSpace(afterMark(text))
	if amending.MatchString(body) && changes.MatchString(body) {
		if m := named(body); m != nil && m[0] < maxClause {
			f.add(rag.Amends, f.act(body, m), key, f.doc.InForceFrom)
			return
		}
	}
	at := repealing.FindStringIndex(text)
	if at == nil {
		return
	}
	date := f.doc.InForceFrom
	if m := clauseDay.FindStringSubmatch(text); m != nil {
		date = isoDate(m)
	}
	f.repealed(key, text, at, date)
}

// maxClause is how far from its verb an act may be named.
const maxClause = 300

// repealed reads what a repealing clause names: acts after its verb, else the act before
// it („uchwała nr … traci moc”).
func (f *relationFinder) repealed(key, text string, verb []int, date string) {
	clause, any := text[verb[1]:], false
	last := 0
	kindOf := func(from, at int) rag.RelationKind {
		if partOfAct.MatchString(clause[from:at]) {
			return rag.Amends
		}
		return rag.Repeals
	}
	for _, m := range allNamed(clause) {
		if already.MatchString(clause[:m[0]] + " ") {
			continue
		}
		f.add(kindOf(last, m[0]), f.act(clause, m), key, date)
		any = true
		last = m[1]
		kind := slug(clause[m[2]:m[3]])
		for _, next := range nextAct.FindAllStringSubmatchIndex(upToNextKind(clause[m[1]:]), -1) {
			f.add(rag.Repeals, f.identifier(kind, submatch(clause[m[1]:], next, 1), submatch(clause[m[1]:], next, 2)), key, date)
		}
	}
	if any {
		return
	}
	front := text[:verb[0]]
	all := allNamed(front)
	for _, m := range all[:min(len(all), 1)] {
		kind := rag.Repeals
		if partOfAct.MatchString(afterMark(front[:m[0]])) {
			kind = rag.Amends
		}
		f.add(kind, f.act(front, m), key, date)
	}
}

// upToNextKind cuts a text where another act is named with its kind.
func upToNextKind(text string) string {
	if at := namedAct.FindStringIndex(text); at != nil {
		return text[:at[0]]
	}
	return text
}

var unitNumber = regexp.MustCompile(`^\s*§\s*\d+\p{L}*\.?\s*(?:(?:ust\.\s*)?\d+\.\s+)?`)

// afterMark leaves out the number of a unit.
func afterMark(text string) string { return text[len(unitNumber.FindString(text)):] }

func submatch(text string, m []int, n int) string {
	if m[2*n] < 0 {
		return ""
	}
	return text[m[2*n]:m[2*n+1]]
}

func (f *relationFinder) act(text string, m []int) actName {
	who := submatch(text, m, 4)
	if who == "" { // „uchwałę Rady Miejskiej w X z dnia … nr …”
		if i := strings.Index(submatch(text, m, 2), "Rady "); i >= 0 {
			who = submatch(text, m, 2)[i:]
		}
	}
	return f.identifier(slug(submatch(text, m, 1)), submatch(text, m, 3), who)
}

// identifier gives the identifier of an act whose issuer, where it names none, is the issuer of
// the document that speaks of it.
func (f *relationFinder) identifier(kind, number, who string) actName {
	name := actName{issuer: f.own.issuer, kind: "uchwala", number: slug(yearMark.ReplaceAllString(number, "$1"))}
	if strings.HasPrefix(kind, "zarz") {
		name.kind = "zarzadzenie"
	}
	if at := issuerEnd.FindStringIndex(who); at != nil {
		who = who[:at[0]]
	}
	if who = slug(who); who != "" && utf8.RuneCountInString(who) < maxIssuer {
		name.issuer = who
	}
	return name
}

// issuerEnd is where the text goes on behind the name of an office.
var issuerEnd = regexp.MustCompile(`(?i)\s(?:z dnia|w sprawie|zmienion|zmieniając|ze zm|uchylon|traci|tracą|wprowadza|oraz|nr)`)

// yearMark is glued to a number: „nr 0007.XIII.100.2015r.”
var yearMark = regexp.MustCompile(`(\d{4})r\.?$`)

// maxIssuer is longer than any office's name; what is longer ran into the text behind it.
const maxIssuer = 70
