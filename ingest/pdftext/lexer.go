package pdftext

import "strconv"

// kind of an operand of a content stream.
type kind byte

const (
	kindNumber kind = iota
	kindName
	kindString
	kindArray
	kindOperator
	kindOther // dictionaries' brackets and what else has no meaning here
)

// operand is a token of a content stream; an array holds its items.
type operand struct {
	kind   kind
	number float64
	text   []byte
	items  []operand
}

// maxItems of an array and of the operand stack: a line of text has some hundreds.
const maxItems = 1 << 14

// lexer reads the tokens of a content stream or a CMap. The library's own Interpret is not
// used for this: it takes the bytes of inline images for program text, panics on an escape
// that it does not know, and keeps no bound on what a stream makes it hold.
type lexer struct {
	data  []byte
	at    int
	items []operand // of the array that is open, used again
}

func isSpace(b byte) bool {
	return b == ' ' || b == '\n' || b == '\r' || b == '\t' || b == '\f' || b == 0
}

func isDelimiter(b byte) bool {
	switch b {
	case '(', ')', '<', '>', '[', ']', '{', '}', '/', '%':
		return true
	}
	return false
}

// next gives the next operand or operator; ok is false at the end.
func (l *lexer) next() (token operand, ok bool) {
	for {
		l.skipSpace()
		if l.at >= len(l.data) {
			return operand{}, false
		}
		switch l.data[l.at] {
		case '[':
			l.at++
			return l.array(), true
		case ']': // that closes nothing
			l.at++
		default:
			return l.scalar(), true
		}
	}
}

func (l *lexer) skipSpace() {
	for ; l.at < len(l.data); l.at++ {
		switch b := l.data[l.at]; {
		case isSpace(b):
		case b == '%':
			for l.at < len(l.data) && l.data[l.at] != '\n' && l.data[l.at] != '\r' {
				l.at++
			}
		default:
			return
		}
	}
}

// array reads up to the closing bracket; an array in an array is laid flat.
func (l *lexer) array() operand {
	l.items = l.items[:0]
	for {
		l.skipSpace()
		if l.at >= len(l.data) {
			break
		}
		if b := l.data[l.at]; b == '[' || b == ']' {
			l.at++
			if b == ']' {
				break
			}
			continue
		}
		if item := l.scalar(); len(l.items) < maxItems {
			l.items = append(l.items, item)
		}
	}
	return operand{kind: kindArray, items: l.items}
}

func (l *lexer) scalar() operand {
	b := l.data[l.at]
	switch b {
	case '(':
		l.at++
		return operand{kind: kindString, text: l.literal()}
	case '<':
		if l.at++; l.at < len(l.data) && l.data[l.at] == '<' {
			l.at++
			return operand{kind: kindOther}
		}
		return operand{kind: kindString, text: l.hex()}
	case '/':
		l.at++
		return operand{kind: kindName, text: l.word()}
	case '>', '{', '}', ')':
		l.at++
		return operand{kind: kindOther}
	}
	word := l.word()
	if b >= '0' && b <= '9' || b == '-' || b == '+' || b == '.' {
		if n, ok := number(word); ok {
			return operand{kind: kindNumber, number: n}
		}
	}
	return operand{kind: kindOperator, text: word}
}

func (l *lexer) word() []byte {
	start := l.at
	for l.at < len(l.data) && !isSpace(l.data[l.at]) && !isDelimiter(l.data[l.at]) {
		l.at++
	}
	return l.data[start:l.at]
}

// number reads the common forms without an allocation.
func number(word []byte) (float64, bool) {
	var whole, part, scale float64 = 0, 0, 1
	negative, dot := false, false
	for i, b := range word {
		switch {
		case b >= '0' && b <= '9' && dot:
			part, scale = part*10+float64(b-'0'), scale*10
		case b >= '0' && b <= '9':
			whole = whole*10 + float64(b-'0')
		case b == '.' && !dot:
			dot = true
		case (b == '-' || b == '+') && i == 0:
			negative = b == '-'
		default:
			n, err := strconv.ParseFloat(string(word), 64)
			return n, err == nil
		}
	}
	n := whole + part/scale
	if negative {
		n = -n
	}
	return n, true
}

// literal reads a string in parentheses. Most hold no escape and are a part of the data.
func (l *lexer) literal() []byte {
	start, depth := l.at, 1
	var text []byte // nil until something must be changed
	for l.at < len(l.data) {
		b := l.data[l.at]
		l.at++
		switch b {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				if text == nil {
					return l.data[start : l.at-1]
				}
				return text
			}
		case '\\':
			if text == nil {
				text = append(make([]byte, 0, 64), l.data[start:l.at-1]...)
			}
			text = l.escape(text)
			continue
		}
		if text != nil {
			text = append(text, b)
		}
	}
	if text == nil {
		return l.data[start:]
	}
	return text
}

var escapes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}

func (l *lexer) escape(text []byte) []byte {
	if l.at >= len(l.data) {
		return text
	}
	b := l.data[l.at]
	l.at++
	if plain, ok := escapes[b]; ok {
		return append(text, plain)
	}
	switch {
	case b == '\r':
		if l.at < len(l.data) && l.data[l.at] == '\n' {
			l.at++
		}
		return text
	case b == '\n':
		return text
	case b < '0' || b > '7':
		return append(text, b)
	}
	code := int(b - '0')
	for n := 0; n < 2 && l.at < len(l.data) && l.data[l.at] >= '0' && l.data[l.at] <= '7'; n++ {
		code = code*8 + int(l.data[l.at]-'0')
		l.at++
	}
	return append(text, byte(code))
}

func (l *lexer) hex() []byte {
	var text []byte
	half, odd := byte(0), false
	for l.at < len(l.data) {
		b := l.data[l.at]
		l.at++
		if b == '>' {
			break
		}
		digit, ok := hexDigit(b)
		if !ok {
			continue
		}
		if odd {
			text = append(text, half<<4|digit)
		}
		half, odd = digit, !odd
	}
	if odd {
		text = append(text, half<<4)
	}
	return text
}

func hexDigit(b byte) (byte, bool) {
	switch {
	case b >= '0' && b <= '9':
		return b - '0', true
	case b >= 'a' && b <= 'f':
		return b - 'a' + 10, true
	case b >= 'A' && b <= 'F':
		return b - 'A' + 10, true
	}
	return 0, false
}

// skipImage passes over the bytes of an inline image, which follow ID and one space.
func (l *lexer) skipImage() {
	for l.at++; l.at+2 < len(l.data); l.at++ {
		if isSpace(l.data[l.at]) && l.data[l.at+1] == 'E' && l.data[l.at+2] == 'I' &&
			(l.at+3 == len(l.data) || isSpace(l.data[l.at+3])) {
			l.at += 3
			return
		}
	}
	l.at = len(l.data)
}
