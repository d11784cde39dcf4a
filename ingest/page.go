package ingest

import (
	"strings"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"github.com/PuerkitoBio/goquery"
)

// Limits of the readability pass.
const (
	maxReadable = 4 << 20 // bytes of a page; a longer one is no article, and takes long
	minReadable = 200     // characters of an article
	leastShare  = 0.2     // of a page's text that an article has
)

// readPage reads the whole text of a page that is known to be UTF-8, such as a message's.
func readPage(page string) (layout, error) {
	return readHTML([]byte(page), "text/html; charset=utf-8")
}

// articleOf finds the text of a page that does not say where it begins, among menus and
// boxes. It gives body itself where the pass finds nothing, or loses what looks like an
// act: pages of the ELI service, and texts whose units it would drop.
func articleOf(page string, body *goquery.Selection) *goquery.Selection {
	if len(page) > maxReadable || body.Find(".unit-inner").Length() > 0 {
		return body
	}
	article, err := readability.FromReader(strings.NewReader(page), nil)
	if err != nil || article.Node == nil {
		return body
	}
	found := goquery.NewDocumentFromNode(article.Node).Selection
	found.Find(noise).Remove()
	all, text := body.Text(), found.Text()
	if utf8.RuneCountInString(strings.TrimSpace(text)) < minReadable || float64(len(text)) < leastShare*float64(len(all)) || unitMarks(text) < unitMarks(all) {
		return body
	}
	return found
}

// unitMarks counts the signs of units of acts.
func unitMarks(text string) int {
	return strings.Count(text, "§") + strings.Count(text, "Art.") + strings.Count(text, "Załącznik")
}
