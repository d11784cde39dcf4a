package ingest

import (
	"slices"
	"strconv"
	"strings"

	"referent/internal/law"
	"referent/rag"
)

func nextNumber(number string) string {
	n, err := strconv.Atoi(number)
	if err != nil {
		return number // tirets are numbered by this package alone
	}
	return strconv.Itoa(n + 1)
}

// part is a top-level unit with the breadcrumb it stands under; a part without a unit is
// running text between units.
type part struct {
	unit       *node // nil for running text
	frame      bool  // an annex whose articles are parts of their own
	start, end int
	breadcrumb string
}

// act is a legal text whose units are read.
type act struct {
	text   string
	status rag.Status
	eu     bool // its unnumbered paragraphs are akapity
}

// parts reads the units of an act from its anchors, in reading order. Text that no
// unit holds (a preamble, the reasons) becomes parts of its own.
func (a act) parts(anchors []anchor) []part {
	text, status := a.text, a.status
	var parts []part
	var annex *node // the annex that holds what follows
	covered := 0
	heading := ""
	gap := func(until int) {
		if from, to := trim(text, covered, max(until, covered)); to > from {
			parts = append(parts, part{start: from, end: to, breadcrumb: heading})
		}
	}
	for _, at := range anchors {
		gap(at.start)
		covered = at.body
		heading = at.breadcrumb
		switch at.kind {
		case headingAnchor, skippedAnchor:
			continue
		case annexAnchor:
			annex = &node{key: law.Key("").With("zal", at.number), start: at.start, body: at.body, status: status}
			_, annex.end = trim(text, at.start, annexEnd(anchors, at, len(text)))
			whole := holdsItself(anchors, at, annex)
			if whole {
				a.parseBody(annex, ustRank)
				covered = annex.end
			}
			parts = append(parts, part{unit: annex, frame: !whole, start: annex.start, end: annex.end, breadcrumb: lineAt(text, at.start, at.body)})
			continue
		}
		n := a.topUnit(at, annex)
		breadcrumb := at.breadcrumb
		if annex != nil {
			breadcrumb = joinBreadcrumb(annex.key.Citation(), breadcrumb)
			annex.children = append(annex.children, n)
		}
		parts = append(parts, part{unit: n, start: n.start, end: n.end, breadcrumb: breadcrumb})
		covered = at.end
	}
	gap(len(text))
	return parts
}

// topUnit reads an article, paragraph or recital with its sub-units.
func (a act) topUnit(at anchor, annex *node) *node {
	var key law.Key
	if annex != nil {
		key = annex.key
	}
	n := &node{key: key.With(string(at.kind), at.number), start: at.start, body: min(at.body, at.end), end: at.end}
	if at.kind == recitalAnchor {
		_, n.end = trim(a.text, n.start, n.end)
		n.status = a.status
		return n
	}
	lowest := parRank
	if at.kind == parAnchor {
		lowest = ustRank
	}
	a.parseBody(n, lowest)
	return n
}

// annexEnd is where the next annex, or the text, ends this one.
func annexEnd(anchors []anchor, a anchor, length int) int {
	for _, next := range anchors {
		if next.kind == annexAnchor && next.start > a.start {
			return next.start
		}
	}
	return length
}

// holdsItself says whether an annex has neither articles nor paragraphs: its text is its own.
func holdsItself(anchors []anchor, a anchor, annex *node) bool {
	for _, next := range anchors {
		if next.start > a.start && next.start < annex.end && (next.kind == articleAnchor || next.kind == parAnchor) {
			return false
		}
	}
	return true
}

func lineAt(text string, start, end int) string {
	from, to := trim(text, start, end)
	const most = 120
	line := []rune(text[from:to])
	if len(line) > most {
		line = append(line[:most], '…')
	}
	return string(line)
}

// flattenUnits lists units in reading order, each before what it holds.
func flattenUnits(parts []part, l layout, idx runeIndex) []rag.Unit {
	var units []rag.Unit
	seen := map[law.Key]bool{}
	var add func(n *node)
	add = func(n *node) {
		if !seen[n.key] { // an annex's articles are listed below it already
			seen[n.key] = true
			units = append(units, rag.Unit{Key: string(n.key), Citation: n.key.Citation(), Article: n.key.Article(), Page: l.pageAt(n.start), Span: idx.span(n.start, n.end), Status: n.status})
		}
		below := slices.Concat(n.children, n.akapity)
		slices.SortStableFunc(below, func(a, b *node) int { return a.start - b.start })
		for _, child := range below {
			add(child)
		}
	}
	for _, p := range parts {
		if p.unit != nil {
			add(p.unit)
		}
	}
	return units
}

// navigation is the script behind the table of contents on the pages of the Sejm ELI
// service; who saves such a page as text gets it at the end of the last article, after
// the label of a button.
const navigation, wholeButton = "var tree = [", "Pokaż całość"

func withoutNavigation(text string) string {
	before, _, found := strings.Cut(text, navigation)
	if !found {
		return text
	}
	before = strings.TrimRight(before, " \t\r\n\f")
	return strings.TrimRight(strings.TrimSuffix(before, wholeButton), " \t\r\n\f") + "\n"
}
