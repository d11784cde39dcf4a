package chat

import (
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"

	"referent/rag"
	"referent/web/shell"
)

// scopeRequest says what a question may see, as the flags of the commands do.
type scopeRequest struct {
	Collections []string `json:"collections"`
	AsOf        string   `json:"as_of"`
	Repealed    bool     `json:"repealed"`
	NoModel     bool     `json:"no_model"`
}

type askRequest struct {
	ID       string         `json:"id"`
	Question string         `json:"question"`
	History  []rag.Exchange `json:"history"`
	scopeRequest
}

type searchRequest struct {
	ID       string `json:"id"`
	Question string `json:"question"`
	K        int    `json:"k"`
	Explain  bool   `json:"explain"`
	scopeRequest
}

func (r scopeRequest) apply(q rag.Question) rag.Question {
	q.Scope = rag.Scope{Collections: r.Collections, AsOf: r.AsOf, Repealed: r.Repealed}
	q.NoModel = r.NoModel
	return q
}

// Ask is POST /api/v1/ask.
func (h *Chat) Ask(c *gin.Context) error {
	var r askRequest
	if err := shell.ReadJSON(c, &r); err != nil {
		return err
	}
	q := r.apply(rag.Question{ID: r.ID, Question: r.Question, History: r.History})
	if wantsEvents(c) {
		return h.streamAPI(c, q)
	}
	answer, err := h.Assistant.Ask(c.Request.Context(), q, func(rag.Event) error { return nil })
	if err != nil {
		return err
	}
	return h.Shell.JSON(c, http.StatusOK, answer)
}

// Search is POST /api/v1/search.
func (h *Chat) Search(c *gin.Context) error {
	var r searchRequest
	if err := shell.ReadJSON(c, &r); err != nil {
		return err
	}
	if r.K < 0 || r.K > rag.MaxHits {
		return &rag.Error{Code: shell.CodeBadRequest, Err: fmt.Errorf("k goes from 0 (%d hits) to %d", rag.DefaultHits, rag.MaxHits)}
	}
	q := r.apply(rag.Question{ID: r.ID, Question: r.Question, K: r.K, Explain: r.Explain})
	result, err := h.Assistant.Search(c.Request.Context(), q)
	if err != nil {
		return err
	}
	return h.Shell.JSON(c, http.StatusOK, result)
}
