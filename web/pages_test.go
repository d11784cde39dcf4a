package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"referent/web"
	"referent/web/webtest"
)

func TestStatuteIsSetAsLaw(t *testing.T) {
	s := open(t)
	doc := s.page("/zrodlo/"+webtest.StatuteID+"?unit=art%3D2%3Bust%3D2", http.StatusOK)
	for selector, want := range map[string]string{
		".document-head":                        "Dz.U. 2014 poz. 1195",
		".document-head .marks":                 "brzmienie z 11 lipca 2014",
		"#u-art=2 > .number":                    "Art. 2",
		"#u-art=2_ust=2 > .number":              "2.",
		"#u-art=2_ust=2 .level-pkt > .number":   "1)2)3)",
		"#u-art=2_ust=2.target > .body > .text": "Petycja może być złożona w interesie:",
		"#u-art=9.repealed":                     "(uchylony)",
	} {
		selector = strings.ReplaceAll(selector, "=", `\=`)
		if got := text(doc.Find(selector)); !strings.Contains(strings.ReplaceAll(got, "\u00a0", " "), want) {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	if got := text(doc.Find("h2.heading").First()); got != "Rozdział 1 Przepisy ogólne" {
		t.Errorf("heading %q", got)
	}
	if strings.Contains(doc.Find(".law").Text(), "#") {
		t.Error("Markdown's signs are shown")
	}
	if strings.Contains(doc.Find("body").Text(), "/srv/") {
		t.Error("a folder of the server is shown")
	}
}

func TestQuoteOverSeveralUnits(t *testing.T) {
	s := open(t)
	span := webtest.Find(webtest.Statute().Text, "złożona w interesie", "wnoszącego petycję;")
	link := url.Values{"unit": {"art=2;ust=2"}, "start": {strconv.Itoa(span.Start)}, "end": {strconv.Itoa(span.End)}}
	doc := s.page("/zrodlo/"+webtest.StatuteID+"?"+link.Encode(), http.StatusOK)
	var marked []string
	doc.Find("mark.quote").Each(func(_ int, m *goquery.Selection) { marked = append(marked, text(m)) })
	if got := strings.Join(marked, "|"); got != "złożona w interesie:|publicznym;|podmiotu wnoszącego petycję;" {
		t.Errorf("highlighted %q", got)
	}
	if n := doc.Find("#cytat").Length(); n != 1 {
		t.Errorf("%d anchors of the quote", n)
	}
}

func TestSourceOddities(t *testing.T) {
	s := open(t)
	for path, status := range map[string]int{
		"/zrodlo/nie-ma": http.StatusNotFound,
		"/zrodlo/" + webtest.StatuteID + "?start=-1":         http.StatusBadRequest,
		"/zrodlo/" + webtest.StatuteID + "?start=x&end=5":    http.StatusBadRequest,
		"/zrodlo/" + webtest.StatuteID + "?start=5&end=9999": http.StatusOK,
		"/zrodlo/" + webtest.StatuteID + "?od=99999":         http.StatusOK,
	} {
		s.page(path, status)
	}
	if doc := s.page("/zrodlo/"+webtest.StatuteID+"?unit=art%3D99", http.StatusOK); doc.Find(".notice.warning").Length() != 1 {
		t.Error("a unit that is gone is passed over in silence")
	}
	doc := s.page("/zrodlo/"+webtest.NoteID, http.StatusOK)
	if got := text(doc.Find(".page-start")); got != "str. 1str. 2" {
		t.Errorf("pages %q", got)
	}
	if got := text(doc.Find(".document-head .mark").First()); got != "status nieznany" {
		t.Errorf("status %q", got)
	}
	panel := s.page("/zrodlo/"+webtest.StatuteID+"?unit=art%3D10&panel=1", http.StatusOK)
	if panel.Find("nav").Length() != 0 || panel.Find(".unit.target").Length() != 1 || panel.Find(".document-head a").Length() != 1 {
		t.Error("the panel shows the unit and leads to the whole document")
	}
}

func TestJobsOnThePage(t *testing.T) {
	s := open(t)
	response, body := s.post("/dokumenty/ustawa", url.Values{"source": {"du/2014/1195"}, "collection": {"akty"}})
	doc := s.parse(response, body, http.StatusOK)
	job := doc.Find(".row.job")
	for _, want := range []string{"eli:DU/2014/1195", "czytanie", "3 / 12", "zostało około 2 minuty", "instrukcja.pdf", "skan.pdf", "zapewne skan"} {
		if got := text(job); !strings.Contains(got, want) {
			t.Errorf("job %q lacks %q", got, want)
		}
	}
	if strings.Contains(job.Text(), "/srv/") {
		t.Error("a problem tells a folder of the server")
	}
	action := job.Find("form").AttrOr("action", "")
	response, body = s.post(action, nil)
	if got := text(s.parse(response, body, http.StatusOK).Find(".row.job .quiet").First()); got != "anulowane" {
		t.Errorf("after cancelling: %q", got)
	}
	response, body = s.post("/dokumenty/ustawa", url.Values{"source": {"ustawa o petycjach"}})
	if got := text(s.parse(response, body, http.StatusUnprocessableEntity).Find("[role=alert]")); !strings.Contains(got, "DU/2014/1195") {
		t.Errorf("a bad number is answered by %q", got)
	}
}

func TestUploadWithoutScript(t *testing.T) {
	s := open(t)
	body, kind := multipartBody(t, "", map[string]string{"a.md": "a"})
	response, page := s.do(s.request(http.MethodPost, "/dokumenty", body, "Content-Type", kind))
	if s.parse(response, page, http.StatusOK).Find(".row.job").Length() != 1 {
		t.Error("no job for the upload")
	}
}

func TestStatePage(t *testing.T) {
	s := open(t)
	doc := s.page("/stan", http.StatusOK)
	for selector, want := range map[string]string{
		".verdict.warning": "Działa z ograniczeniami.",
		".check.warning":   "referent setup",
		"table":            "czyta 41 tokenów/s",
		".figures":         "21,0 GB wolne",
		".failures":        "Ollama przerwała odpowiedź w połowie.",
	} {
		if got := text(doc.Find(selector)); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	if got := doc.Find(".rail [aria-current=page]").Text(); got != "Stan" {
		t.Errorf("current page in the rail: %q", got)
	}
}

func TestStaticFiles(t *testing.T) {
	s := open(t)
	response, _ := s.get("/static/chat/chat.js")
	if got := response.Header.Get("Content-Type"); got != "text/javascript; charset=utf-8" {
		t.Errorf("type %q", got)
	}
	if response, _ = s.get("/static/chat/chat.js", "If-None-Match", response.Header.Get("ETag")); response.StatusCode != http.StatusNotModified {
		t.Errorf("unchanged file: %d", response.StatusCode)
	}
	for _, path := range []string{"/static/chat/chat.html", "/static/", "/static/../server.go", "/static/nie-ma.js"} {
		if response, _ := s.get(path); response.StatusCode != http.StatusNotFound {
			t.Errorf("%s: %d", path, response.StatusCode)
		}
	}
	// Whatever a page asks for must be among the embedded files.
	for _, path := range []string{"/", "/dokumenty", "/stan", "/zrodlo/" + webtest.StatuteID, "/nie-ma"} {
		response, body := s.get(path)
		doc := s.parse(response, body, response.StatusCode)
		doc.Find("link[href], script[src]").Each(func(_ int, e *goquery.Selection) {
			file := e.AttrOr("href", e.AttrOr("src", ""))
			if response, _ := s.get(file); response.StatusCode != http.StatusOK {
				t.Errorf("%s asks for %s: %d", path, file, response.StatusCode)
			}
		})
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	o := options(t, webtest.New())
	o.Intake = nil
	if _, err := web.New(o); err == nil || !strings.Contains(err.Error(), "intake") {
		t.Errorf("got %v", err)
	}
}
