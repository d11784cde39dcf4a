package ingest

import (
	"regexp"
	"strconv"
	"strings"

	"referent/internal/law"
)

// unmarked begins a paragraph of an EU act that has neither a number nor a letter.
var unmarked = regexp.MustCompile(`\n[ \t]*\n\s*(\p{Lu})`)

// endnote is a footnote of an EU act as it stands at the end of its text: a source with its
// place in the Official Journal.
var endnote = regexp.MustCompile(`^\(\d+\)\s+(?:[^\n]{0,400}\()?(?:OJ|Dz\. ?U\.) (?:UE )?[CLS] `)

// closing is how an EU act ends behind its last article.
var closing = regexp.MustCompile(`^(?:This (?:Regulation|Directive|Decision) shall be binding|Done at |Niniejsz\S+ (?:rozporządzenie|decyzja) wiąże|Sporządzono )`)

// paragraph is where a paragraph begins that has no mark.
type paragraph struct {
	at       int
	sentence bool // no heading, signature or cell of a table
}

// unmarkedParagraphs gives such paragraphs of text[from:to].
func unmarkedParagraphs(text string, from, to int) []paragraph {
	var found []paragraph
	for _, m := range unmarked.FindAllStringSubmatchIndex(text[from:to], -1) {
		at := from + m[2]
		if closing.MatchString(text[at:to]) {
			break
		}
		line, _, _ := strings.Cut(text[at:to], "\n")
		found = append(found, paragraph{at, strings.HasSuffix(strings.TrimRight(line, " ”’)"), ".") || strings.HasSuffix(line, ":") || strings.HasSuffix(line, ";")})
	}
	return found
}

// passBreaks ends the enumerations that are open where a paragraph without a mark begins
// before an offset, and notes it as an akapit of the unit that held them.
func (p *bodyParser) passBreaks(until int) {
	for len(p.breaks) > 0 && p.breaks[0].at < until {
		at, sentence := p.breaks[0].at, p.breaks[0].sentence
		p.breaks = p.breaks[1:]
		if p.quotedAt(at) || p.goesOn(at) {
			continue
		}
		p.closeLists(at)
		holder := p.stack[len(p.stack)-1]
		if holder.rank > ustRank || !sentence || p.isTitled(holder, at) {
			continue
		}
		number := strconv.Itoa(len(holder.akapity) + 2)
		holder.akapity = append(holder.akapity, &node{key: holder.key.With("akapit", number), start: at, body: at, status: p.status})
	}
}

// goesOn says whether the enumeration that is open goes on behind an offset: then the
// paragraph there belongs to its last item.
func (p *bodyParser) goesOn(at int) bool {
	m := mark.FindStringSubmatchIndex(p.text[at:p.stack[0].end])
	if m == nil {
		return false
	}
	for _, kind := range markKinds {
		if m[2*kind.group] < 0 {
			continue
		}
		number := keyNumber(p.text[at+m[2*kind.group] : at+m[2*kind.group+1]])
		for _, open := range p.stack {
			if open.rank == kind.rank && kind.rank >= pktRank && law.Follows(open.number, number) {
				return true
			}
		}
		return false
	}
	return false
}

// isTitled says whether what stands before an offset of an article is but its title: a
// line without a full stop.
func (p *bodyParser) isTitled(n *node, at int) bool {
	if n != p.stack[0] || len(n.akapity) > 0 || len(n.children) > 0 {
		return false
	}
	before := strings.TrimSpace(p.text[n.body:at])
	return before == "" || !strings.Contains(before, "\n") && isTitle(before) && !strings.HasSuffix(before, ":")
}

// endAkapity gives the akapity of a unit their ends: the next one, or the unit's own.
func (n *node) endAkapity(text string) {
	for i, a := range n.akapity {
		until := n.end
		if i+1 < len(n.akapity) {
			until = n.akapity[i+1].start
		}
		_, a.end = trim(text, a.start, until)
	}
}
