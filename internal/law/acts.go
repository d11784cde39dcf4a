package law

import (
	_ "embed" // the table of acts
	"fmt"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

//go:embed acts.yaml
var actsFile []byte

// Act is what is known of an act by name.
type Act struct {
	ELI     string   `yaml:"eli"`
	Date    string   `yaml:"date"`  // of the act itself, YYYY-MM-DD; "" for EU acts
	Title   string   `yaml:"title"` // "ustawa o petycjach"
	Name    string   `yaml:"name"`  // after a unit: "ustawy o petycjach"
	Short   string   `yaml:"short"` // as printed: "k.p.a.", "" when there is none
	Forms   []string `yaml:"forms"`
	Weak    []string `yaml:"weak"`
	Shared  []string `yaml:"shared"`
	Context []string `yaml:"context"`
	Last    int      `yaml:"last"`
	Points  string   `yaml:"points"`
	Past    bool     `yaml:"past"`
}

// form is an act's name as a sequence of folded words; a star ends an inflected one.
type form struct {
	words []string
	acts  []string
	weak  bool // names the act only beside a unit
}

type table struct {
	acts  map[string]Act
	order []string
	forms map[string][]*form // by the first three letters of the first word
}

// acts reads the embedded table; TestActsTable holds the file valid.
var acts = sync.OnceValue(func() table {
	t, err := parseActs(actsFile)
	if err != nil {
		return table{}
	}
	return t
})

func parseActs(file []byte) (table, error) {
	var list []Act
	if err := yaml.Unmarshal(file, &list); err != nil {
		return table{}, fmt.Errorf("table of acts: %w", err)
	}
	b := tableBuilder{table: table{acts: map[string]Act{}, forms: map[string][]*form{}}, known: map[string]*form{}, shared: map[string]bool{}}
	for _, act := range list {
		if err := b.add(act); err != nil {
			return table{}, fmt.Errorf("table of acts: %w", err)
		}
	}
	return b.table, b.lonely()
}

// tableBuilder fills a table and holds that a name means one act unless it is said to be shared.
type tableBuilder struct {
	table  table
	known  map[string]*form
	shared map[string]bool
}

func (b *tableBuilder) add(act Act) error {
	if about, ok := strings.CutPrefix(act.Title, "ustawa "); ok {
		if act.Name == "" {
			act.Name = "ustawy " + about
		}
		act.Forms = append([]string{"ustaw* " + foldName(about)}, act.Forms...)
	}
	if _, twice := b.table.acts[act.ELI]; twice {
		return fmt.Errorf("%s stands there twice", act.ELI)
	}
	b.table.acts[act.ELI] = act
	b.table.order = append(b.table.order, act.ELI)
	for _, text := range act.Forms {
		if err := b.name(text, act, false); err != nil {
			return err
		}
	}
	for _, text := range slices.Concat(act.Weak, act.Shared) {
		if slices.Contains(act.Shared, text) {
			b.shared[text] = true
		}
		if err := b.name(text, act, true); err != nil {
			return err
		}
	}
	return nil
}

func (b *tableBuilder) name(text string, act Act, weak bool) error {
	if f, taken := b.known[text]; taken {
		if !act.Past && !b.table.acts[f.acts[0]].Past && !b.shared[text] {
			return fmt.Errorf("%q names both %s and %s", text, f.acts[0], act.ELI)
		}
		f.acts = append(f.acts, act.ELI)
		return nil
	}
	f := &form{words: strings.Fields(text), acts: []string{act.ELI}, weak: weak}
	b.known[text] = f
	b.table.forms[bucket(f.words[0])] = append(b.table.forms[bucket(f.words[0])], f)
	return nil
}

// lonely holds that what is said to be shared has at least two acts.
func (b *tableBuilder) lonely() error {
	for text := range b.shared {
		if len(b.known[text].acts) < 2 {
			return fmt.Errorf("table of acts: %q is shared with nobody", text)
		}
	}
	return nil
}

// foldName folds a title as forms are written: no punctuation.
func foldName(title string) string {
	var words []string
	for _, t := range tokeniseWith(title, nil) {
		words = append(words, t.word+t.number)
	}
	return strings.Join(words, " ")
}

// bucket groups forms by the beginning of their first word; a shorter word is its own group.
func bucket(word string) string {
	word = strings.TrimSuffix(word, "*")
	if len(word) > 3 {
		return word[:3]
	}
	return word
}

// Acts lists the acts known by name, in the order of the table.
func Acts() []Act {
	list := make([]Act, 0, len(acts().order))
	for _, eli := range acts().order {
		list = append(list, acts().acts[eli])
	}
	return list
}

// ActName gives the title of a known act ("ustawa o petycjach"), "" for others.
func ActName(eli string) string { return acts().acts[eli].Title }

// ActByTitle finds the act that a title names ("Ustawa z dnia 11 lipca 2014 r. o petycjach"), "" for others.
func ActByTitle(title string) string {
	toks := tokenise(title)
	starts := []int{0}
	for i := range toks[:min(len(toks), euTitleWords)] {
		if m, ok := numberedAt(toks, i); ok && m.from == 0 {
			return m.acts[0]
		}
	}
	if len(toks) > 0 && strings.HasPrefix(toks[0].word, "ustaw") {
		starts = append(starts, skipDate(toks, 1)) // "Ustawa z dnia … Kodeks …" is named by the code alone
	}
	for _, i := range starts {
		if i >= len(toks) {
			continue
		}
		if m, ok := actAt(toks, i); ok && !m.weak {
			if named := m.choose(toks, ""); len(named) == 1 {
				return named[0]
			}
		}
	}
	return ""
}

// euTitleWords of the title of an EU act hold its number; further on stand those of others.
const euTitleWords = 10

// Label prints a unit with its act as a reader sees it: "art. 35 § 3 k.p.a.",
// "art. 2 ust. 1 ustawy o petycjach", of unknown acts "§ 4 „Statut Gminy Dębowiec”".
func Label(act string, key Key, title string) string {
	name := "„" + strings.TrimSpace(title) + "”"
	if title == "" {
		name = act
	}
	if known, ok := acts().acts[act]; ok {
		switch {
		case key == "":
			return known.Title
		case known.Short != "":
			name = known.Short
		default:
			name = known.Name
		}
	}
	return strings.TrimSpace(key.Citation() + " " + name)
}

// NamesAct says whether a word alone is the name of an act: "kpa", "rodo". The word is folded.
func NamesAct(word string) bool {
	for _, f := range acts().forms[bucket(word)] {
		if len(f.words) == 1 && f.words[0] == word {
			return true
		}
	}
	return false
}
