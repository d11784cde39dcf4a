package ingest

import (
	"regexp"
	"strings"

	"referent/internal/law"
	"referent/rag"
)

// node is a unit with its sub-units; offsets are bytes.
type node struct {
	key        law.Key
	rank       int
	number     string // of the last unit, where one mark stands for several ("3–5.")
	start, end int
	body       int // after the mark
	status     rag.Status
	children   []*node
	akapity    []*node // of an EU act: paragraphs after the first that have no number
}

// ranks of the sub-units that a body can hold.
const (
	parRank = iota + 1
	ustRank
	pktRank
	litRank
	tiretRank
)

var rankNames = [...]string{parRank: "par", ustRank: "ust", pktRank: "pkt", litRank: "lit", tiretRank: "tiret"}

const (
	shortNumber = `\d{1,3}(?:\^\d{1,2}|[¹²³⁴⁵⁶⁷⁸⁹⁰]{1,2})?[a-zł]{0,4}(?:\^\d{1,2})?`
	letters     = `[a-zł]{1,2}`
)

// mark finds what may open a sub-unit; the groups say which: § 1. | 1. | 1) | (1) | a) | (a) | -
var mark = regexp.MustCompile(`(?:^|\s)(?:§ ?(` + shortNumber + `)(?: ?(?:[-–]|i) ?(` + shortNumber + `))?\.(?:\s|$)` +
	`|(` + shortNumber + `)(?: ?(?:[-–]|i) ?(` + shortNumber + `))?\.(?:\s|$)` +
	`|(` + shortNumber + `)(?: ?[-–] ?(` + shortNumber + `))?\)(?:\s|$)` +
	`|\((\d{1,3}[a-z]?)\)\s|(` + letters + `)\)\s|\((` + letters + `)\)\s|([-–])\s)`)

// markKinds gives, for each alternative of mark, its group, its rank, and whether it may
// stand inside a line.
var markKinds = [...]struct {
	group, rank int
	inline      bool
	ranged      bool // the next group holds the end of a range
}{
	{1, parRank, true, true}, {3, ustRank, false, true}, {5, pktRank, true, true},
	{7, pktRank, false, false}, {8, litRank, true, false}, {9, litRank, false, false}, {10, tiretRank, true, false},
}

// footnote is a line that looks like a punkt but is a footnote of the promulgated text.
var footnote = regexp.MustCompile(`^\d+\)\s+(?:Zmiany (?:tekstu|wymienion)|Niniejsz\S+ (?:ustaw|rozporz)|Tekst jednolity|Dodan[yae] przez|W brzmieniu|Przez art|Ze zmian|Wymieniona ustawa)`)

var goneText = regexp.MustCompile(`^\(?(?:uchylon|skreślon|utracił|pominięt)[^)]{0,200}\)?[.,;]?$`)

// statusOf says whether a unit's text is but the note that it is gone.
func statusOf(text string, otherwise rag.Status) rag.Status {
	text = strings.TrimSpace(text)
	if !goneText.MatchString(text) || !strings.HasPrefix(text, "(") {
		return otherwise
	}
	if strings.HasPrefix(text, "(pominięt") {
		return rag.StatusOmitted
	}
	return rag.StatusRepealed
}

// bodyParser reads the sub-units of one article or paragraph. Marks count only where
// their numbers rise from one, so that references in running text open nothing.
type bodyParser struct {
	text   string
	status rag.Status
	eu     bool
	quotes []rag.Span  // bytes inside „ ”
	breaks []paragraph // where paragraphs begin that have no mark, in an EU act
	stack  []*node
}

// parseBody adds sub-units below the top unit, whose ranks begin at lowest.
func (a act) parseBody(top *node, lowest int) {
	text, status := a.text, a.status
	p := bodyParser{text: text, status: status, eu: a.eu, quotes: quotedParts(text, top.body, top.end), stack: []*node{top}}
	if p.eu {
		p.breaks = unmarkedParagraphs(text, top.body, top.end)
	}
	top.rank = lowest - 1
	top.status = statusOf(text[top.body:top.end], status)
	for at := top.body; at < top.end; {
		m := mark.FindStringSubmatchIndex(text[at:top.end])
		if m == nil {
			break
		}
		for i := range m {
			if m[i] >= 0 {
				m[i] += at
			}
		}
		p.passBreaks(m[0])
		at = p.consider(m, at == top.body)
	}
	p.passBreaks(top.end)
	p.closeTo(0, top.end)
	if top.rank < ustRank && len(top.children) > 0 && top.children[0].rank <= ustRank {
		top.akapity = nil // its title, or what introduces its ustępy
	}
}

// consider opens a unit at a mark if it is one, and says where to look next.
func (p *bodyParser) consider(m []int, first bool) int {
	for _, kind := range markKinds {
		if m[2*kind.group] < 0 {
			continue
		}
		start, _ := trim(p.text, m[0], m[1])
		number, last := p.text[m[2*kind.group]:m[2*kind.group+1]], ""
		if kind.ranged && m[2*kind.group+2] >= 0 {
			last = p.text[m[2*kind.group+2]:m[2*kind.group+3]]
		}
		lineStart := first && start == m[0] || p.startsLine(start)
		if kind.rank == pktRank && p.eu && endnote.MatchString(p.text[start:]) {
			return m[1]
		}
		if p.isReference(start, kind.rank, p.text[m[1]:p.stack[0].end]) {
			return m[1]
		}
		placed := lineStart && !footnote.MatchString(p.text[start:min(len(p.text), start+80)]) || !lineStart && kind.inline && p.afterClause(start, kind.rank)
		if placed && !p.quotedAt(start) {
			p.open(kind.rank, keyNumber(number), keyNumber(last), start, m[1], lineStart)
		}
		// the white space after this mark may stand before the next one
		if next := m[1] - 1; next > m[0] && (p.text[next] == ' ' || p.text[next] == '\n' || p.text[next] == '\t') {
			return next
		}
		return m[1]
	}
	return m[1]
}

// startsLine says whether only white space stands before on the line, or the body begins there.
func (p *bodyParser) startsLine(at int) bool {
	before := strings.TrimRight(p.text[p.stack[0].body:at], " \t")
	return before == "" || before[len(before)-1] == '\n'
}

// danglingMark ends a text whose reference goes on behind a line's end: "o których mowa w
// art. 13 ust.", "(art. 52 §"; a paragraph sign may also miss behind its article.
var (
	danglingMark    = regexp.MustCompile(`(?:\b(?:art|ust|pkt|lit|poz|nr|Nr|zm)\.?|§)$`)
	danglingArticle = regexp.MustCompile(`\bart\. ?\d+[a-z]*$`)
)

// isReference says whether what looks like a mark is the number of a reference that the
// source broke over lines.
func (p *bodyParser) isReference(at, rank int, rest string) bool {
	before := strings.TrimRight(p.text[p.stack[0].body:at], " \t\n")
	const reach = 24 // bytes of the longest reference before its number
	before = before[max(0, len(before)-reach):]
	return danglingMark.MatchString(before) || rank == parRank && danglingArticle.MatchString(before) && strings.TrimSpace(rest) == ""
}

var clauseEnds = map[int]string{parRank: ".;:)”", pktRank: ":;,.)”", litRank: ":;,.)”", tiretRank: ":;,"}

// afterClause says whether an inline mark follows the end of a clause or a conjunction.
func (p *bodyParser) afterClause(at, rank int) bool {
	before := strings.TrimRight(p.text[p.stack[0].body:at], " \t\n")
	if before == "" {
		return true
	}
	for _, end := range clauseEnds[rank] {
		if strings.HasSuffix(before, string(end)) {
			return true
		}
	}
	if rank != pktRank && rank != litRank {
		return false
	}
	for _, word := range []string{" lub", " albo", " oraz", " i", " or", " and"} {
		if strings.HasSuffix(before, word) {
			return true
		}
	}
	return false
}

func (p *bodyParser) open(rank int, number, last string, start, body int, lineStart bool) {
	at := len(p.stack) - 1
	for at > 0 && p.stack[at].rank > rank {
		at--
	}
	sibling := at > 0 && p.stack[at].rank == rank
	deeper := at == len(p.stack)-1 && !sibling && rank > p.stack[at].rank
	switch {
	case rank == tiretRank:
		if !sibling && !p.announced(start, deeper) {
			if lineStart {
				p.closeLists(start)
			}
			return
		}
		number = nextTiret(p.stack[at], sibling)
	case sibling:
		if !law.Follows(p.stack[at].number, number) {
			return
		}
	case !deeper || !law.Follows("", number) || !lineStart && !p.announced(start, true):
		return
	}
	if sibling {
		at--
	}
	parent := p.stack[at]
	key := parent.key.With(rankNames[rank], number)
	for _, child := range parent.children {
		if child.key == key {
			return // a second enumeration after the common part of the first: it stays text
		}
	}
	p.closeTo(at+1, start)
	n := &node{key: key, rank: rank, number: number, start: start, body: min(body, p.stack[0].end)}
	if last != "" && law.CompareNumbers(number, last) < 0 {
		n.number = last
	}
	parent.children = append(parent.children, n)
	p.stack = append(p.stack, n)
}

// announced says whether the text before a first item introduces an enumeration.
func (p *bodyParser) announced(at int, deeper bool) bool {
	before := strings.TrimRight(p.text[p.stack[len(p.stack)-1].start:at], " \t\n")
	return deeper && (strings.HasSuffix(before, ":") || strings.HasSuffix(before, "(uchylony)"))
}

func nextTiret(last *node, sibling bool) string {
	if !sibling {
		return "1"
	}
	return nextNumber(last.number)
}

// closeLists ends the enumeration: what follows is its common part and belongs to the unit
// that holds the enumeration.
func (p *bodyParser) closeLists(at int) {
	keep := len(p.stack)
	for keep > 1 && p.stack[keep-1].rank >= pktRank {
		keep--
	}
	p.closeTo(keep, at)
}

// closeTo ends the open units from depth on.
func (p *bodyParser) closeTo(depth, at int) {
	for i := len(p.stack) - 1; i >= depth; i-- {
		n := p.stack[i]
		_, n.end = trim(p.text, n.start, at)
		n.endAkapity(p.text)
		if i > 0 {
			n.status = statusOf(p.text[min(n.body, n.end):n.end], p.stack[0].status)
		}
	}
	p.stack = p.stack[:depth]
}

func (p *bodyParser) quotedAt(at int) bool {
	for _, q := range p.quotes {
		if at > q.Start && at < q.End {
			return true
		}
	}
	return false
}

// quotedParts gives the outermost parts of text[from:to] that stand in quotation marks; an
// opening mark that nothing closes is none.
func quotedParts(text string, from, to int) []rag.Span {
	var parts []rag.Span
	var opened []int
	for i, r := range text[from:to] {
		switch r {
		case '„':
			opened = append(opened, from+i)
		case '”':
			if n := len(opened); n > 0 {
				start := opened[n-1]
				opened = opened[:n-1]
				for len(parts) > 0 && parts[len(parts)-1].Start > start {
					parts = parts[:len(parts)-1]
				}
				parts = append(parts, rag.Span{Start: start, End: from + i})
			}
		}
	}
	return parts
}
