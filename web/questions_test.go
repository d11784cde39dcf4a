package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"referent/rag"
	"referent/web"
	"referent/web/webtest"
)

const everydayPath = "/zrodlo/" + webtest.StatuteID + "/pytania"

// refused gives the page that says why a question was not taken.
func (s *site) refused(path, passage, question string) *goquery.Document {
	s.t.Helper()
	form := url.Values{"fragment": {passage}, "co": {"dodaj"}, "tekst": {question}}
	answer, body := s.do(s.request(http.MethodPost, path, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded"))
	if answer.StatusCode != http.StatusUnprocessableEntity {
		s.t.Fatalf("%d %s", answer.StatusCode, body)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	return doc
}

func TestEverydayQuestionsAreEdited(t *testing.T) {
	s := open(t)
	list := s.page(everydayPath, http.StatusOK)
	if list.Find(".list .row").Length() == 0 || !strings.Contains(text(list.Find("#enrich")), "nie zmierzono") {
		t.Fatalf("units and what enrich would bring: %s", text(list.Find("main")))
	}
	unit := s.page(everydayPath+"?unit=art%3D10", http.StatusOK)
	if unit.Find(".questions .empty").Length() != 1 {
		t.Fatal("the unit does not say that it has no questions")
	}

	refused := s.refused(everydayPath, unit.Find("form.add input[name=fragment]").AttrOr("value", ""), "<b>za krótkie</b>")
	if refused.Find(".reasons li").Length() == 0 || refused.Find("#new-question").Text() != "<b>za krótkie</b>" || refused.Find("main b").Length() != 0 {
		t.Errorf("refused: %s", text(refused.Find("main")))
	}

	const question = "Wysłałem do wójta prośbę o <i>ławkę</i>, ile mogę czekać na list?"
	added := s.submit(unit.Find("form.add"), url.Values{"tekst": {question}, "proby": {"kiedy odpisze wojt"}})
	if got := text(added.Find(".asked .title")); got != question || !strings.Contains(text(added.Find(".asked .quiet")), "redaktor") {
		t.Errorf("added %q", got)
	}
	if added.Find("tbody tr").Length() != 2 || text(added.Find("tbody tr td").Eq(1)) != "1" {
		t.Errorf("effects: %s", text(added.Find("table")))
	}
	const better = "Poprosiłem wójta o ławkę przed blokiem, do kiedy musi mi odpisać?"
	changed := s.submit(added.Find(".asked details form"), url.Values{"tekst": {better}})
	if got := text(changed.Find(".asked .title")); got != better || text(changed.Find(".off .title")) != question {
		t.Errorf("changed: %q", got)
	}
	undone := s.submit(changed.Find(".notice.done form"), nil)
	if got := text(undone.Find(".asked .title")); got != question || text(undone.Find(".off .title")) != better {
		t.Errorf("undone: %q", got)
	}
	off := s.submit(undone.Find(".asked .row > form"), nil)
	if off.Find(".asked").Length() != 0 || off.Find(".off .row").Length() != 2 {
		t.Error("a question that was taken off stands")
	}
	back := s.submit(off.Find(".off form").First(), nil)
	if back.Find(".asked .row").Length() != 1 {
		t.Error("a question did not come back")
	}
	for _, path := range []string{"/zrodlo/nie-ma/pytania", everydayPath + "?unit=art%3D99"} {
		s.page(path, http.StatusNotFound)
	}
}

func TestEstimateOfQuestions(t *testing.T) {
	s := open(t, func(o *web.Options) {
		o.QuestionPace = func(context.Context) rag.Pace {
			return rag.Pace{Units: 1, Runes: 1000, Writing: 90 * time.Second}
		}
	})
	if got := text(s.page("/zrodlo/"+webtest.NoteID+"/pytania", http.StatusOK).Find("#enrich")); !strings.Contains(got, "minut") {
		t.Errorf("estimate: %s", got)
	}
}
