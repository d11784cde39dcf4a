package packs

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// formerAct is the one act that the sample office names without having it: the
// statut in force before the present one.
const formerAct = "XXXI/214/2018"

func documents(t *testing.T) map[string]string {
	t.Helper()
	names, err := fs.Glob(Sample(), "*.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, name := range names {
		data, err := fs.ReadFile(Sample(), name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(data)
	}
	if len(texts) < 12 {
		t.Fatalf("%d documents, want about a dozen", len(texts))
	}
	return texts
}

func TestDocumentsHaveTheForm(t *testing.T) {
	for name, text := range documents(t) {
		t.Run(name, func(t *testing.T) {
			if !utf8.ValidString(text) || strings.ContainsAny(text, "\r\t\u00a0\u00ad") || !strings.HasSuffix(text, "\n") {
				t.Error("want UTF-8, plain spaces, LF and a last line end")
			}
			for _, problem := range readOutline(text).problems {
				t.Error(problem)
			}
			for _, want := range []string{"\nŹródło: ", "\nStan: ", "\nNa podstawie art. ", "się, co następuje:\n", "wchodzi w życie"} {
				if strings.Count(text, want) != 1 {
					t.Errorf("%q stands %d times, want once", want, strings.Count(text, want))
				}
			}
			local := strings.HasPrefix(text, "# Uchwała")
			if local != strings.Contains(text, "\nOgłoszono: Dz. Urz. Woj. Nadrzecznego z ") {
				t.Error("a resolution, and nothing else, says where it was published")
			}
		})
	}
}

func TestOutlineComplains(t *testing.T) {
	const head = "# Uchwała nr I/1/2025 Rady Gminy Sosnodół z dnia 2 stycznia 2025 r. w sprawie próby\n\n"
	for _, broken := range []string{
		"Uchwała nr I/1/2025\n",
		head,
		head + "§ 1. Raz.\n\n§ 3. Trzy.\n",
		head + "§ 1. Raz.\n\n2. Bez ustępu pierwszego.\n",
		head + "§ 1. 1. Raz.\n\n3. Trzy.\n",
		head + "§ 1. Lista:\n1) raz;\n3) trzy.\n",
		head + "## Rozdział 2. Od drugiego\n\n§ 1. Raz.\n",
		head + "§ 1. Raz.\n\n# Załącznik do uchwały nr I/2/2025 Rady Gminy Sosnodół z dnia 2 stycznia 2025 r.\n\n§ 1. Raz.\n",
		head + "§ 1. Raz.\n\nwiersz bez miejsca\n",
	} {
		if len(readOutline(broken).problems) == 0 {
			t.Errorf("no complaint about %q", strings.TrimPrefix(broken, head))
		}
	}
}

var (
	actReference  = regexp.MustCompile(`(?i)(?:uchwał|zarządzeni)\p{L}+ nr (\S+) (?:Rady|Wójta) Gminy Sosnodół z dnia (\d{1,2} \p{L}+ \d{4} r\.)(?: (w sprawie [^(\n]+?))?(?: \(Dz\.| wprowadza|[.,;]?\n|\.)`)
	actNumber     = regexp.MustCompile(`(?i:uchwał|zarządzeni)\p{L}+ nr ([IVXL]*/?\d+/\d{4})`)
	paragraphName = regexp.MustCompile(`§ (?:\d+–)?(\d+)(?: ust\. (\d+))?(?: pkt (?:\d+–)?(\d+))?`) // of a range its end
	sameParagraph = regexp.MustCompile(`mowa w ust\. (\d+)|zastrzeżeniem ust\. (\d+)|określonych w ust\. (\d+)`)
)

func TestActsNamedExist(t *testing.T) {
	acts := map[string]outline{}
	texts := documents(t)
	for _, text := range texts {
		act := readOutline(text)
		acts[act.number] = act
	}
	if len(acts) != len(texts) {
		t.Errorf("%d numbers for %d documents", len(acts), len(texts))
	}
	for name, text := range texts {
		for _, m := range actNumber.FindAllStringSubmatch(text, -1) {
			if _, found := acts[m[1]]; !found && m[1] != formerAct {
				t.Errorf("%s names %s, which the pack has not", name, m[1])
			}
		}
		for _, m := range actReference.FindAllStringSubmatch(text, -1) {
			named, found := acts[m[1]]
			if found && (named.date != m[2] || m[3] != "" && m[3] != named.subject) {
				t.Errorf("%s names %s of %s %q, which is of %s %q", name, m[1], m[2], m[3], named.date, named.subject)
			}
		}
	}
}

func TestRepealNamesItsAct(t *testing.T) {
	texts := documents(t)
	repealed := readOutline(texts["06-swietlice-wiejskie-2023-uchylona.md"])
	repealing := readOutline(texts["07-swietlice-wiejskie-2025.md"])
	want := "Traci moc uchwała nr " + repealed.number + " Rady Gminy Sosnodół z dnia " + repealed.date + " " + repealed.subject
	if got := repealing.units["par=13"]; !strings.HasPrefix(got, want) {
		t.Errorf("repeal reads %q, want it to begin %q", got, want)
	}
	if !strings.Contains(texts["06-swietlice-wiejskie-2023-uchylona.md"], "\nStan: uchylona z dniem 27 marca 2025 r. uchwałą nr "+repealing.number+"\n") {
		t.Error("the repealed resolution does not say so")
	}
	changed := readOutline(texts["04-regulamin-utrzymania-czystosci.md"])
	want = "W uchwale nr " + changed.number + " Rady Gminy Sosnodół z dnia " + changed.date + " " + changed.subject
	if got := readOutline(texts["05-zmiana-regulaminu-czystosci.md"]).units["par=1"]; !strings.HasPrefix(got, want) {
		t.Errorf("change reads %q, want it to begin %q", got, want)
	}
}

// A reference without an act means the act it stands in, so its unit must exist
// there; the amending resolution speaks of the act it amends.
func TestUnitsNamedExist(t *testing.T) {
	texts := documents(t)
	amended := readOutline(texts["04-regulamin-utrzymania-czystosci.md"]).units
	checked := 0
	for name, text := range texts {
		units := readOutline(text).units
		for key, body := range units {
			if name == "05-zmiana-regulaminu-czystosci.md" || strings.Contains(body, "§ 10–12 Instrukcji") {
				continue
			}
			for _, named := range namedUnits(key, body) {
				checked++
				if _, found := units[named]; !found {
					t.Errorf("%s, %s names %s, which is not there", name, key, named)
				}
			}
		}
	}
	if checked < 20 {
		t.Errorf("only %d references looked at", checked)
	}
	for _, key := range []string{"par=4;ust=1;pkt=10", "par=8;ust=2", "par=9;ust=4", "par=9;ust=6", "par=10;ust=1", "par=12"} {
		if _, found := amended[key]; !found {
			t.Errorf("%s is amended but not there", key)
		}
	}
	if _, found := readOutline(texts["09-instrukcja-ochrony-danych-osobowych.md"]).units["par=12"]; !found {
		t.Error("the AI rules name § 10–12 of the data protection instruction, which end before")
	}
}

func namedUnits(key, body string) []string {
	annex := ""
	if strings.HasPrefix(key, "zal=1;") {
		annex = "zal=1;"
	}
	var named []string
	for _, m := range paragraphName.FindAllStringSubmatch(body, -1) {
		unit := annex + "par=" + m[1]
		for i, level := range []string{";ust=", ";pkt="} {
			if m[i+2] != "" {
				unit += level + m[i+2]
			}
		}
		named = append(named, unit)
	}
	own, _, _ := strings.Cut(strings.TrimPrefix(key, annex), ";")
	for _, m := range sameParagraph.FindAllStringSubmatch(body, -1) {
		named = append(named, annex+own+";ust="+m[1]+m[2]+m[3])
	}
	return named
}

func TestPackIsSmallAndInvented(t *testing.T) {
	var (
		longNumber = regexp.MustCompile(`\d{9,}`) // PESEL, NIP, REGON, account numbers
		mail       = regexp.MustCompile(`[\w.-]+@[\w.-]+\w`)
		total      = 0
	)
	err := fs.WalkDir(Sample(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(Sample(), name)
		if err != nil {
			return err
		}
		total += len(data)
		if number := longNumber.Find(data); number != nil {
			t.Errorf("%s has a number like an identifier: %s", name, number)
		}
		for _, address := range mail.FindAllString(string(data), -1) {
			if !strings.HasSuffix(address, ".example") {
				t.Errorf("%s has an address that may be real: %s", name, address)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if total > 100_000 {
		t.Errorf("the pack has %d bytes: it would embed too long", total)
	}
}

func TestDatasets(t *testing.T) {
	delimiters := map[string]rune{"dane/harmonogram-odbioru-odpadow.csv": ';', "dane/place-zabaw.csv": ',', "dane/rejestr-umow-2026.csv": ','}
	names, err := fs.Glob(Sample(), "dane/*")
	if err != nil {
		t.Fatal(err)
	}
	if want := slices.Sorted(maps.Keys(delimiters)); !slices.Equal(names, want) {
		t.Fatalf("datasets %v, want %v", names, want)
	}
	for _, name := range names {
		t.Run(path.Base(name), func(t *testing.T) {
			data, err := fs.ReadFile(Sample(), name)
			if err != nil {
				t.Fatal(err)
			}
			table := csv.NewReader(bytes.NewReader(data)) // demands the same number of fields in each row
			table.Comma = delimiters[name]
			rows, err := table.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) < 21 || len(rows) > 61 || len(rows[0]) < 5 {
				t.Errorf("%d rows of %d columns", len(rows)-1, len(rows[0]))
			}
		})
	}
}

func TestExamples(t *testing.T) {
	polish, english := Examples("pl"), Examples("en")
	if len(polish) < 3 || len(polish) != len(english) {
		t.Fatalf("%d Polish and %d English examples", len(polish), len(english))
	}
	for _, q := range slices.Concat(polish, english) {
		if !strings.HasSuffix(q, "?") && !strings.HasSuffix(q, ".") || q != strings.TrimSpace(q) {
			t.Errorf("not a question: %q", q)
		}
	}
	if !slices.Equal(Examples("de"), polish) {
		t.Error("another language is not answered in Polish")
	}
}
