package law

import (
	_ "embed" // the table of acts
	"fmt"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

//go:embed acts.yaml
var actsFile []byte

// Act is what is known of an act by name.
type Act struct {
	ELI   string   `yaml:"eli"`
	Title string   `yaml:"title"` // "ustawa o petycjach"
	Name  string   `yaml:"name"`  // after a unit: "ustawy o petycjach"
	Short string   `yaml:"short"` // as printed: "k.p.a.", "" when there is none
	Forms []string `yaml:"forms"`
	Weak  []string `yaml:"weak"`
}

// form is an act's name as a sequence of folded words; a star ends an inflected one.
type form struct {
	words []string
	act   string
	weak  bool // names the act only beside a unit
}

type table struct {
	acts  map[string]Act
	order []string
	forms map[string][]form // by the first three letters of the first word
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
	t := table{acts: map[string]Act{}, forms: map[string][]form{}}
	owner := map[string]string{}
	for _, act := range list {
		t.acts[act.ELI] = act
		t.order = append(t.order, act.ELI)
		for i, text := range append(append([]string{}, act.Forms...), act.Weak...) {
			if other, taken := owner[text]; taken {
				return table{}, fmt.Errorf("table of acts: %q names both %s and %s", text, other, act.ELI)
			}
			owner[text] = act.ELI
			f := form{words: strings.Fields(text), act: act.ELI, weak: i >= len(act.Forms)}
			t.forms[bucket(f.words[0])] = append(t.forms[bucket(f.words[0])], f)
		}
	}
	return t, nil
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
	if len(toks) > 0 && strings.HasPrefix(toks[0].word, "ustaw") {
		starts = append(starts, skipDate(toks, 1)) // "Ustawa z dnia … Kodeks …" is named by the code alone
	}
	for _, i := range starts {
		if i < len(toks) {
			if m, ok := actAt(toks, i); ok && !m.weak {
				return m.act
			}
		}
	}
	return ""
}

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

// namesAct says whether a word alone is the name of an act: "kpa", "rodo".
func namesAct(word string) bool {
	for _, f := range acts().forms[bucket(word)] {
		if len(f.words) == 1 && f.words[0] == word {
			return true
		}
	}
	return false
}
