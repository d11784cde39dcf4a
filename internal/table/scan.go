package table

import "strings"

// A scanner takes records off the front of a text.
type scanner struct {
	dialect Dialect
	limits  Limits
	line    int      // on which the text begins
	cells   []string // of the record taken last
	err     error
}

// An ending says how a cell ends.
type ending int

const (
	endCell ending = iota
	endRecord
	endUnknown // the text ends before the cell does
)

// record takes a record off the text and gives the line it begins on and what is left;
// its cells stay in s.cells until the next call. It is not ok when the text ends before
// the record does, unless there is no more of it.
func (s *scanner) record(text string, last bool) (number int, rest string, ok bool) {
	s.cells = s.cells[:0]
	if text == "" {
		return s.line, text, false
	}
	at, lines := 0, 1
	for {
		cell, next, how := s.cell(text, at, last)
		if how == endUnknown {
			return s.line, text, false
		}
		if len(s.cells) == s.limits.Columns {
			s.err = &LimitError{LimitColumns, int64(s.limits.Columns), s.line}
			return s.line, text, false
		}
		if len(cell) > s.limits.CellBytes {
			s.err = &LimitError{LimitCell, int64(s.limits.CellBytes), s.line}
			return s.line, text, false
		}
		if len(cell) < next-at-1 { // only a quoted cell can hold a line break
			lines += strings.Count(text[at:next-1], string(s.dialect.newline))
		}
		s.cells = append(s.cells, cell)
		at = next
		if how == endRecord {
			number = s.line
			s.line += lines
			return number, text[at:], true
		}
	}
}

// cell reads the cell at a place and gives the place after its end.
func (s *scanner) cell(text string, at int, last bool) (cell string, next int, how ending) {
	if at < len(text) && text[at] == s.dialect.Quote {
		if cell, next, how, ok := s.quoted(text, at, last); ok {
			return cell, next, how
		}
	}
	for i := at; i < len(text); i++ {
		switch text[i] {
		case s.dialect.newline:
			return strings.TrimSuffix(text[at:i], "\r"), i + 1, endRecord
		case s.dialect.Delimiter:
			if s.dialect.Delimiter != 0 {
				return text[at:i], i + 1, endCell
			}
		}
	}
	if last {
		return strings.TrimSuffix(text[at:], "\r"), len(text), endRecord
	}
	if len(text)-at > s.limits.CellBytes {
		return text[at:], len(text), endCell // too long, which record reports
	}
	return "", at, endUnknown
}

// quoted reads a cell between quotes. It is not ok where the quote is a sign like any
// other: the closing one is missing, or text follows it.
func (s *scanner) quoted(text string, at int, last bool) (cell string, next int, how ending, ok bool) {
	quote := s.dialect.Quote
	var pieces strings.Builder
	from := at + 1
	for {
		length := strings.IndexByte(text[from:], quote)
		if length < 0 {
			far := len(text)-at > s.limits.CellBytes
			return "", at, endUnknown, !last && !far
		}
		end := from + length
		after := text[end+1:]
		switch {
		case after == "" && !last:
			return "", at, endUnknown, true // perhaps a doubled quote
		case after != "" && after[0] == quote:
			pieces.WriteString(text[from : end+1])
			from = end + 2
			continue
		}
		cell = text[from:end]
		if pieces.Len() > 0 {
			pieces.WriteString(cell)
			cell = pieces.String()
		}
		next, how, ok = s.afterQuote(text, end+1, last)
		return cell, next, how, ok
	}
}

func (s *scanner) afterQuote(text string, at int, last bool) (next int, how ending, ok bool) {
	if at < len(text) && text[at] == '\r' && s.dialect.newline == '\n' {
		at++
	}
	switch {
	case at == len(text) && last:
		return at, endRecord, true
	case at == len(text):
		return at, endUnknown, true
	case text[at] == s.dialect.newline:
		return at + 1, endRecord, true
	case text[at] == s.dialect.Delimiter && s.dialect.Delimiter != 0:
		return at + 1, endCell, true
	}
	return at, endUnknown, false
}
