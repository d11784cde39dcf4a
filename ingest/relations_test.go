package ingest

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"referent/rag"
)

// relationsIn reads a resolution of an invented council with the given units and gives
// its relations as "kind number".
func relationsIn(t *testing.T, title, units string) []string {
	t.Helper()
	text := "# Uchwała nr XX/80/2022 Rady Gminy Dąbrówka z dnia 10 stycznia 2022 r. " + title + "\n\n" + units + "\n"
	doc, err := document("uchwala.md", readMarkdown(text))
	if err != nil {
		t.Fatal(err)
	}
	list := []string{}
	for _, r := range doc.Relations {
		list = append(list, string(r.Kind)+" "+strings.TrimPrefix(r.Act, "local/rady-gminy-dabrowka/"))
	}
	return list
}

func TestRelationsOfLocalActs(t *testing.T) {
	const lead = "§ 1. Targowisko jest czynne w soboty.\n\n§ 2. "
	for units, want := range map[string][]string{
		"Traci moc uchwała nr V/10/2020 Rady Gminy Dąbrówka z dnia 5 maja 2020 r. w sprawie targowiska.": {"repeals uchwala/v-10-2020"},
		"Traci moc uchwała Nr V/10/2020.":                                                          {"repeals uchwala/v-10-2020"},
		"Uchwała nr V/10/2020 z dnia 5 maja 2020 r. w sprawie targowiska traci moc.":               {"repeals uchwala/v-10-2020"},
		"Tracą moc uchwały nr V/10/2020 z dnia 5 maja 2020 r. i nr VI/12/2020.":                    {"repeals uchwala/v-10-2020", "repeals uchwala/vi-12-2020"},
		"Tracą moc:\n1) uchwała nr V/10/2020;\n2) zarządzenie nr 7/2019 Wójta Gminy Dąbrówka.":     {"repeals uchwala/v-10-2020", "repeals local/wojta-gminy-dabrowka/zarzadzenie/7-2019"},
		"Traci moc § 5 uchwały nr V/10/2020.":                                                      {"amends uchwala/v-10-2020"},
		"Uchyla się załącznik nr 2 do uchwały nr V/10/2020.":                                       {"amends uchwala/v-10-2020"},
		"Uchyla się uchwałę nr 0007.V.10.2020 Rady Gminy Dąbrówka zmienioną uchwałą nr VI/1/2021.": {"repeals uchwala/0007-v-10-2020"},
		"W uchwale nr V/10/2020 z dnia 5 maja 2020 r. w sprawie targowiska, zmienionej uchwałą nr VI/12/2020, wprowadza się następujące zmiany:\n1) w § 3 „wtorki” zastępuje się „środy”;\n2) uchyla się § 4.": {"amends uchwala/v-10-2020"},
		"W § 3 uchwały nr V/10/2020 ust. 2 otrzymuje brzmienie: „2. Traci moc uchwała nr I/1/2000.”":                                                                                                           {"amends uchwala/v-10-2020"},
		"W załączniku do uchwały nr V/10/2020 dodaje się § 7a w brzmieniu: „§ 7a. Nowy.”":                                                                                                                      {"amends uchwala/v-10-2020"},
		"Uchwała wchodzi w życie po upływie 14 dni od dnia ogłoszenia uchwały nr V/10/2020.":                                                                                                                   {},
		"Opłatę pobiera się na zasadach uchwały nr V/10/2020.":                                                                                                                                                 {},
		"Traci moc zezwolenie wydane na podstawie ustawy.":                                                                                                                                                     {},
	} {
		if diff := cmp.Diff(want, relationsIn(t, "w sprawie targowiska", lead+units)); diff != "" {
			t.Errorf("%s\n%s", units, diff)
		}
	}
	for title, want := range map[string][]string{
		"zmieniająca uchwałę nr V/10/2020 w sprawie targowiska":                                           {"amends uchwala/v-10-2020"},
		"w sprawie zmiany uchwały nr V/10/2020 Rady Gminy Dąbrówka":                                       {"amends uchwala/v-10-2020"},
		"w sprawie uchylenia uchwały nr V/10/2020 zmieniającej uchwałę nr I/2/2019":                       {"repeals uchwala/v-10-2020"},
		"w sprawie odpowiedzi na wezwanie dotyczące uchwały nr V/10/2020":                                 {},
		"w sprawie zmiany uchwały w sprawie targowiska":                                                   {},
		"zmieniająca uchwałę Rady Gminy Dąbrówka z dnia 5 maja 2020 r. nr V/10/2020 w sprawie targowiska": {"amends uchwala/v-10-2020"},
	} {
		if diff := cmp.Diff(want, relationsIn(t, title, "§ 1. Przepis.\n\n§ 2. Drugi.")); diff != "" {
			t.Errorf("%s\n%s", title, diff)
		}
	}
}

func TestRelationsHaveTheirDay(t *testing.T) {
	text := "# Uchwała nr XX/80/2022 Rady Gminy Dąbrówka z dnia 10 stycznia 2022 r. w sprawie targowiska\n\nOgłoszono: Dz. Urz. z 2022 r. poz. 5 (17 stycznia 2022 r.)\n\n" +
		"§ 1. Targowisko.\n\n§ 2. Traci moc uchwała nr V/10/2020.\n\n§ 3. Z dniem 1 lipca 2022 r. traci moc uchwała nr V/11/2020.\n\n" +
		"§ 4. Uchwała wchodzi w życie po upływie 14 dni od dnia ogłoszenia.\n\nUZASADNIENIE\n\nTraci moc uchwała nr IX/9/2009.\n"
	doc, err := document("uchwala.md", readMarkdown(text))
	if err != nil {
		t.Fatal(err)
	}
	want := []rag.Relation{
		{Kind: rag.Repeals, Act: "local/rady-gminy-dabrowka/uchwala/v-10-2020", Date: "2022-02-01", Key: "par=2"},
		{Kind: rag.Repeals, Act: "local/rady-gminy-dabrowka/uchwala/v-11-2020", Date: "2022-07-01", Key: "par=3"},
	}
	if diff := cmp.Diff(want, doc.Relations); diff != "" {
		t.Error(diff)
	}
	if doc.InForceFrom != "2022-02-01" {
		t.Errorf("in force from %q", doc.InForceFrom)
	}
}

// TestRelationsOfSharedRegister measures titles against the register of a real council:
// the register has no texts, so what only a text says cannot be found. See docs/benchmarks.md.
func TestRelationsOfSharedRegister(t *testing.T) {
	dir := shared(t, "corpus", "office", "zlotoryja")
	titles := csvRows(t, filepath.Join(dir, "Uchwaly.csv"))
	for kind, file := range map[rag.RelationKind]string{rag.Repeals: "UchwalyUchylajace.csv", rag.Amends: "UchwalyZmieniajace.csv"} {
		register := map[string][]string{}
		total := 0
		for _, row := range csvRows(t, filepath.Join(dir, file)) {
			for _, act := range strings.FieldsFunc(row[1], func(r rune) bool { return r == ',' || r == ';' }) {
				register[slug(row[0])] = append(register[slug(row[0])], slug(act))
				total++
			}
		}
		right, wrong, named, namedFound := 0, 0, 0, 0
		for _, row := range titles {
			found := relationsByTitle(row[0], row[1], row[2], kind)
			for _, act := range found {
				if slices.Contains(register[slug(row[0])], act) {
					right++
				} else {
					wrong++
					t.Logf("%s: %s %s is not in the register (%v): %.160s", kind, row[0], act, register[slug(row[0])], row[2])
				}
			}
			for _, act := range register[slug(row[0])] {
				if strings.Contains(slug(row[2]), act) {
					named++
					if slices.Contains(found, act) {
						namedFound++
					} else {
						t.Logf("%s: %s of %s is named and not found: %.200s", kind, act, row[0], row[2])
					}
				}
			}
		}
		t.Logf("%s: %d right, %d not in the register; of %d in the register %d are named in the title, %d of these found", kind, right, wrong, total, named, namedFound)
		if right*100 < 95*(right+wrong) {
			t.Errorf("%s: precision %d of %d", kind, right, right+wrong)
		}
	}
}

func relationsByTitle(number, date, title string, kind rag.RelationKind) []string {
	f := relationFinder{own: actName{"rady-miejskiej-w-zlotoryi", "uchwala", slug(number)}}
	f.title("Uchwała nr " + number + " Rady Miejskiej w Złotoryi z dnia " + date + " r. " + title)
	var list []string
	for _, r := range f.found {
		if r.Kind == kind {
			list = append(list, r.Act[strings.LastIndex(r.Act, "/")+1:])
		}
	}
	return list
}

func csvRows(t *testing.T, path string) [][]string {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // only read
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

func TestRelationsOfSampleOffice(t *testing.T) {
	files, err := filepath.Glob("../packs/przyklad/*.md")
	if err != nil || len(files) == 0 {
		t.Fatal("no sample office", err)
	}
	got := []string{}
	for _, file := range files {
		doc := read(t, file)
		for _, r := range doc.Relations {
			got = append(got, filepath.Base(file)[:2]+" "+string(r.Kind)+" "+r.Act[strings.LastIndex(r.Act, "/")+1:]+" "+r.Date)
		}
	}
	want := []string{"01 repeals xxxi-214-2018 2024-12-21", "05 amends viii-61-2024 2025-04-24", "07 repeals xlvi-342-2023 2025-03-27"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
