package questions

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"referent/rag"
	"referent/rag/enrich"
	"referent/web/shell"
)

// PostEdit is the form that adds, changes, takes off, restores or undoes.
func (h *Questions) PostEdit(c *gin.Context) error {
	ctx, document := c.Request.Context(), c.Param("id")
	units, err := h.read(ctx, document)
	if err != nil {
		return err
	}
	unit := find(units, c.PostForm("fragment"))
	if unit == nil {
		return &rag.Error{Code: rag.CodeNotFound, Subject: c.PostForm("fragment")}
	}
	edit, err := readEdit(c)
	if err != nil {
		return err
	}
	p := page{Unit: unit, Tests: c.PostForm("proby")}
	text := strings.Join(strings.Fields(c.PostForm("tekst")), " ")
	if action := c.PostForm("co"); action == "dodaj" || action == "zmien" {
		whole, err := h.Editor.AskableText(ctx, unit.Askable)
		if err != nil {
			return err
		}
		printer := h.Shell.Printer(c)
		for _, reason := range enrich.Check(text, whole, others(*unit, edit.TakeOff)) {
			p.Reasons = append(p.Reasons, printer.Text("questions.reason."+string(reason), nil))
		}
		if len(p.Reasons) > 0 {
			p.Text = text
			return h.show(c, http.StatusUnprocessableEntity, units, p)
		}
		edit.Add = []rag.EverydayQuestion{enrich.About(unit.Askable, whole, text)}
	} else if text == "" {
		text = textOf(*unit, append(edit.TakeOff, edit.Restore...))
	}
	tests := chosen(units, *unit, text, p.Tests)
	before, err := h.ranks(ctx, document, tests)
	if err != nil {
		return err
	}
	added, err := h.Editor.EditQuestions(ctx, document, edit)
	if err != nil {
		return err
	}
	after, err := h.ranks(ctx, document, tests)
	if err != nil {
		return err
	}
	p.Effects = effects(tests, before, after)
	p.Undo = &undoView{
		Text:    h.Shell.Printer(c).Text("questions.done", struct{ Text string }{text}),
		TakeOff: append(added, edit.Restore...), Restore: edit.TakeOff,
	}
	if units, err = h.read(ctx, document); err != nil {
		return err
	}
	p.Unit = find(units, c.PostForm("fragment"))
	return h.show(c, http.StatusOK, units, p)
}

func readEdit(c *gin.Context) (rag.QuestionEdit, error) {
	edit := rag.QuestionEdit{Origin: rag.OriginEditor}
	for name, into := range map[string]*[]int64{"usun": &edit.TakeOff, "przywroc": &edit.Restore} {
		for _, value := range c.PostFormArray(name) {
			id, err := strconv.ParseInt(value, 10, 64)
			if err != nil {
				return edit, &rag.Error{Code: shell.CodeBadRequest, Err: err}
			}
			*into = append(*into, id)
		}
	}
	return edit, nil
}

func find(units []unitView, passage string) *unitView {
	for i, u := range units {
		if strconv.FormatInt(u.Passage, 10) == passage {
			return &units[i]
		}
	}
	return nil
}

// others are the texts of a unit's questions but those that go.
func others(u unitView, going []int64) []string {
	var texts []string
	for _, q := range u.Asked {
		gone := false
		for _, id := range going {
			gone = gone || id == q.ID
		}
		if !gone {
			texts = append(texts, q.Text)
		}
	}
	return texts
}

func textOf(u unitView, ids []int64) string {
	for _, q := range append(append([]rag.AskedQuestion{}, u.Asked...), u.Off...) {
		for _, id := range ids {
			if id == q.ID {
				return q.Text
			}
		}
	}
	return ""
}
