package polish

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/blevesearch/vellum"
)

//go:generate go run ./generate

// The dictionary is a work of others under Apache-2.0: lexicon/NOTICE and
// lexicon/LICENSE go with every copy. (An embed.FS would copy the file to read it.)
var (
	//go:embed lexicon/forms.fst
	formsData []byte
	//go:embed lexicon/scripts.txt
	scriptsText string
)

// A lexicon leads from a form to scripts that turn it into its lemmas. The automaton
// is read where it lies in the binary; only the few thousand sets of scripts are parsed.
type lexicon struct {
	forms   *vellum.FST
	sets    [][]script
	readers sync.Pool // a reader keeps the state of one walk, so each needs its own
}

// A script turns a form into a lemma: cut so many bytes off the end, append a text.
type script struct {
	cut    int
	append string
	name   bool // the dictionary writes the lemma with a capital letter
}

func (s script) lemma(form string) string { return form[:len(form)-s.cut] + s.append }

var opened = sync.OnceValue(func() *lexicon { return must(open()) })

// must is for what is part of the binary: it is whole, or no test of this package passes.
func must[T any](value T, err error) T {
	if err != nil {
		panic(fmt.Errorf("the lexicon in the binary: %w", err)) //nolint:forbidigo // see above
	}
	return value
}

func open() (*lexicon, error) {
	forms, err := vellum.Load(formsData)
	if err != nil {
		return nil, fmt.Errorf("open forms.fst: %w", err)
	}
	sets, err := parseSets(scriptsText)
	if err != nil {
		return nil, fmt.Errorf("read scripts.txt: %w", err)
	}
	x := &lexicon{forms: forms, sets: sets}
	x.readers.New = func() any { return must(forms.Reader()) }
	return x, nil
}

// parseSets reads a set of scripts a line: "2yć 0 ^3" is two words and a name.
func parseSets(text string) ([][]script, error) {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	sets := make([][]script, len(lines))
	for i, line := range lines {
		for _, field := range strings.Fields(line) {
			rest, name := strings.CutPrefix(field, "^")
			ending := strings.TrimLeft(rest, "0123456789")
			cut, err := strconv.Atoi(strings.TrimSuffix(rest, ending))
			if err != nil {
				return nil, fmt.Errorf("line %d: %q is no script: %w", i+1, field, err)
			}
			sets[i] = append(sets[i], script{cut, ending, name})
		}
	}
	return sets, nil
}

// scripts gives the scripts of a form in lower case, none when it is unknown.
func (x *lexicon) scripts(form string) []script {
	reader := x.readers.Get().(*vellum.Reader)
	defer x.readers.Put(reader)
	number, ok, err := reader.Get([]byte(form))
	must(number, err)
	if !ok {
		return nil
	}
	return x.sets[number]
}

// exact is the lookup of a form as it stands.
func (x *lexicon) exact(form string) []string {
	return appendLemmas(nil, form, x.scripts(form))
}

// variants are the letters that a letter typed without its diacritic may be.
var variants = map[byte][]string{
	'a': {"ą"}, 'c': {"ć"}, 'e': {"ę"}, 'l': {"ł"}, 'n': {"ń"}, 'o': {"ó"}, 's': {"ś"}, 'z': {"ź", "ż"},
}

// folded is the lookup of a form that may lack diacritics. It walks every branch that
// the automaton has, which prunes them fast: no second automaton is needed.
func (x *lexicon) folded(form string) []string {
	var found []string
	x.unfold(form, func(made string, scripts []script) { found = appendLemmas(found, made, scripts) })
	return found
}

// unfold visits the forms that a form may be when diacritics were left out, the form as
// it stands first.
func (x *lexicon) unfold(form string, visit func(made string, scripts []script)) {
	var walk func(at int, sum uint64, rest, made string)
	step := func(at int, sum uint64, letter, rest, made string) {
		for i := range len(letter) {
			var out uint64
			if at, out = x.forms.AcceptWithVal(at, letter[i]); !x.forms.CanMatch(at) {
				return
			}
			sum += out
		}
		walk(at, sum, rest, made+letter)
	}
	walk = func(at int, sum uint64, rest, made string) {
		if rest == "" {
			if ok, out := x.forms.IsMatchWithVal(at); ok {
				visit(made, x.sets[sum+out])
			}
			return
		}
		step(at, sum, rest[:1], rest[1:], made)
		for _, letter := range variants[rest[0]] {
			step(at, sum, letter, rest[1:], made)
		}
	}
	walk(x.forms.Start(), 0, form, "")
}

func appendLemmas(to []string, form string, scripts []script) []string {
	for _, s := range scripts {
		to = append(to, s.lemma(form))
	}
	return to
}
