package source

import (
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"referent/internal/message"
	"referent/rag"
	"referent/web/shell"
)

// How much of a document is shown at once, in code points: a code of a thousand
// articles is a page, the panel shows the unit and what stands around it.
const (
	pageSize  = 600_000
	panelSize = 6_000
)

func newView(p *message.Printer, d rag.Document, want target, size int) view {
	s := &setter{
		runes: []rune(d.Text), quote: want.quote, key: want.key,
		pages: pageMarks(d), paths: paths(d.Passages),
	}
	blocks := s.set(d.Units)
	if len(blocks) > 1 && len(d.Pages) == 0 && blocks[0].plain() == d.Title {
		blocks = blocks[1:] // the page's own heading says it
	}
	v := view{
		ID: d.ID, Title: d.Title, Name: ActName(p, d.Act), File: Name(d.Source),
		Marks: Marks(p, d.Status, d.WordingDate, d.TextKind), HasQuote: s.quoted,
		Read: shell.Moment(d.FetchedAt), Collection: d.Collection,
	}
	for _, mark := range pageMarks(d) {
		if mark.Unread {
			v.Unread = append(v.Unread, mark)
		}
	}
	if d.MissingSince != "" {
		v.Gone = shell.Date(p, d.MissingSince)
	}
	if len(d.Pages) > 0 && d.Kind == kindPDF {
		v.Beside = PageLink(d.ID, want.firstPage(d))
	}
	at, found := want.place(d)
	v.Missing = want.key != "" && !found
	first, last := window(blocks, at, want.from, size)
	v.Blocks = blocks[first:last]
	showPaths(v.Blocks)
	if first > 0 {
		back := first - 1
		for taken := 0; back > 0 && taken < size; back-- {
			taken += blocks[back].End - blocks[back].Start
		}
		v.Earlier = partLink(d.ID, blocks[back].Start)
	}
	if last < len(blocks) {
		v.Later = partLink(d.ID, blocks[last].Start)
	}
	if size == pageSize {
		v.Contents = newContents(d.ID, blocks)
	} else {
		v.Whole, v.Earlier, v.Later = Link(d.ID, want.key, want.quote), "", ""
	}
	return v
}

func partLink(document string, from int) string {
	return Link(document, "", rag.Span{}) + "?od=" + strconv.Itoa(from)
}

// place gives where the wanted quote or unit stands.
func (t target) place(d rag.Document) (at int, found bool) {
	for _, u := range d.Units {
		if t.key != "" && u.Key == t.key {
			at, found = u.Start, true
			break
		}
	}
	if t.quote.End > t.quote.Start {
		at = t.quote.Start
	} else if t.key == "" && t.page > 0 {
		for _, p := range d.Pages {
			if p.Number <= t.page {
				at = p.Span.Start
			}
		}
	}
	return at, found
}

// firstPage gives the page that the wanted place stands on.
func (t target) firstPage(d rag.Document) int {
	at, _ := t.place(d)
	number := d.Pages[0].Number
	for _, p := range d.Pages {
		if p.Span.Start <= at {
			number = p.Number
		}
	}
	return number
}

// window chooses the blocks to show: from a place on, or around one.
func window(blocks []block, at, from, size int) (first, last int) {
	if from >= 0 {
		for first < len(blocks)-1 && blocks[first].End <= from {
			first++
		}
		return first, extend(blocks, first, first, size)
	}
	middle := 0
	for middle < len(blocks)-1 && blocks[middle].End <= at {
		middle++
	}
	first = middle
	for before := 0; first > 0; first-- {
		before += blocks[first-1].End - blocks[first-1].Start
		if before > size/3 {
			break
		}
	}
	return first, extend(blocks, first, middle, size)
}

// extend gives the end of a part that begins at first, holds must and is about size long.
func extend(blocks []block, first, must, size int) int {
	last := first
	for taken := 0; last < len(blocks) && (taken < size || last <= must); last++ {
		taken += blocks[last].End - blocks[last].Start
	}
	return last
}

// showPaths keeps a breadcrumb where it tells something: at the first article, where
// it changes without a heading that says so, and at the article with the unit asked for.
func showPaths(blocks []block) {
	last := ""
	for i := range blocks {
		path := blocks[i].Path
		if path == "" {
			continue
		}
		headed := i > 0 && blocks[i-1].Level == "heading" && strings.HasSuffix(path, blocks[i-1].plain())
		if headed || path == last && !blocks[i].holdsTarget() {
			blocks[i].Path = ""
		}
		last = path
	}
}

// plain is a block's own text on one line.
func (b block) plain() string {
	var text strings.Builder
	for _, r := range b.Runs {
		text.WriteString(r.Text)
	}
	return strings.Join(strings.Fields(text.String()), " ")
}

func (b block) holdsTarget() bool {
	return b.Target || slices.ContainsFunc(b.Blocks, block.holdsTarget)
}

// paths gives the breadcrumbs of articles, without the article itself.
func paths(passages []rag.Passage) map[string]string {
	found := map[string]string{}
	for _, p := range passages {
		steps := strings.Split(p.Heading, " > ")
		if n := len(steps); n > 0 && articleStep.MatchString(steps[n-1]) {
			steps = steps[:n-1]
		}
		if path := strings.Join(steps, " › "); path != "" && p.Key != "" {
			found[topKey(p.Key)] = path
		}
	}
	return found
}

var articleStep = regexp.MustCompile(`^(Art\.|art\.|§)`)

// topKey is the part of a key that names the article or paragraph, with its annex.
func topKey(key string) string {
	parts := strings.Split(key, ";")
	if strings.HasPrefix(key, "zal=") && len(parts) > 1 {
		return parts[0] + ";" + parts[1]
	}
	return parts[0]
}

func level(key string) string {
	name, _, _ := strings.Cut(key[strings.LastIndexByte(key, ';')+1:], "=")
	if name == "" {
		return "text"
	}
	return name
}

var notInAnchor = regexp.MustCompile(`[^\pL\pN=^-]+`)

func anchor(key string) string {
	if key == "" {
		return ""
	}
	return "u-" + notInAnchor.ReplaceAllString(key, "_")
}

// ActName writes an ELI as lawyers cite it.
func ActName(p *message.Printer, act string) string {
	parts := strings.Split(act, "/")
	switch {
	case len(parts) == 3 && (parts[0] == "DU" || parts[0] == "MP"):
		return p.Text("source.act."+parts[0], struct{ Year, Position string }{parts[1], parts[2]})
	case len(parts) == 3 && parts[0] == "EU":
		return p.Text("source.act.EU", struct{ Year, Position string }{parts[1], parts[2]})
	default:
		return ""
	}
}

// Name is a source's name without its folder: folders of the server are nobody's affair who reads.
func Name(source string) string {
	if strings.HasPrefix(source, "/") {
		return filepath.Base(source)
	}
	return source
}
