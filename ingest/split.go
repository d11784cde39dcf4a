package ingest

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tmc/langchaingo/textsplitter"

	"referent/rag"
)

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
		textsplitter.WithChunkSize(rag.MaxPassageRunes-2*shortPiece),
		textsplitter.WithChunkOverlap(0),
		textsplitter.WithSeparators([]string{"\n\n", "\n", ". ", " ", ""}),
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
		if !ok {
			return nil, fmt.Errorf("splitting text: the piece %.40q is not in its text", piece)
		}
		if start < end {
			spans = append(spans, rag.Span{Start: start, End: end})
		}
		at = end
	}
	return joinShort(text, spans), nil
}

// shortPiece is a piece that says nothing alone: the splitter leaves "Art. 60" before a
// long text, and a last word behind it.
const shortPiece = 40

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
	if at < len(text) && text[at] == '.' {
		at++
	}
	return from, at, true
}
