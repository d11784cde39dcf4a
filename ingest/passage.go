package ingest

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tmc/langchaingo/textsplitter"

	"referent/rag"
)

// How a document becomes passages. Vectors are kept by the hash of a passage's text: a
// change here embeds every document again.
const (
	passageRunes = rag.MaxPassageRunes // the longest passage, with its intro and common part
	// introRunes keeps an intro, or a table's header, from eating the passage: its beginning
	// says what is listed.
	introRunes = passageRunes / 3
	// shortPiece is a piece that says nothing alone: the splitter leaves "Art. 60" before a
	// long text, and a last word behind it.
	shortPiece = 40
	// pieceRunes leaves room for the short pieces that are joined to a piece.
	pieceRunes = passageRunes - 2*shortPiece
)

// separators are where a text that no unit divides is cut, the best place first.
var separators = []string{"\n\n", "\n", ". ", " ", ""}

// passageWriter makes the passages of a document: a legal unit each, or a piece of text.
type passageWriter struct {
	l        layout
	idx      runeIndex
	passages []rag.Passage
}

// fits says whether a text is short enough for one passage.
func fits(text string) bool { return utf8.RuneCountInString(text) <= passageRunes }

// legal makes the passages of an act: an article that fits, else its ustępy, else groups
// of its punkty with the words that introduce them.
func (w *passageWriter) legal(parts []part, status rag.Status) error {
	for _, p := range parts {
		switch {
		case p.frame:
		case p.unit == nil:
			if err := w.pieces(p.start, p.end, rag.Passage{Heading: p.breadcrumb, Unit: lastHeading(p.breadcrumb), Status: status}); err != nil {
				return err
			}
		default:
			if err := w.unit(p.unit, "", p.breadcrumb); err != nil {
				return err
			}
		}
	}
	return nil
}

// unit makes one passage of a unit that fits with its intro, else passages of its parts.
func (w *passageWriter) unit(n *node, intro, breadcrumb string) error {
	text := w.l.text[n.start:n.end]
	if whole := joinIntro(intro, text); fits(whole) {
		w.add(n.start, n.end, whole, w.of(n, breadcrumb))
		return nil
	}
	if len(n.children) == 0 {
		return w.pieces(n.start, n.end, w.of(n, breadcrumb))
	}
	own := strings.TrimSpace(w.l.text[n.start:n.children[0].start])
	if !fits(own) {
		if err := w.pieces(n.start, n.children[0].start, w.of(n, breadcrumb)); err != nil {
			return err
		}
		own = ""
	}
	tail := strings.TrimSpace(w.l.text[n.children[len(n.children)-1].end:n.end])
	if !fits(tail) {
		if err := w.pieces(n.children[len(n.children)-1].end, n.end, w.of(n, breadcrumb)); err != nil {
			return err
		}
		tail = ""
	}
	intro = shortIntro(joinIntro(intro, own))
	if n.children[0].rank <= ustRank {
		for _, child := range n.children {
			if err := w.unit(child, intro, breadcrumb); err != nil {
				return err
			}
		}
		return nil
	}
	return w.groups(n, intro, tail, breadcrumb)
}

// groups makes passages of as many consecutive items as fit with intro and common part.
func (w *passageWriter) groups(n *node, intro, tail, breadcrumb string) error {
	wrap := func(from, to int) string {
		text := joinIntro(intro, w.l.text[from:to])
		if tail != "" {
			text += "\n" + tail
		}
		return text
	}
	for i := 0; i < len(n.children); {
		first := n.children[i]
		if !fits(wrap(first.start, first.end)) {
			if err := w.unit(first, intro, breadcrumb); err != nil {
				return err
			}
			i++
			continue
		}
		last := i
		for last+1 < len(n.children) && fits(wrap(first.start, n.children[last+1].end)) {
			last++
		}
		meta := w.of(n, breadcrumb)
		if last == i {
			meta = w.of(first, breadcrumb)
		}
		w.add(first.start, n.children[last].end, wrap(first.start, n.children[last].end), meta)
		i = last + 1
	}
	return nil
}

func shortIntro(intro string) string {
	runes := []rune(intro)
	if len(runes) <= introRunes {
		return intro
	}
	return strings.TrimSpace(string(runes[:introRunes])) + "…"
}

func joinIntro(intro, text string) string {
	if intro == "" || text == "" {
		return intro + text
	}
	return intro + "\n" + text
}

func (w *passageWriter) of(n *node, breadcrumb string) rag.Passage {
	return rag.Passage{Article: n.key.Article(), Key: string(n.key), Unit: n.key.Citation(), Heading: breadcrumb, Status: n.status}
}

func (w *passageWriter) add(start, end int, text string, meta rag.Passage) {
	meta.Span = w.idx.span(start, end)
	meta.Page = w.l.pageAt(start)
	meta.Text = text
	w.passages = append(w.passages, meta)
}

// pieces splits a stretch of text that no unit divides.
func (w *passageWriter) pieces(start, end int, meta rag.Passage) error {
	start, end = trim(w.l.text, start, end)
	spans, err := split(w.l.text[start:end])
	if err != nil {
		return err
	}
	var rows tableRows
	for _, s := range spans {
		w.rows(start+s.Start, start+s.End, rows.header(w.l.text[start:end], s.Start), meta)
	}
	return nil
}

// rows adds a piece under the header of the table that it goes on with, in as many
// passages as that needs; header is "" elsewhere.
func (w *passageWriter) rows(start, end int, header string, meta rag.Passage) {
	text := w.l.text[start:end]
	if whole := joinIntro(header, text); header == "" || fits(whole) {
		w.add(start, end, whole, meta)
		return
	}
	middle := len(text) / 2
	cut := strings.LastIndexByte(text[:middle], '\n')
	if cut <= 0 {
		w.add(start, end, text, meta) // one long row
		return
	}
	w.rows(start, start+cut, header, meta)
	w.rows(start+cut+1, end, header, meta)
}

// rowMark parts the cells of a row.
const rowMark = " | "

// tableRows knows in which table of a text its pieces begin, read in order.
type tableRows struct {
	at    int    // lines before it were looked at
	first string // row of the table that the last of them belongs to
}

// header gives the first row of the table that a piece goes on with, "" where it does not
// begin with a row, or begins with the first one.
func (t *tableRows) header(text string, piece int) string {
	for t.at < piece {
		line, _, _ := strings.Cut(text[t.at:piece], "\n")
		t.at += len(line) + 1
		switch line = strings.TrimSpace(line); {
		case !strings.Contains(line, rowMark):
			t.first = ""
		case t.first == "":
			t.first = shortIntro(line)
		}
	}
	t.at = piece
	if line, _, _ := strings.Cut(text[piece:], "\n"); !strings.Contains(line, rowMark) {
		return ""
	}
	return t.first
}

// running makes the passages of unstructured text: its sections by headings, in pieces.
func (w *passageWriter) running(status rag.Status) error {
	o := newOutline()
	at := 0
	section := func(until int) error {
		return w.pieces(at, until, rag.Passage{Heading: o.String(), Unit: lastHeading(o.String()), Status: status})
	}
	for _, h := range w.l.headings {
		if h.start < at {
			continue
		}
		if err := section(h.start); err != nil {
			return err
		}
		o.push(h.rank, h.text)
		at = h.end
	}
	return section(len(w.l.text))
}

func lastHeading(breadcrumb string) string {
	if i := strings.LastIndex(breadcrumb, breadcrumbSeparator); i >= 0 {
		return breadcrumb[i+len(breadcrumbSeparator):]
	}
	return breadcrumb
}

// split cuts a text into pieces of at most MaxPassageRunes or so, at paragraphs, lines,
// sentences, words, and gives their bytes. langchaingo gives no offsets: pieces are found
// again in the text, where only white space may differ.
func split(text string) ([]rag.Span, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	if fits(text) {
		return []rag.Span{{Start: 0, End: len(text)}}, nil
	}
	splitter := textsplitter.NewRecursiveCharacter(
		textsplitter.WithChunkSize(pieceRunes),
		textsplitter.WithChunkOverlap(0),
		textsplitter.WithSeparators(separators),
		textsplitter.WithLenFunc(utf8.RuneCountInString),
	)
	pieces, err := splitter.SplitText(text)
	if err != nil {
		return nil, fmt.Errorf("splitting text: %w", err)
	}
	var spans []rag.Span
	at := 0
	for _, piece := range pieces {
		start, end, ok := locate(text, piece, at)
		if !ok { // the splitter gave characters that are not there, as it does with rows of dots
			return joinShort(text, append(spans, cut(text, at)...)), nil
		}
		if start < end {
			spans = append(spans, rag.Span{Start: start, End: end})
		}
		at = end
	}
	return joinShort(text, spans), nil
}

// joinShort joins short pieces to the next one, the last one to the one before it.
func joinShort(text string, spans []rag.Span) []rag.Span {
	var joined []rag.Span
	for i, s := range spans {
		short := utf8.RuneCountInString(text[s.Start:s.End]) < shortPiece
		switch n := len(joined); {
		case short && i+1 < len(spans) && fits(text[s.Start:spans[i+1].End]):
			spans[i+1].Start = s.Start
		case short && n > 0 && fits(text[joined[n-1].Start:s.End]):
			joined[n-1].End = s.End
		default:
			joined = append(joined, s)
		}
	}
	return joined
}

// locate finds a piece in text from an offset on; runs of white space, and the separators
// that the splitter dropped at the piece's ends, may differ.
func locate(text, piece string, from int) (start, end int, ok bool) {
	for from < len(text) {
		r, size := utf8.DecodeRuneInString(text[from:])
		if !unicode.IsSpace(r) && r != '.' {
			break
		}
		if strings.HasPrefix(piece, string(r)) && !unicode.IsSpace(r) {
			break
		}
		from += size
	}
	at := from
	for _, r := range piece {
		if unicode.IsSpace(r) {
			continue
		}
		found := false
		for at < len(text) {
			have, size := utf8.DecodeRuneInString(text[at:])
			if have == r {
				at += size
				found = true
				break
			}
			if !unicode.IsSpace(have) && have != '.' {
				return 0, 0, false
			}
			at += size
		}
		if !found {
			return 0, 0, false
		}
	}
	// the full stop that the splitter cut off belongs to its sentence
	if at < len(text) && text[at] == '.' && !strings.HasSuffix(piece, ".") {
		at++
	}
	return from, at, true
}

// cut gives the rest of a text from an offset on in pieces of equal length.
func cut(text string, from int) []rag.Span {
	var spans []rag.Span
	runes := 0
	start := from
	for i := range text[from:] {
		if runes == pieceRunes {
			spans, start, runes = append(spans, rag.Span{Start: start, End: from + i}), from+i, 0
		}
		runes++
	}
	if strings.TrimSpace(text[start:]) != "" {
		spans = append(spans, rag.Span{Start: start, End: len(text)})
	}
	return spans
}
