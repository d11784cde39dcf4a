package law

import (
	"strings"
	"unicode"
)

// token is a word or a number of a text, folded, with what stands before it.
type token struct {
	word       string // folded; "§" for the sign
	number     string // key form of a number ("39^3", "15zzs"), "" for words
	parens     []string
	dots       []string // what full stops join to a number: "6.1.c", "14.06.1960"
	raw        string   // a word as it stands, in lower case
	before     string   // punctuation between the previous token and this one
	start, end int      // code points
}

// tokenise takes a text apart for the reading of citations. Abbreviations with full
// stops are joined ("k.p.a." is "kpa"); dashes and quotes are no tokens.
func tokenise(text string) []token { return tokeniseWith(text, NamesAct) }

// tokeniseWith is tokenise; isAct says which letters that touch a number name an act.
func tokeniseWith(text string, isAct func(string) bool) []token {
	runes := []rune(text)
	var toks []token
	gap := 0
	for i := 0; i < len(runes); {
		end := i
		switch r := runes[i]; {
		case r == '§':
			for end < len(runes) && runes[end] == '§' {
				end++
			}
		case unicode.IsLetter(r) || isDigit(r):
			end = wordEnd(runes, i)
		}
		if end == i {
			i++
			continue
		}
		t := token{start: i, end: end, before: strings.TrimSpace(string(runes[gap:i]))}
		if isDigit(runes[i]) {
			end = t.readNumber(runes, isAct)
		} else {
			t.word, t.raw = foldWord(runes[i:end]), strings.ToLower(string(runes[i:end]))
		}
		toks = append(toks, t)
		i, gap = end, end
	}
	return toks
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// wordEnd finds where the word or number that starts at i ends.
func wordEnd(runes []rune, i int) int {
	if !isDigit(runes[i]) {
		if end := abbreviationEnd(runes, i); end > i {
			return end
		}
	}
	end := i
	for end < len(runes) && (unicode.IsLetter(runes[end]) || isDigit(runes[end]) || joinsWord(runes, end)) {
		end++
		if isDigit(runes[i]) && end < len(runes) && superscript(runes[end]) != 0 {
			break
		}
	}
	return end
}

// joinsWord keeps "e-doręczeniach" and "2016/679" in one piece, but not "35-37".
func joinsWord(runes []rune, i int) bool {
	if i == 0 || i+1 >= len(runes) {
		return false
	}
	a, b := runes[i-1], runes[i+1]
	return runes[i] == '/' && isDigit(a) && isDigit(b) || runes[i] == '-' && unicode.IsLetter(a) && unicode.IsLetter(b)
}

// abbreviationEnd reads "k.p.a." or "u.d.i.p": single letters with full stops between.
func abbreviationEnd(runes []rune, i int) int {
	end, letters := i, 0
	for end < len(runes) && unicode.IsLetter(runes[end]) {
		if end+1 < len(runes) && unicode.IsLetter(runes[end+1]) {
			return 0
		}
		letters++
		end++
		if end >= len(runes) || runes[end] != '.' {
			break
		}
		end++
		if end+2 < len(runes) && runes[end] == ' ' && unicode.IsLetter(runes[end+1]) && runes[end+2] == '.' {
			end++ // "k. p. a."
		}
	}
	if letters < 2 {
		return 0
	}
	return end
}

// foldWord is polish.Fold for one word, rune by rune, without the full stops of abbreviations.
func foldWord(runes []rune) string {
	var b strings.Builder
	for _, r := range runes {
		if r != '.' && r != ' ' {
			b.WriteRune(foldRune(r))
		}
	}
	return b.String()
}

func foldRune(r rune) rune {
	r = unicode.ToLower(r)
	switch r {
	case 'ą':
		return 'a'
	case 'ć':
		return 'c'
	case 'ę':
		return 'e'
	case 'ł':
		return 'l'
	case 'ń':
		return 'n'
	case 'ó':
		return 'o'
	case 'ś':
		return 's'
	case 'ź', 'ż':
		return 'z'
	}
	return r
}

// readNumber reads the number of a unit from where t starts and says where it ends:
// "39³", "39^3", "39_3" and "39 ^ 3" are 39^3, "15ZZS" is 15zzs; groups in parentheses
// that touch it are kept, for they are an index in Polish and sub-units in EU style.
func (t *token) readNumber(runes []rune, isAct func(string) bool) int {
	i := t.start
	digits := func() string {
		from := i
		for i < len(runes) && isDigit(runes[i]) {
			i++
		}
		return string(runes[from:i])
	}
	number := digits()
	if i < len(runes) && runes[i] == '/' && i+1 < len(runes) && isDigit(runes[i+1]) {
		t.word = string(runes[t.start:t.end]) // 2016/679 is a name, no number of a unit
		return t.end
	}
	number += readIndex(runes, &i)
	from := i
	for i < len(runes) && unicode.IsLetter(runes[i]) {
		i++
	}
	if letters := strings.ToLower(string(runes[from:i])); isAct != nil && isAct(letters) {
		t.end = from // "§ 3kpa"
		return t.setNumber(number)
	}
	number += strings.ToLower(string(runes[from:i]))
	number += readIndex(runes, &i)
	if number != digitsOnly(number) && !strings.Contains(number, "^") {
		if index := digits(); index != "" {
			number += "^" + index // "15zzs4"
		}
	}
	for i+2 < len(runes) && runes[i] == '(' {
		end := i + 1
		for end < len(runes) && end-i < 5 && (unicode.IsLetter(runes[end]) || isDigit(runes[end])) {
			end++
		}
		if end >= len(runes) || runes[end] != ')' || end == i+1 {
			break
		}
		t.parens = append(t.parens, strings.ToLower(string(runes[i+1:end])))
		i = end + 1
	}
	t.end = i
	t.readDots(runes)
	return t.setNumber(number)
}

// readDots reads what full stops join to a number: digits, or one letter.
func (t *token) readDots(runes []rune) {
	for i := t.end; i+1 < len(runes) && runes[i] == '.' && len(t.parens) == 0; i = t.end {
		end := i + 1
		for end < len(runes) && isDigit(runes[end]) {
			end++
		}
		if end == i+1 && unicode.IsLetter(runes[end]) && (end+1 == len(runes) || !unicode.IsLetter(runes[end+1]) && runes[end+1] != '.') {
			end++
		}
		if end == i+1 {
			return
		}
		t.dots = append(t.dots, strings.ToLower(string(runes[i+1:end])))
		t.end = end
	}
}

// text is the word, or the number as a key writes it.
func (t token) text() string { return t.word + t.number }

func digitsOnly(number string) string {
	return strings.TrimRight(number, "abcdefghijklmnopqrstuvwxyząćęłńóśźż")
}

// setNumber keeps what was read as a number of a unit, or as a word when it is none.
func (t *token) setNumber(number string) int {
	if numberForm.MatchString(number) {
		t.number = number
	} else {
		t.word = number
	}
	return t.end
}

// readIndex reads an index written as a superscript, with ^ or _, or as [1] or <sup>1</sup>.
func readIndex(runes []rune, i *int) string {
	if *i >= len(runes) {
		return ""
	}
	if superscript(runes[*i]) != 0 {
		index := "^"
		for *i < len(runes) && superscript(runes[*i]) != 0 {
			index += string(superscript(runes[*i]))
			*i++
		}
		if *i < len(runes) && runes[*i] == '⁾' {
			*i++ // a footnote's mark: "ust. 2¹⁾"
			return ""
		}
		return index
	}
	for _, marks := range [][2]string{{"[", "]"}, {"<sup>", "</sup>"}, {"{", "}"}} {
		if index := enclosed(runes, i, marks[0], marks[1]); index != "" {
			return "^" + index
		}
	}
	from := *i
	for from < len(runes) && runes[from] == ' ' {
		from++
	}
	if from >= len(runes) || runes[from] != '^' && runes[from] != '_' {
		return ""
	}
	from++
	for from < len(runes) && runes[from] == ' ' {
		from++
	}
	end := from
	for end < len(runes) && isDigit(runes[end]) {
		end++
	}
	if end == from {
		return ""
	}
	*i = end
	return "^" + string(runes[from:end])
}

// enclosed reads digits between two marks and moves i behind them.
func enclosed(runes []rune, i *int, opening, closing string) string {
	const most = 14 // runes of the longest index with its marks
	rest, ok := strings.CutPrefix(string(runes[*i:min(len(runes), *i+most)]), opening)
	if !ok {
		return ""
	}
	index, _, ok := strings.Cut(rest, closing)
	if !ok || index == "" || strings.Trim(index, "0123456789") != "" {
		return ""
	}
	*i += len(opening) + len(index) + len(closing)
	return index
}

func superscript(r rune) rune {
	switch r {
	case '¹':
		return '1'
	case '²':
		return '2'
	case '³':
		return '3'
	}
	if r == '⁰' || r >= '⁴' && r <= '⁹' {
		return '0' + r - '⁰'
	}
	return 0
}
