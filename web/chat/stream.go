package chat

import (
	"context"
	"errors"

	"github.com/gin-gonic/gin"

	"referent/rag"
	"referent/web/shell"
)

// The events of the page carry pieces of the page, rendered by the templates that
// also make the page without a script: an answer looks the same either way.
type (
	sourcesPiece struct {
		HTML string `json:"html"`
		Text string `json:"text"` // what happens now
	}
	waitingPiece struct {
		Ahead int    `json:"ahead"`
		Text  string `json:"text"`
	}
	finishedPiece struct {
		HTML   string `json:"html"`
		Answer string `json:"answer"` // for the conversation's history
		Text   string `json:"text"`
	}
)

// streamPage answers the page's module. "turn" makes the identifiers of this
// answer's elements its own among the answers of the page.
func (h *Chat) streamPage(c *gin.Context, q rag.Question) error {
	p := h.Shell.Printer(c)
	turn := c.PostForm("turn")
	return h.Shell.Stream(c, func(ctx context.Context, stream *shell.Stream) error {
		_, err := h.Assistant.Ask(ctx, q, func(event rag.Event) error {
			switch e := event.(type) {
			case rag.Waiting:
				text := p.Text("chat.now.searching", nil)
				if e.Ahead > 0 {
					text = p.Plural("chat.now.waiting", e.Ahead)
				}
				return stream.Send("waiting", waitingPiece{e.Ahead, text})
			case rag.Sources:
				html, err := h.Shell.Fragment(p.Lang, "chat", "sources", newSourcesView(p, e.Sources, e.Rewritten, e.Degraded, turn))
				if err != nil {
					return err
				}
				return stream.Send("sources", sourcesPiece{html, p.Plural("chat.now.reading", len(e.Sources))})
			case rag.Token:
				return stream.Send("token", e)
			case rag.Finished:
				view, err := newAnswerView(p, e.Answer, turn)
				if err != nil {
					return err
				}
				html, err := h.Shell.Fragment(p.Lang, "chat", "answer", view)
				if err != nil {
					return err
				}
				return stream.Send("finished", finishedPiece{html, e.Answer.Answer, p.Text("chat.now.done", nil)})
			default:
				return nil
			}
		})
		return err
	})
}

// streamAPI answers a program with the events of rag as they are.
func (h *Chat) streamAPI(c *gin.Context, q rag.Question) error {
	return h.Shell.Stream(c, func(ctx context.Context, stream *shell.Stream) error {
		_, err := h.Assistant.Ask(ctx, q, func(event rag.Event) error {
			switch e := event.(type) {
			case rag.Waiting:
				return stream.Send("waiting", e)
			case rag.Sources:
				return stream.Send("sources", e)
			case rag.Token:
				return stream.Send("token", e)
			case rag.Finished:
				return stream.Send("finished", e)
			default:
				return errors.New("an event that the API does not know")
			}
		})
		return err
	})
}
