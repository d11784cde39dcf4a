package questions

import (
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"referent/rag"
	"referent/rag/enrich"
	"referent/web/shell"
)

// askedJSON is a question as the API gives it.
type askedJSON struct {
	ID       int64      `json:"id"`
	Key      string     `json:"key"`
	Text     string     `json:"text"`
	Origin   rag.Origin `json:"origin"`
	Model    string     `json:"model"`
	Stale    bool       `json:"stale"`
	TakenOff bool       `json:"taken_off"`
}

// List is GET /api/v1/documents/:id/questions.
func (h *Questions) List(c *gin.Context) error {
	ctx := c.Request.Context()
	if _, err := h.Library.AskableOf(ctx, c.Param("id"), rag.Hand{}); err != nil {
		return err
	}
	asked, err := h.Library.AskedOf(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	off, err := h.Library.TakenOff(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	list := []askedJSON{}
	for _, q := range append(asked, off...) {
		list = append(list, askedJSON{q.ID, q.Key, q.Text, q.Origin, q.Model, q.Stale, q.TakenOff})
	}
	return h.Shell.JSON(c, http.StatusOK, struct {
		Questions []askedJSON `json:"questions"`
	}{list})
}

// proposal is what POST /api/v1/documents/:id/questions takes: a question for the unit
// with that key, of an editor or, of an answer that was marked good, of a clerk.
type proposal struct {
	Key    string     `json:"key"`
	Text   string     `json:"text"`
	Origin rag.Origin `json:"origin"`
}

// Add is POST /api/v1/documents/:id/questions. What breaks the rules is answered with 422
// and the rules' names.
func (h *Questions) Add(c *gin.Context) error {
	var asked proposal
	if err := shell.ReadJSON(c, &asked); err != nil {
		return err
	}
	if asked.Origin != rag.OriginEditor && asked.Origin != rag.OriginClerk {
		return &rag.Error{Code: shell.CodeBadRequest, Subject: string(asked.Origin)}
	}
	text := strings.Join(strings.Fields(asked.Text), " ")
	if text == "" {
		return &rag.Error{Code: rag.CodeEmptyQuestion}
	}
	ctx := c.Request.Context()
	units, err := h.read(ctx, c.Param("id"))
	if err != nil {
		return err
	}
	for _, unit := range units {
		if unit.Key == asked.Key {
			return h.add(c, unit, text, asked.Origin)
		}
	}
	return &rag.Error{Code: rag.CodeNotFound, Subject: asked.Key}
}

func (h *Questions) add(c *gin.Context, unit unitView, text string, origin rag.Origin) error {
	whole, err := h.Editor.AskableText(c.Request.Context(), unit.Askable)
	if err != nil {
		return err
	}
	broken := enrich.CheckAsked(text, others(unit, nil))
	if origin == rag.OriginEditor {
		broken = enrich.Check(text, whole, others(unit, nil))
	}
	answer := struct {
		ID      int64           `json:"id"`
		Reasons []enrich.Reason `json:"reasons"`
	}{Reasons: []enrich.Reason{}}
	if len(broken) > 0 {
		answer.Reasons = broken
		return h.Shell.JSON(c, http.StatusUnprocessableEntity, answer)
	}
	edit := rag.QuestionEdit{Origin: origin, Add: []rag.EverydayQuestion{enrich.About(unit.Askable, whole, text)}}
	added, err := h.Editor.EditQuestions(c.Request.Context(), c.Param("id"), edit)
	if err != nil {
		return err
	}
	answer.ID = added[0]
	return h.Shell.JSON(c, http.StatusCreated, answer)
}
