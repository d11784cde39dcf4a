package ingest

import "strings"

// outline is the chain of headings that stand over a place in a text.
type outline struct {
	ranks []int
	texts []string
}

func newOutline() *outline { return &outline{} }

// headRanks orders the headings of acts; Markdown ranks (1–6) lie between them and boldRank.
var headRanks = map[string]int{"część": -6, "księga": -5, "tytuł": -4, "dział": -3, "rozdział": -2, "chapter": -2, "oddział": -1, "section": -1, "sekcja": -1}

// enter puts a heading of an act ("Rozdział 2 …") in its place.
func (o *outline) enter(word, text string) { o.push(headRanks[strings.ToLower(word)], text) }

// enterMarked puts a heading of the source in its place; the title of the document is none.
func (o *outline) enterMarked(h heading) {
	if h.rank > 1 {
		o.push(h.rank, h.text)
	}
}

func (o *outline) push(rank int, text string) {
	for len(o.ranks) > 0 && o.ranks[len(o.ranks)-1] >= rank {
		o.ranks, o.texts = o.ranks[:len(o.ranks)-1], o.texts[:len(o.texts)-1]
	}
	o.ranks, o.texts = append(o.ranks, rank), append(o.texts, text)
}

// extend adds the title that follows a bare "Rozdział 2".
func (o *outline) extend(title string) {
	if n := len(o.texts); n > 0 {
		o.texts[n-1] += " " + title
	}
}

func (o *outline) clear() { o.ranks, o.texts = nil, nil }

// String gives the breadcrumb.
func (o *outline) String() string { return strings.Join(o.texts, breadcrumbSeparator) }

const breadcrumbSeparator = " > "

func joinBreadcrumb(breadcrumb, title string) string {
	if breadcrumb == "" {
		return title
	}
	return breadcrumb + breadcrumbSeparator + title
}
