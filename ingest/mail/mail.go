// Package mail reads messages as mail programs save them (EML): who wrote what to whom
// when, the text, and the files that were attached. It believes nothing a message says of
// itself; a caller that must not run out of memory calls it in a child process. It imports
// internal/polish.
package mail

import (
	"bytes"
	"errors"
	"fmt"
	"mime"
	"path"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"
	"golang.org/x/text/encoding/charmap"

	"referent/internal/polish"
)

// Why a message was not read.
var (
	ErrDamaged   = errors.New("the message is damaged")
	ErrEncrypted = errors.New("the message is encrypted")
	ErrTooDeep   = errors.New("the message nests deeper than any message")
)

// Limits of a message.
const (
	maxParts    = 500 // parts that say they begin one inside another
	maxAttached = 200 // files of a message
	maxPeople   = 20  // names listed of each header
)

// Message is what a message says.
type Message struct {
	Subject  string     `json:"subject"`
	Date     string     `json:"date"` // as in "2024-05-06 10:00", "" when unknown
	From     string     `json:"from"`
	To       string     `json:"to"`
	Cc       string     `json:"cc"`
	Text     string     `json:"text"`
	HTML     string     `json:"html"` // where there is no text
	Attached []Attached `json:"attached"`
	Dropped  int        `json:"dropped"` // files beyond the limit
}

// Attached is a file of a message.
type Attached struct {
	Name string `json:"name"`
	Data []byte `json:"-"`
}

// boundary is what a part declares whose parts may nest: the parser goes down into all of
// them, and does not come back from a reader that fails.
var boundary = []byte("boundary")

// Read reads a message.
func Read(data []byte) (Message, error) {
	if bytes.Count(bytes.ToLower(data), boundary) > maxParts {
		return Message{}, ErrTooDeep
	}
	parser := enmime.NewParser(enmime.DisableTextConversion(true), enmime.DisableCharacterDetection(true), enmime.MaxStoredPartErrors(maxParts), enmime.SkipMalformedParts(true),
		enmime.SetReadPartErrorPolicy(enmime.AllowCorruptTextPartErrorPolicy))
	e, err := parser.ReadEnvelope(bytes.NewReader(data))
	if err != nil {
		return Message{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if encrypted(e) {
		return Message{}, ErrEncrypted
	}
	m := Message{Subject: oneLine(e.GetHeader("Subject")), From: people(e, "From"), To: people(e, "To"), Cc: people(e, "Cc"), Text: e.Text}
	if date, err := e.Date(); err == nil && date.Year() > 1970 {
		m.Date = date.Format("2006-01-02 15:04")
	} else if date, err := time.Parse(time.RFC3339, e.GetHeader("Date")); err == nil {
		m.Date = date.Format("2006-01-02 15:04")
	}
	if strings.TrimSpace(m.Text) == "" {
		m.HTML = e.HTML
	}
	m.Text, m.HTML = readable(m.Text), readable(m.HTML)
	m.attach(e)
	return m, nil
}

// readable repairs a text whose charset no header named, or named wrongly: the parser takes
// it for a western one, where the letters of a Polish one are other signs.
func readable(text string) string {
	if !utf8.ValidString(text) {
		return polish.DetectEightBit([]byte(text)).Decode([]byte(text))
	}
	if strings.ContainsAny(text, "ąćęłńśźżĄĆĘŁŃŚŹŻ") || !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return text
	}
	raw, err := charmap.Windows1252.NewEncoder().Bytes([]byte(text))
	if err != nil {
		return text // signs that no western charset has
	}
	if other := polish.DetectEightBit(raw).Decode(raw); polish.KnownShare(other) > polish.KnownShare(text) {
		return other
	}
	return text
}

// encrypted knows S/MIME and PGP messages by their type.
func encrypted(e *enmime.Envelope) bool {
	kind, parameters, err := mime.ParseMediaType(e.GetHeader("Content-Type"))
	if err != nil {
		return false
	}
	if strings.HasSuffix(kind, "pkcs7-mime") {
		return !strings.Contains(parameters["smime-type"], "signed")
	}
	return kind == "multipart/encrypted"
}

// people lists names or addresses of a header.
func people(e *enmime.Envelope, header string) string {
	list, err := e.AddressList(header)
	if err != nil { // not written as addresses are: as it stands
		return oneLine(e.GetHeader(header))
	}
	var names []string
	for _, address := range list[:min(len(list), maxPeople)] {
		name := oneLine(address.Name)
		if name == "" {
			name = address.Address
		} else if address.Address != "" {
			name += " <" + address.Address + ">"
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, readable(text))), " ")
}

// attach keeps the files of a message: what is attached, and what stands in it and is no
// picture of its signature. Signatures are no documents.
func (m *Message) attach(e *enmime.Envelope) {
	taken := map[string]int{}
	add := func(p *enmime.Part) {
		if strings.HasSuffix(p.ContentType, "pkcs7-signature") || p.ContentType == "application/pgp-signature" || p.ContentType == "application/pgp-keys" || len(p.Content) == 0 {
			return
		}
		if len(m.Attached) == maxAttached {
			m.Dropped++
			return
		}
		m.Attached = append(m.Attached, Attached{Name: unique(taken, fileName(p)), Data: p.Content})
	}
	for _, p := range e.Attachments {
		add(p)
	}
	for _, p := range append(e.Inlines, e.OtherParts...) {
		if !strings.HasPrefix(p.ContentType, "image/") && !strings.HasPrefix(p.ContentType, "multipart/") {
			add(p)
		}
	}
}

// fileName gives a part a name that can be shown and leads nowhere.
func fileName(p *enmime.Part) string {
	name := oneLine(p.FileName)
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	if name == "." || name == "/" || name == ".." || name == "" {
		name = "zalacznik"
		if p.ContentType == "message/rfc822" {
			name = "wiadomosc.eml"
		} else if known, err := mime.ExtensionsByType(p.ContentType); err == nil && len(known) > 0 {
			name += known[0]
		}
	}
	return name
}

// unique numbers names that come again.
func unique(taken map[string]int, name string) string {
	taken[name]++
	if n := taken[name]; n > 1 {
		ext := path.Ext(name)
		return fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, ext), n, ext)
	}
	return name
}
