package ingest

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"referent/internal/law"
	"referent/rag"
)

// An anchor is a line that opens a top-level part of a legal text.
type anchor struct {
	kind       anchorKind
	number     string
	start      int // of the line
	body       int // where the part's own text begins
	end        int // where the part ends, set when the next one is known
	breadcrumb string
}

type anchorKind string

const (
	articleAnchor anchorKind = "art"
	parAnchor     anchorKind = "par"
	recitalAnchor anchorKind = "motyw"
	annexAnchor   anchorKind = "zal"
	headingAnchor anchorKind = "heading"
	skippedAnchor anchorKind = "skipped" // a source line, the reasons for an act: no unit
)

const numberPattern = `\d{1,4}(?:\^\d{1,2}|[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,2})?[a-ząćęłńóśźż]{0,4}(?:\^\d{1,2})?`

var (
	articleLine  = regexp.MustCompile(`^(?:Art\.?|Artykuł|Article)[ ]?(` + numberPattern + `)(?:\.$|\.[ ]|$)`)
	parLine      = regexp.MustCompile(`^§[ ]?(` + numberPattern + `)(?:\.$|\.[ ]|$)`)
	recitalLine  = regexp.MustCompile(`^\((\d{1,3})\)(?:\s|$)`)
	annexLine    = regexp.MustCompile(`^(?:ZAŁĄCZNIK|Załącznik|ANNEX|Annex)(?: (?:(?:[Nn][Rr] ?)?(\d{1,2}|[IVX]{1,5})\b)?|$)`)
	annexInText  = regexp.MustCompile(`^(?:ZAŁĄCZNIK|Załącznik)\b.*\b(?:stanowi|określa|zawiera|otrzymuje|traci|zastępuje|jest|są)\b`)
	inlineAnnex  = regexp.MustCompile(`[.)] (Załącznik(?: [Nn]r (\d{1,2}))? ?[-–]? ?[^\n]*)\n+1\. `)
	headLine     = regexp.MustCompile(`^(CZĘŚĆ|Część|KSIĘGA|Księga|TYTUŁ|Tytuł|DZIAŁ|Dział|ROZDZIAŁ|Rozdział|ODDZIAŁ|Oddział|Chapter|CHAPTER|Section|SECTION|Sekcja|SEKCJA) ([IVXLC]+[a-z]{0,2}|\d+[a-z]{0,2}|[A-ZĄĆĘŁŃÓŚŹŻ]+|[a-z]+)\.?(?:$| [-–]? ?(\p{Lu}.*)$)`)
	recitalsHead = regexp.MustCompile(`^(?:Recitals|Motywy|Preambuła)$`)
	recitalsLine = regexp.MustCompile(`(?i)^(?:whereas:|(?:a także )?mając na uwadze,? co następuje:|a także uwzględniając, co następuje:)$`)
	reasonsLine  = regexp.MustCompile(`^(?:UZASADNIENIE|Uzasadnienie)(?:$| do )`)
	sourceLine   = regexp.MustCompile(`^(?:Źródło|Source): `)
	// a chapter's heading glued to the end of the last article before it
	inlineHead = regexp.MustCompile(`(?:^|[.;”):] )((?:CZĘŚĆ|KSIĘGA|TYTUŁ|DZIAŁ|Dział|Rozdział|Oddział) (?:[IVXLC]+[a-z]?|\d+[a-z]?) \p{Lu}[^.;\n]{0,300})\n*$`)
	splitHead  = regexp.MustCompile(` (?:DZIAŁ|Dział|Rozdział|Oddział) (?:[IVXLC]+|\d+)[a-z]? \p{Lu}`)
	loneSign   = regexp.MustCompile(`(?m)^§[ \t]*\n+[ \t]*(\d)`)
)

// normalizeLegal joins a paragraph sign to its number where the source has them on lines
// of their own, as some texts of the ELI service have, and takes footnotes' marks off numbers.
func normalizeLegal(text string) string {
	if strings.Contains(text, "⁾") || strings.Contains(text, "<sup>") {
		text = raisedMark.ReplaceAllString(text, "")
		text = raisedIndex.ReplaceAllString(text, "$1^$2")
	}
	if !strings.Contains(text, "§") {
		return text
	}
	return loneSign.ReplaceAllString(text, "§ $1")
}

// A footnote's mark ("pkt 2¹⁾") has a parenthesis, an index ("art. 33<sup>1</sup>") has none.
var (
	raisedMark  = regexp.MustCompile(`[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,3}⁾|<sup>\d{1,3}\)</sup>`)
	raisedIndex = regexp.MustCompile(`(\d)<sup>(\d{1,2})</sup>`)
)

// findAnchors finds the parts of a legal text, in reading order, with their ends. There
// are none when the text is no legal act: fewer than two articles or paragraphs, or one
// when the source is known to be an act.
func findAnchors(l layout, identified bool) []anchor {
	s := scanner{text: l.text, ranks: newOutline()}
	s.scan(l.headings)
	articles, pars := s.count(articleAnchor), s.count(parAnchor)
	least := 2
	if identified {
		least = 1
	}
	if articles < least && pars < least {
		return nil
	}
	s.finish()
	return s.anchors
}

// scanner reads a text line by line and keeps the anchors whose numbers rise.
type scanner struct {
	text    string
	anchors []anchor
	ranks   *outline

	top       anchorKind            // the kind that numbers this part of the text: articles win over paragraphs
	last      map[anchorKind]string // last number of each kind: articles do not go on counting after recitals
	counted   int                   // how far quotation marks were counted since the last anchor
	openMarks int                   // those that nothing closed yet
	bold      rag.Span              // last bold line that heads no article, bytes
	recitals  bool
	annexes   map[string]bool
	afterHead bool // the last line was a bare "Rozdział 2": its title may follow
	stopped   bool // the reasons for an act have begun
}

func (s *scanner) scan(headings []heading) {
	s.annexes, s.last = map[string]bool{}, map[anchorKind]string{}
	s.top = s.kindFrom(0)
	marked := map[int]heading{}
	for _, h := range headings {
		marked[h.start] = h
	}
	for start := 0; start < len(s.text); {
		end := strings.IndexByte(s.text[start:], '\n')
		if end < 0 {
			end = len(s.text) - start
		}
		end += start
		from, to := trim(s.text, start, end)
		if from < to {
			h, isHeading := marked[from]
			s.line(from, to, h, isHeading)
		}
		start = end + 1
	}
}

// kindFrom says which kind numbers the text from an offset up to the next annex.
func (s *scanner) kindFrom(offset int) anchorKind {
	for line := range strings.SplitSeq(s.text[offset:], "\n") {
		line = strings.TrimSpace(line)
		switch {
		case articleLine.MatchString(line):
			return articleAnchor
		case offset > 0 && isAnnex(line):
			return parAnchor
		}
	}
	return parAnchor
}

func isAnnex(line string) bool {
	return annexLine.MatchString(line) && len(line) < 400 && !annexInText.MatchString(line)
}

func (s *scanner) line(from, to int, h heading, marked bool) {
	line := s.text[from:to]
	wasHead := s.afterHead
	s.afterHead = false
	switch {
	case s.stopped && !isAnnex(line):
		return
	case sourceLine.MatchString(line):
		s.add(anchor{kind: skippedAnchor, start: from, body: to})
	case marked && recitalsHead.MatchString(line), recitalsLine.MatchString(line):
		s.recitals = true
		s.add(anchor{kind: headingAnchor, start: from, body: to})
	case s.recitals && recitalLine.MatchString(line):
		s.numbered(recitalAnchor, recitalLine.FindStringSubmatchIndex(line), from)
	case articleLine.MatchString(line) && s.top == articleAnchor:
		s.recitals = false
		s.numbered(articleAnchor, articleLine.FindStringSubmatchIndex(line), from)
	case parLine.MatchString(line) && s.top == parAnchor:
		s.numbered(parAnchor, parLine.FindStringSubmatchIndex(line), from)
	case isAnnex(line) && !s.quoted(from):
		s.annex(line, from, to)
	case reasonsLine.MatchString(line) && len(s.last) > 0:
		s.stopped = true
		s.add(anchor{kind: skippedAnchor, start: from, body: to})
	case headLine.MatchString(line) && len(line) < 300 && !s.quoted(from):
		s.heading(line, from, to)
	case wasHead && isTitle(line):
		s.ranks.extend(line)
		s.anchors[len(s.anchors)-1].body = to
	case marked && h.rank == boldRank:
		s.boldLine(line, from, to)
	case marked && h.rank < boldRank:
		s.ranks.enterMarked(h)
		s.add(anchor{kind: headingAnchor, start: from, body: to})
	}
}

func isTitle(line string) bool {
	return len(line) < 300 && !strings.HasSuffix(line, ".") && !strings.HasSuffix(line, ";") && !articleLine.MatchString(line) && !parLine.MatchString(line)
}

func (s *scanner) add(a anchor) {
	a.breadcrumb = s.ranks.String()
	s.anchors = append(s.anchors, a)
}

func (s *scanner) heading(line string, from, to int) {
	m := headLine.FindStringSubmatch(line)
	s.ranks.enter(m[1], line)
	s.afterHead = m[3] == ""
	s.recitals = false
	s.add(anchor{kind: headingAnchor, start: from, body: to})
}

// boldLine adds the bold line under "Article 5" to its breadcrumb. One that stands right
// before an article heads what follows it.
func (s *scanner) boldLine(line string, from, to int) {
	if len(s.anchors) == 0 {
		return
	}
	a := &s.anchors[len(s.anchors)-1]
	if a.kind == articleAnchor && strings.TrimSpace(s.text[a.body:from]) == "" {
		a.breadcrumb = joinBreadcrumb(a.breadcrumb, line)
		return
	}
	s.bold = rag.Span{Start: from, End: to}
}

// headByBold makes a heading of the bold line that ends right before an article.
func (s *scanner) headByBold(at int) {
	if bold := s.bold; bold.End > 0 && strings.TrimSpace(s.text[bold.End:at]) == "" {
		text := s.text[bold.Start:bold.End]
		s.ranks.push(boldRank, text)
		s.add(anchor{kind: headingAnchor, start: bold.Start, body: bold.End})
	}
	s.bold = rag.Span{}
}

// numbered keeps an article, paragraph or recital whose number rises; one that does not
// is a quotation of another act or a reference at the beginning of a line.
func (s *scanner) numbered(kind anchorKind, match []int, from int) {
	number := keyNumber(s.text[from+match[2] : from+match[3]])
	last := s.last[kind]
	if last != "" && law.CompareNumbers(last, number) >= 0 {
		return
	}
	if follows := law.Follows(last, number); !follows && (s.quoted(from) || leaps(last, number)) {
		return
	}
	s.headByBold(from)
	s.gluedHeads(from)
	s.last[kind] = number
	s.countFrom(from + match[1])
	s.add(anchor{kind: kind, number: number, start: from, body: from + match[1]})
}

// leaps says whether a number is too far from the last one to be its successor, even
// where a block of articles was repealed: a reference, or an index read as a digit.
func leaps(last, number string) bool {
	const most = 60
	return last != "" && leadingNumber(number)-leadingNumber(last) > most
}

func leadingNumber(number string) int {
	n := 0
	for _, r := range number {
		if r < '0' || r > '9' {
			break
		}
		n = 10*n + int(r-'0')
	}
	return n
}

// quoted says whether a quotation opened since the last anchor is still open: amending
// acts quote whole articles. Each part of the text is counted once: a hostile file has
// ten thousands of lines that ask.
func (s *scanner) quoted(at int) bool {
	if at > s.counted {
		since := s.text[s.counted:at]
		s.openMarks += strings.Count(since, "„") - strings.Count(since, "”")
		s.counted = at
	}
	return s.openMarks > 0
}

// countFrom begins the count of quotation marks at the text of a new anchor.
func (s *scanner) countFrom(body int) { s.counted, s.openMarks = body, 0 }

func (s *scanner) annex(line string, from, to int) {
	number := "1"
	if m := annexLine.FindStringSubmatch(line); m[1] != "" {
		number = strings.ToLower(m[1])
	}
	if s.annexes[number] {
		return // named again, in a header of its next page
	}
	s.annexes[number] = true
	s.stopped = false
	clear(s.last)
	s.countFrom(to)
	s.ranks.clear()
	s.top = s.kindFrom(to)
	s.add(anchor{kind: annexAnchor, number: number, start: from, body: to})
}

func (s *scanner) count(kind anchorKind) int {
	n := 0
	for _, a := range s.anchors {
		if a.kind == kind {
			n++
		}
	}
	return n
}

// gluedHeads adds the chapter's heading that is glued to the end of the article before at.
func (s *scanner) gluedHeads(at int) {
	if len(s.anchors) == 0 {
		return
	}
	prev := s.anchors[len(s.anchors)-1]
	if prev.kind != articleAnchor && prev.kind != parAnchor {
		return
	}
	from := max(prev.body, at-gluedReach)
	for from > prev.body && !utf8.RuneStart(s.text[from]) {
		from--
	}
	m := inlineHead.FindStringSubmatchIndex(s.text[from:at])
	if m == nil {
		return
	}
	start, end := from+m[2], from+m[3]
	cuts := []int{start}
	for _, c := range splitHead.FindAllStringIndex(s.text[start:end], -1) {
		cuts = append(cuts, start+c[0]+1)
	}
	for i, cut := range cuts {
		until := end
		if i+1 < len(cuts) {
			until = cuts[i+1]
		}
		head := strings.TrimSpace(s.text[cut:until])
		word, _, _ := strings.Cut(head, " ")
		s.ranks.enter(word, head)
		s.add(anchor{kind: headingAnchor, start: cut, body: until})
	}
}

// gluedReach bounds how far back from an article a glued heading is looked for.
const gluedReach = 800

// finish gives anchors their ends and cuts off an annex that is glued to the last article.
func (s *scanner) finish() {
	for i := range s.anchors {
		s.anchors[i].end = len(s.text)
		if i+1 < len(s.anchors) {
			s.anchors[i].end = s.anchors[i+1].start
		}
	}
	last := &s.anchors[len(s.anchors)-1]
	if last.kind != articleAnchor && last.kind != parAnchor || len(s.annexes) > 0 {
		return
	}
	m := inlineAnnex.FindStringSubmatchIndex(s.text[last.body:])
	if m == nil {
		return
	}
	annex := anchor{kind: annexAnchor, number: "1", start: last.body + m[2], body: last.body + m[3], end: last.end}
	if m[4] >= 0 {
		annex.number = s.text[last.body+m[4] : last.body+m[5]]
	}
	last.end = annex.start
	s.anchors = append(s.anchors, annex)
}

var superscripts = strings.NewReplacer("¹", "1", "²", "2", "³", "3", "⁴", "4", "⁵", "5", "⁶", "6", "⁷", "7", "⁸", "8", "⁹", "9", "⁰", "0")

// keyNumber writes a printed number as keys do: 39¹ is 39^1.
func keyNumber(printed string) string {
	if i := strings.IndexAny(printed, "¹²³⁴⁵⁶⁷⁸⁹⁰"); i >= 0 {
		printed = printed[:i] + "^" + superscripts.Replace(printed[i:])
	}
	return strings.ToLower(printed)
}
