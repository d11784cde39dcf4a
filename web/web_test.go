package web_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/gin-gonic/gin"

	"referent/eval"
	"referent/internal/message"
	"referent/web"
	"referent/web/shell"
	"referent/web/webtest"
)

func TestMain(m *testing.M) {
	gin.SetMode(gin.TestMode)
	os.Exit(m.Run())
}

// site is a running server with its scripted office and a browser without script.
type site struct {
	*httptest.Server
	t      *testing.T
	office *webtest.Office
}

func options(t *testing.T, office *webtest.Office) web.Options {
	t.Helper()
	catalogue, err := message.Load()
	if err != nil {
		t.Fatal(err)
	}
	return web.Options{
		Assistant: office, Library: office, Shelf: office, Folders: office, Pictures: office, Intake: office, Inbox: office, Doctor: office,
		Questions: office, QuestionEditor: office, EmbeddingModel: webtest.EmbeddingModel, Catalogue: catalogue, Log: slog.New(slog.DiscardHandler),
		Desk:     eval.NewDesk(t.TempDir(), office),
		Examples: []string{"W jakim terminie trzeba rozpatrzyć petycję?", "Kto może złożyć petycję?", "Co z petycją wielokrotną?"},
	}
}

func open(t *testing.T, change ...func(*web.Options)) *site {
	t.Helper()
	s := &site{t: t, office: webtest.New()}
	o := options(t, s.office)
	for _, c := range change {
		c(&o)
	}
	server, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(server.Handler())
	t.Cleanup(s.Close)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.Client().Jar = jar
	return s
}

func (s *site) request(method, path string, body io.Reader, headers ...string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequestWithContext(context.Background(), method, s.URL+path, body)
	if err != nil {
		s.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

// reply is an answer whose body was read.
type reply struct {
	StatusCode int
	Header     http.Header
	URL        *url.URL
}

func (s *site) do(r *http.Request) (answer reply, text string) {
	s.t.Helper()
	response, err := s.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer closeBody(s.t, response)
	body, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, response.Request.URL}, string(body)
}

func (s *site) get(path string, headers ...string) (reply, string) {
	return s.do(s.request(http.MethodGet, path, nil, headers...))
}

func (s *site) post(path string, values url.Values, headers ...string) (reply, string) {
	headers = append([]string{"Content-Type", "application/x-www-form-urlencoded"}, headers...)
	return s.do(s.request(http.MethodPost, path, strings.NewReader(values.Encode()), headers...))
}

func (s *site) page(path string, status int) *goquery.Document {
	s.t.Helper()
	response, body := s.get(path)
	return s.parse(response, body, status)
}

func (s *site) parse(response reply, body string, status int) *goquery.Document {
	s.t.Helper()
	if response.StatusCode != status {
		s.t.Fatalf("%s: status %d, want %d\n%s", response.URL, response.StatusCode, status, body)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	doc.Find("template").Remove() // no part of the page until a module makes it one
	if missing := doc.Text(); strings.Contains(missing, "[chat.") || strings.Contains(missing, "[source.") ||
		strings.Contains(missing, "[documents.") || strings.Contains(missing, "[state.") || strings.Contains(missing, "[shell.") || strings.Contains(missing, "[error.") {
		s.t.Errorf("%s shows a text that the catalogue does not have", response.URL)
	}
	return doc
}

func errorCode(t *testing.T, body string) string {
	t.Helper()
	var e shell.ErrorBody
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if e.Error.Message == "" || strings.HasPrefix(e.Error.Message, "[") {
		t.Errorf("%s has no text: %q", e.Error.Code, e.Error.Message)
	}
	return string(e.Error.Code)
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func closeBody(t *testing.T, response *http.Response) {
	if err := response.Body.Close(); err != nil {
		t.Error(err)
	}
}
