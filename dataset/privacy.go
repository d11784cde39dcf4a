package dataset

import (
	"cmp"
	"maps"
	"slices"

	"referent/internal/personal"
)

// A privacy judges whose data stand in a table.
type privacy struct {
	columns []*judged
	persons bool // records are of private persons, one each
	offices bool // records are of institutions
	entries []Personal
}

var (
	publicWords   = []string{"dyrektor", "prezes", "kierowni", "soltys", "radn", "przewodnicz", "wojt", "burmistrz", "prezydent", "starost", "sekretarz", "skarbnik", "komendant", "naczelni", "zarzad", "reprezent", "notariusz", "komornik", "koordynator", "osoba.", "kandydat", "urzednik", "inspektor", "posel", "senator"}
	businessWords = []string{"kontrahent", "firm", "wykonawc", "przedsiebior", "podmiot", "oferent", "dostawc", "przewoznik", "operator", "sprzedawc", "nazwa", "producent", "beneficjent", "zleceniobiorc", "dotowan", "organizator"}
	privateWords  = []string{"wnioskodaw", "zamieszk", "korespondenc", "wlascicie", "mieszkan", "ucz", "najemc", "dzierzaw", "podatni", "opiekun", "rodzic", "zglaszaj", "pacjent", "klient", "petent", "strony.", "wnosz", "dziecka", "dluznik", "skarzac", "nabywc"}
	placeWords    = []string{"lokalizac", "miejsc", "nieruchom", "inwestyc", "obiekt", "szkol", "placow", "siedzib", "zdarz", "budynk", "przystan", "lokal", "komisji", "dzialal", "punkt"}
	officeWords   = []string{"szkol", "placow", "instytuc", "jednostk", "siedzib", "organizac", "klub", "bibliotek", "przedszkol", "zlobek", "apteka", "apteki", "urzad", "osrod", "parafi", "stowarzysz", "fundac", "obiekt", "komisj", "przychodn", "hotel", "wypozyczaln", "swietlic", "typ.", "rodzaj", "dyrektor", "nazwa"}
)

// personalOf finds the personal data of a table and says what they mean for its publication.
func personalOf(columns []*judged, g *gathered) ([]Personal, *Groups, Verdict) {
	p := &privacy{columns: columns}
	p.survey()
	p.names()
	for _, j := range columns {
		p.column(j)
	}
	slices.SortStableFunc(p.entries, func(a, b Personal) int { return cmp.Compare(p.position(a), p.position(b)) })
	groups := p.smallGroups(g)
	return p.entries, groups, verdictOf(p.entries, groups)
}

func (p *privacy) position(entry Personal) int {
	return slices.IndexFunc(p.columns, func(j *judged) bool { return j.name == entry.Column[0] })
}

// survey looks at the columns that say whose records these are.
func (p *privacy) survey() {
	public := slices.ContainsFunc(p.columns, func(j *judged) bool {
		return hasWord(j.words, "funkcja", "stanowisk", "kadencj", "klub.", "mandat", "okreg") || hasWord(j.words, publicWords...)
	})
	for _, j := range p.columns {
		switch {
		case j.about == SemanticPESEL, j.isBirth() && !public:
			p.persons = true
		case j.about == SemanticPerson && p.nameLevel(j) == LevelPersonal && !public:
			p.persons = true
		case hasWord(j.words, officeWords...):
			p.offices = true
		}
	}
}

func (j *judged) isBirth() bool {
	return hasWord(j.words, "urodz") && (j.kind == TypeDate || j.kind == TypeDatetime)
}

// nameLevel says whose names stand in a column.
func (p *privacy) nameLevel(j *judged) Level {
	all, whole := j.foundCount(personal.Name)
	switch {
	case hasWord(j.words, publicWords...):
		return LevelPublicFunction
	case hasWord(j.words, personWords...), hasWord(j.words, privateWords...):
		if !p.persons && slices.ContainsFunc(p.columns, func(j *judged) bool {
			return hasWord(j.words, "funkcja", "stanowisk", "kadencj", "klub.", "mandat") || hasWord(j.words, publicWords...)
		}) {
			return LevelPublicFunction
		}
		return LevelPersonal
	case whole == 0 && all > 0:
		return LevelBusiness
	case all > whole && 10*(all-whole) > all, hasWord(j.words, businessWords...):
		return LevelMixed
	}
	return LevelPersonal
}

// names reports columns of names; first names and surnames in columns of their own are
// one finding.
func (p *privacy) names() {
	var parts []*judged
	for _, j := range p.columns {
		if j.about == SemanticPerson && hasWord(j.words, personWords...) && (hasWord(j.words, "imie.", "imiona") != hasWord(j.words, "nazwisk")) {
			parts = append(parts, j)
		}
	}
	if len(parts) == 0 {
		return
	}
	entry := Personal{Kind: PersonalKind(personal.Name), Level: p.nameLevel(parts[0])}
	for _, j := range parts {
		entry.Column = append(entry.Column, j.name)
		entry.Count = max(entry.Count, j.values)
		entry.Examples = append(entry.Examples, j.examples()[:min(1, len(j.cache))]...)
	}
	p.entries = append(p.entries, entry)
}

// column reports what stands in one column.
func (p *privacy) column(j *judged) {
	switch j.about {
	case SemanticPESEL:
		p.add(j, personal.PESEL, j.marks.pesel.count+j.marks.short.count, LevelPersonal, j.marks.pesel.first())
		if n := len(p.entries); n > 0 && p.entries[n-1].Kind == PersonalKind(personal.PESEL) {
			p.entries[n-1].Invalid = j.invalid().count
		}
		return
	case SemanticNIP:
		p.add(j, personal.NIP, j.marks.nip.count, p.numberLevel(), j.marks.nip.first())
		return
	case SemanticREGON:
		p.add(j, personal.REGON, j.marks.regon.count, p.numberLevel(), j.marks.regon.first())
		return
	case SemanticIBAN:
		p.add(j, personal.IBAN, j.marks.iban.count, p.contactLevel(0, 0), j.marks.iban.first())
		return
	case SemanticPhone:
		p.add(j, personal.Phone, j.values, p.contactLevel(0, 0), nil)
		return
	case SemanticEmail:
		role := 0
		if f := j.found[personal.Email]; f != nil {
			role = f.role
		}
		p.add(j, personal.Email, j.values, p.contactLevel(role, j.values), nil)
		return
	case SemanticPNA:
		if p.persons && !hasWord(j.words, placeWords...) {
			p.add(j, personal.PostalCode, j.values, LevelPersonal, nil)
		}
		return
	case SemanticAddress:
		p.address(j)
		p.texts(j, personal.Name)
		return
	}
	switch {
	case j.isBirth():
		p.add(j, personal.BirthDate, j.values, LevelPersonal, nil)
	case hasWord(j.words, "dowod", "paszport") && j.shaped(j.shapes.digits) > 0.5 && !hasWord(j.words, "dowodowy."):
		p.add(j, personal.IDNumber, j.values, LevelPersonal, nil)
	case hasWord(j.words, "rejestracyj", "tablic") && j.shaped(j.shapes.plate) >= 0.5:
		p.add(j, personal.Plate, j.values, LevelPersonal, nil)
	default:
		p.texts(j)
	}
}

func (p *privacy) add(j *judged, kind personal.Kind, count int, level Level, rows []int) {
	if count == 0 {
		return
	}
	entry := Personal{Kind: PersonalKind(kind), Column: Names{j.name}, Count: count, Level: level, Rows: slices.Clone(rows)}
	if examples := j.examples(); len(examples) > 0 {
		entry.Examples = []string{personal.Mask(examples[0])}
	}
	p.entries = append(p.entries, entry)
}

// numberLevel says whose tax numbers a table has.
func (p *privacy) numberLevel() Level {
	level := LevelInstitution
	for _, j := range p.columns {
		if all, _ := j.foundCount(personal.Name); all > 0 && j.about != SemanticAddress && 20*all >= j.values {
			switch p.nameLevel(j) {
			case LevelMixed:
				return LevelMixed
			case LevelBusiness:
				level = LevelBusiness
			case LevelPersonal:
				return LevelMixed
			}
		} else if hasWord(j.words, businessWords[:8]...) && level == LevelInstitution {
			level = LevelBusiness
		}
	}
	return level
}

// contactLevel says whose telephones and mail boxes a table has.
func (p *privacy) contactLevel(role, all int) Level {
	switch {
	case p.persons:
		return LevelPersonal
	case p.offices, all > 0 && 3*role >= all:
		return LevelInstitution
	}
	for _, j := range p.columns {
		if j.about == SemanticPerson {
			return p.nameLevel(j)
		}
		if hasWord(j.words, privateWords...) {
			return LevelPersonal
		}
	}
	if all > 0 && role == 0 {
		return LevelPersonal
	}
	return LevelInstitution
}

// address reports addresses of persons: those of institutions and places are none.
func (p *privacy) address(j *judged) {
	if hasWord(j.words, privateWords...) && !hasWord(j.words, placeWords...) || p.persons && !hasWord(j.words, placeWords...) {
		p.add(j, personal.Address, j.values, LevelPersonal, nil)
	}
}

// texts reports what was found inside the texts of a column.
func (p *privacy) texts(j *judged, but ...personal.Kind) {
	if slices.ContainsFunc(p.entries, func(e Personal) bool { return slices.Contains(e.Column, j.name) }) && j.about == SemanticPerson {
		return
	}
	for _, kind := range slices.Sorted(maps.Keys(j.found)) {
		f := j.found[kind]
		if slices.Contains(but, kind) || kind == personal.Name && hasWord(j.words, "patron", "ulic", "imienia", "autor", "gatunek", "lacinsk") {
			continue
		}
		level := LevelPersonal
		switch kind {
		case personal.Name:
			if level = p.nameLevel(j); j.about == SemanticFreeText && level != LevelPublicFunction || level == LevelBusiness && j.about != SemanticPerson && !hasWord(j.words, businessWords...) {
				level = LevelPersonal
			}
		case personal.Phone, personal.Email:
			if 2*f.role > f.all.count {
				level = LevelInstitution
			}
		case personal.NIP, personal.REGON:
			level = LevelBusiness
		}
		count := f.all.count
		if kind == personal.Name && j.about == SemanticPerson && (hasWord(j.words, personWords...) || 10*f.whole >= 9*j.values) {
			count = j.values // names that no list has are names too in such a column
		}
		p.entries = append(p.entries, Personal{
			Kind: PersonalKind(kind), Column: Names{j.name}, Count: count, Level: level,
			Rows: slices.Clone(f.all.first()), Examples: []string{personal.Mask(f.example)},
		})
	}
}

// smallest is the size a group of equal records must reach not to point at a person.
const smallest = 5

// smallGroups counts records of persons that a combination of traits makes rare.
func (p *privacy) smallGroups(g *gathered) *Groups {
	var traits []*judged
	person := false
	for _, j := range p.columns {
		switch {
		case hasWord(j.words, "wiek.", "plec", "urodzenia", "urodzen", "zawod.", "wyksztalcen", "narodow", "obywatel", "niepelnospraw", "schorzen", "diagnoz", "choroba", "wyznani"):
			person = true
			traits = append(traits, j)
		case hasWord(j.words, "miejscow", "gmina", "solectw", "dzielnic", "rodzina", "dochod") && j.kind == TypeString && j.distinct > 1:
			traits = append(traits, j)
		}
	}
	if hasWord(slices.Concat(wordsOf(p.columns)...), "liczba", "ludnosc", "ogolem") { // counts of people, not people
		return nil
	}
	if !person || len(traits) < 2 || p.persons {
		return nil
	}
	sizes := map[uint64]int{}
	for i := range g.rowOf {
		key := uint64(14695981039346656037)
		for _, j := range traits {
			if i < len(j.related.keys) {
				key = (key ^ j.related.keys[i]) * 1099511628211
			}
		}
		sizes[key]++
	}
	groups := &Groups{Below: smallest}
	for _, j := range traits {
		groups.Columns = append(groups.Columns, j.name)
	}
	for _, size := range sizes {
		if size < smallest {
			groups.Groups++
			groups.Records += size
		}
	}
	return groups
}

func wordsOf(columns []*judged) [][]string {
	all := make([][]string, len(columns))
	for i, j := range columns {
		all[i] = j.words
	}
	return all
}

// verdictOf says what the findings mean: data of private persons stop a publication, data
// that may be theirs want a look.
func verdictOf(entries []Personal, groups *Groups) Verdict {
	verdict := VerdictNone
	raise := func(to Verdict) {
		order := []Verdict{VerdictNone, VerdictInstitutionalOnly, VerdictReview, VerdictBlock}
		if slices.Index(order, to) > slices.Index(order, verdict) {
			verdict = to
		}
	}
	for _, entry := range entries {
		switch entry.Level {
		case LevelPersonal:
			raise(VerdictBlock)
		case LevelMixed, LevelIndirect:
			raise(VerdictReview)
		case LevelBusiness:
			if entry.Kind == PersonalKind(personal.Name) {
				raise(VerdictReview)
			}
			raise(VerdictInstitutionalOnly)
		case LevelInstitution, LevelPublicFunction:
			raise(VerdictInstitutionalOnly)
		}
	}
	if groups != nil && groups.Records > 0 {
		raise(VerdictReview)
	}
	return verdict
}
