package ingest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"referent/ingest/official"
	"referent/rag"
)

func eliServer(t *testing.T) *httptest.Server {
	t.Helper()
	page, err := os.ReadFile("testdata/eli.html")
	if err != nil {
		t.Fatal(err)
	}
	write := func(contentType, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			if _, err := w.Write([]byte(body)); err != nil {
				t.Error(err)
			}
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/eli/acts/DU/2020/15", write("application/json", `{"title":"Ustawa o mostach","textHTML":true}`))
	mux.HandleFunc("/eli/acts/DU/2020/15/text.html", write("text/html; charset=utf-8", string(page)))
	mux.HandleFunc("/eli/acts/DU/2020/16", write("application/json", `{"title":"Tylko PDF","textHTML":false}`))
	mux.HandleFunc("/eli/acts/DU/2020/17", write("text/html", "<html><body>Request Rejected. Your support ID is 1</body></html>"))
	mux.HandleFunc("/strona", write("text/html; charset=iso-8859-2", "<html><body><p>Op\xb3ata za gar\xfabage</p></body></html>"))
	mux.HandleFunc("/plik.txt", write("text/plain", "Zwykły tekst."))
	mux.HandleFunc("/obraz", write("image/png", "\x89PNG\r\n\x1a\n\x00"))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func TestAddresses(t *testing.T) {
	server := eliServer(t)
	lib := newLibrary()
	p := Pipeline{Store: lib, Vectors: lib, Official: official.New(official.Options{ELI: server.URL + "/eli", Hosts: []string{"127.0.0.1:1"}, Pause: time.Millisecond, Rate: 1000})}
	for _, c := range []struct {
		path string
		want rag.Code // "" when it is stored
		act  string
	}{
		{"eli:DU/2020/15", "", "DU/2020/15"},
		{server.URL + "/plik.txt", "", ""},
		{server.URL + "/strona", "", ""},
		{"eli:DU/2020/16", rag.CodeFileNoText, ""},
		{"eli:DU/2020/17", rag.CodeSourceUnreachable, ""},
		{"eli:DU/2020/99", rag.CodeNotFound, ""},
		{"eli:XX/2020/99", rag.CodeNotFound, ""},
		{server.URL + "/obraz", rag.CodeFileUnsupported, ""},
		{"http://127.0.0.1:1/", rag.CodeSourceUnreachable, ""},
		{"https://", rag.CodeSourceUnreachable, ""},
		{"https://example.org/x", rag.CodeSourceUnreachable, ""},
	} {
		var rec recorder
		summary, err := p.Run(t.Context(), []Item{{Path: c.path}}, rec.report)
		if err != nil {
			t.Errorf("%s: %v", c.path, err)
		}
		if c.want != "" {
			if got := rec.events[0]; got.Event != EventProblem || got.Reason != c.want {
				t.Errorf("%s: %+v, want %s", c.path, got, c.want)
			}
			continue
		}
		doc := lib.docs[rag.DefaultCollection+"|"+c.path]
		if summary.Stored != 1 || doc.Act != c.act || doc.Source != c.path {
			t.Errorf("%s: %+v, stored as %+v", c.path, summary, doc.Info)
		}
	}
	if got := lib.docs[rag.DefaultCollection+"|"+server.URL+"/strona"].Text; got != "Opłata za garúbage\n" {
		t.Errorf("the page's charset was not heard: %q", got)
	}
}

func TestNoAddressWithoutAClient(t *testing.T) {
	lib := newLibrary()
	var rec recorder
	if _, err := (Pipeline{Store: lib, Vectors: lib}).Run(t.Context(), []Item{{Path: "https://example.org/"}}, rec.report); err != nil {
		t.Fatal(err)
	}
	if rec.events[0].Reason != rag.CodeSourceUnreachable {
		t.Errorf("%+v", rec.events[0])
	}
}
