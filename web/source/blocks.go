package source

import (
	"regexp"
	"sort"
	"strings"

	"referent/rag"
)

// block is a part of a document as it is set: a unit with what it holds, or text
// between units. Spans are code points of the document's text.
type block struct {
	rag.Span
	Key      string // of a unit
	Anchor   string // id of the element, "" where nothing links to it
	Level    string // art, par, ust, pkt, lit, tiret…; heading, text
	Label    string // the number that hangs beside the text: "2.", "1)", "§ 3."
	Citation string // of the unit, "" for text
	Repealed bool
	SaysSo   bool   // its text says itself that it is repealed
	Path     string // breadcrumb of an article
	Target   bool   // the unit asked for
	Runs     []run  // of a heading or text
	Blocks   []block
}

// run is a stretch of text, or the place where a page of the source begins.
type run struct {
	Text  string
	Quote bool
	First bool // the first run of the quote: it carries the anchor
	Page  *pageMark
}

// setter sets a document as blocks.
type setter struct {
	runes  []rune
	quote  rag.Span
	key    string
	pages  []pageMark        // that the text has not come to yet, in reading order
	paths  map[string]string // article's key → breadcrumb
	quoted bool              // the quote's anchor is set
}

// set gives the blocks of a document in reading order.
func (s *setter) set(units []rag.Unit) []block {
	sorted := make([]rag.Unit, 0, len(units))
	for _, u := range units {
		if u.Start >= 0 && u.Start < u.End && u.End <= len(s.runes) {
			sorted = append(sorted, u)
		}
	}
	sort.SliceStable(sorted, func(i, j int) bool {
		if sorted[i].Start != sorted[j].Start {
			return sorted[i].Start < sorted[j].Start
		}
		return sorted[i].End > sorted[j].End
	})
	end := rag.Span{Start: len(s.runes), End: len(s.runes)}
	blocks := s.between(rag.Span{Start: 0, End: end.End}, sorted, "")
	if rest := s.begun(end.End); len(rest) > 0 { // pages behind the last word
		blocks = append(blocks, block{Span: end, Level: "text", Runs: rest})
	}
	return blocks
}

// between sets a span: the units that lie in it, and the text around them.
func (s *setter) between(span rag.Span, units []rag.Unit, parent string) []block {
	var blocks []block
	at := span.Start
	for i := 0; i < len(units); {
		u := units[i]
		next := i + 1
		for next < len(units) && units[next].Start < u.End {
			next++
		}
		if u.Start < at { // overlaps its neighbour: the text must not be shown twice
			i++
			continue
		}
		blocks = append(blocks, s.text(rag.Span{Start: at, End: u.Start}, u)...)
		blocks = append(blocks, s.unit(u, units[i+1:next], parent))
		at, i = u.End, next
	}
	return append(blocks, s.text(rag.Span{Start: at, End: span.End}, rag.Unit{})...)
}

func (s *setter) unit(u rag.Unit, inner []rag.Unit, parent string) block {
	b := block{
		Span: u.Span, Key: u.Key, Anchor: anchor(u.Key), Level: level(u.Key), Citation: u.Citation,
		Repealed: u.Status == rag.StatusRepealed || u.Status == rag.StatusOmitted,
		Target:   u.Key != "" && u.Key == s.key,
	}
	if parent == "" {
		b.Path = s.paths[topKey(u.Key)]
	}
	start, label := s.label(u)
	b.Label = label
	b.SaysSo = saysRepealed.MatchString(string(s.runes[start:min(u.End, start+40)]))
	kept := inner[:0:0]
	for _, child := range inner {
		if child.Start >= start && child.End <= u.End && child.Span != u.Span {
			kept = append(kept, child)
		} else if child.Start < start && child.End > start && child.End <= u.End {
			child.Start = start
			kept = append(kept, child)
		}
	}
	b.Blocks = s.between(rag.Span{Start: start, End: u.End}, kept, u.Key)
	return b
}

// labels are the numbers that stand in front of a unit's text, by level.
var labels = map[string]*regexp.Regexp{
	"art":   regexp.MustCompile(`^[\s#*]*((?:Art\.|Artykuł|Article)\s*\d+[\w^¹²³⁴⁵⁶⁷⁸⁹⁰]*\.?)[*]*`),
	"par":   regexp.MustCompile(`^[\s#*]*(§\s*\d+[\w^¹²³⁴⁵⁶⁷⁸⁹⁰]*\.?)[*]*`),
	"ust":   regexp.MustCompile(`^\s*(\d+[\w^¹²³⁴⁵⁶⁷⁸⁹⁰]*\.)`),
	"pkt":   regexp.MustCompile(`^\s*(\d+[\w^¹²³⁴⁵⁶⁷⁸⁹⁰]*\))`),
	"lit":   regexp.MustCompile(`^\s*([a-ząćęłńóśźż]{1,3}\))`),
	"tiret": regexp.MustCompile(`^\s*([–—-])`),
}

// label takes the printed number off a unit's text, so that it can hang beside it.
// Where the text has none, the number is made from the unit's key.
func (s *setter) label(u rag.Unit) (start int, label string) {
	last := level(u.Key)
	if pattern := labels[last]; pattern != nil {
		head := string(s.runes[u.Start:min(u.End, u.Start+60)])
		if found := pattern.FindStringSubmatchIndex(head); found != nil {
			return u.Start + len([]rune(head[:found[1]])), strings.Join(strings.Fields(head[found[2]:found[3]]), "\u00a0")
		}
	}
	return u.Start, printedNumber(u)
}

func printedNumber(u rag.Unit) string {
	parts := strings.Split(u.Key, ";")
	kind, number, _ := strings.Cut(parts[len(parts)-1], "=")
	switch kind {
	case "art":
		return "Art.\u00a0" + number + "."
	case "par":
		return "§\u00a0" + number + "."
	case "ust":
		return number + "."
	case "pkt", "lit":
		return number + ")"
	case "tiret":
		return "–"
	default:
		return u.Citation
	}
}

var (
	structure    = regexp.MustCompile(`^(CZĘŚĆ|KSIĘGA|TYTUŁ|DZIAŁ|Dział|ROZDZIAŁ|Rozdział|ODDZIAŁ|Oddział|ZAŁĄCZNIK|Załącznik|CHAPTER|SECTION)[ \t]+[^\n]{1,200}(\n[^\n]{1,200})?$`)
	saysRepealed = regexp.MustCompile(`^\s*\((?:uchylon|pominięt|skreślon)`)
	hashes       = regexp.MustCompile(`^#{1,6}\s+`)
	blankLines   = regexp.MustCompile(`\n[ \t]*\n\s*`)
	headingUnit  = regexp.MustCompile(`^(?:Art\.|§)\s*\d\S*$`)
)

// text sets what stands between units as headings and paragraphs. The heading that
// only repeats the number of the unit that follows is left out: the number hangs there.
func (s *setter) text(span rag.Span, next rag.Unit) []block {
	if span.Start >= span.End {
		return nil
	}
	raw := string(s.runes[span.Start:span.End])
	var blocks []block
	at := span.Start
	rest := raw
	for rest != "" {
		paragraph, skipped := rest, ""
		if gap := blankLines.FindStringIndex(rest); gap != nil {
			paragraph, skipped = rest[:gap[0]], rest[gap[0]:gap[1]]
		}
		rest = rest[len(paragraph)+len(skipped):]
		end := at + len([]rune(paragraph))
		if b, ok := s.paragraph(rag.Span{Start: at, End: end}, next); ok {
			blocks = append(blocks, b)
		}
		at = end + len([]rune(skipped))
	}
	return blocks
}

func (s *setter) paragraph(span rag.Span, next rag.Unit) (block, bool) {
	for span.Start < span.End && isSpace(s.runes[span.Start]) {
		span.Start++
	}
	for span.End > span.Start && isSpace(s.runes[span.End-1]) {
		span.End--
	}
	if span.Start == span.End {
		return block{}, false
	}
	b := block{Span: span, Level: "text"}
	text := string(s.runes[span.Start:span.End])
	if mark := hashes.FindString(text); mark != "" && !strings.Contains(text, "\n") {
		b.Level = "heading"
		span.Start += len([]rune(mark))
		text = text[len(mark):]
	} else if structure.MatchString(text) {
		b.Level = "heading"
	}
	if next.Key != "" && headingUnit.MatchString(text) {
		return block{}, false
	}
	b.Runs = s.runs(span)
	return b, true
}

func isSpace(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' }

// runs cuts a span where the quote begins and ends and where pages begin.
func (s *setter) runs(span rag.Span) []run {
	cuts := []int{span.Start, span.End}
	for _, at := range []int{s.quote.Start, s.quote.End} {
		if at > span.Start && at < span.End {
			cuts = append(cuts, at)
		}
	}
	for _, page := range s.pages {
		if page.Start >= span.End {
			break
		}
		if page.Start > span.Start {
			cuts = append(cuts, page.Start)
		}
	}
	sort.Ints(cuts)
	var runs []run
	for i := 0; i+1 < len(cuts); i++ {
		from, to := cuts[i], cuts[i+1]
		runs = append(runs, s.begun(from)...)
		if from == to {
			continue
		}
		r := run{Text: string(s.runes[from:to])}
		if from >= s.quote.Start && to <= s.quote.End {
			r.Quote, r.First = true, !s.quoted
			s.quoted = true
		}
		runs = append(runs, r)
	}
	return runs
}

// begun gives the pages that begin up to a place and have no mark yet: several begin at
// one place where those between have no words, and one may begin in white space or in a
// number that hangs beside the text.
func (s *setter) begun(at int) (marks []run) {
	for len(s.pages) > 0 && s.pages[0].Start <= at {
		marks = append(marks, run{Page: &s.pages[0]})
		s.pages = s.pages[1:]
	}
	return marks
}
