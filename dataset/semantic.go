package dataset

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"referent/internal/personal"
	"referent/internal/polish"
)

// nameWords gives the folded words of a column's name: "id_przystanku" is "id", "przystanku".
func nameWords(name string) []string {
	var spaced strings.Builder
	previous := ' '
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(previous) {
			spaced.WriteByte(' ')
		}
		spaced.WriteRune(r)
		previous = r
	}
	return strings.FieldsFunc(polish.Fold(spaced.String()), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// hasWord says whether one of the words begins like one of the stems; a stem that ends
// with "." must be the whole word.
func hasWord(words []string, stems ...string) bool {
	return slices.ContainsFunc(words, func(word string) bool {
		return slices.ContainsFunc(stems, func(stem string) bool {
			whole, exact := strings.CutSuffix(stem, ".")
			return exact && word == whole || !exact && strings.HasPrefix(word, stem)
		})
	})
}

// A judged column is one whose readings are summed up and whose type is decided.
type judged struct {
	*column
	words    []string
	signs    map[string]*rowList // signs of missing values, without those that are values
	values   int
	missing  int
	distinct int
	guessed  bool // the number of distinct values is an estimate
	kind     Type
	about    Semantic
	position int
	money    bool // the table says that its numbers are amounts
}

func (j *judged) share(n int) float64 {
	if j.values == 0 {
		return 0
	}
	return float64(n) / float64(j.values)
}

func (j *judged) shaped(n int) float64 {
	if j.shapes.looked == 0 {
		return 0
	}
	return float64(n) / float64(j.shapes.looked)
}

func (j *judged) foundCount(kind personal.Kind) (all, whole int) {
	if f := j.found[kind]; f != nil {
		return f.all.count, f.whole
	}
	return 0, 0
}

// identity says which identifier or contact a column holds, "" for none.
func (j *judged) identity() Semantic {
	m, words := &j.marks, j.words
	phones, wholePhones := j.foundCount(personal.Phone)
	_, wholeMails := j.foundCount(personal.Email)
	elevens, tens := m.lengths[11].count+m.lengths[10].count, m.lengths[10].count
	nines := m.lengths[9].count + m.lengths[14].count + m.lengths[8].count
	switch {
	case j.values == 0:
	case hasWord(words, "pesel") && j.share(elevens) >= 0.5, j.values >= 5 && j.share(m.pesel.count) >= 0.8:
		return SemanticPESEL
	case hasWord(words, "nip.", "nipu.") && j.share(tens) >= 0.5, j.values >= 8 && j.share(m.nip.count) >= 0.9:
		return SemanticNIP
	case hasWord(words, "regon") && j.share(nines) >= 0.5, j.values >= 8 && j.share(m.regon.count) >= 0.9 && m.zeros+j.distinct > j.values/2 && !j.looksPhone(phones):
		return SemanticREGON
	case j.share(m.iban.count) >= 0.6, hasWord(words, "iban", "rachun", "konto.", "konta.") && j.share(m.lengths[26].count) >= 0.4:
		return SemanticIBAN
	case j.isTERYT():
		return SemanticTERYT
	case j.share(m.pna.count) >= 0.7, hasWord(words, "pna.") || hasWord(words, "kod.") && hasWord(words, "poczt"):
		return SemanticPNA
	case j.shaped(j.shapes.email) >= 0.6 && j.kindText() >= 0.6, j.share(wholeMails) >= 0.6:
		return SemanticEmail
	case hasWord(words, "tel.", "telefon", "kom.", "komork", "fax", "faks", "phone") && !hasWord(words, "czy.", "liczba", "godzin") && j.looksPhone(phones):
		return SemanticPhone
	case j.share(wholePhones) >= 0.7 && j.kindText() >= 0.5:
		return SemanticPhone
	}
	return ""
}

func (j *judged) kindText() float64 { return j.share(j.classes[classText].count) }

func (j *judged) looksPhone(phones int) bool {
	numbers := j.marks.lengths[9].count + j.marks.lengths[11].count + j.marks.lengths[7].count
	return j.share(max(phones, numbers)) >= 0.5 || j.shaped(j.shapes.phone) >= 0.5 && j.kindText() >= 0.5
}

// isTERYT knows codes of territorial units by their name or by their structure: a
// voivodeship with an even number, seven digits, as the national statistics have them.
func (j *judged) isTERYT() bool {
	m := &j.marks
	digits := 0
	for length := 1; length <= 10; length++ {
		digits += m.lengths[length].count
	}
	if hasWord(j.words, "teryt") {
		return j.share(digits) >= 0.5
	}
	named := hasWord(j.words, "kod.", "jpt", "code.", "identyfikator.") && !hasWord(j.words, "poczt", "simc", "pkd", "kreskow", "cpv")
	if !named && !hasWord(j.words, "jednostk") || j.share(m.lengths[7].count+m.lengths[6].count) < 0.95 {
		return false
	}
	for text := range j.cache {
		for len(text) < 7 {
			text = "0" + text
		}
		if !territorial(text) {
			return false
		}
	}
	return len(j.cache) > 0
}

// territorial checks the structure of a code: no register is at hand.
func territorial(code string) bool {
	if personal.Digits(code) != code {
		return false
	}
	voivodeship, ok := small(code[:2], 32)
	if !ok || voivodeship%2 != 0 {
		return false
	}
	return len(code) < 7 || strings.IndexByte("01234589", code[6]) >= 0
}

var amountWords = []string{"kwot", "cena.", "ceny.", "oplat", "wartosc", "koszt", "brutto.", "netto.", "wydatk", "dochod", "wynagrodz", "podatk", "dotacj", "stawk", "naklad", "przychod", "srodki.", "saldo", "czynsz", "zaleglosc", "dofinansowan", "budzet"}

// otherUnits in a name say that its numbers are no amounts of money.
var otherUnits = regexp.MustCompile(`(?i)[\[(_ ](%|proc|szt|m2|m²|m3|km|ha|kg|t|mg|cm|mm|os|osoby|°c|dni|godz|min)[\])]?$|procent|%`)

func (j *judged) isAmount() bool {
	if j.kind != TypeInteger && j.kind != TypeNumber || hasWord(j.words, "liczba", "ilosc", "rok.", "lat.", "lon.", "nr.", "numer", "id.", "lp.") {
		return false
	}
	if unit := unitOf(j.name); unit == "zł" || unit == "tys. zł" || unit == "mln zł" {
		return true
	} else if unit != "" || otherUnits.MatchString(j.name) {
		return false
	}
	return hasWord(j.words, amountWords...) && !hasWord(j.words, "wskaznik", "dynamika") || j.money || j.styles[styleUnit].count*2 > j.values
}

// coordinate says whether a column holds latitudes or longitudes in degrees.
func (j *judged) coordinate() Semantic {
	if j.kind != TypeNumber && j.kind != TypeInteger || j.numbers.count == 0 || math.Abs(median(j.numbers.sample)) > 180 {
		return ""
	}
	geographic := hasWord(j.words, "geogr", "geo.", "wgs", "wgs84", "gps")
	middle := median(j.numbers.sample)
	polish := inPoland(middle, 52) || inPoland(20, middle)
	switch {
	case hasWord(j.words, "lat.", "latitude", "latitud") && (j.kind == TypeNumber || polish), hasWord(j.words, "szerokosc", "szer.") && (geographic || polish && j.kind == TypeNumber):
		return SemanticLat
	case hasWord(j.words, "lon.", "lng.", "long.", "longitude", "longitud"), hasWord(j.words, "dlugosc", "dl.") && (geographic || polish && j.kind == TypeNumber && decimals(j) >= 3):
		return SemanticLon
	case hasWord(j.words, "y.", "wspy", "wspolrzednay") && inPoland(20, middle) && decimals(j) >= 3, hasWord(j.words, "x.") && inPoland(20, middle) && decimals(j) >= 3:
		return SemanticLat
	case hasWord(j.words, "x.", "y.", "wspx") && inPoland(middle, 52) && decimals(j) >= 3:
		return SemanticLon
	}
	return ""
}

// decimals of most numbers of a column, from its sample.
func decimals(j *judged) int {
	total := 0
	for _, n := range j.numbers.sample[:min(len(j.numbers.sample), 50)] {
		for d := 0; d <= 8; d++ {
			if scaled := n * math.Pow10(d); math.Abs(scaled-math.Round(scaled)) < 1e-6 {
				total += d
				break
			}
		}
	}
	return total / max(1, min(len(j.numbers.sample), 50))
}

func median(sample []float64) float64 {
	if len(sample) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(sample))
	return sorted[len(sorted)/2]
}

var (
	idWords      = []string{"id.", "lp.", "l.", "nr.", "numer", "identyfikator", "symbol", "sygnatur", "znak", "uuid", "guid", "objectid", "fid.", "key.", "klucz", "kod."}
	personWords  = []string{"imie.", "imiona", "nazwisk", "imienazwisko"}
	addressWords = []string{"adres", "ulic", "ul.", "lokalizac", "polozeni", "posesj"}
	proseWords   = []string{"opis", "tresc", "uwag", "przedmiot", "komentarz", "informac", "zakres", "uzasadnien", "temat.", "granic", "cel.", "dzialani", "odcinek", "przebieg"}
)

// meaning decides what a column is about.
func (j *judged) meaning() Semantic {
	if s := j.identity(); s != "" {
		return s
	}
	if s := j.coordinate(); s != "" {
		return s
	}
	unique := float64(j.distinct) >= 0.9*float64(j.values) && j.values > 0
	switch {
	case j.kind == TypeDate || j.kind == TypeDatetime:
		return SemanticDate
	case j.kind == TypeTime:
		return SemanticNone
	case j.isYear():
		return SemanticDate
	case j.isAmount():
		return SemanticAmount
	case j.kind == TypeBoolean:
		return SemanticCategory
	case hasWord(j.words, idWords...) && unique && !hasWord(j.words, "dzialk", "dom.", "domu.", "lokal", "budynk"):
		return SemanticID
	case j.kind == TypeCode && unique && j.values >= 10, hasWord(j.words, "id.", "uuid", "guid") && j.kind != TypeNumber && len(j.words) <= 3 && j.distinct*2 > j.values:
		return SemanticID
	case j.kind == TypeInteger || j.kind == TypeNumber:
		return SemanticNone
	case j.kind == TypeCode:
		return SemanticCategory
	}
	return j.textMeaning()
}

// isYear knows years by their name and size.
func (j *judged) isYear() bool {
	return j.kind == TypeInteger && j.numbers.count > 0 && hasWord(j.words, "rok.", "roku.", "year", "lata.") && median(j.numbers.sample) > 1500 && median(j.numbers.sample) < 2200
}

// textMeaning decides what a column of texts is about.
func (j *judged) textMeaning() Semantic {
	allNames, wholeNames := j.foundCount(personal.Name)
	namedPerson := hasWord(j.words, personWords...) && !hasWord(j.words, "liczba")
	addresses := j.shaped(j.shapes.address)
	few := j.distinct <= 12 || j.distinct <= 100 && float64(j.distinct) <= 0.1*float64(j.values)
	runes, words := 0.0, 0.0
	if j.shapes.looked > 0 {
		runes, words = float64(j.shapes.runes)/float64(j.shapes.looked), float64(j.shapes.words)/float64(j.shapes.looked)
	}
	switch {
	case j.values == 0:
		return SemanticNone
	case namedPerson, j.share(wholeNames) >= 0.5, j.share(allNames) >= 0.7 && (hasWord(j.words, publicWords...) || hasWord(j.words, privateWords...)):
		return SemanticPerson
	case hasWord(j.words, "adres", "ulic", "ul.") && !hasWord(j.words, "www", "strona", "url", "internet", "mail"), hasWord(j.words, addressWords...) && addresses >= 0.3, addresses >= 0.7 && !few && !hasWord(j.words, "nazw", "name"):
		return SemanticAddress
	case hasWord(j.words, proseWords...) && words >= 2 && j.distinct > 8:
		return SemanticFreeText
	case few && j.distinct < j.values:
		return SemanticCategory
	case runes >= 30 && words >= 4 && !hasWord(j.words, "nazwa", "name"):
		return SemanticFreeText
	case float64(j.distinct) <= 0.5*float64(j.values):
		return SemanticCategory
	}
	return SemanticNone
}

// units as they stand in names, by what they are written like.
var units = map[string]string{
	"zł": "zł", "zl": "zł", "pln": "zł", "złotych": "zł", "zlotych": "zł", "tys. zł": "tys. zł", "tys zł": "tys. zł", "tys. pln": "tys. zł", "mln zł": "mln zł",
	"cm": "cm", "m": "m", "mm": "mm", "km": "km", "m2": "m²", "m²": "m²", "m3": "m³", "m³": "m³", "km2": "km²", "km²": "km²", "ha": "ha", "ar": "a",
	"kg": "kg", "g": "g", "t": "t", "mg": "Mg", "ton": "t", "tona": "t", "%": "%", "proc": "%", "procent": "%", "szt": "szt.", "szt.": "szt.", "sztuk": "szt.",
	"os": "osoby", "osoba": "osoby", "os.": "osoby", "osoby": "osoby", "osób": "osoby", "°c": "°C", "c": "°C", "st. c": "°C", "µg/m3": "µg/m³", "µg/m³": "µg/m³", "ug/m3": "µg/m³", "μg/m3": "µg/m³", "μg/m³": "µg/m³",
	"kwh": "kWh", "mwh": "MWh", "kw": "kW", "gj": "GJ", "l": "l", "h": "h", "godz": "h", "godz.": "h", "min": "min", "min.": "min", "s": "s", "dni": "dni", "hpa": "hPa", "db": "dB", "km/h": "km/h", "m/s": "m/s", "pkt": "pkt", "pkt.": "pkt", "lat": "lata",
}

var bracketed = regexp.MustCompile(`[\[(]\s*(?:w )?([^\])]{1,12})\s*[\])]`)

// unitOf reads the unit in a name: in brackets, after "w", or as the last word behind "_".
func unitOf(name string) string {
	lower := strings.ToLower(strings.TrimSpace(name))
	for _, match := range bracketed.FindAllStringSubmatch(lower, -1) {
		if unit := units[strings.TrimSpace(match[1])]; unit != "" {
			return unit
		}
	}
	if i := strings.LastIndex(lower, " w "); i >= 0 {
		if unit := units[strings.TrimSpace(lower[i+3:])]; unit != "" {
			return unit
		}
	}
	if i := strings.LastIndexAny(lower, "_ ,"); i >= 0 {
		unit := lower[i+1:]
		if known := units[unit]; known != "" && (strings.LastIndexByte(lower, '_') == i || len(unit) > 1 && unit != "lat") {
			return known
		}
	}
	if strings.Contains(lower, "%") {
		return "%"
	}
	return ""
}
