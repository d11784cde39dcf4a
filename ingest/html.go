package ingest

import (
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// noise is what no reader of a page came for; in the pages of the Sejm ELI service also
// the table of contents and the footnotes' bubbles.
const noise = "script, style, noscript, template, nav, header nav, footer, aside, form, iframe, svg, [aria-hidden=true], .toc, #toc, .tooltip-text, .hidden, .xHidden, .show-all"

var spaces = regexp.MustCompile(`[ \t\n]+`)

// readHTML gives the main text of a page. Block elements end lines; in the pages of the
// Sejm ELI service the number of a unit stands on the line of its text.
func readHTML(data []byte, contentType string) (layout, error) {
	page, err := decodePage(data, contentType)
	if err != nil {
		return layout{}, fmt.Errorf("charset of the page: %w", err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(page))
	if err != nil {
		return layout{}, fmt.Errorf("parsing the page: %w", err)
	}
	var w htmlWriter
	w.title = flatten(doc.Find("title").First().Text())
	doc.Find(noise).Remove()
	if h1 := doc.Find("h1").First(); h1.Length() > 0 {
		w.title = headline(h1)
	}
	body := doc.Find("main, article, [role=main]").First()
	if body.Length() == 0 || len(body.Text()) < 200 {
		body = articleOf(page, doc.Find("body"))
	}
	for _, node := range body.Nodes {
		w.walk(node)
	}
	w.newline(1)
	return layout{text: cleanText(w.b.String()), title: cleanText(w.title), headings: w.composed()}, nil
}

// decodePage believes the charset that a page declares, but for valid UTF-8; where it
// declares none, browsers would guess a western one from its first kilobyte.
func decodePage(data []byte, contentType string) (string, error) {
	encoding, _, declared := charset.DetermineEncoding(data[:min(len(data), charsetBytes)], contentType)
	if !declared || utf8.Valid(data) {
		return decode(data), nil
	}
	text, err := encoding.NewDecoder().Bytes(data)
	return string(text), err
}

// charsetBytes of a page hold the declaration of its charset.
const charsetBytes = 1024

// headline joins the parts of a title that stand in elements of their own.
func headline(h1 *goquery.Selection) string {
	parts := h1.Find("span.head-type, span.head-date, span.head-title")
	if parts.Length() == 0 {
		return flatten(h1.Text())
	}
	var words []string
	parts.Each(func(_ int, part *goquery.Selection) {
		part.Find("a.gloss-link, sup").Remove()
		words = append(words, flatten(part.Text()))
	})
	return strings.Join(words, " ")
}

func flatten(text string) string {
	return strings.TrimSpace(spaces.ReplaceAllString(strings.ReplaceAll(text, "\u00a0", " "), " "))
}

// htmlWriter writes the text of elements and remembers the headings.
type htmlWriter struct {
	b        strings.Builder
	title    string
	headings []heading
	glue     bool // the next block goes on on this line: a unit's number was written
}

// composed gives the headings with offsets in the cleaned text, which may be shorter.
func (w *htmlWriter) composed() []heading {
	raw := w.b.String()
	from, clean := 0, 0
	for i := range w.headings {
		h := &w.headings[i]
		clean += len(cleanText(raw[from:h.start]))
		from = h.start
		h.text = cleanText(h.text)
		h.start, h.end = clean, clean+len(cleanText(raw[h.start:h.end]))
	}
	return w.headings
}

var blocks = map[string]bool{"p": true, "div": true, "section": true, "article": true, "li": true, "ul": true, "ol": true, "tr": true, "table": true,
	"h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "blockquote": true, "pre": true, "dt": true, "dd": true, "dl": true, "main": true, "header": true, "figcaption": true}

func (w *htmlWriter) walk(node *html.Node) {
	switch node.Type {
	case html.TextNode:
		w.write(node.Data)
		return
	case html.ElementNode:
	default:
		w.children(node)
		return
	}
	switch node.Data {
	case "br":
		w.newline(1)
		return
	case "sup":
		w.superscript(node)
		return
	case "td", "th":
		w.children(node)
		w.write(" | ")
		return
	}
	if rank := headingRank(node); rank > 0 {
		w.heading(node, rank)
		return
	}
	if blocks[node.Data] {
		w.newline(blankLines(node))
	}
	w.children(node)
	if blocks[node.Data] {
		w.newline(1)
	}
}

func (w *htmlWriter) children(node *html.Node) {
	for child := node.FirstChild; child != nil; child = child.NextSibling {
		w.walk(child)
	}
}

func blankLines(node *html.Node) int {
	if node.Data == "p" || node.Data == "section" {
		return 2
	}
	return 1
}

func headingRank(node *html.Node) int {
	if len(node.Data) == 2 && node.Data[0] == 'h' && node.Data[1] >= '1' && node.Data[1] <= '6' {
		return int(node.Data[1] - '0')
	}
	return 0
}

// unitMark is a heading element that holds nothing but a unit's number.
var unitMark = regexp.MustCompile(`^(?:§ ?\d+\S*\.|\d+[a-zł]*(?:\^\d+)?[.)]|[a-zł]{1,3}\)|[-–])$`)

func (w *htmlWriter) heading(node *html.Node, rank int) {
	var inner htmlWriter
	inner.children(node)
	text := strings.TrimSpace(inner.b.String())
	if unitMark.MatchString(text) {
		w.newline(1)
		w.write(text + " ")
		w.glue = true
		return
	}
	w.newline(2)
	if text != "" {
		start := w.b.Len()
		w.b.WriteString(text)
		w.headings = append(w.headings, heading{rank: rank, start: start, end: w.b.Len(), text: flatten(text)})
	}
	w.newline(2)
}

// superscript writes an index as ^: "39<sup>1</sup>" is 39^1; a footnote's mark is left out.
func (w *htmlWriter) superscript(node *html.Node) {
	text := flatten(goquery.NewDocumentFromNode(node).Text())
	so := w.b.String()
	afterDigit := so != "" && so[len(so)-1] >= '0' && so[len(so)-1] <= '9'
	if text == "" || strings.HasSuffix(text, ")") || !afterDigit {
		return
	}
	w.b.WriteString("^" + text)
}

func (w *htmlWriter) write(text string) {
	text = spaces.ReplaceAllString(strings.ReplaceAll(text, "\u00a0", " "), " ")
	so := w.b.String()
	if so == "" || strings.HasSuffix(so, "\n") || strings.HasSuffix(so, " ") {
		text = strings.TrimLeft(text, " ")
	}
	if text != "" {
		w.glue = false
		w.b.WriteString(text)
	}
}

// newline ends the line, leaving n-1 blank lines.
func (w *htmlWriter) newline(n int) {
	so := w.b.String()
	if so == "" || w.glue {
		return
	}
	have := len(so) - len(strings.TrimRight(so, "\n"))
	for ; have < n; have++ {
		w.b.WriteByte('\n')
	}
}
