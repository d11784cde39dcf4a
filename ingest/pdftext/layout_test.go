package pdftext

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func holdText(t *testing.T, data []byte, want string) {
	t.Helper()
	got, _ := textOf(t, data)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestColumnsAreReadOneAfterTheOther(t *testing.T) {
	left := []string{"Wniosek rozpatruje organ,", "do którego go skierowano,", "bez zbędnej zwłoki, jednak", "nie dalej niż w terminie", "miesiąca od dnia, kiedy go", "wniesiono do urzędu przez"}
	right := []string{"osobę uprawnioną, o której", "mowa w ustawie, albo przez", "jej pełnomocnika, którego", "pełnomocnictwo jest ważne", "w dniu złożenia podpisu i", "nie zostało odwołane."}
	page := at(120, 780, 16, "O wnioskach mieszkańców gminy") + lines(60, 740, 10, left...) + lines(220, 740, 10, right...) +
		at(60, 600, 10, "Pod kolumnami stoi wiersz, który biegnie przez całą szerokość strony.")
	want := "O wnioskach mieszkańców gminy\n" + strings.Join(left, " ") + " " + strings.Join(right, " ") +
		"\nPod kolumnami stoi wiersz, który biegnie przez całą szerokość strony.\n"
	holdText(t, book("", page), want)
}

func TestBorderedTableIsReadByRows(t *testing.T) {
	var page strings.Builder
	for _, y := range []float64{700, 680, 640, 620} {
		fmt.Fprintf(&page, "60 %g m 360 %g l S\n", y, y)
	}
	for _, x := range []float64{60, 100, 260, 360} {
		fmt.Fprintf(&page, "%g 620 0.5 80 re f\n", x)
	}
	page.WriteString(at(65, 686, 10, "Lp.") + at(105, 686, 10, "Czynność") + at(265, 686, 10, "Opłata"))
	page.WriteString(at(65, 666, 10, "1") + lines(105, 666, 10, "Wydanie zaświadczenia", "o zameldowaniu") + at(265, 666, 10, "17,00"))
	page.WriteString(at(65, 626, 10, "2") + at(105, 626, 10, "Odpis aktu") + at(265, 626, 10, "33,00"))
	holdText(t, book("", page.String()), "Lp. | Czynność | Opłata\n1 | Wydanie zaświadczenia o zameldowaniu | 17,00\n2 | Odpis aktu | 33,00\n")
}

func TestTableWithoutBorders(t *testing.T) {
	page := at(60, 720, 10, "Stawki opłat obowiązujące w całej gminie są następujące:")
	for i, row := range [][]string{{"Rodzaj", "Kwota", "Termin"}, {"Targowa", "12,00", "dzienny"}, {"Miejscowa", "2,20", "dobowy"}, {"Od psów", "50,00", "roczny"}} {
		for c, text := range row {
			page += at(60+150*float64(c), 690-15*float64(i), 10, text)
		}
	}
	holdText(t, book("", page), "Stawki opłat obowiązujące w całej gminie są następujące:\nRodzaj | Kwota | Termin\nTargowa | 12,00 | dzienny\nMiejscowa | 2,20 | dobowy\nOd psów | 50,00 | roczny\n")
}

func TestListIsNoTable(t *testing.T) {
	page := ""
	for i, text := range []string{"gmina;", "powiat;", "województwo."} {
		page += at(60, 700-15*float64(i), 10, fmt.Sprintf("%d)", i+1)) + at(90, 700-15*float64(i), 10, text)
	}
	holdText(t, book("", page), "1) gmina;\n2) powiat;\n3) województwo.\n")
}

func TestRunningLinesBecomeLabels(t *testing.T) {
	var pages []string
	for n := 1; n <= 4; n++ {
		pages = append(pages, at(60, 810, 8, "Urząd Gminy w Dębowcu")+at(60, 700, 10, "Treść strony, która mówi o sprawie "+strings.Repeat("x", n)+".")+at(280, 30, 8, fmt.Sprintf("Strona %d z 4", n+10)))
	}
	text, spans := textOf(t, book("", pages...))
	if strings.Contains(text, "Urząd") || strings.Contains(text, "Strona ") || strings.Count(text, "Treść") != 4 {
		t.Errorf("text %q", text)
	}
	for i, s := range spans {
		if want := fmt.Sprint(i + 11); s.Label != want || s.Number != i+1 {
			t.Errorf("page %d is %+v, want label %s", i+1, s, want)
		}
	}
}

func TestArticlesAtTheTopOfPagesStay(t *testing.T) {
	var pages []string
	for n := 1; n <= 4; n++ {
		pages = append(pages, at(280, 780, 10, fmt.Sprintf("Art. %d.", n))+at(60, 760, 10, "Organ rozpatruje sprawę "+strings.Repeat("y", n)+"."))
	}
	if text, _ := textOf(t, book("", pages...)); strings.Count(text, "Art. ") != 4 {
		t.Errorf("text %q", text)
	}
}

func TestFootnoteWaitsForTheEndOfTheParagraph(t *testing.T) {
	first := lines(60, 100, 10, "Opłatę pobiera się na podstawie ustawy", "o podatkach i opłatach lokalnych     w") + at(250, 91, 6, "1)") +
		at(60, 64, 6, "1)") + at(70, 60, 8, "Zmiany ogłoszono w Dz. U. z 2024 r.")
	second := at(60, 800, 10, "terminie miesiąca od dnia doręczenia.")
	holdText(t, book("", first, second), "Opłatę pobiera się na podstawie ustawy o podatkach i opłatach lokalnych w terminie miesiąca od dnia doręczenia.\n¹⁾ Zmiany ogłoszono w Dz. U. z 2024 r.\n")
}

func TestIndexIsNotPartOfTheNumber(t *testing.T) {
	page := at(60, 700, 10, "Art. 39") + at(95, 704, 6, "1") + at(98, 700, 10, ". Organ doręcza pisma.")
	holdText(t, book("", page), "Art. 39^1. Organ doręcza pisma.\n")
}

func TestWordsPartedAtTheEndOfLines(t *testing.T) {
	for _, c := range []struct{ first, second, want string }{
		{"Organ prowadzi postę-", "powanie w sprawie.", "Organ prowadzi postępowanie w sprawie.\n"},
		{"Plan społeczno-", "-gospodarczy gminy.", "Plan społeczno-gospodarczy gminy.\n"},
		{"Umowa polsko-", "niemiecka jest ważna.", "Umowa polsko-niemiecka jest ważna.\n"},
		{"Pociąg z Bielska-", "Białej przyjechał.", "Pociąg z Bielska-Białej przyjechał.\n"},
	} {
		holdText(t, book("", lines(60, 700, 10, c.first, c.second)), c.want)
	}
}

func TestTheLexiconDecidesGaps(t *testing.T) {
	// "Opr" and "acowano" stand apart, "zadań" and "i" stand near; the page draws its other spaces
	page := at(60, 700, 10, "Opr") + at(76.5, 700, 10, "acowano na podstawie ustaw ") + at(60, 680, 10, "rozpatrzenie zadań") + at(151.2, 680, 10, "i") + at(157.4, 680, 10, "wniosków mieszkańców gminy")
	holdText(t, book("", page), "Opracowano na podstawie ustaw\nrozpatrzenie zadań i wniosków mieszkańców gminy\n")
}

func TestNoteBesideTheTitleIsReadBehindIt(t *testing.T) {
	page := at(480, 712, 10, "Opracowano na") + at(250, 700, 12, "USTAWA") + at(480, 699, 10, "podstawie: Dz. U.") +
		at(210, 674, 12, "z dnia 1 maja 2020 r.") + at(480, 686, 10, "z 2020 r. poz. 7.") + at(60, 600, 10, strings.Repeat("Tekst ustawy ", 6))
	got, _ := textOf(t, book("", page))
	if !strings.Contains(got, "Opracowano na podstawie: Dz. U. z 2020 r. poz. 7.\n") || !strings.HasPrefix(got, "USTAWA\n") {
		t.Errorf("text %q", got)
	}
}

func TestCitedUnitsDoNotBeginParagraphs(t *testing.T) {
	page := lines(60, 700, 10, "Do wniosku stosuje się odpowiednio przepis w", "§ 3. ustawy o samorządzie gminnym, o ile nic", "2) innego nie wynika z umowy.") + at(60, 640, 10, "§ 4. Uchwała wchodzi w życie.")
	got, _ := textOf(t, book("", page))
	if !strings.Contains(got, "przepis w § 3. ustawy") || !strings.Contains(got, "\n§ 4. Uchwała") {
		t.Errorf("text %q", got)
	}
}
