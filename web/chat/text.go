package chat

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"regexp"
	"strconv"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	goldmarkhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"referent/internal/message"
	"referent/rag"
	"referent/web/source"
)

// unsupported stands after a sentence that its sources do not bear out, while the
// text is Markdown. Its private-use character is taken out of answers first, so that
// none can bring the sign along; it begins with "[" because goldmark looks for
// inline parsers at punctuation only.
const (
	privateUse  = "\uE000"
	unsupported = "[" + privateUse + "]"
)

// render makes HTML of an answer: paragraphs, lists and emphasis; [n] becomes a link
// to its source. Links, pictures and markup that a model or a document wrote stay text.
func render(p *message.Printer, a rag.Answer, turn string) (template.HTML, error) {
	marked := markClaims(strings.ReplaceAll(a.Answer, privateUse, ""), a.Claims)
	if a.Model == "" {
		marked = strings.ReplaceAll(marked, "\n", "\n\n") // a quotation a line, each a paragraph
	}
	inline := &markers{printer: p, turn: turn, citations: map[int]rag.Citation{}}
	for _, c := range a.Citations {
		inline.citations[c.N] = c
	}
	md := goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(
				util.Prioritized(parser.NewListParser(), 300),
				util.Prioritized(parser.NewListItemParser(), 400),
				util.Prioritized(parser.NewParagraphParser(), 1000),
			),
			parser.WithInlineParsers(
				util.Prioritized(inline, 100),
				util.Prioritized(parser.NewEmphasisParser(), 500),
			),
		)),
		goldmark.WithRenderer(renderer.NewRenderer(renderer.WithNodeRenderers(
			util.Prioritized(goldmarkhtml.NewRenderer(goldmarkhtml.WithHardWraps()), 1000),
			util.Prioritized(inline, 500),
		))),
	)
	var b bytes.Buffer
	if err := md.Convert([]byte(marked), &b); err != nil {
		return "", fmt.Errorf("answer %s: %w", a.ID, err)
	}
	// Nothing but our own elements can be in it by now; the sanitiser makes that certain.
	return template.HTML(elements.Sanitize(b.String())), nil //nolint:gosec // sanitised
}

var elements = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "ul", "ol", "li", "strong", "em", "br", "a", "span")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(cite|claim-mark)$`)).OnElements("a", "span")
	p.AllowAttrs("href").Matching(regexp.MustCompile(`^/zrodlo/`)).OnElements("a")
	p.AllowAttrs("data-card").Matching(regexp.MustCompile(`^[\w-]+$`)).OnElements("a")
	p.AllowRelativeURLs(true)
	return p
}()

// markClaims puts a sign after each sentence that is not supported. Claims come in
// the order of the answer; one that is not found there is passed over.
func markClaims(answer string, claims []rag.Claim) string {
	var b strings.Builder
	rest := answer
	for _, claim := range claims {
		i := strings.Index(rest, claim.Text)
		if claim.Text == "" || i < 0 {
			continue
		}
		end := i + len(claim.Text)
		b.WriteString(rest[:end])
		rest = rest[end:]
		if !claim.Supported {
			b.WriteString(unsupported)
		}
	}
	return b.String() + rest
}

// markers reads and renders [n] and the sign of unsupported sentences.
type markers struct {
	printer   *message.Printer
	turn      string
	citations map[int]rag.Citation
}

var kindMarker = ast.NewNodeKind("Marker")

type marker struct {
	ast.BaseInline
	citation *rag.Citation // nil: the sign of an unsupported sentence
}

// Kind and Dump make a marker a node of goldmark.
func (*marker) Kind() ast.NodeKind { return kindMarker }

// Dump writes the node for people who debug the parser.
func (m *marker) Dump(source []byte, level int) { ast.DumpHelper(m, source, level, nil, nil) }

var citationMarker = regexp.MustCompile(`^\[(\d{1,3})\]`)

// Trigger and Parse make markers an inline parser of goldmark.
func (*markers) Trigger() []byte { return []byte{'['} }

// Parse reads one marker; a number that no citation has stays text.
func (m *markers) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if bytes.HasPrefix(line, []byte(unsupported)) {
		block.Advance(len(unsupported))
		return &marker{}
	}
	found := citationMarker.FindSubmatch(line)
	if found == nil {
		return nil
	}
	n, err := strconv.Atoi(string(found[1]))
	if err != nil {
		return nil
	}
	citation, known := m.citations[n]
	if !known {
		return nil
	}
	block.Advance(len(found[0]))
	return &marker{citation: &citation}
}

// RegisterFuncs makes markers a renderer of goldmark.
func (m *markers) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindMarker, m.render)
}

func (m *markers) render(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	c := node.(*marker).citation
	if c == nil {
		_, err := fmt.Fprintf(w, ` <span class="claim-mark">%s</span>`, html.EscapeString(m.printer.Text("chat.unsupported", nil)))
		return ast.WalkContinue, err
	}
	link := source.Link(c.Document, c.Key, rag.Span{Start: c.Start, End: c.End})
	label := firstOf(c.Label, c.Unit, c.Title)
	_, err := fmt.Fprintf(w, `<a class="cite" href="%s" data-card="%s">%s</a>`,
		html.EscapeString(link), html.EscapeString(cardID(m.turn, c.N)), html.EscapeString(label))
	return ast.WalkContinue, err
}

var unsafeInID = regexp.MustCompile(`\W`)

func cardID(turn string, n int) string {
	return fmt.Sprintf("zrodlo-%s-%d", unsafeInID.ReplaceAllString(turn, ""), n)
}
