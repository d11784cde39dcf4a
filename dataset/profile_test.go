package dataset

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func write(t *testing.T, name, data string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func profile(t *testing.T, name, data string) *Profile {
	t.Helper()
	p, err := Describe(t.Context(), write(t, name, data), nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// listed gives defects as "kind column count first rows".
func listed(p *Profile) []string {
	var all []string
	for _, d := range p.Defects {
		all = append(all, strings.TrimSpace(fmt.Sprintf("%s %s %d %v", d.Kind, strings.Join(d.Column, "+"), d.Count, d.Rows[:min(3, len(d.Rows))])))
	}
	slices.Sort(all)
	return all
}

func types(p *Profile) []string {
	var all []string
	for _, c := range p.Columns {
		all = append(all, fmt.Sprintf("%s %s %s", c.Name, c.Type, c.Semantic))
	}
	return all
}

// readings is a table with one of nearly every defect.
func readings() string {
	var b strings.Builder
	b.WriteString("Zużycie energii za 2023 rok;;;;;;;\n\nLp.;Obiekt;Data odczytu;Zużycie (kWh);Energia A;Energia B;Razem;Uwagi\n")
	for i := range 60 {
		date, used, id := fmt.Sprintf("2023-%02d-15", i%12+1), fmt.Sprint(100+i), i+1
		sum := 5 * i
		switch i {
		case 5:
			used = "b.d."
		case 7, 20:
			used = "-999"
		case 30:
			used = "ok. 500"
		case 33:
			used = "48000"
		case 9:
			date = "15.10.2023"
		case 11, 25:
			sum += 10
		case 40:
			id = 40
		}
		school := fmt.Sprintf("Szkoła nr %d", i%5+1)
		if i == 44 {
			school = "SZKOŁA NR 5"
		}
		fmt.Fprintf(&b, "%d;%s;%s;%s;%d;%d;%d;\n", id, school, date, used, 2*i, 3*i, sum)
		if i == 50 {
			b.WriteString("52;Szkoła nr 1\n")
		}
	}
	b.WriteString("Razem;;;9999;3540;5310;8850;\nŹródło: liczniki gminy;;;;;;;\n* dane szacunkowe;;;;;;;\n")
	return b.String()
}

func TestDefectsOfACSV(t *testing.T) {
	p := profile(t, "energia.csv", readings())
	want := []string{
		"duplicate_ids Lp. 2 [44 56]",
		"empty_column Uwagi 61 []",
		"footnote_rows  2 [66 67]",
		"inconsistent_categories Obiekt 1 [48]",
		"inconsistent_sum Razem 2 [15 29]",
		"missing_signs Zużycie (kWh) 1 [9]",
		"mixed_date_formats Data odczytu 1 [13]",
		"mixed_types Zużycie (kWh) 1 [34]",
		"outlier Zużycie (kWh) 1 [37]",
		"ragged_rows  1 [55]",
		"sentinel_value Zużycie (kWh) 2 [11 24]",
		"title_rows  2 [1 2]",
		"total_rows  1 [65]",
	}
	if diff := cmp.Diff(want, listed(p)); diff != "" {
		t.Error(diff)
	}
	if p.Rows != 61 || *p.HeaderRow != 3 || p.Verdict != VerdictNone || len(p.Personal) != 0 {
		t.Errorf("rows %d, header %v, personal data %v", p.Rows, *p.HeaderRow, p.Personal)
	}
	if diff := cmp.Diff(&Period{"2023-01-01", "2023-12-31"}, p.Temporal); diff != "" {
		t.Error(diff)
	}
	if c := p.Columns[3]; *c.Unit != "kWh" || c.Type != TypeInteger || fmt.Sprint(c.Min, c.Max) != "-999 48000" {
		t.Errorf("consumption: %+v", c)
	}
	p.Explain(func(id string, words Words) string { return id + " " + words.Rows })
	if d := p.Defects[0]; d.Where != "dataset.where.rows 1, 2; dataset.defect.title_rows 1, 2" || d.Repair == "" {
		t.Errorf("explained: %+v", d)
	}
}

// A clean table of each kind has no defects: what is found in it would be invented.
func TestCleanTablesHaveNoDefects(t *testing.T) {
	var stops, air strings.Builder
	stops.WriteString("kod;nazwa;lat;lon;data_montazu;cena_zl\n")
	air.WriteString("data_czas\tstacja\tpm10_ug_m3\ttemperatura_c\n")
	for i := range 200 {
		fmt.Fprintf(&stops, "P-%03d;Przystanek %d;%.5f;%.5f;20%02d-0%d-11;%d,50\n", i, i, 52+float64(i%37)/1000, 21+float64(i%53)/1000, 10+i%14, i%9+1, 100+(i*37)%900)
		fmt.Fprintf(&air, "2024-01-%02d %02d:00\tStacja %d\t%.1f\t%.1f\n", i/24+1, i%24, i%3+1, 20+float64((i*13)%70), float64((i*7)%25)-9)
	}
	for name, text := range map[string]string{"a.csv": stops.String(), "b.csv": air.String()} {
		p := profile(t, name, text)
		if len(p.Defects) > 0 || p.Verdict != VerdictNone || p.Frequency != "unknown" {
			t.Errorf("%s: %v, %s, %s", name, listed(p), p.Verdict, p.Frequency)
		}
	}
}

func TestTypesAndMeanings(t *testing.T) {
	var b strings.Builder
	b.WriteString("id_umowy,TERYT,Kod pocztowy,Telefon,Adres e-mail,Konto,Kwota brutto,Rok budowy,Czynne,Godzina,Opis zdarzenia\n")
	for i := range 30 {
		fmt.Fprintf(&b, "U/%d/2024,14990%d2,07-9%02d,22 555 12 %02d,sekretariat%d@gmina.example,61109010140000071219812874,\"%d,20\",%d,tak,%02d:30,Zgłoszono uszkodzenie nawierzchni w pobliżu numeru %d\n", i, i%9, i, i+10, i, 1000+i, 1950+i, i%24, i)
	}
	p := profile(t, "a.csv", b.String())
	want := []string{"id_umowy code id", "TERYT code teryt", "Kod pocztowy code pna", "Telefon string phone", "Adres e-mail string email", "Konto code iban",
		"Kwota brutto number amount_pln", "Rok budowy integer date", "Czynne boolean category", "Godzina time none", "Opis zdarzenia string free_text"}
	if diff := cmp.Diff(want, types(p)); diff != "" {
		t.Error(diff)
	}
}

func TestPersonalData(t *testing.T) {
	people := "Imię;Nazwisko;PESEL;Adres;Data urodzenia\n"
	schools := "Nazwa szkoły;Dyrektor;Adres;Telefon;E-mail\n"
	patients := "wiek;plec;miejscowosc;zabieg\n"
	for i := range 20 {
		people += "Zofia;Pokrzywiak;44051401359;ul. Leśna 5;1944-05-14\n"
		schools += fmt.Sprintf("Szkoła Podstawowa nr %d im. Jana Kochanowskiego;mgr Anna Rosiczkowska;ul. Leśna %d, 07-912 Kalinogród;22 555 12 %02d;sp%d@kalinogrod.example\n", i, i, i+10, i)
		patients += fmt.Sprintf("%d;K;Rudawka;rehabilitacja\n", 20+i)
	}
	for name, c := range map[string]struct {
		text    string
		verdict Verdict
		want    []string
	}{
		"people":   {people, VerdictBlock, []string{"person_name Imię+Nazwisko 20 personal", "pesel PESEL 20 personal", "address Adres 20 personal", "birth_date Data urodzenia 20 personal"}},
		"schools":  {schools, VerdictInstitutionalOnly, []string{"person_name Dyrektor 20 public_function", "phone Telefon 20 institution", "email E-mail 20 institution"}},
		"patients": {patients, VerdictReview, nil},
		"texts": {"nr;tresc\n1;Proszę o kontakt: 610613417.\n2;Sprawa 202322453.\n3;Zgłasza Jan Kowalski\n4;Dziura przy ul. Jana Kochanowskiego 5\n", VerdictBlock,
			[]string{"person_name tresc 1 personal", "phone tresc 1 personal"}},
	} {
		p := profile(t, "a.csv", c.text)
		var got []string
		for _, e := range p.Personal {
			got = append(got, fmt.Sprintf("%s %s %d %s", e.Kind, strings.Join(e.Column, "+"), e.Count, e.Level))
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if diff := cmp.Diff(c.want, got); diff != "" || p.Verdict != c.verdict {
			t.Errorf("%s: %s, want %s: %s", name, p.Verdict, c.verdict, diff)
		}
		shown, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"Pokrzywiak", "44051401359", "610613417", "Kowalski\""} {
			if strings.Contains(string(shown), secret) {
				t.Errorf("%s: %q is shown", name, secret)
			}
		}
	}
}

func TestIndicators(t *testing.T) {
	wide := "Kod;Nazwa;ludność 2021 [osoba];ludność 2022 [osoba]\n"
	for i := range 12 {
		wide += fmt.Sprintf("14%02d032;Gmina %d;%d;%d\n", i+1, i, 1000+i, 1100+2*i)
	}
	got := profile(t, "bdl.csv", wide).Indicators
	want := &Indicators{Indicators: []string{"ludność"}, Years: []int{2021, 2022}, Layout: "wide", Level: "gmina", UnitColumn: "Kod", Measure: []string{}, Flags: []string{}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTemporalAndFrequencyNeedEvidence(t *testing.T) {
	for text, want := range map[string]string{
		"Stan na 30.09.2024 r.":           "2024-09-30 2024-09-30",
		"Wykonanie budżetu za 2023 rok":   "2023-01-01 2023-12-31",
		"Dane za lata 2019–2022":          "2019-01-01 2022-12-31",
		"Sprawozdanie za II kwartał 2024": "2024-04-01 2024-06-30",
		"I półrocze 2022":                 "2022-01-01 2022-06-30",
		"Wykaz dróg gminnych":             "none",
		"Rozporządzenie nr 2019/33":       "none",
		"stan na dzień 5 maja 2023 r.":    "2023-05-05 2023-05-05",
	} {
		got := "none"
		if p := periodStated(text); p != nil {
			got = p.Start + " " + p.End
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	for text, want := range map[string]string{"Zestawienie sporządzane raz w roku.": "ANNUAL", "Aktualizacja: co miesiąc": "MONTHLY", "Zajęcia odbywają się co tydzień": "unknown", "Rocznik statystyczny": "unknown"} {
		if got, _ := frequencyOf(&Profile{Notes: []string{text}}); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
