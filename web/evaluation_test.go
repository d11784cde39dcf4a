package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"referent/eval"
	"referent/rag"
	"referent/web"
)

// ranking finds the same units in the order it is told.
type ranking struct{ keys []string }

func (r *ranking) Search(context.Context, rag.Question) (rag.SearchResult, error) {
	result := rag.SearchResult{Degraded: []rag.Degradation{}}
	for _, key := range r.keys {
		article, _, _ := strings.Cut(strings.TrimPrefix(key, "art="), ";")
		result.Hits = append(result.Hits, rag.Hit{Act: "DU/2014/1195", Article: article, Key: key})
	}
	return result, nil
}

// evaluated is a site whose office has a desk that works.
func evaluated(t *testing.T, found *ranking) *site {
	t.Helper()
	desk := eval.NewDesk(t.TempDir(), found)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); desk.Work(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	return open(t, func(o *web.Options) { o.Desk = desk })
}

// submit sends the form that a selection holds, as a browser without script does.
func (s *site) submit(form *goquery.Selection, more url.Values) *goquery.Document {
	s.t.Helper()
	action, has := form.Attr("action")
	if !has {
		s.t.Fatalf("no form: %s", form.Text())
	}
	values := url.Values{}
	form.Find("input[name], textarea[name]").Each(func(_ int, field *goquery.Selection) {
		values.Set(field.AttrOr("name", ""), field.AttrOr("value", field.Text()))
	})
	for name, value := range more {
		values[name] = value
	}
	request := s.request(http.MethodPost, action, strings.NewReader(values.Encode()), "Content-Type", "application/x-www-form-urlencoded")
	answer, body := s.do(request)
	if answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %d %s", action, answer.StatusCode, body)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	return doc
}

// finished waits for the run on its way and gives the page.
func (s *site) finished(runs int) *goquery.Document {
	s.t.Helper()
	for range 200 {
		doc := s.page("/ewaluacja", http.StatusOK)
		if doc.Find("[data-working]").Length() == 0 && doc.Find("tbody tr").Length() == runs {
			return doc
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.t.Fatal("the run does not end")
	return nil
}

func TestOwnQuestions(t *testing.T) {
	found := &ranking{keys: []string{"art=9", "art=10;ust=1"}}
	s := evaluated(t, found)
	empty := s.page("/ewaluacja", http.StatusOK)
	if empty.Find(".empty").Length() != 1 || empty.Find("form[action='/ewaluacja/przebiegi']").Length() != 0 {
		t.Error("the empty page offers a run, or does not say that it is empty")
	}

	const question = "Ile to <b>trwa</b>?"
	marking := s.submit(empty.Find("form.add"), url.Values{"pytanie": {question}})
	if got := text(marking.Find("h1")); got != question {
		t.Errorf("heading %q", got)
	}
	marked := s.submit(marking.Find(".hit form").First(), nil)
	if got := text(marked.Find(".chosen .title")); got == "" || marked.Find(".hit .mark.ok").Length() != 1 {
		t.Errorf("marked %q", got)
	}
	unmarked := s.submit(marked.Find(".chosen form"), nil)
	if unmarked.Find(".chosen").Length() != 0 {
		t.Error("a mark was not taken back")
	}
	s.submit(unmarked.Find(".hit form").First(), nil)

	s.submit(s.page("/ewaluacja", http.StatusOK).Find("form[action='/ewaluacja/przebiegi']"), nil)
	listed := s.finished(1)
	first := listed.Find("tbody tr td").Eq(1)
	if got := text(first); got != "0 % (0)" { // the second place is not the first
		t.Errorf("first place %q", got)
	}
	found.keys = []string{"art=10;ust=1", "art=9"}
	s.submit(listed.Find("form[action='/ewaluacja/przebiegi']"), nil)
	listed = s.finished(2)
	run := s.page(listed.Find("tbody tr th a").First().AttrOr("href", ""), http.StatusOK)
	if run.Find("select#other option").Length() != 1 || !strings.Contains(text(run.Find("tbody tr")), question) {
		t.Errorf("the run: %s", text(run.Find("main")))
	}
	if change := text(run.Find("tbody tr td").Last()); change != "lepiej" {
		t.Errorf("from the second place to the first: %q", change)
	}

	deleted := s.submit(s.page("/ewaluacja", http.StatusOK).Find(".confirm form"), nil)
	if deleted.Find(".list .row").Length() != 0 || deleted.Find("tbody tr").Length() != 2 {
		t.Error("a deleted question stays, or takes the runs with it")
	}
}

func TestOwnQuestionsThatCannotBe(t *testing.T) {
	s := evaluated(t, &ranking{})
	for path, form := range map[string]string{
		"/ewaluacja":                  "pytanie=%20",
		"/ewaluacja/przebiegi":        "",
		"/ewaluacja/pytania/x/wskaz":  "akt=DU%2F2014%2F1195&jednostka=art.+1&klucz=art%3D1",
		"/ewaluacja/pytania/x/cofnij": "akt=DU%2F2014%2F1195&klucz=zepsuty",
	} {
		answer, body := s.do(s.request(http.MethodPost, path, strings.NewReader(form), "Content-Type", "application/x-www-form-urlencoded"))
		if answer.StatusCode < 400 || answer.StatusCode >= 500 {
			t.Errorf("%s: %d %s", path, answer.StatusCode, body)
		}
	}
	for _, path := range []string{"/ewaluacja/pytania/nie-ma", "/ewaluacja/przebiegi/..%2Fquestions"} {
		s.page(path, http.StatusNotFound)
	}
}
