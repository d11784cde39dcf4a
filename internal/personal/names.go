package personal

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"referent/internal/polish"
)

//go:embed firstnames.txt
var firstNamesText string

var firstNames = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for line := range strings.Lines(firstNamesText) {
		if !strings.HasPrefix(line, "#") {
			for _, name := range strings.Fields(line) {
				names[strings.ToLower(name)] = true
			}
		}
	}
	return names
})

// wordKind is what is known of a word, whatever its case.
type wordKind struct {
	first   bool // a form of a first name
	surname bool // a form that surnames have, and that is no common word
	common  bool // a form of a common word
}

// word looks a word up. The lexicon says which words are names (its capitalised entries)
// and leads from "Annie" to "Anna".
func (s *Scanner) word(word string) wordKind {
	lower := strings.ToLower(word)
	if kind, known := s.words[lower]; known {
		return kind
	}
	var kind wordKind
	lemmas := polish.Lemmas(lower)
	kind.first = firstNames()[lower]
	for _, lemma := range lemmas {
		kind.first = kind.first || firstNames()[lemma]
	}
	name := polish.IsName(lower)
	kind.common = len(lemmas) > 0 && !name
	for _, part := range strings.Split(lower, "-") {
		kind.surname = kind.surname || surnameEnding(part) && !kind.common
	}
	kind.surname = kind.surname || name && !kind.first
	if len(s.words) < maxRemembered {
		s.words[strings.Clone(lower)] = kind
	}
	return kind
}

var surnameEndings = strings.Fields(`ski ska skiego skiej skiemu skim ską scy skich cki cka ckiego ckiej ckiemu ckim cką ccy ckich dzki dzka dzkiego dzkiej
	wicz wicza wiczowi wiczem wiczów czyk czyka czykowi czykiem czak czaka iak iaka iakowi iakiem szczak uk uka ukowi ukiem
	enko enki ewa owej ow olak nik nika ek ka ko la ła arz arza asz usz ysz ula cha icha oń eń yk yka`)

func surnameEnding(lower string) bool {
	if len(lower) < 4 {
		return false
	}
	for _, ending := range surnameEndings {
		if strings.HasSuffix(lower, ending) {
			return true
		}
	}
	return false
}

// FirstName says whether a word is a form of a first name.
func (s *Scanner) FirstName(word string) bool { return s.word(word).first }

// Surname says whether a word may be a surname: one in a column of such, where nothing
// stands beside it.
func (s *Scanner) Surname(word string) bool {
	kind := s.word(word)
	return kind.surname || !kind.common && !kind.first && utf8.RuneCountInString(word) >= 3
}

type token struct {
	text       string
	start, end int
	upper      bool // begins with a capital letter
	glued      bool // only a space parts it from the token before
}

// tokens gives the words; a hyphen inside belongs to a word.
func tokens(text string, to []token) []token {
	start, previous := -1, 0
	flush := func(end int) {
		if start < 0 {
			return
		}
		first, _ := utf8.DecodeRuneInString(text[start:])
		gap := text[previous:start]
		to = append(to, token{text[start:end], start, end, unicode.IsUpper(first), previous > 0 && strings.TrimSpace(gap) == "" && len(gap) < 4})
		previous, start = end, -1
	}
	for i, r := range text {
		inside := unicode.IsLetter(r) || unicode.Is(unicode.Mn, r) || unicode.IsDigit(r)
		if (r == '-' || r == '’') && start >= 0 && i+1 < len(text) && letter(text[i+1]) {
			inside = true
		}
		if inside && start < 0 {
			start = i
		} else if !inside {
			flush(i)
		}
	}
	flush(len(text))
	return to
}

// nameless stand before names that belong to streets, patrons and saints.
var nameless = map[string]bool{}

// titles stand between such a word and the name, and before names of people.
var titles = map[string]bool{}

func init() {
	for _, word := range strings.Fields("im imienia imieniem ul ulica ulicy ulice ulicą al aleja alei aleje pl plac placu rondo ronda rondzie os osiedle osiedla osiedlu sw św święty święta świętego świętej św skwer skweru skwerze park parku parafia parafii kościół kościoła kaplica pomnik pomnika patron patrona most mostu bulwar bulwary bł błogosławionej błogosławionego trasa matki pw wezwaniem szkoła szkoły") {
		nameless[word] = true
	}
	for _, word := range strings.Fields("dr hab prof inż mgr ks gen płk kpt mjr por hm ojca o br bp abp kard marsz marszałka generała księdza profesora doktora króla królowej prymasa biskupa papieża") {
		titles[word] = true
	}
}

// names finds people by a first name with a surname beside it, in either order, or by a
// surname that "pan" or "pani" announces.
func (s *Scanner) names(text string) {
	var buffer [64]token
	words := tokens(text, buffer[:0])
	for i := 0; i < len(words); i++ {
		w := words[i]
		if len(w.text) < 3 || digit(w.text[0]) || s.taken(w.start, w.end) {
			continue
		}
		if s.addressed(words, i) {
			s.add(Name, w.start, w.end)
			continue
		}
		if !s.word(w.text).first {
			continue
		}
		if w.text == "Maja" || w.text == "maja" || strings.EqualFold(w.text, "roma") { // months and cities
			if !w.upper {
				continue
			}
		}
		if first, last, ok := s.person(words, i); ok {
			if !s.blocked(words, first) && !s.housed(words, last) {
				s.add(Name, words[first].start, words[last].end)
			}
			i = last
		}
	}
}

// person gives the words that make a name around the first name at i.
func (s *Scanner) person(words []token, i int) (first, last int, ok bool) {
	last = i
	for last+1 < len(words) && words[last+1].glued && s.word(words[last+1].text).first && words[last+1].upper == words[i].upper && last < i+2 {
		last++
	}
	if next := last + 1; next < len(words) && words[next].glued && s.surnameBeside(words[i], words[next]) {
		return i, next, true
	}
	if last > i && s.word(words[last].text).surname { // "Anna Marek": a name that is a surname too
		return i, last, true
	}
	if i > 0 && words[i].glued && s.surnameBefore(words[i], words[i-1]) {
		return i - 1, last, true
	}
	return 0, 0, false
}

// surnameBeside says whether the word after a first name is a surname. A capital letter
// says it; without one the word must look like a surname.
func (s *Scanner) surnameBeside(first, word token) bool {
	if len(word.text) < 3 || digit(word.text[0]) || roman(word.text) {
		return false
	}
	kind := s.word(word.text)
	if word.upper && first.upper {
		return !firmWords[strings.ToLower(word.text)]
	}
	return first.upper == word.upper && kind.surname && !kind.common && surnameEnding(strings.ToLower(word.text))
}

func (s *Scanner) surnameBefore(first, word token) bool {
	kind := s.word(word.text)
	return len(word.text) >= 4 && word.upper == first.upper && kind.surname && !kind.first && strongEnding(strings.ToLower(word.text))
}

func strongEnding(lower string) bool {
	for _, ending := range surnameEndings[:40] {
		if strings.HasSuffix(lower, ending) {
			return true
		}
	}
	return false
}

func roman(text string) bool { return strings.Trim(text, "IVXLCDM") == "" }

var firmWords = map[string]bool{"sp": true, "spółka": true, "firma": true, "usługi": true, "zakład": true, "fhu": true, "phu": true, "ppuh": true, "sa": true}

// addressed finds a surname alone after "pan" and the like.
func (s *Scanner) addressed(words []token, i int) bool {
	if i == 0 || !words[i].upper || len(words[i].text) < 4 {
		return false
	}
	switch strings.ToLower(words[i-1].text) {
	case "pan", "pana", "panu", "panem", "pani", "panią", "państwo", "państwa":
	default:
		return false
	}
	kind := s.word(words[i].text)
	return kind.surname && !kind.first && !kind.common && strongEnding(strings.ToLower(words[i].text))
}

// blocked says whether a street, a patron or a saint is named.
func (s *Scanner) blocked(words []token, first int) bool {
	for i := first - 1; i >= 0 && i >= first-4; i-- {
		word := strings.ToLower(words[i].text)
		if nameless[word] {
			return true
		}
		if !titles[word] && !s.word(word).first {
			return false
		}
	}
	return false
}

// housed says whether the number of a house follows: then it is a street.
func (s *Scanner) housed(words []token, last int) bool {
	return last+1 < len(words) && words[last+1].glued && digit(words[last+1].text[0]) && len(words[last+1].text) <= 5
}
