package ingest

import (
	"strings"

	"referent/ingest/official"
	"referent/rag"
)

// Wording says which wording of an act a document holds.
type Wording struct {
	Document     string       `json:"document"`
	TextKind     rag.TextKind `json:"text_kind"`
	WordingDate  string       `json:"wording_date"`
	Published    string       `json:"published,omitempty"`     // the act that announced it
	AmendedSince []string     `json:"amended_since,omitempty"` // acts whose changes it does not hold
}

// Change says what a newer wording of an act changed, by the citations of its articles.
type Change struct {
	Before  Wording  `json:"before"`
	After   Wording  `json:"after"`
	Added   []string `json:"added"`
	Removed []string `json:"removed"`
	Changed []string `json:"changed"`
}

func wordingOfDocument(info rag.Info, text *official.Text) Wording {
	w := Wording{Document: info.ID, TextKind: info.TextKind, WordingDate: info.WordingDate}
	if text != nil {
		w.Published, w.AmendedSince = text.Published, text.AmendedSince
	}
	return w
}

// compare tells two wordings of an act apart, article by article; nil where they say the
// same.
func compare(before, after rag.Document) *Change {
	was, now := articleTextsOf(before), articleTextsOf(after)
	c := &Change{Added: []string{}, Removed: []string{}, Changed: []string{}}
	for _, a := range now.order {
		switch text, found := was.texts[a]; {
		case !found:
			c.Added = append(c.Added, a)
		case text != now.texts[a]:
			c.Changed = append(c.Changed, a)
		}
	}
	for _, a := range was.order {
		if _, found := now.texts[a]; !found {
			c.Removed = append(c.Removed, a)
		}
	}
	if len(c.Added)+len(c.Removed)+len(c.Changed) == 0 {
		return nil
	}
	return c
}

// articleTexts are the texts of a document's outermost units by citation, white space
// and emphasis apart.
type articleTexts struct {
	order []string
	texts map[string]string
}

func articleTextsOf(doc rag.Document) articleTexts {
	a := articleTexts{texts: map[string]string{}}
	runes := []rune(doc.Text)
	for _, u := range doc.Units {
		if strings.Contains(u.Key, ";") && !strings.HasPrefix(u.Key, "zal=") || strings.Count(u.Key, ";") > 1 {
			continue
		}
		if _, found := a.texts[u.Citation]; !found {
			a.order = append(a.order, u.Citation)
		}
		text := strings.NewReplacer("*", "", "#", "").Replace(string(runes[u.Start:u.End]))
		a.texts[u.Citation] = strings.Join(strings.Fields(text), " ")
	}
	return a
}
