// Package chat is the page of questions and answers, its event stream and the
// calls ask and search of the API. It imports web/shell, web/source and rag.
package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"referent/rag"
	"referent/web/shell"
)

// Assistant answers questions; the pages need no more of it. An error from the
// event function ends the answer, and so does the end of the context.
type Assistant interface {
	Ask(ctx context.Context, q rag.Question, event func(rag.Event) error) (rag.Answer, error)
	Search(ctx context.Context, q rag.Question) (rag.SearchResult, error)
}

// Shelf tells which collections there are to choose from.
type Shelf interface {
	Collections(ctx context.Context, digest string) ([]rag.CollectionState, error)
}

// shownExamples is how many examples the empty page shows.
const shownExamples = 3

// Chat is the feature.
type Chat struct {
	Shell     *shell.Shell
	Assistant Assistant
	Shelf     Shelf
	Examples  []string // questions that the sample office answers, best first
}

// page is the page of questions.
type page struct {
	shell.Frame
	Examples    []string
	Collections []choice
	Question    string // kept in the box when something went wrong
	History     string // the conversation so far as JSON, for a page without script
	Turns       []turn // of a page without script
	Failure     *shell.ErrorText
}

type choice struct {
	Name    string
	Sample  bool
	Checked bool
}

type turn struct {
	Question string
	Earlier  string // the answer's text alone, for turns before the last one
	Answer   *answerView
}

// Page shows the empty page.
func (h *Chat) Page(c *gin.Context) error {
	p, err := h.page(c, c.QueryArray("collection"))
	if err != nil {
		return err
	}
	p.Question = c.Query("q")
	return h.Shell.Page(c, http.StatusOK, "chat", p)
}

func (h *Chat) page(c *gin.Context, chosen []string) (page, error) {
	p := page{
		Frame: h.Shell.Frame(c, "chat", h.Shell.Printer(c).Text("chat.title", nil)),
	}
	collections, err := h.Shelf.Collections(c.Request.Context(), "")
	if err != nil {
		return p, err
	}
	for _, k := range collections {
		checked := slices.Contains(chosen, k.Name)
		if len(chosen) == 0 {
			// The contract's default: all but the sample office, which is read when it is alone.
			checked = k.Name != rag.SampleCollection || len(collections) == 1
		}
		p.Collections = append(p.Collections, choice{k.Name, k.Name == rag.SampleCollection, checked})
		if k.Name == rag.SampleCollection {
			p.Examples = h.Examples[:min(shownExamples, len(h.Examples))]
		}
	}
	return p, nil
}

// form is a question as the page sends it, with a script and without one.
func form(c *gin.Context) (rag.Question, error) {
	if err := c.Request.ParseForm(); err != nil {
		return rag.Question{}, &rag.Error{Code: shell.CodeBadRequest, Err: err}
	}
	q := rag.Question{Question: strings.TrimSpace(c.PostForm("q"))}
	q.Scope.Collections = c.PostFormArray("collection")
	if history := c.PostForm("history"); history != "" {
		if err := json.Unmarshal([]byte(history), &q.History); err != nil {
			return q, &rag.Error{Code: shell.CodeBadRequest, Err: fmt.Errorf("history: %w", err)}
		}
	}
	if len(q.History) > rag.MaxHistory {
		q.History = q.History[len(q.History)-rag.MaxHistory:]
	}
	return q, nil
}

// Post answers a question of the page: as events for its module, as a whole page
// where there is no script.
func (h *Chat) Post(c *gin.Context) error {
	q, err := form(c)
	if err != nil {
		return err
	}
	if wantsEvents(c) {
		return h.streamPage(c, q)
	}
	p, err := h.page(c, q.Scope.Collections)
	if err != nil {
		return err
	}
	for _, earlier := range q.History {
		p.Turns = append(p.Turns, turn{Question: earlier.Q, Earlier: earlier.A})
	}
	status := http.StatusOK
	answer, err := h.Assistant.Ask(c.Request.Context(), q, func(rag.Event) error { return nil })
	if err != nil {
		text := shell.Explain(h.Shell.Printer(c), err)
		p.Failure, p.Question, status = &text, q.Question, shell.Status(text.Code)
	} else {
		view, err := newAnswerView(h.Shell.Printer(c), answer, "1")
		if err != nil {
			return err
		}
		p.Turns = append(p.Turns, turn{Question: q.Question, Answer: &view})
		q.History = append(q.History, rag.Exchange{Q: q.Question, A: answer.Answer})
	}
	history, err := json.Marshal(q.History)
	if err != nil {
		return err
	}
	p.History = string(history)
	return h.Shell.Page(c, status, "chat", p)
}

func wantsEvents(c *gin.Context) bool {
	return strings.Contains(c.GetHeader("Accept"), "text/event-stream")
}
