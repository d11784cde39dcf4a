package chat

import (
	"html/template"
	"strings"

	"referent/internal/message"
	"referent/rag"
	"referent/web/shell"
	"referent/web/source"
)

// maxExcerpt is how much of a source its card shows, in code points.
const maxExcerpt = 420

// sourcesView is the list of sources: it stands before the answer is written.
type sourcesView struct {
	Turn      string
	Rewritten string
	Degraded  []string
	Cards     []card
}

// card is a source as it stands beside the answer.
type card struct {
	ID      string // of the element
	N       int
	Label   string
	Title   string
	Marks   []source.Mark
	Excerpt string
	Cut     bool
	Page    int
	Link    string
}

// answerView is a finished answer.
type answerView struct {
	Sources    sourcesView
	Body       template.HTML // made of our own elements by render, see text.go
	Extractive bool
	Model      string
	Refusal    *refusalView
	Seconds    string
	NoSource   int // claims without support
}

type refusalView struct {
	Reason   string // what happened
	Advice   string // what to do
	Searched []string
	Nearest  []card
	Choices  []string
}

func newSourcesView(p *message.Printer, sources []rag.Citation, rewritten string, degraded []rag.Degradation, turn string) sourcesView {
	v := sourcesView{Turn: turn, Rewritten: rewritten}
	for _, d := range degraded {
		v.Degraded = append(v.Degraded, p.Text("chat.degraded."+string(d), nil))
	}
	for _, s := range sources {
		v.Cards = append(v.Cards, newCard(p, s, turn))
	}
	return v
}

func newCard(p *message.Printer, s rag.Citation, turn string) card {
	c := card{
		ID: cardID(turn, s.N), N: s.N, Label: s.Label, Title: s.Title, Page: s.Page,
		Marks: source.Marks(p, s.Status, s.WordingDate, s.TextKind),
		Link:  source.Link(s.Document, s.Key, rag.Span{Start: s.Start, End: s.End}),
	}
	if c.Label == "" {
		c.Label = firstOf(s.Unit, s.Title)
	}
	if c.Label == c.Title {
		c.Title = ""
	}
	c.Excerpt, c.Cut = excerpt(s.Quote)
	return c
}

func hitCard(p *message.Printer, h rag.Hit) card {
	c := card{
		N: h.Rank, Label: firstOf(h.Unit, h.Title), Title: h.Title, Page: h.Page,
		Marks: source.Marks(p, h.Status, h.WordingDate, h.TextKind),
		Link:  source.Link(h.Document, h.Key, h.Span),
	}
	if c.Label == c.Title {
		c.Title = ""
	}
	c.Excerpt, c.Cut = excerpt(h.Text)
	return c
}

func newAnswerView(p *message.Printer, a rag.Answer, turn string) (answerView, error) {
	v := answerView{
		Sources: newSourcesView(p, a.Citations, a.Rewritten, a.Degraded, turn),
		Model:   a.Model, Extractive: a.Model == "",
		Seconds: shell.Seconds(p, a.Timings.TotalMS/1000),
	}
	if a.Refused && a.Refusal != nil {
		v.Refusal = &refusalView{
			Reason:   p.Text("chat.refusal."+string(a.Refusal.Reason), nil),
			Advice:   p.Text("chat.refusal.advice."+string(a.Refusal.Reason), nil),
			Searched: a.Refusal.Searched, Choices: a.Refusal.Choices,
		}
		for _, m := range a.Refusal.Missing {
			key := "chat.refusal.no_act"
			if m.ActHeld {
				key = "chat.refusal.no_unit"
			}
			v.Refusal.Advice = p.Text(key, struct{ Subject string }{m.Label})
		}
		for _, h := range a.Refusal.Nearest {
			v.Refusal.Nearest = append(v.Refusal.Nearest, hitCard(p, h))
		}
		return v, nil
	}
	for _, claim := range a.Claims {
		if !claim.Supported {
			v.NoSource++
		}
	}
	body, err := render(p, a, turn)
	v.Body = body
	return v, err
}

func excerpt(text string) (cut string, shortened bool) {
	text = strings.Join(strings.Fields(text), " ")
	runes := []rune(text)
	if len(runes) <= maxExcerpt {
		return text, false
	}
	short := string(runes[:maxExcerpt])
	if i := strings.LastIndexByte(short, ' '); i > 0 {
		short = short[:i]
	}
	return short, true
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
