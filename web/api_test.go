package web_test

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/legacy"

	"referent/web"
	"referent/web/documents"
	"referent/web/webtest"
)

func description(t *testing.T, s *site) *openapi3.T {
	t.Helper()
	_, body := s.get("/api/v1/openapi.json")
	doc, err := openapi3.NewLoader().LoadFromData([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		t.Fatal(err)
	}
	return doc
}

// parameter is one as gin writes it.
var parameter = regexp.MustCompile(`:(\w+)`)

func TestDescriptionHasTheRoutes(t *testing.T) {
	s := open(t)
	server, err := web.New(options(t, s.office))
	if err != nil {
		t.Fatal(err)
	}
	var served []string
	for _, route := range server.Routes() {
		if strings.HasPrefix(route.Path, "/api/") {
			served = append(served, route.Method+" "+parameter.ReplaceAllString(route.Path, "{$1}"))
		}
	}
	var described []string
	for path, item := range description(t, s).Paths.Map() {
		for method := range item.Operations() {
			described = append(described, method+" "+path)
		}
	}
	sort.Strings(served)
	sort.Strings(described)
	if !slices.Equal(served, described) {
		t.Errorf("served    %v\ndescribed %v", served, described)
	}
}

// exchange sends a request and holds it and its answer against the description.
func (s *site) exchange(doc *openapi3.T, method, path, body string, status int) string {
	s.t.Helper()
	headers := []string{"Accept", "application/json"}
	if body != "" {
		headers = append(headers, "Content-Type", "application/json")
	}
	router, err := legacy.NewRouter(doc)
	if err != nil {
		s.t.Fatal(err)
	}
	probe := s.request(method, path, strings.NewReader(body), headers...)
	probe.URL.Scheme, probe.URL.Host = "", ""
	route, parameters, err := router.FindRoute(probe)
	if err != nil {
		s.t.Fatalf("%s %s: %v", method, path, err)
	}
	input := &openapi3filter.RequestValidationInput{
		Request: probe, PathParams: parameters, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc, IncludeResponseStatus: true},
	}
	if status < http.StatusBadRequest {
		if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
			s.t.Errorf("%s %s: %v", method, path, err)
		}
	}
	response, answer := s.do(s.request(method, path, strings.NewReader(body), headers...))
	if response.StatusCode != status {
		s.t.Errorf("%s %s: status %d, want %d: %s", method, path, response.StatusCode, status, answer)
	}
	err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input, Status: response.StatusCode, Header: response.Header,
		Body: io.NopCloser(strings.NewReader(answer)), Options: input.Options,
	})
	if err != nil {
		s.t.Errorf("%s %s answers what is not described: %v", method, path, err)
	}
	return answer
}

func TestAnswersAreAsDescribed(t *testing.T) {
	s := open(t)
	doc := description(t, s)
	if _, err := s.office.Start(context.Background(), documents.Request{Collection: "biuro", Sources: []string{"a.pdf"}}); err != nil {
		t.Fatal(err)
	}
	const id = webtest.StatuteID
	for _, x := range []struct {
		method, path, body string
		status             int
	}{
		{"POST", "/api/v1/ask", `{"id":"1","question":"W jakim terminie?","history":[{"q":"a","a":"b"}],"collections":["biuro"]}`, 200},
		{"POST", "/api/v1/ask", `{"question":"Jaka ` + webtest.AskRefused + `?","no_model":true}`, 200},
		{"POST", "/api/v1/ask", `{"question":"Odpowiedz ` + webtest.AskExtractive + `"}`, 200},
		{"POST", "/api/v1/ask", `{"question":""}`, 400},
		{"POST", "/api/v1/ask", `{"question":"Będzie ` + webtest.AskBroken + `"}`, 502},
		{"POST", "/api/v1/search", `{"question":"petycja","k":5,"explain":true}`, 200},
		{"POST", "/api/v1/search", `{"question":"petycja","k":101}`, 400},
		{"GET", "/api/v1/collections", "", 200},
		{"GET", "/api/v1/documents?collection=biuro", "", 200},
		{"GET", "/api/v1/documents/" + id, "", 200},
		{"GET", "/api/v1/documents/" + webtest.NoteID, "", 200},
		{"GET", "/api/v1/documents/nie-ma", "", 404},
		{"POST", "/api/v1/ingest", `{"source":"Dz.U. z 2014 r. poz. 1195","collection":"akty"}`, 202},
		{"POST", "/api/v1/ingest", `{"source":"cokolwiek"}`, 422},
		{"POST", "/api/v1/ingest", `{"source":"DU/2014/1195","collection":"../x"}`, 422},
		{"GET", "/api/v1/documents/" + id + "/questions", "", 200},
		{"POST", "/api/v1/documents/" + id + "/questions", `{"key":"art=10","text":"ile czekac na petycje","origin":"clerk"}`, 201},
		{"POST", "/api/v1/documents/" + id + "/questions", `{"key":"art=10","text":"ile czekac na petycje","origin":"editor"}`, 422},
		{"POST", "/api/v1/documents/" + id + "/questions", `{"key":"art=999","text":"ile czekac","origin":"clerk"}`, 404},
		{"GET", "/api/v1/documents/" + id + "/questions", "", 200},
		{"GET", "/api/v1/documents/nie-ma/questions", "", 404},
		{"GET", "/api/v1/jobs", "", 200},
		{"DELETE", "/api/v1/jobs/zadanie-1", "", 204},
		{"DELETE", "/api/v1/jobs/nie-ma", "", 404},
		{"GET", "/api/v1/state", "", 200},
		{"GET", "/api/v1/openapi.json", "", 200},
		{"GET", "/api/v1/documents?q=petycj&state=embedding", "", 200},
		{"GET", "/api/v1/documents/" + webtest.NoteID + "/pages/1/image", "", 200},
		{"GET", "/api/v1/documents/" + webtest.NoteID + "/pages/3/image", "", 404},
		{"POST", "/api/v1/documents/" + id + "/read", "", 202},
		{"POST", "/api/v1/documents/nie-ma/read", "", 404},
		{"POST", "/api/v1/refresh", `{}`, 202},
		{"GET", "/api/v1/jobs", "", 200},
		{"POST", "/api/v1/forget", `{}`, 422},
		{"GET", "/api/v1/folders", "", 200},
		{"POST", "/api/v1/folders/nie-ma", `{"action":"pause"}`, 404},
		{"POST", "/api/v1/documents/" + id + "/move", `{"collection":"../x"}`, 422},
		{"POST", "/api/v1/documents/" + id + "/move", `{"collection":"biuro"}`, 200},
		{"DELETE", "/api/v1/documents/" + webtest.NoteID, "", 200},
		{"DELETE", "/api/v1/documents/" + webtest.NoteID, "", 404},
		{"POST", "/api/v1/undo/nie-ma", "", 422},
	} {
		s.exchange(doc, x.method, x.path, x.body, x.status)
	}
	if got := s.office.Requests()[1]; got.Sources[0] != "eli:DU/2014/1195" || got.Collection != "akty" {
		t.Errorf("asked for %+v", got)
	}
}

func TestListsAreNeverNull(t *testing.T) {
	s := open(t)
	s.office.Empty()
	doc := description(t, s)
	for _, path := range []string{"/api/v1/collections", "/api/v1/documents", "/api/v1/jobs"} {
		if body := s.exchange(doc, "GET", path, "", 200); strings.Contains(body, "null") {
			t.Errorf("%s: %s", path, body)
		}
	}
}

func multipartBody(t *testing.T, collection string, files map[string]string) (body *bytes.Buffer, contentType string) {
	t.Helper()
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	if collection != "" {
		if err := w.WriteField("collection", collection); err != nil {
			t.Fatal(err)
		}
	}
	for name, content := range files {
		part, err := w.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return body, w.FormDataContentType()
}

func TestUpload(t *testing.T) {
	s := open(t)
	body, kind := multipartBody(t, "akty", map[string]string{"statut.md": "# Statut"})
	response, answer := s.do(s.request(http.MethodPost, "/api/v1/documents", body, "Content-Type", kind))
	if response.StatusCode != http.StatusAccepted || !strings.Contains(answer, "zadanie-1") {
		t.Fatalf("%d %s", response.StatusCode, answer)
	}
	if got := s.office.Received()["akty/statut.md"]; got != "# Statut" {
		t.Errorf("received %q", got)
	}
	if got := s.office.Requests()[0]; got.Collection != "akty" || got.Sources[0] != "/uploads/akty/statut.md" {
		t.Errorf("asked for %+v", got)
	}
	for name, send := range map[string]func() (*bytes.Buffer, string){
		"no_files":       func() (*bytes.Buffer, string) { return multipartBody(t, "akty", nil) },
		"bad_collection": func() (*bytes.Buffer, string) { return multipartBody(t, "../etc", map[string]string{"a.md": "a"}) },
		"bad_request":    func() (*bytes.Buffer, string) { return bytes.NewBufferString("a=b"), "text/plain" },
	} {
		body, kind := send()
		response, answer := s.do(s.request(http.MethodPost, "/api/v1/documents", body, "Content-Type", kind))
		if response.StatusCode < 400 || errorCode(t, answer) != name {
			t.Errorf("%s: %d %s", name, response.StatusCode, answer)
		}
	}
	if len(s.office.Requests()) != 1 {
		t.Error("a refused upload began a job")
	}
}

func TestReadiness(t *testing.T) {
	s := open(t)
	if response, body := s.get("/readyz"); response.StatusCode != http.StatusOK || body != `{"ready":true,"degraded":["no_embeddings"]}` {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	s.office.Report.Checks[3].Level = "failed"
	if response, body := s.get("/readyz"); response.StatusCode != http.StatusServiceUnavailable || !strings.HasPrefix(body, `{"ready":false`) {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	if response, body := s.get("/healthz"); response.StatusCode != http.StatusOK || body != "ok\n" {
		t.Errorf("%d %q", response.StatusCode, body)
	}
}
