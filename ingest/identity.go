package ingest

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"referent/internal/law"
	"referent/internal/polish"
	"referent/rag"
)

// identity is what a source says of the act it holds.
type identity struct {
	act         string
	title       string
	textKind    rag.TextKind
	wordingDate string
	after       string // an undated text is no older than this day
	standing
}

// standing is what a source says of its life in law; "" and unknown where it says nothing.
type standing struct {
	status       rag.Status
	inForceFrom  string
	repealedFrom string
}

// mastheadBytes hold an act's own number; further on stand the numbers of other acts.
const mastheadBytes = 150

// headBytes of a text are looked at for its title, number and source.
const headBytes = 3000

var (
	actFile   = regexp.MustCompile(`^(DU|MP|EU)-(\d{4})-(\d{1,5})(?:[_.\- ]|$)`)
	eliLine   = regexp.MustCompile(`eli/(?:acts/)?(DU|MP)/(\d{4})/(\d{1,5})`)
	celexLine = regexp.MustCompile(`(?i)CELEX[: ]?3(\d{4})[RLD](\d{4})`)
	dzuLine   = regexp.MustCompile(`Dz\. ?U\. ?(?:z )?(\d{4})(?: ?r\.)?(?:,? ?[Nn]r \d+)?,? ?,? ?poz\. (\d{1,5})`)
	actTitle  = regexp.MustCompile(`(?i)^\s*(?:ustawa|rozporządzenie|obwieszczenie|konstytucja|regulation)\b`)
	localHead = regexp.MustCompile(`(?m)^\W{0,4}(UCHWAŁA|Uchwała|ZARZĄDZENIE|Zarządzenie)\s+(?:NR|Nr|nr)\s+([\p{L}\d][\p{L}\d/.\-]*)\s+((?:RADY|Rady|WÓJTA|Wójta|BURMISTRZA|Burmistrza|PREZYDENTA|Prezydenta|STAROSTY|Starosty|ZARZĄDU|Zarządu|SEJMIKU|Sejmiku|MARSZAŁKA|Marszałka)\b[^\n]*(?:\n\p{Lu}{2}[^\n]*)?)`)
	// the title of an act as Dziennik Ustaw prints it: kind, date, subject
	printedTitle = regexp.MustCompile(`(?m)^(?:U ?S ?T ?A ?W ?A|ROZPORZĄDZENIE|OBWIESZCZENIE|KONSTYTUCJA)\b[^\n]*(?:\n(?:z dnia|\p{Lu}{3}|w sprawie|o |[-–])[^\n]*){0,3}`)
	stateLine    = regexp.MustCompile(`(?m)^Stan: [^\n]*`)
	stateSays    = regexp.MustCompile(`(obowiązuje od|(?:uchylon[aey]|utracił[aoy]? moc|traci moc) z dniem) (\d{1,2})\.? ?(\p{L}+) (\d{4})`)
	published    = regexp.MustCompile(`(?m)^Ogłoszono: [^\n]*?(\d{1,2})\.? ?(\p{L}+) (\d{4}) r`)
	citedJournal = regexp.MustCompile(`Dz\. ?U\. (?:z )?((?:19|20)\d\d)\b`)
	slugEnd      = regexp.MustCompile(`(?i) (?:z dnia|w sprawie|na podstawie)\b`)
	subject      = regexp.MustCompile(`(?s)\bw sprawie\b[^\n]*(?:\n[^\n]+){0,3}`)
	actDate      = regexp.MustCompile(`(?:z dnia|of) (\d{1,2})\.? ?(\p{L}+) (\d{4})`)
	stateDate    = regexp.MustCompile(`(?i)stan (?:prawny )?na (?:dzień )?(\d{1,2})\.? ?(\p{L}+|\d{1,2})\.? ?(\d{4})`)
)

// identify reads who the document is: from its file name, else a source line, else its
// title and number in Dziennik Ustaw, else the head of an act of local government.
func identify(file string, l layout) identity {
	head := headOf(l.text)
	id := identity{title: l.title}
	local := localHead.FindStringSubmatch(head)
	if id.title == "" || local != nil && !localHead.MatchString(id.title) {
		id.title = titleOf(head, local)
	}
	id.act = actOf(file, head, id.title, local)
	id.textKind = kindOf(head, id)
	id.wordingDate = wordingOf(head, id)
	if id.act != "" && id.wordingDate == "" {
		id.after = youngestCited(l.text)
	}
	id.standing = standingOf(head)
	if strings.HasPrefix(id.act, localPrefix) && id.inForceFrom == "" {
		id.inForceFrom = entryOf(l.text, head, id.wordingDate)
	}
	return id
}

func headOf(text string) string {
	if len(text) > headBytes {
		return strings.ToValidUTF8(text[:headBytes], "")
	}
	return text
}

func actOf(file, head, title string, local []string) string {
	if m := actFile.FindStringSubmatch(filepath.Base(file)); m != nil {
		return eli(m[1], m[2], m[3])
	}
	if m := eliLine.FindStringSubmatch(head); m != nil {
		return eli(m[1], m[2], m[3])
	}
	if m := celexLine.FindStringSubmatch(head); m != nil {
		return eli("EU", m[1], m[2])
	}
	if act := law.ActByTitle(title); act != "" {
		return act
	}
	if local != nil {
		return "local/" + slug(local[3]) + "/" + slug(local[1]) + "/" + slug(local[2])
	}
	if m := dzuLine.FindStringSubmatch(head[:min(len(head), mastheadBytes)]); m != nil && actTitle.MatchString(title) {
		return eli("DU", m[1], m[2])
	}
	return ""
}

func eli(journal, year, position string) string {
	return journal + "/" + year + "/" + strings.TrimLeft(position, "0")
}

// slug writes a name for an identifier: "RADY GMINY W DĘBOWCU" is rady-gminy-w-debowcu.
func slug(name string) string {
	name = strings.Join(strings.Fields(name), " ")
	if i := slugEnd.FindStringIndex(name); i != nil {
		name = name[:i[0]]
	}
	return strings.Join(strings.FieldsFunc(polish.Fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "-")
}

// titleOf composes a title from the head: of a local act its number, issuer and subject,
// else the first lines up to an empty one.
func titleOf(head string, local []string) string {
	if local != nil {
		title := strings.Join(strings.Fields(local[0]), " ")
		if m := actDate.FindString(head); m != "" && !strings.Contains(title, m) {
			title += " " + m + " r."
		}
		if m := subject.FindString(head); m != "" && !strings.Contains(title, "w sprawie") {
			m, _, _ = strings.Cut(m, "\n\n")
			m, _, _ = strings.Cut(m, "\nNa podstawie")
			m, _, _ = strings.Cut(m, "\n§")
			title += " " + strings.Join(strings.Fields(m), " ")
		}
		return short(title)
	}
	if m := printedTitle.FindString(head); m != "" {
		return short(strings.ReplaceAll(strings.Join(strings.Fields(m), " "), "U S T A W A", "Ustawa"))
	}
	paragraph, _, _ := strings.Cut(strings.TrimLeft(head, " \n\t"), "\n\n")
	lines := strings.Split(paragraph, "\n")
	if len(lines) > 3 {
		lines = lines[:1]
	}
	return short(strings.Join(strings.Fields(strings.Join(lines, " ")), " "))
}

// titleRunes is the longest title that is kept whole.
const titleRunes = 300

func short(title string) string {
	if runes := []rune(title); len(runes) > titleRunes {
		return string(runes[:titleRunes]) + "…"
	}
	return title
}

func kindOf(head string, id identity) rag.TextKind {
	folded := strings.ToLower(head)
	switch {
	case strings.Contains(folded, "(tekst jednolity") || strings.Contains(folded, "jednolitego tekstu ustawy"):
		return rag.TextConsolidated
	case strings.Contains(folded, "(tekst ujednolicony") || strings.Contains(folded, "opracowano na podstawie"):
		return rag.TextUnofficial
	case strings.Contains(folded, "(tekst ogłoszony"), strings.HasPrefix(id.act, "EU/") && celexLine.MatchString(head), strings.HasPrefix(id.act, "local/"):
		return rag.TextPromulgated
	}
	return rag.TextKindUnknown
}

// wordingOf gives the day whose wording the text is: what the text says, else for a
// promulgated text the day of the act itself.
func wordingOf(head string, id identity) string {
	if m := stateDate.FindStringSubmatch(head); m != nil {
		if date := isoDate(m); date != "" {
			return date
		}
	}
	if id.textKind == rag.TextPromulgated {
		if m := actDate.FindStringSubmatch(id.title); m != nil {
			return isoDate(m)
		}
	}
	return ""
}

// standingOf reads the line "Stan: obowiązuje od …" or "Stan: uchylona z dniem …". Without
// one nothing is known: the text of an act does not say whether it is in force.
func standingOf(head string) standing {
	s := standing{status: rag.StatusUnknown}
	for _, m := range stateSays.FindAllStringSubmatch(stateLine.FindString(head), -1) {
		date := isoDate(m[1:])
		switch {
		case date == "":
		case m[1] == "obowiązuje od":
			s.status, s.inForceFrom = rag.StatusInForce, date
		default:
			s.status, s.repealedFrom = rag.StatusInForce, date
		}
	}
	return s
}

var (
	entryAdopted   = regexp.MustCompile(`(?i)wchodzi w życie z dniem (?:podjęcia|podpisania|uchwalenia)`)
	entryPublished = regexp.MustCompile(`(?i)wchodzi w życie (?:po upływie (\d+|\p{L}+) dni od (?:dnia )?(?:jej |jego )?(ogłoszenia)|z dniem (?:jej |jego )?ogłoszenia)`)
)

// entryOf gives the day from which an act of local government says that it is in force,
// where that can be told: the last such words count, for its annex may quote others.
func entryOf(text, head, adopted string) string {
	if all := entryDay.FindAllStringSubmatch(text, -1); len(all) > 0 {
		return isoDate(all[len(all)-1])
	}
	if entryAdopted.MatchString(text) {
		return adopted
	}
	announced := published.FindStringSubmatch(head)
	entry := entryPublished.FindStringSubmatch(text)
	if announced == nil || entry == nil {
		return ""
	}
	day, err := time.Parse(time.DateOnly, isoDate(announced))
	if err != nil {
		return ""
	}
	if entry[2] != "" {
		n := numberOf(entry[1])
		if n == 0 {
			return ""
		}
		day = day.AddDate(0, 0, n+1)
	}
	return day.Format(time.DateOnly)
}

// numberOf reads the numbers of days that acts use.
func numberOf(word string) int {
	switch strings.ToLower(word) {
	case "siedmiu":
		return 7
	case "czternastu":
		return 14
	case "trzydziestu":
		return 30
	}
	n, err := strconv.Atoi(word)
	if err != nil {
		return 0
	}
	return n
}

// youngestCited gives the first day of the year of the youngest journal that a text cites:
// the text is no older than that.
func youngestCited(text string) string {
	youngest := ""
	for _, m := range citedJournal.FindAllStringSubmatch(text, -1) {
		youngest = max(youngest, m[1])
	}
	if youngest == "" {
		return ""
	}
	return youngest + "-01-01"
}

var months = map[string]int{"stycznia": 1, "lutego": 2, "marca": 3, "kwietnia": 4, "maja": 5, "czerwca": 6, "lipca": 7, "sierpnia": 8, "września": 9, "października": 10, "listopada": 11, "grudnia": 12,
	"january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12}

// isoDate prints day, month (a name or a number) and year of a match.
func isoDate(m []string) string {
	month := months[strings.ToLower(m[2])]
	if month == 0 {
		if _, err := fmt.Sscanf(m[2], "%d", &month); err != nil {
			return ""
		}
	}
	var day, year int
	if _, err := fmt.Sscanf(m[1]+" "+m[3], "%d %d", &day, &year); err != nil || month < 1 || month > 12 || day < 1 || day > 31 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}
