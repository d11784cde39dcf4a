package office

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// rtf reads an RTF: groups, control words and text in 8-bit charsets.
type rtf struct {
	writer
	data  []byte
	at    int
	state rtfState
	stack []rtfState
	fonts map[int]*charmap.Charmap
	page  *charmap.Charmap // of the document

	paragraph strings.Builder
	look      rtfLook
	cells     []string
	note      strings.Builder
	font      int // being described
	skip      int // characters that stand for a \u before them
}

// rtfState is what a group's end undoes.
type rtfState struct {
	to      destination
	charset *charmap.Charmap
	uc      int // characters that stand for a \u
	bold    bool
	raised  bool
	hidden  bool
	deleted bool
	opens   bool // nothing stood in the group yet: a \* or a destination may follow
}

type destination int

const (
	toText destination = iota
	toNote
	toFonts
	toNowhere
)

// rtfLook is what is known of the paragraph.
type rtfLook struct {
	rank    int
	words   bool
	unbold  bool
	inTable bool
}

// ReadRTF reads the text of an RTF.
func ReadRTF(data []byte) (Text, error) {
	if !bytes.HasPrefix(data, []byte(`{\rtf`)) {
		return Text{}, fmt.Errorf("%w: no RTF", ErrDamaged)
	}
	r := &rtf{data: data, fonts: map[int]*charmap.Charmap{}, page: charmap.Windows1250, state: rtfState{uc: 1}}
	for r.at < len(data) {
		if err := r.step(); err != nil {
			return Text{}, err
		}
	}
	r.state = rtfState{} // a cut file has open groups
	if r.paragraph.Len() > 0 {
		if err := r.endParagraph(); err != nil {
			return Text{}, err
		}
	}
	if err := r.endRow(); err != nil {
		return Text{}, err
	}
	return r.finish()
}

// step reads a brace, a control word or a character.
func (r *rtf) step() error {
	c := r.data[r.at]
	r.at++
	switch c {
	case '{':
		if len(r.stack) >= maxDepth {
			return ErrTooDeep
		}
		r.stack = append(r.stack, r.state)
		r.state.opens, r.skip = true, 0
	case '}':
		r.skip = 0
		return r.closeGroup()
	case '\\':
		return r.control()
	case '\r', '\n':
	default:
		r.char(c)
	}
	return nil
}

func (r *rtf) closeGroup() error {
	if len(r.stack) == 0 {
		return nil // one brace too many, or the end of the text
	}
	before := r.state
	r.state = r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	if before.to == toNote && r.state.to != toNote {
		r.writer.note(r.note.String())
		r.note.Reset()
	}
	return nil
}

func (r *rtf) control() error {
	if r.at >= len(r.data) {
		return nil
	}
	c := r.data[r.at]
	if c < 'a' || c > 'z' {
		if c < 'A' || c > 'Z' {
			r.at++
			return r.symbol(c)
		}
	}
	start := r.at
	for r.at < len(r.data) && (r.data[r.at] >= 'a' && r.data[r.at] <= 'z' || r.data[r.at] >= 'A' && r.data[r.at] <= 'Z') {
		r.at++
	}
	word := string(r.data[start:min(r.at, start+32)])
	start = r.at
	if r.at < len(r.data) && r.data[r.at] == '-' {
		r.at++
	}
	for r.at < len(r.data) && r.data[r.at] >= '0' && r.data[r.at] <= '9' {
		r.at++
	}
	value, err := strconv.Atoi(string(r.data[start:min(r.at, start+12)]))
	has := err == nil
	if r.at < len(r.data) && r.data[r.at] == ' ' {
		r.at++
	}
	return r.word(word, value, has)
}

func (r *rtf) symbol(c byte) error {
	switch c {
	case '\'':
		if r.at+2 <= len(r.data) {
			if n, err := strconv.ParseUint(string(r.data[r.at:r.at+2]), 16, 8); err == nil {
				r.at += 2
				r.char(byte(n))
			}
		}
	case '*':
		if r.state.opens {
			r.unknownDestination()
		}
	case '~':
		r.text(" ")
	case '_':
		r.text("-")
	case '-':
	case '\r', '\n':
		return r.endParagraph()
	case '\\', '{', '}':
		r.text(string(c))
	}
	return nil
}

// unknownDestination skips a group that readers may skip, but for the few that hold text.
func (r *rtf) unknownDestination() {
	rest := r.data[r.at:min(r.at+24, len(r.data))]
	for _, known := range []string{`\shptxt`, `\shpinst`, `\shppict`, `\footnote`} {
		if bytes.HasPrefix(rest, []byte(known)) && known != `\shppict` {
			return
		}
	}
	if bytes.HasPrefix(rest, []byte(`\annotation`)) {
		r.out.Comments++
	}
	r.state.to = toNowhere
}

// nowhere are destinations that hold no text of the document.
var nowhere = map[string]bool{"colortbl": true, "stylesheet": true, "info": true, "pict": true, "object": true, "header": true, "headerl": true, "headerr": true, "headerf": true,
	"footer": true, "footerl": true, "footerr": true, "footerf": true, "listtable": true, "listoverridetable": true, "revtbl": true, "fldinst": true, "bkmkstart": true, "bkmkend": true,
	"generator": true, "filetbl": true, "xe": true, "tc": true, "nonshppict": true, "themedata": true, "datastore": true, "rsidtbl": true, "template": true, "ftnsep": true, "ftnsepc": true, "private": true}

// signs are control words that stand for a sign.
var rtfSigns = map[string]string{"tab": " ", "line": "\n", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": bullet, "endash": "–", "emdash": "—", "emspace": " ", "enspace": " ", "qmspace": " ", "column": "\n"}

func (r *rtf) word(word string, value int, has bool) error {
	opens := r.state.opens
	r.state.opens = false
	if sign, ok := rtfSigns[word]; ok {
		r.text(sign)
		return nil
	}
	switch {
	case opens && nowhere[word]:
		r.state.to = toNowhere
		return nil
	case opens && word == "fonttbl":
		r.state.to = toFonts
		return nil
	}
	switch word {
	case "par", "page", "sect":
		return r.endParagraph()
	case "cell", "nestcell":
		r.endCell()
	case "row", "nestrow":
		return r.endRow()
	case "pard":
		r.look.rank, r.look.inTable = 0, false
	case "u":
		r.unicode(value)
	case "bin":
		r.at = min(r.at+max(value, 0), len(r.data))
	case "footnote":
		r.state.to = toNote
	case "annotation":
		r.out.Comments++
		r.state.to = toNowhere
	default:
		r.format(word, value, has)
	}
	return nil
}

// format reads control words that say how text looks and in which charset it is.
func (r *rtf) format(word string, value int, has bool) {
	is := !has || value != 0
	switch word {
	case "ansicpg":
		if page := codePage(value); page != nil {
			r.page = page
		}
	case "f":
		if r.state.to == toFonts {
			r.font = value
		} else {
			r.state.charset = r.fonts[value]
		}
	case "fcharset":
		if r.state.to == toFonts {
			r.fonts[r.font] = fontCharset(value)
		}
	case "uc":
		r.state.uc = min(max(value, 0), 16)
	case "b":
		r.state.bold = is
	case "super":
		r.state.raised = is
	case "nosupersub":
		r.state.raised = false
	case "v":
		r.state.hidden = is
	case "deleted":
		if is && !r.state.deleted {
			r.out.Changes++
		}
		r.state.deleted = is
	case "revised":
		if is {
			r.out.Changes++
		}
	case "plain":
		r.state.bold, r.state.raised, r.state.hidden, r.state.charset = false, false, false, nil
	case "intbl":
		r.look.inTable = is
	case "outlinelevel":
		if value >= 0 && value < RankBold-1 {
			r.look.rank = value + 1
		}
	}
}

func codePage(number int) *charmap.Charmap {
	switch number {
	case 1250:
		return charmap.Windows1250
	case 1251:
		return charmap.Windows1251
	case 1252:
		return charmap.Windows1252
	case 852:
		return charmap.CodePage852
	case 437:
		return charmap.CodePage437
	case 850:
		return charmap.CodePage850
	case 28592:
		return charmap.ISO8859_2
	}
	return nil
}

// fontCharset gives the charset of a font, nil for that of the document.
func fontCharset(number int) *charmap.Charmap {
	switch number {
	case 238:
		return charmap.Windows1250
	case 204:
		return charmap.Windows1251
	case 161:
		return charmap.Windows1253
	case 162:
		return charmap.Windows1254
	case 186:
		return charmap.Windows1257
	}
	return nil
}

// unicode reads \u: the characters after it say the same for old readers.
func (r *rtf) unicode(value int) {
	if value < 0 {
		value += 1 << 16
	}
	char := rune(value)
	if value >= 0xF000 && value <= 0xF0FF {
		r.text(symbol(strconv.FormatInt(int64(value), 16)))
	} else if utf8.ValidRune(char) {
		r.text(string(char))
	}
	r.skip = r.state.uc
}

func (r *rtf) char(c byte) {
	r.state.opens = false
	if r.skip > 0 {
		r.skip--
		return
	}
	if c < utf8.RuneSelf {
		r.text(string(rune(c)))
		return
	}
	charset := r.state.charset
	if charset == nil {
		charset = r.page
	}
	r.text(string(charset.DecodeByte(c)))
}

func (r *rtf) text(text string) {
	r.state.opens = false
	if r.state.hidden || r.state.deleted {
		return
	}
	switch r.state.to {
	case toNote:
		r.note.WriteString(text)
	case toText:
		if r.state.raised {
			text = superscript(r.paragraph.String(), text)
		}
		if strings.TrimSpace(text) != "" {
			r.look.words = true
			r.look.unbold = r.look.unbold || !r.state.bold
		}
		r.paragraph.WriteString(text)
	}
}

func (r *rtf) endParagraph() error {
	switch {
	case r.state.to == toNote:
		r.note.WriteByte(' ')
		return nil
	case r.state.to != toText:
		return nil
	case r.look.inTable && len(r.paragraph.String()) > 0:
		r.paragraph.WriteByte(' ')
		return nil
	}
	b := block{text: r.paragraph.String(), rank: r.look.rank}
	if b.rank == 0 && r.look.words && !r.look.unbold {
		b.rank = RankBold
	}
	r.paragraph.Reset()
	r.look.words, r.look.unbold = false, false
	return r.block(b)
}

func (r *rtf) endCell() {
	if r.state.to != toText {
		return
	}
	if len(r.cells) < maxColumns {
		r.cells = append(r.cells, r.paragraph.String())
	}
	r.paragraph.Reset()
	r.look.words, r.look.unbold = false, false
}

func (r *rtf) endRow() error {
	if len(r.cells) == 0 {
		return nil
	}
	text := row(r.cells)
	r.cells = nil
	return r.block(block{text: text})
}
