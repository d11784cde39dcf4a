package law

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Level is one step of a key: its kind ("art", "par", "ust", …) and its number as
// a key writes it ("33^1", "15zzs", "a").
type Level struct {
	Name   string
	Number string
}

// levels gives each level's place in the order of nesting and its printed mark.
// An annex holds everything else; a recital stands by itself; an akapit is a part of an
// ustęp of an EU act that has no number.
var levels = map[string]struct {
	rank int
	mark string
}{
	"zal":    {0, "zał. nr"},
	"motyw":  {1, "motyw"},
	"art":    {1, "art."},
	"par":    {2, "§"},
	"ust":    {3, "ust."},
	"akapit": {4, "akapit"},
	"pkt":    {5, "pkt"},
	"lit":    {6, "lit."},
	"tiret":  {7, "tiret"},
}

var numberForm = regexp.MustCompile(`^(?:\d+(?:\^\d+)?\p{Ll}{0,4}(?:\^\d+)?|\p{Ll}{1,4}(?:\^\d+)?)$`)

// NewKey joins levels to a key; it does not validate them.
func NewKey(path ...Level) Key {
	parts := make([]string, len(path))
	for i, l := range path {
		parts[i] = l.Name + "=" + l.Number
	}
	return Key(strings.Join(parts, ";"))
}

// ParseKey reads a key and says what is wrong with it.
func ParseKey(text string) (Key, error) {
	if text == "" {
		return "", nil
	}
	last := -1
	for _, part := range strings.Split(text, ";") {
		name, number, _ := strings.Cut(part, "=")
		level, known := levels[name]
		switch {
		case !known:
			return "", fmt.Errorf("key %q: no such level %q", text, name)
		case !numberForm.MatchString(number):
			return "", fmt.Errorf("key %q: bad number %q", text, number)
		case level.rank <= last:
			return "", fmt.Errorf("key %q: %q cannot stand there", text, name)
		}
		last = level.rank
	}
	return Key(text), nil
}

// Levels gives the steps of the key from the act down.
func (k Key) Levels() []Level {
	if k == "" {
		return nil
	}
	parts := strings.Split(string(k), ";")
	path := make([]Level, len(parts))
	for i, part := range parts {
		path[i].Name, path[i].Number, _ = strings.Cut(part, "=")
	}
	return path
}

// With gives the key of a unit below k.
func (k Key) With(name, number string) Key {
	step := Key(name + "=" + number)
	if k == "" {
		return step
	}
	return k + ";" + step
}

// Parent gives the key of the unit that holds k, "" for a top-level unit.
func (k Key) Parent() Key {
	i := strings.LastIndexByte(string(k), ';')
	if i < 0 {
		return ""
	}
	return k[:i]
}

// Contains says whether other is k or lies below it. The whole act contains every key.
func (k Key) Contains(other Key) bool {
	return k == "" || k == other || strings.HasPrefix(string(other), string(k)+";")
}

// Article gives the article or top-level paragraph alone: "33^1", "5", in an
// annex "zal1/5", for a recital "motyw26".
func (k Key) Article() string {
	path := k.Levels()
	annex := ""
	if len(path) > 0 && path[0].Name == "zal" {
		annex, path = "zal"+path[0].Number, path[1:]
	}
	article := ""
	if len(path) > 0 {
		switch path[0].Name {
		case "art", "par":
			article = path[0].Number
		case "motyw":
			article = "motyw" + path[0].Number
		}
	}
	if annex != "" && article != "" {
		return annex + "/" + article
	}
	return annex + article
}

// Citation prints the key as lawyers do: "art. 33^1 ust. 2 pkt 3 lit. a", "§ 5 ust. 1",
// "zał. nr 1 § 5".
func (k Key) Citation() string {
	path := k.Levels()
	parts := make([]string, len(path))
	for i, l := range path {
		number := l.Number
		switch l.Name {
		case "tiret":
			number = ordinal(tirets, number)
		case "akapit":
			number = ordinal(akapits, number)
		}
		parts[i] = levels[l.Name].mark + " " + number
	}
	return strings.Join(parts, " ")
}

// Tirets and akapits are cited by ordinals: "tiret drugie", "akapit drugi".
var (
	tirets  = []string{"pierwsze", "drugie", "trzecie", "czwarte", "piąte", "szóste", "siódme", "ósme", "dziewiąte", "dziesiąte"}
	akapits = []string{"pierwszy", "drugi", "trzeci", "czwarty", "piąty", "szósty", "siódmy", "ósmy", "dziewiąty", "dziesiąty"}
)

func ordinal(words []string, number string) string {
	if n, err := strconv.Atoi(number); err == nil && n >= 1 && n <= len(words) {
		return words[n-1]
	}
	return number
}

// Less orders keys as their units stand in the act.
func (k Key) Less(other Key) bool { return k.Compare(other) < 0 }

// Compare orders keys as their units stand in the act: recitals, articles, annexes;
// a unit before what lies below it; indices by CompareNumbers.
func (k Key) Compare(other Key) int {
	a, b := k.Levels(), other.Levels()
	for i := 0; i < len(a) && i < len(b); i++ {
		if a[i].Name != b[i].Name {
			return order(a[i].Name) - order(b[i].Name)
		}
		if c := CompareNumbers(a[i].Number, b[i].Number); c != 0 {
			return c
		}
	}
	return len(a) - len(b)
}

// order is rank, but annexes stand after the act and recitals before it.
func order(name string) int {
	switch name {
	case "zal":
		return 100
	case "motyw":
		return -1
	}
	return levels[name].rank
}

// alphabet is the order of letters in indices and litery: 22ł stands after 22l.
const alphabet = "aąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż"

// CompareNumbers orders numbers of units: 28 < 28^1 < 28a < 28aa < 28b < 28z < 28za < 29.
func CompareNumbers(a, b string) int {
	an, as, al := splitNumber(a)
	bn, bs, bl := splitNumber(b)
	switch {
	case an != bn:
		return an - bn
	case al != bl:
		return compareLetters(al, bl)
	}
	return as - bs
}

// splitNumber takes "15^2zzs" or "15zzs^2" apart.
func splitNumber(number string) (base, index int, letters string) {
	rest := number
	base, rest = leadingInt(rest)
	for rest != "" {
		if rest[0] == '^' {
			index, rest = leadingInt(rest[1:])
			continue
		}
		end := strings.IndexByte(rest, '^')
		if end < 0 {
			end = len(rest)
		}
		letters, rest = letters+rest[:end], rest[end:]
		if strings.IndexByte(rest, '^') < 0 {
			break
		}
	}
	return base, index, letters
}

func leadingInt(text string) (int, string) {
	end := 0
	for end < len(text) && text[end] >= '0' && text[end] <= '9' {
		end++
	}
	n, err := strconv.Atoi(text[:end])
	if err != nil {
		n = 0 // no digits: a litera
	}
	return n, text[end:]
}

func compareLetters(a, b string) int {
	ar, br := []rune(a), []rune(b)
	for i := 0; i < len(ar) && i < len(br); i++ {
		if ar[i] != br[i] {
			return strings.IndexRune(alphabet, ar[i]) - strings.IndexRune(alphabet, br[i])
		}
	}
	return len(ar) - len(br)
}

// Follows says whether number may stand right after previous among siblings: 3 or 3a
// after 2, 3b after 3a, b or aa after a. previous "" asks for a first one.
func Follows(previous, number string) bool {
	base, _, letters := splitNumber(number)
	if previous == "" {
		return number == "a" || base == 1 && letters == ""
	}
	last, _, lastLetters := splitNumber(previous)
	switch {
	case CompareNumbers(previous, number) >= 0:
		return false
	case base == 0 && last == 0:
		return followsLetters(lastLetters, letters)
	}
	return last > 0 && (base == last || base == last+1)
}

// followsLetters lets litery rise by at most three letters: ą, ć and q, v, x are not
// used everywhere, and d may have been left out.
func followsLetters(last, next string) bool {
	a, b := []rune(last), []rune(next)
	if len(b) > len(a) {
		return true // aa after a, za after z
	}
	i := len(b) - 1
	return strings.IndexRune(alphabet, b[i])-strings.IndexRune(alphabet, a[min(i, len(a)-1)]) <= 6
}
