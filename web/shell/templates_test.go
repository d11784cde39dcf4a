package shell

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"referent/internal/message"
)

func load(t *testing.T) *message.Catalogue {
	t.Helper()
	catalogue, err := message.Load()
	if err != nil {
		t.Fatal(err)
	}
	return catalogue
}

func TestStartFailsOnWhatIsMissing(t *testing.T) {
	for body, want := range map[string]string{
		`{{define "main"}}{{template "nowhere"}}{{end}}`:                       `template "nowhere"`,
		`{{define "main"}}{{if .X}}{{else}}{{t "no.such.text"}}{{end}}{{end}}`: `text "no.such.text"`,
		`{{define "main"}}<p title="{{t "no.such.title" .}}">{{end}}`:          `text "no.such.title"`,
		`{{define "main"}}{{n "no.such.count" 3}}{{end}}`:                      `text "no.such.count"`,
		`{{define "main"}}{{nofunction}}{{end}}`:                               `nofunction`,
		`{{define "main"}}{{t "app.name"}}{{end}}`:                             ``,
	} {
		files := fstest.MapFS{
			"shell/layout.html": {Data: []byte(`{{define "layout"}}{{template "main" .}}{{end}}`)},
			"page/page.html":    {Data: []byte(body)},
			"shell/main.html":   {Data: []byte(`{{define "main"}}{{end}}`)},
		}
		_, err := New(Options{Files: files, Catalogue: load(t), Log: slog.New(slog.DiscardHandler)})
		switch {
		case want == "" && err != nil:
			t.Errorf("%s: %v", body, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}

func TestRouteThatLetsInNobodyIsRefused(t *testing.T) {
	s := &Shell{}
	if _, err := s.Guard([]Route{{Method: http.MethodGet, Path: "/x"}}); err == nil {
		t.Error("a route that does not say whom it lets in was taken")
	}
}

func TestEveryFailureHasAText(t *testing.T) {
	for _, lang := range message.Languages {
		p := load(t).In(lang)
		for code := range statuses {
			if !p.Has("error." + string(code)) {
				t.Errorf("%s has no text for %s", lang, code)
			}
		}
	}
}

func TestFormats(t *testing.T) {
	pl, en := load(t).In("pl"), load(t).In("en")
	for _, x := range []struct{ got, want string }{
		{Date(pl, "2026-11-03"), "3 listopada 2026"},
		{Date(en, "2026-11-03"), "3 November 2026"},
		{Date(pl, "kiedyś"), "kiedyś"},
		{Moment(time.Date(2026, 11, 3, 9, 5, 0, 0, time.Local)), "3.11.2026, 09:05"},
		{Bytes(pl, 999), "999 B"}, {Bytes(pl, 1_420_000_000), "1,4 GB"}, {Bytes(en, 1_420_000_000), "1.4 GB"}, {Bytes(pl, 274_000_000), "274 MB"},
		{Duration(pl, 3*time.Second), "3 sekundy"}, {Duration(pl, 0), "1 sekunda"}, {Duration(pl, 5*time.Minute), "5 minut"}, {Duration(pl, 22*time.Minute), "22 minuty"},
		{Duration(en, time.Hour), "1 hour"}, {Seconds(pl, 2.44), "2,4 s"}, {Seconds(pl, 12.4), "12 s"}, {Seconds(pl, 0), ""},
	} {
		if x.got != x.want {
			t.Errorf("got %q, want %q", x.got, x.want)
		}
	}
}
