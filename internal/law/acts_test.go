package law

import (
	"strings"
	"testing"
)

func TestActsTable(t *testing.T) {
	if _, err := parseActs(actsFile); err != nil {
		t.Fatal(err)
	}
	if n := len(Acts()); n < 120 {
		t.Errorf("%d acts, want 120 that an office uses", n)
	}
	for _, act := range Acts() {
		if act.ELI == "" || act.Title == "" || act.Name == "" || len(act.Forms) == 0 {
			t.Errorf("%s lacks something: %+v", act.ELI, act)
		}
		name, title := act.Name, act.Title
		if act.Past { // named by its date alone
			year, month, day := act.Date[:4], act.Date[5:7], act.Date[8:]
			date := " z dnia " + day + "." + month + "." + year + " r. "
			name, title = strings.Replace(name, " ", date, 1), strings.Replace(title, " ", date, 1)
			if strings.HasPrefix(act.Name, "Prawa") {
				name, title = "ustawy"+date+act.Title, "Ustawa"+date+act.Title
			}
		}
		found := References("art. 1 " + name)
		if len(found) != 1 || found[0].Act != act.ELI {
			t.Errorf("art. 1 %s is read as %+v", name, found)
		}
		if got := ActByTitle(title); got != act.ELI {
			t.Errorf("ActByTitle(%q) = %q, want %q", act.Title, got, act.ELI)
		}
	}
}

func TestTwoActsOfOneName(t *testing.T) {
	table := []byte("- {eli: A, title: a, name: a, forms: [x]}\n- {eli: B, title: b, name: b, forms: [x]}\n")
	if _, err := parseActs(table); err == nil {
		t.Error("a form that names two acts was let in")
	}
}

func TestActByTitle(t *testing.T) {
	for title, want := range map[string]string{
		"Ustawa z dnia 11 lipca 2014 r. o petycjach":                                                   "DU/2014/1195",
		"Ustawa z dnia 14 czerwca 1960 r. Kodeks postępowania administracyjnego (tekst jednolity)":     "DU/1960/168",
		"Ustawa z dnia 7 lipca 1994 r. - Prawo budowlane.":                                             "DU/1994/414",
		"Regulamin obsługi petycji":                                                                    "",
		"Ustawa z dnia 5 grudnia 2024 r. o ochronie ludności i obronie cywilnej":                       "DU/2024/1907",
		"Instrukcja stosowania ustawy o petycjach":                                                     "",
		"Regulation (EU) 2016/679 of 27 April 2016 on the protection of natural persons with regard …": "EU/2016/679",
	} {
		if got := ActByTitle(title); got != want {
			t.Errorf("ActByTitle(%q) = %q, want %q", title, got, want)
		}
	}
}

func TestLabel(t *testing.T) {
	for _, c := range []struct{ act, key, title, want string }{
		{"DU/1960/168", "art=35;par=3", "", "art. 35 § 3 k.p.a."},
		{"DU/2014/1195", "art=2;ust=1", "", "art. 2 ust. 1 ustawy o petycjach"},
		{"EU/2016/679", "art=6;ust=1;lit=c", "", "art. 6 ust. 1 lit. c RODO"},
		{"local/rada-gminy-debowiec/uchwala/xii-88-2019", "par=4", "Statut Gminy Dębowiec", "§ 4 „Statut Gminy Dębowiec”"},
		{"", "", "Instrukcja kancelaryjna", "„Instrukcja kancelaryjna”"},
		{"DU/2014/1195", "", "x", "ustawa o petycjach"},
		{"DU/1999/1", "art=1", "", "art. 1 DU/1999/1"},
	} {
		if got := Label(c.act, Key(c.key), c.title); got != c.want {
			t.Errorf("Label(%q, %q) = %q, want %q", c.act, c.key, got, c.want)
		}
	}
}
