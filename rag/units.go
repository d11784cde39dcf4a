package rag

import (
	"cmp"
	"context"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"referent/internal/law"
)

// bestUnit gives the unit of a passage that a text is about: a unit that the text
// cites, else the one below the passage's own unit that shares most words with it.
// Unstructured text is a unit of its own, without key.
func (a *Assistant) bestUnit(ctx context.Context, p Passage, text string, references []law.Reference) (Unit, error) {
	whole := Unit{Key: p.Key, Citation: p.Unit, Article: p.Article, Page: p.Page, Span: p.Span, Status: p.Status, Text: p.Text}
	if p.Key == "" {
		whole.Citation = p.Unit
		return whole, nil
	}
	units, err := a.Shelf.Units(ctx, p.Document.ID, p.Key)
	if err != nil || len(units) == 0 {
		return whole, err
	}
	if unit, ok := citedUnit(units, p.Document.Act, references); ok {
		return unit, nil
	}
	return closestUnit(units, text), nil
}

// shownUnit gives the unit of a passage that a question finds: the cited unit itself,
// though the passage is only its beginning, where nothing else is asked for.
func (a *Assistant) shownUnit(ctx context.Context, p Passage, u understood) (Unit, error) {
	for _, reference := range u.references {
		around := strings.HasPrefix(p.Key, string(reference.Key)+";")
		if !u.bare || !around || reference.Act != "" && reference.Act != p.Document.Act {
			continue
		}
		units, err := a.Shelf.Units(ctx, p.Document.ID, string(reference.Key))
		if err != nil {
			return Unit{}, err
		}
		if unit, ok := citedUnit(units, p.Document.Act, u.references); ok {
			return unit, nil
		}
	}
	return a.bestUnit(ctx, p, u.text, u.references)
}

// citedUnit gives the deepest unit among units that the text cites.
func citedUnit(units []Unit, act string, references []law.Reference) (Unit, bool) {
	best, found := Unit{}, false
	for _, reference := range references {
		if reference.Key == "" || !reference.Names(act) {
			continue
		}
		for _, unit := range units {
			if law.Key(unit.Key) == reference.Key && len(unit.Key) > len(best.Key) {
				best, found = unit, true
			}
		}
	}
	return best, found
}

// closestUnit goes down from the first unit as long as one sub-unit shares words with
// the text: from an article to its best paragraph, and below only to an item that
// shares all the words that the paragraph shares, for an item needs its intro.
func closestUnit(units []Unit, text string) Unit {
	stems := Stems(text)
	at := units[0]
	shared := weightIn(stems, setOf(Stems(at.Text)))
	for top := true; ; top = false {
		best, most, density := Unit{}, 0, 0.0
		for _, child := range units {
			if !isChild(at, child) {
				continue
			}
			own := Stems(child.Text)
			n := weightIn(stems, setOf(own))
			d := float64(n) / float64(len(own)+1)
			if cmp.Or(cmp.Compare(n, most), cmp.Compare(d, density)) > 0 {
				best, most, density = child, n, d
			}
		}
		down := most == shared || top && most > 0 && isParagraph(best.Key)
		if most == 0 || !down {
			return at
		}
		at, shared = best, most
	}
}

// numberWeight is how many words a number of a claim is worth: "14 dni" tells the unit
// better than what the units of one article all speak of.
const numberWeight = 3

// weightIn counts the words that stand in a set, numbers more than others.
func weightIn(words []string, set map[string]bool) int {
	n := 0
	for _, word := range words {
		switch {
		case !set[word]:
		case strings.ContainsFunc(word, unicode.IsDigit):
			n += numberWeight
		default:
			n++
		}
	}
	return n
}

func isChild(parent, unit Unit) bool {
	return law.Key(unit.Key).Parent() == law.Key(parent.Key) && unit.Key != parent.Key
}

// isParagraph says whether a unit is an ustęp or paragraph: whole sentences.
func isParagraph(key string) bool {
	levels := law.Key(key).Levels()
	last := levels[len(levels)-1].Name
	return last == "ust" || last == "par"
}

// unitMark is the number that a unit begins with: the label beside a quote says it.
var unitMark = regexp.MustCompile(`^(?:Art\.\s*\S+\s+)?(?:§\s*\S+\s+)?(?:\d+\pL*[.)]\s+)?`)

// maxQuoteRunes is how long a quote is at the most: a long enumeration is one sentence.
const maxQuoteRunes = 600

// quote gives the sentence of a unit that supports a text best, as it stands in the
// document, with its span there. A passage that holds more than its span (the intro of an enumeration) cannot vouch
// for its own offsets: then there is no quote.
func quote(unit Unit, text string) (string, Span) {
	runes := []rune(unit.Text)
	if len(runes) != unit.End-unit.Start {
		return "", Span{unit.Start, unit.Start}
	}
	stems := Stems(text)
	best, most := Span{0, len(runes)}, -1
	for _, s := range Sentences(unit.Text) {
		if sentence := string(runes[s.Start:s.End]); unitMark.FindString(sentence+" ") == sentence+" " {
			continue // the unit's number alone
		}
		if n := weightIn(stems, setOf(Stems(string(runes[s.Start:s.End])))); n > most {
			best, most = s, n
		}
	}
	mark := utf8.RuneCountInString(unitMark.FindString(string(runes[best.Start:best.End])))
	if best.Start+mark < best.End {
		best.Start += mark
	}
	if best.End-best.Start > maxQuoteRunes {
		best.End = best.Start + maxQuoteRunes
	}
	return string(runes[best.Start:best.End]), Span{unit.Start + best.Start, unit.Start + best.End}
}

// citation makes a citation of a unit of a passage for a text that it supports.
func citation(n int, p Passage, unit Unit, text string) Citation {
	words, span := quote(unit, text)
	return citationOf(n, p, unit, words, span)
}

// wholeCitation quotes a unit from its beginning, as whole as a quote may be.
func wholeCitation(n int, p Passage, unit Unit) Citation {
	runes := []rune(unit.Text)
	from := utf8.RuneCountInString(unitMark.FindString(unit.Text))
	if from >= len(runes) {
		from = 0
	}
	to := min(len(runes), from+maxQuoteRunes)
	for i := to - 1; to < len(runes) && i > from+maxQuoteRunes/2; i-- {
		if runes[i] == ' ' || runes[i] == '\n' {
			to = i
			break
		}
	}
	return citationOf(n, p, unit, string(runes[from:to]), Span{unit.Start + from, unit.Start + to})
}

func citationOf(n int, p Passage, unit Unit, words string, span Span) Citation {
	c := Citation{
		N: n, Act: p.Document.Act, Unit: unit.Citation, Key: unit.Key, Article: p.Article,
		Document: p.Document.ID, Title: p.Document.Title, Page: unit.Page,
		Quote: words, Start: span.Start, End: span.End,
		Status: p.Document.Of(unit.Status), WordingDate: p.Document.WordingDate, TextKind: p.Document.TextKind,
	}
	c.Label = label(p, unit)
	return c
}

// Label is the hit as a reader sees it: "art. 35 § 3 k.p.a.", or the title and heading
// of unstructured text.
func (h Hit) Label() string { return labelOf(h.Act, h.Key, h.Title, h.Unit) }

func label(p Passage, unit Unit) string {
	return labelOf(p.Document.Act, unit.Key, p.Document.Title, unit.Citation)
}

func labelOf(act, key, title, heading string) string {
	switch {
	case key != "":
		return law.Label(act, law.Key(key), title)
	case heading == "":
		return title
	}
	return title + " – " + heading
}

// shorten cuts a text to so many runes at the end of a word.
func shorten(text string, runes int) string {
	if utf8.RuneCountInString(text) <= runes {
		return text
	}
	cut := []rune(text)[:runes]
	for i := len(cut) - 1; i > runes/2; i-- {
		if cut[i] == ' ' || cut[i] == '\n' {
			cut = cut[:i]
			break
		}
	}
	return string(cut) + " …"
}
