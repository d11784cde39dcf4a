package web_test

import (
	"net/http"
	"strings"
	"testing"

	"referent/rag"
	"referent/web"
	"referent/web/shell"
)

const token = "tajny-klucz"

func withToken(o *web.Options) {
	o.Access = shell.Access{Token: token, Hosts: []string{"referent.urzad.example"}}
}

func TestTokenIsDemandedEverywhereButHealth(t *testing.T) {
	s := open(t, withToken)
	for path, status := range map[string]int{
		"/healthz": http.StatusOK, "/readyz": http.StatusOK, "/static/shell/tokens.css": http.StatusOK,
		"/": http.StatusUnauthorized, "/stan": http.StatusUnauthorized, "/dokumenty": http.StatusUnauthorized,
		"/zrodlo/0f3a9c21d4e8": http.StatusUnauthorized, "/api/v1/documents": http.StatusUnauthorized,
		"/api/v1/openapi.json": http.StatusUnauthorized, "/nie-ma": http.StatusUnauthorized, "/?token=zly": http.StatusUnauthorized,
	} {
		if response, _ := s.get(path); response.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, response.StatusCode, status)
		}
	}
	if response, _ := s.do(s.askAPI("Pytanie", "application/json")); response.StatusCode != http.StatusUnauthorized || len(s.office.Asked()) > 0 {
		t.Error("a question was answered without a token")
	}
	if response, _ := s.get("/api/v1/documents", "Authorization", "Bearer "+token); response.StatusCode != http.StatusOK {
		t.Errorf("with the bearer token: %d", response.StatusCode)
	}
	if response, _ := s.get("/api/v1/documents", "Authorization", "Bearer zly"); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("with a wrong bearer token: %d", response.StatusCode)
	}
}

func TestPrintedLinkLetsIn(t *testing.T) {
	s := open(t, withToken)
	s.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, _ := s.get("/stan?lang=x&token=" + token)
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/stan?lang=x" {
		t.Fatalf("%d to %q", response.StatusCode, response.Header.Get("Location"))
	}
	cookie := (&http.Response{Header: response.Header}).Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || strings.Contains(cookie.Value, token) {
		t.Errorf("cookie %+v", cookie)
	}
	if response, _ := s.get("/stan"); response.StatusCode != http.StatusOK {
		t.Errorf("with the cookie: %d", response.StatusCode)
	}
}

func TestForeignHostIsRefused(t *testing.T) {
	s := open(t, func(o *web.Options) { o.Access.Hosts = []string{"referent.urzad.example"} })
	for host, status := range map[string]int{
		"evil.example": http.StatusMisdirectedRequest, "localhost.evil.example": http.StatusMisdirectedRequest, "": http.StatusOK,
		"localhost:8080": http.StatusOK, "127.0.0.1:8080": http.StatusOK, "[::1]:8080": http.StatusOK, "192.168.1.5": http.StatusOK,
		"Referent.Urzad.example:8080": http.StatusOK,
	} {
		r := s.request(http.MethodGet, "/", nil)
		if host != "" {
			r.Host = host
		}
		if response, _ := s.do(r); response.StatusCode != status {
			t.Errorf("host %q: %d, want %d", host, response.StatusCode, status)
		}
	}
}

func TestCrossOriginPostIsRefused(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/", "/api/v1/ask", "/dokumenty/usun/0f3a9c21d4e8", "/jezyk"} {
		r := s.request(http.MethodPost, path, strings.NewReader(`{"question":"a"}`), "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
		if response, _ := s.do(r); response.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %d", path, response.StatusCode)
		}
	}
	if len(s.office.Asked()) > 0 {
		t.Error("the question of another site was asked")
	}
}

func TestFoldersAreForThisMachineOnly(t *testing.T) {
	s := open(t)
	body := `{"source":"/srv/akty/../akty"}`
	r := s.request(http.MethodPost, "/api/v1/ingest", strings.NewReader(body), "X-Forwarded-For", "10.0.0.7")
	if response, answer := s.do(r); response.StatusCode != http.StatusForbidden || errorCode(t, answer) != string(shell.CodeForbidden) {
		t.Errorf("through a proxy: %d %s", response.StatusCode, answer)
	}
	r = s.request(http.MethodPost, "/dokumenty/folder", strings.NewReader("source=/srv"), "X-Forwarded-For", "10.0.0.7", "Content-Type", "application/x-www-form-urlencoded")
	if response, _ := s.do(r); response.StatusCode != http.StatusForbidden {
		t.Errorf("form through a proxy: %d", response.StatusCode)
	}
	if len(s.office.Requests()) > 0 {
		t.Fatal("a folder was read for a person elsewhere")
	}
	if response, answer := s.do(s.request(http.MethodPost, "/api/v1/ingest", strings.NewReader(body))); response.StatusCode != http.StatusAccepted {
		t.Errorf("at the machine itself: %d %s", response.StatusCode, answer)
	}
	if got := s.office.Requests()[0]; got.Sources[0] != "/srv/akty" || got.Collection != rag.DefaultCollection {
		t.Errorf("asked for %+v", got)
	}
	response, page := s.get("/dokumenty", "X-Forwarded-For", "10.0.0.7")
	if s.parse(response, page, http.StatusOK).Find("form[action='/dokumenty/folder']").Length() != 0 {
		t.Error("the form for folders is shown to a person elsewhere")
	}
}

func TestEveryAnswerIsGuardedByHeaders(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/", "/dokumenty", "/stan", "/nie-ma", "/static/chat/chat.js", "/api/v1/documents", "/zrodlo/0f3a9c21d4e8"} {
		response, _ := s.get(path)
		policy := response.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy %q lacks %s", path, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if response.Header.Get("X-Content-Type-Options") != "nosniff" || response.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: headers %v", path, response.Header)
		}
	}
	for _, path := range []string{"/", "/dokumenty", "/stan", "/zrodlo/0f3a9c21d4e8"} {
		if n := s.page(path, http.StatusOK).Find("[style], style, script:not([src]), [onclick], [onload]").Length(); n > 0 {
			t.Errorf("%s: %d inline styles or scripts", path, n)
		}
	}
}

func TestBodiesAreLimited(t *testing.T) {
	s := open(t)
	big := `{"question":"` + strings.Repeat("a", shell.MaxBody) + `"}`
	response, body := s.do(s.request(http.MethodPost, "/api/v1/ask", strings.NewReader(big)))
	if response.StatusCode != http.StatusRequestEntityTooLarge || errorCode(t, body) != string(shell.CodeRequestTooBig) {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	response, body = s.do(s.request(http.MethodPost, "/api/v1/ask", strings.NewReader(`{"qestion":"a"}`)))
	if response.StatusCode != http.StatusBadRequest || errorCode(t, body) != string(shell.CodeBadRequest) {
		t.Errorf("misspelt field: %d %s", response.StatusCode, body)
	}
}

func TestCrashBecomesAnErrorPage(t *testing.T) {
	s := open(t)
	s.office.Answer = func(rag.Question) rag.Answer {
		var none []int
		return rag.Answer{Seed: none[0]}
	}
	response, body := s.do(s.askAPI("Pytanie", "application/json"))
	if response.StatusCode != http.StatusInternalServerError || errorCode(t, body) != string(rag.CodeInternal) {
		t.Errorf("%d %s", response.StatusCode, body)
	}
	if response, _ := s.get("/"); response.StatusCode != http.StatusOK {
		t.Error("the server is down after one crash")
	}
}

func TestLanguageSwitch(t *testing.T) {
	s := open(t)
	s.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for back, want := range map[string]string{
		"/stan": "/stan", "//evil.example": "/", "https://evil.example/": "/", `/\evil.example`: "/", "": "/",
	} {
		response, _ := s.post("/jezyk", map[string][]string{"lang": {"en"}, "back": {back}})
		if got := response.Header.Get("Location"); got != want {
			t.Errorf("back to %q leads to %q", back, got)
		}
	}
	doc := s.page("/stan", http.StatusOK)
	if doc.Find("html").AttrOr("lang", "") != "en" || text(doc.Find("h1")) != "State" {
		t.Errorf("still in Polish: %s", text(doc.Find("h1")))
	}
}
