package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"referent/rag"
	"referent/web/webtest"
)

func TestEmptyPage(t *testing.T) {
	s := open(t)
	doc := s.page("/", http.StatusOK)
	if n := doc.Find("#examples a[data-question]").Length(); n != 3 {
		t.Errorf("%d examples, want 3", n)
	}
	if doc.Find(".turn").Length() != 0 || doc.Find("textarea#q").Length() != 1 {
		t.Error("the empty page is a box and nothing answered")
	}
	if got := text(doc.Find("#hint")); !strings.Contains(got, "AI") {
		t.Errorf("no AI notice before the first question: %q", got)
	}
	if got := doc.Find("html").AttrOr("lang", ""); got != "pl" {
		t.Errorf("lang %q", got)
	}
	checked := doc.Find("input[name=collection][checked]")
	if checked.Length() != 1 || checked.AttrOr("value", "") != rag.DefaultCollection {
		t.Error("by default all collections but the sample are searched")
	}
	var rail []string
	doc.Find(".rail nav a").Each(func(_ int, a *goquery.Selection) { rail = append(rail, text(a)) })
	if got := strings.Join(rail, " "); got != "Pytania Dokumenty Ewaluacja Stan" {
		t.Errorf("rail: %q", got)
	}
}

func TestEmptyLibrary(t *testing.T) {
	s := open(t)
	if _, err := s.office.Take(t.Context(), webtest.NoteID); err != nil {
		t.Fatal(err)
	}
	if s.page("/", http.StatusOK).Find("#examples").Length() != 0 {
		t.Error("examples about the sample office are shown without it")
	}
	s.office.Empty()
	if doc := s.page("/", http.StatusOK); doc.Find("#examples a[href='/dokumenty']").Length() != 1 {
		t.Error("an empty library leads to the documents")
	}
}

func TestAnswerWithoutScript(t *testing.T) {
	s := open(t)
	response, body := s.post("/", url.Values{"q": {"W jakim terminie?"}, "collection": {"biuro"}})
	doc := s.parse(response, body, http.StatusOK)
	if got := text(doc.Find(".turn .question")); got != "W jakim terminie?" {
		t.Errorf("question %q", got)
	}
	if n := doc.Find(".cards .card").Length(); n != 2 {
		t.Errorf("%d cards", n)
	}
	cite := doc.Find(".answer .cite").First()
	if got := text(cite); got != "art. 10 ust. 1 ustawy o petycjach" {
		t.Errorf("citation %q", got)
	}
	if strings.Contains(text(doc.Find(".answer .text")), "[1]") {
		t.Error("a marker is left in the text")
	}
	if got := text(doc.Find(".answer .mark.ai")); got != "wygenerowane przez AI – sprawdź" {
		t.Errorf("mark %q", got)
	}
	if got := text(doc.Find(".answer .claim-mark")); got != "bez pokrycia w źródle" {
		t.Errorf("claim mark %q", got)
	}
	if got := text(doc.Find(".answer li:has(.claim-mark)")); !strings.HasPrefix(got, "O przedłużeniu") {
		t.Errorf("the mark stands at the wrong sentence: %q", got)
	}
	if asked := s.office.Asked(); len(asked) != 1 || asked[0].Scope.Collections[0] != "biuro" {
		t.Errorf("asked %+v", asked)
	}

	target := cite.AttrOr("href", "")
	quote := s.page(target, http.StatusOK).Find(".unit.target mark.quote")
	if got := text(quote); !strings.HasPrefix(got, "Petycja powinna") || !strings.HasSuffix(got, "złożenia.") {
		t.Errorf("quote %q at %s", got, target)
	}

	history := doc.Find("input[name=history]").AttrOr("value", "")
	response, body = s.post("/", url.Values{"q": {"A przedłużyć?"}, "history": {history}})
	if n := s.parse(response, body, http.StatusOK).Find(".turn").Length(); n != 2 {
		t.Errorf("%d turns after the follow-up", n)
	}
	if asked := s.office.Asked(); len(asked[1].History) != 1 || asked[1].History[0].Q != "W jakim terminie?" {
		t.Errorf("history %+v", asked[1].History)
	}
}

func TestRefusalAndExtract(t *testing.T) {
	s := open(t)
	response, body := s.post("/", url.Values{"q": {"Jaka będzie " + webtest.AskRefused + "?"}})
	doc := s.parse(response, body, http.StatusOK)
	for selector, want := range map[string]string{
		".refusal h3":              "Nie ma tego w dokumentach",
		".refusal":                 "Przeszukano: biuro",
		".refusal .card":           "art. 10 ust. 1",
		".refusal .choices a":      "W jakim terminie",
		".refusal p:first-of-type": "Dodaj właściwy dokument",
	} {
		if got := text(doc.Find(selector)); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	response, body = s.post("/", url.Values{"q": {"Odpowiedz " + webtest.AskExtractive}})
	doc = s.parse(response, body, http.StatusOK)
	if got := text(doc.Find(".mark.ai")); got != "zestawienie cytatów, bez modelu" {
		t.Errorf("mark %q", got)
	}
	if got := text(doc.Find(".notice.degraded")); !strings.Contains(got, "Model językowy nie działa") {
		t.Errorf("degraded %q", got)
	}
}

func TestFailedQuestionKeepsItsText(t *testing.T) {
	s := open(t)
	for question, status := range map[string]int{
		"":                            http.StatusBadRequest,
		strings.Repeat("ą", 4001):     http.StatusBadRequest,
		"Będzie " + webtest.AskBroken: http.StatusBadGateway,
	} {
		response, body := s.post("/", url.Values{"q": {question}})
		doc := s.parse(response, body, status)
		if doc.Find("[role=alert]").Length() != 1 {
			t.Errorf("%.20q: nothing says what went wrong", question)
		}
		if got := doc.Find("textarea").Text(); got != question {
			t.Errorf("%.20q is lost: %.20q", question, got)
		}
	}
}

func TestInjectedMarkupStaysText(t *testing.T) {
	const attack = `<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](https://example.org/y.png)`
	s := open(t)
	d := webtest.Statute()
	d.ID, d.Title = "zly", attack
	d.Text = attack + "\n\n" + d.Text
	d.Units = nil
	s.office.Put(d)
	s.office.Answer = func(q rag.Question) rag.Answer {
		return rag.Answer{
			Question: q.Question, Answer: attack + " [1]", Model: attack, Rewritten: attack,
			Citations: []rag.Citation{{N: 1, Label: attack, Title: attack, Quote: attack, Document: `"><script>`, Key: attack}},
			Claims:    []rag.Claim{{Text: attack}},
		}
	}
	response, body := s.post("/", url.Values{"q": {attack}, "collection": {attack}})
	pages := map[string]*goquery.Document{"answer": s.parse(response, body, http.StatusOK)}
	pages["source"] = s.page("/zrodlo/zly", http.StatusOK)
	pages["documents"] = s.page("/dokumenty?kolekcja="+url.QueryEscape(attack), http.StatusOK)
	pages["list"] = s.page("/dokumenty", http.StatusOK)
	pages["error"] = s.page("/"+url.PathEscape(attack), http.StatusNotFound)
	for name, doc := range pages {
		doc.Find("script").Each(func(_ int, script *goquery.Selection) {
			if !strings.HasPrefix(script.AttrOr("src", ""), "/static/") || script.Text() != "" {
				t.Errorf("%s: a script got in", name)
			}
		})
		if doc.Find("img, [onerror], a[href^=javascript]").Length() > 0 {
			t.Errorf("%s: markup got in", name)
		}
	}
	if !strings.Contains(pages["answer"].Find(".answer .text").Text(), "<script>alert(1)</script>") {
		t.Error("what the model wrote must be shown as it is")
	}
}
