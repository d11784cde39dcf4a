package dataset

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"referent/internal/polish"
)

var (
	statedDay     = regexp.MustCompile(`(?:stan (?:na |z )?(?:dzien |dnia )?|na dzien |wedlug stanu na |wg stanu na |z dnia )(\d{1,2}[.\-/]\d{1,2}[.\-/]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2} [a-z]{4,12} \d{4})`)
	statedRange   = regexp.MustCompile(`(?:lata|latach|lat|w okresie)\s+((?:19|20)\d{2})\s*[-–—/]\s*((?:19|20)\d{2})|((?:19|20)\d{2})\s*[-–—]\s*((?:19|20)\d{2})(?: r| rok|$)?`)
	statedYear    = regexp.MustCompile(`(?:^|[^\d])((?:19|20)\d{2})\s*(?:r\.|rok|roku|$)|(?:za|w|rok|roku|z)\s+((?:19|20)\d{2})(?:[^\d]|$)`)
	statedQuarter = regexp.MustCompile(`\b(i|ii|iii|iv|[1-4])\.?\s*(?:kwarta[a-z]*|kw\.?)\s*((?:19|20)\d{2})`)
	statedHalf    = regexp.MustCompile(`\b(i|ii|[12])\.?\s*polrocz[a-z]*\s*((?:19|20)\d{2})`)
	fileYear      = regexp.MustCompile(`(?:^|[^\d])((?:19|20)\d{2})(?:[^\d]|$)`)
	fileYears     = regexp.MustCompile(`(?:^|[^\d])((?:19|20)\d{2})[-_–]((?:19|20)\d{2})(?:[^\d]|$)`)
)

// periodStated reads the period that a text states: a quarter, a half, years, a year with
// or without the day that it is as of, a day.
func periodStated(text string) *Period {
	folded := polish.Fold(text)
	year := func(from, to string) *Period { return &Period{from + "-01-01", to + "-12-31"} }
	if m := statedQuarter.FindStringSubmatch(folded); m != nil {
		return months3(m[2], ordinal(m[1]), 3)
	}
	if m := statedHalf.FindStringSubmatch(folded); m != nil {
		return months3(m[2], ordinal(m[1]), 6)
	}
	if m := statedRange.FindStringSubmatch(folded); m != nil {
		from, to := m[1]+m[3], m[2]+m[4]
		if from < to {
			return year(from, to)
		}
	}
	withoutDays := statedDay.ReplaceAllString(folded, " ")
	if m := statedYear.FindStringSubmatch(withoutDays); m != nil {
		return year(m[1]+m[2], m[1]+m[2])
	}
	if day := dayStated(text); day != "" {
		return &Period{day, day}
	}
	return nil
}

// dayStated reads the day that a text says its data are as of.
func dayStated(text string) string {
	m := statedDay.FindStringSubmatch(polish.Fold(text))
	if m == nil {
		return ""
	}
	if v, ok := readDate(m[1]); ok {
		return v.isoOf()
	}
	parts := strings.Fields(m[1])
	for name, month := range months {
		if len(parts) == 3 && polish.Fold(name) == parts[1] {
			return fmt.Sprintf("%s-%02d-%02s", parts[2], month, parts[0])
		}
	}
	return ""
}

func ordinal(text string) int {
	switch text {
	case "i", "1":
		return 1
	case "ii", "2":
		return 2
	case "iii", "3":
		return 3
	}
	return 4
}

func months3(year string, part, length int) *Period {
	y, err := strconv.Atoi(year)
	if err != nil {
		return nil
	}
	first := time.Date(y, time.Month((part-1)*length+1), 1, 0, 0, 0, 0, time.UTC)
	return &Period{first.Format(time.DateOnly), first.AddDate(0, length, -1).Format(time.DateOnly)}
}

// Dates of events say when the data are of; dates that are attributes of things do not.
var (
	eventWords     = []string{"data.", "zawarc", "zlozen", "zgloszen", "zdarzen", "pomiar", "wplyw", "wydan", "wystawien", "podpis", "publikac", "sprzedaz", "wypadk", "dzien.", "czas.", "date.", "timestamp", "okres", "miesiac", "nada", "przyjec", "transakc", "zaplat", "posiedzen", "glosowan", "podjec", "udzielen", "kontrol", "awari", "interwenc", "wypozyczen", "odczyt", "badan", "poboru", "zgonu"}
	attributeWords = []string{"urodz", "ustanow", "wpis", "moderniz", "przeglad", "budow", "instalac", "montaz", "waznosc", "wazn", "obowiazuje", "do.", "od.", "zalozen", "powstan", "rejestrac", "zamkn", "zakoncz", "aktualizac", "uruchom", "remont", "zabytk", "oddania", "produkc", "zalatw", "termin", "otwarc", "likwid", "posadz", "nasadz", "uchwal", "gwaranc", "legaliz", "szczepien", "koniec", "realizac", "rozpatrz"}
)

// temporalOf gives the period of the data and what says it.
func temporalOf(p *Profile, columns []*judged, file string) (*Period, string) {
	for _, text := range statements(p) {
		if period := periodStated(text); period != nil {
			return period, text
		}
	}
	if best := mainDate(columns); best != nil {
		return &Period{best.days.first.firstDay(), best.days.last.lastDay()}, best.name
	}
	for _, j := range columns {
		if j.isYear() && hasWord(j.words, "rok.", "year", "lata.") && !hasWord(j.words, attributeWords...) && len(j.words) <= 2 {
			return &Period{fmt.Sprintf("%04.0f-01-01", j.numbers.min()), fmt.Sprintf("%04.0f-12-31", j.numbers.max())}, j.name
		}
	}
	if p.Indicators != nil && len(p.Indicators.Years) > 0 {
		years := p.Indicators.Years
		return &Period{fmt.Sprintf("%d-01-01", years[0]), fmt.Sprintf("%d-12-31", years[len(years)-1])}, ""
	}
	if m := fileYears.FindStringSubmatch(file); m != nil && m[1] < m[2] {
		return &Period{m[1] + "-01-01", m[2] + "-12-31"}, file
	}
	if m := fileYear.FindStringSubmatch(file); m != nil {
		return &Period{m[1] + "-01-01", m[1] + "-12-31"}, file
	}
	return nil, ""
}

// mainDate is the column with the date of the event that a record is.
func mainDate(columns []*judged) *judged {
	var best *judged
	bestScore := 0
	for _, j := range columns {
		if j.kind != TypeDate && j.kind != TypeDatetime || j.days.count == 0 || hasWord(j.words, attributeWords...) {
			continue
		}
		score := 1
		if hasWord(j.words, eventWords...) {
			score = 2
		}
		if score > bestScore {
			best, bestScore = j, score
		}
	}
	return best
}

// statements are the texts of a file that may state its period and frequency.
func statements(p *Profile) []string {
	var texts []string
	for _, field := range p.Metadata {
		text := field.Value
		if polishName := polish.Fold(field.Name); strings.Contains(polishName, "stan") {
			text = "stan na " + text
		} else if strings.Contains(polishName, "rok") || strings.Contains(polishName, "okres") || strings.Contains(polishName, "lata") {
			text = strings.TrimSpace("za " + text)
		} else if !strings.Contains(text, " ") {
			continue // a date of generation is no period of the data
		}
		texts = append(texts, text)
	}
	texts = append(texts, p.Titles...)
	return append(texts, p.Notes...)
}

// frequencies by what texts say, the more exact first.
var frequencies = []struct {
	code  string
	signs []string
}{
	{"DAILY", []string{"codzien", "raz dziennie", "co dzien", "raz na dobe", "kazdego dnia", "dzienn"}},
	{"WEEKLY", []string{"co tydzien", "raz w tygodniu", "cotygodniow", "tygodniow"}},
	{"MONTHLY", []string{"co miesiac", "raz w miesiacu", "comiesieczn", "miesieczn", "kazdego miesiaca"}},
	{"QUARTERLY", []string{"co kwartal", "raz na kwartal", "raz w kwartale", "kwartaln"}},
	{"ANNUAL_2", []string{"co pol roku", "dwa razy w roku", "polroczn", "raz na pol roku"}},
	{"ANNUAL", []string{"raz w roku", "raz do roku", "co rok", "coroczn", "roczn", "raz na rok", "kazdego roku"}},
	{"IRREG", []string{"nieregularn", "w miare potrzeb", "na biezaco", "po kazdej zmianie"}},
	{"HOURLY", []string{"co godzin"}},
}

var frequencyContext = []string{"aktualiz", "sporzadz", "publik", "odswiez", "zestawieni", "opracowyw", "dane", "czestotliw", "frequency", "raport", "sprawozd", "wykaz", "rejestr", "zbior"}

// frequencyOf gives how often the data are made, where a text of the file says it.
func frequencyOf(p *Profile) (code, evidence string) {
	try := func(text, context string) bool {
		folded := polish.Fold(text)
		for _, f := range frequencies {
			for _, sign := range f.signs {
				for _, word := range frequencyContext {
					if strings.Contains(folded, sign) && (strings.Contains(folded, word) || strings.Contains(context, word)) {
						code, evidence = f.code, text
						return true
					}
				}
			}
		}
		return false
	}
	for _, field := range p.Metadata {
		if try(field.Value, polish.Fold(field.Name)) {
			return code, evidence
		}
	}
	for _, text := range append(append([]string{}, p.Titles...), p.Notes...) {
		for _, sentence := range strings.Split(text, ". ") {
			if try(sentence, "") {
				return code, strings.TrimSpace(sentence)
			}
		}
	}
	return "unknown", ""
}
