package pdftext

import (
	"math"
	"regexp"
	"sort"
	"strings"
)

// edgeLines at the top and at the bottom of a page may be running headers and footers.
const edgeLines = 3

// sameHeight is how far a running line may move from page to page, in points.
const sameHeight = 6.0

var (
	unitMark   = regexp.MustCompile(`^(?:Art\.|§|Rozdział|DZIAŁ) ?`)
	numbers    = regexp.MustCompile(`\d+`)
	pageNumber = regexp.MustCompile(`^(?:s\.|str\.|[Ss]trona|[Pp]age|[-–—])?\s*(\d{1,5})\s*(?:(?:/|z|of|[-–—])\s*\d*)?$`)
	// the journal's own head, which a file of two pages does not repeat
	journalHead = regexp.MustCompile(`^(?:Dziennik Ustaw|Monitor Polski)(?: Nr \d+)?\s*[—–-]\s*\d+\s*[—–-]\s*Poz\. ?\d[\d, i]*$`)
	labelled    = regexp.MustCompile(`(?:^|\s)(?:s\.|str\.|[Ss]trona|[Pp]age|[-–—])\s?(\d{1,5})(?:\s?[-–—]|\s?/|\s|$)`)
)

// edge is a line at an edge of a page.
type edge struct {
	page, line int
	key        string
	y          float64
}

// running finds the lines that pages repeat but for numbers: which lines of each page they
// are, and the number that each page prints of itself.
func running(pages []Page) (drop []map[int]bool, labels []string) {
	drop, labels = make([]map[int]bool, len(pages)), make([]string, len(pages))
	groups := map[string][]edge{}
	for i, p := range pages {
		drop[i] = map[int]bool{}
		for _, e := range edgesOf(p) {
			e.page = i
			groups[e.key] = append(groups[e.key], e)
		}
	}
	for _, group := range groups {
		for _, e := range group {
			if near(group, e) >= enough(len(pages)) || journalHead.MatchString(pages[e.page].Lines[e.line].Text) {
				drop[e.page][e.line] = true
			}
		}
	}
	for i, p := range pages {
		labels[i] = labelOf(p, drop[i])
	}
	return drop, labels
}

// enough pages must repeat a line; left and right pages may differ.
func enough(pages int) int {
	if pages < 2 {
		return math.MaxInt
	}
	return max(2, (2*pages+4)/5)
}

// edgesOf gives the outermost lines of a page by their height, not by reading order.
func edgesOf(p Page) []edge {
	order := make([]int, 0, len(p.Lines))
	for i, l := range p.Lines {
		if !l.Row {
			order = append(order, i)
		}
	}
	sort.SliceStable(order, func(a, b int) bool { return p.Lines[order[a]].Y > p.Lines[order[b]].Y })
	height := make([]int, len(order)) // of each line, counted in lines of the page
	for n := 1; n < len(order); n++ {
		height[n] = height[n-1]
		if p.Lines[order[n-1]].Y-p.Lines[order[n]].Y > 1 {
			height[n]++
		}
	}
	var list []edge
	for n, i := range order {
		if height[n] >= edgeLines && height[n] <= height[len(order)-1]-edgeLines {
			continue
		}
		if unitMark.MatchString(p.Lines[i].Text) {
			continue // many pages may begin with one
		}
		key := numbers.ReplaceAllString(strings.Join(strings.Fields(p.Lines[i].Text), ""), "#")
		list = append(list, edge{line: i, key: key, y: p.Lines[i].Y})
	}
	return list
}

// near counts the pages that have the line at that height.
func near(group []edge, e edge) int {
	n, last := 0, -1
	for _, other := range group {
		if other.page != last && math.Abs(other.y-e.y) <= sameHeight {
			n, last = n+1, other.page
		}
	}
	return n
}

func labelOf(p Page, drop map[int]bool) string {
	for i, l := range p.Lines {
		if !drop[i] {
			continue
		}
		if m := pageNumber.FindStringSubmatch(l.Text); m != nil {
			return m[1]
		}
		if m := labelled.FindStringSubmatch(l.Text); m != nil {
			return m[1]
		}
	}
	return ""
}
