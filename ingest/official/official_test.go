package official

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"referent/rag"
)

// service is a recorded server: paths and what it answers, written by us in the shape of
// the real services.
type service struct {
	*httptest.Server
	mu      sync.Mutex
	answers map[string]string
	asked   map[string]int
	fail    func(w http.ResponseWriter, r *http.Request, n int) bool // nil: nothing fails
}

func start(t *testing.T, answers map[string]string) *service {
	t.Helper()
	s := &service{answers: answers, asked: map[string]int{}}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[r.URL.Path]++
	if s.fail != nil && s.fail(w, r, s.asked[r.URL.Path]) {
		return
	}
	body, found := s.answers[r.URL.Path]
	if !found {
		http.NotFound(w, r)
		return
	}
	tag := fmt.Sprintf("%q", fmt.Sprint(len(body)))
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	fmt.Fprint(w, body)
}

func (s *service) client() *Client {
	return New(Options{ELI: s.URL + "/eli", EURLex: s.URL + "/eu", Pause: time.Millisecond, Rate: 10000})
}

func act(body string) string { return strings.ReplaceAll(body, "'", `"`) }

func TestChooseTheNewestConsolidatedText(t *testing.T) {
	s := start(t, map[string]string{
		// Amended, with three announcements in no order; the third is of another act.
		"/eli/acts/DU/2014/100": act(`{'ELI':'DU/2014/100','title':'Ustawa o mostach','status':'akt posiada tekst jednolity','inForce':'IN_FORCE',
			'announcementDate':'2014-05-06','entryIntoForce':'2014-09-06','textHTML':true,'textPDF':true,
			'texts':[{'fileName':'D20140100L.pdf','type':'O'},{'fileName':'D20140100Lj.pdf','type':'U'}],
			'references':{'Inf. o tekście jednolitym':[{'id':'DU/2018/870'},{'id':'DU/2024/1200'},{'id':'DU/2024/99'},{'id':'DU/2025/7'}],
			'Akty zmieniające':[{'id':'DU/2017/1','date':'2017-01-02'},{'id':'DU/2024/1500','date':'2024-11-01'}]}}`),
		"/eli/acts/DU/2024/1200": act(`{'title':'Obwieszczenie','announcementDate':'2024-07-20','legalStatusDate':'2024-07-01','texts':[{'fileName':'D20241200.pdf','type':'O'},{'fileName':'D20241200L.pdf','type':'T'}],
			'references':{'Tekst jednolity dla aktu':[{'id':'DU/2014/100'}]}}`),
		"/eli/acts/DU/2024/99":  act(`{'announcementDate':'2024-01-20','texts':[{'fileName':'D20240099L.pdf','type':'T'}],'references':{'Tekst jednolity dla aktu':[{'id':'DU/2014/100'}]}}`),
		"/eli/acts/DU/2018/870": act(`{'announcementDate':'2018-04-20','texts':[{'fileName':'D20180870L.pdf','type':'T'}],'references':{'Tekst jednolity dla aktu':[{'id':'DU/2014/100'}]}}`),
		"/eli/acts/DU/2025/7":   act(`{'announcementDate':'2025-01-02','texts':[{'fileName':'D20250007L.pdf','type':'T'}],'references':{'Tekst jednolity dla aktu':[{'id':'DU/1999/1'}]}}`),
		// Never amended: the HTML is the wording; it is law, but not in force yet.
		"/eli/acts/DU/2026/5": act(`{'title':'Ustawa nowa','status':'obowiązujący','inForce':'IN_FORCE','announcementDate':'2026-01-05','entryIntoForce':'2099-01-01','textHTML':true}`),
		// Amended and never consolidated: the unofficial text goes before the original HTML.
		"/eli/acts/DU/2020/5": act(`{'inForce':'IN_FORCE','announcementDate':'2020-01-05','textHTML':true,'texts':[{'fileName':'D20200005L.pdf','type':'O'},{'fileName':'D20200005Lj.pdf','type':'U'}],'references':{'Akty zmieniające':[{'id':'DU/2021/1','date':'2021-01-01'}]}}`),
		"/eli/acts/DU/2020/6": act(`{'inForce':'IN_FORCE','announcementDate':'2020-01-05','textHTML':true,'references':{'Akty zmieniające':[{'id':'DU/2021/1','date':'2021-01-01'}]}}`),
		// Repealed; not said; only a PDF; nothing.
		"/eli/acts/DU/1960/9": act(`{'status':'uchylony','inForce':'NOT_IN_FORCE','announcementDate':'1960-06-14','repealDate':'2001-01-01','texts':[{'fileName':'D19600009.pdf','type':'O'}]}`),
		"/eli/acts/MP/2020/7": act(`{'status':'bez statusu','inForce':'UNKNOWN','announcementDate':'2020-01-05','textPDF':true}`),
		"/eli/acts/DU/2020/8": act(`{'inForce':'IN_FORCE','textHTML':false,'texts':[{'fileName':'../../etc/passwd','type':'T'}]}`),
		"/eli/acts/DU/2020/9": `<html><body>Request Rejected. Your support ID is 1</body></html>`,
	})
	base := s.URL + "/eli/acts/"
	for source, want := range map[string]Text{
		"eli:DU/2014/100": {Act: "DU/2014/100", Title: "Ustawa o mostach", Kind: "T", Date: "2024-07-01", Address: base + "DU/2024/1200/text/T/D20241200L.pdf", Name: "DU-2014-100_D20241200L.pdf",
			Published: "DU/2024/1200", AmendedSince: []string{"DU/2024/1500"}, Status: rag.StatusInForce, InForceFrom: "2014-09-06"},
		"eli:DU/2024/1200": {Act: "DU/2014/100", Title: "Ustawa o mostach", Kind: "T", Date: "2024-07-01", Address: base + "DU/2024/1200/text/T/D20241200L.pdf", Name: "DU-2014-100_D20241200L.pdf",
			Published: "DU/2024/1200", AmendedSince: []string{"DU/2024/1500"}, Status: rag.StatusInForce, InForceFrom: "2014-09-06"},
		"eli:DU/2026/5": {Act: "DU/2026/5", Title: "Ustawa nowa", Kind: "O", Date: "2026-01-05", Address: base + "DU/2026/5/text.html", Name: "DU-2026-5_text.html", Status: rag.StatusInForce, InForceFrom: "2099-01-01"},
		"eli:DU/2020/5": {Act: "DU/2020/5", Kind: "U", Address: base + "DU/2020/5/text/U/D20200005Lj.pdf", Name: "DU-2020-5_D20200005Lj.pdf", Status: rag.StatusInForce},
		"eli:DU/2020/6": {Act: "DU/2020/6", Kind: "O", Date: "2020-01-05", Address: base + "DU/2020/6/text.html", Name: "DU-2020-6_text.html", AmendedSince: []string{"DU/2021/1"}, Status: rag.StatusInForce},
		"eli:DU/1960/9": {Act: "DU/1960/9", Kind: "O", Date: "1960-06-14", Address: base + "DU/1960/9/text/O/D19600009.pdf", Name: "DU-1960-9_D19600009.pdf", Status: rag.StatusRepealed, RepealedFrom: "2001-01-01"},
		"eli:MP/2020/7": {Act: "MP/2020/7", Kind: "O", Date: "2020-01-05", Address: base + "MP/2020/7/text.pdf", Name: "MP-2020-7_text.pdf", Status: rag.StatusUnknown},
	} {
		got, err := s.client().Choose(t.Context(), source)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v\n%s", source, err, diff)
		}
	}
	for source, want := range map[string]rag.Code{
		"eli:DU/2020/8": rag.CodeFileNoText, "eli:DU/2020/9": rag.CodeSourceUnreachable, "eli:DU/2020/10": rag.CodeNotFound,
		"eli:DU/2020/../8": rag.CodeNotFound, "celex:x": rag.CodeNotFound,
	} {
		if _, err := s.client().Choose(t.Context(), source); !errors.Is(err, &rag.Error{Code: want}) {
			t.Errorf("%s: %v, want %s", source, err, want)
		}
	}
}

func TestAnOlderTextDoesNotStandInForOneThatIsRejected(t *testing.T) {
	s := start(t, map[string]string{
		"/eli/acts/DU/2014/100":  act(`{'inForce':'IN_FORCE','textHTML':true,'references':{'Inf. o tekście jednolitym':[{'id':'DU/2018/870'},{'id':'DU/2024/1200'}]}}`),
		"/eli/acts/DU/2018/870":  act(`{'announcementDate':'2018-04-20','texts':[{'fileName':'D20180870L.pdf','type':'T'}],'references':{'Tekst jednolity dla aktu':[{'id':'DU/2014/100'}]}}`),
		"/eli/acts/DU/2024/1200": `Request Rejected`,
	})
	if got, err := s.client().Choose(t.Context(), "eli:DU/2014/100"); !errors.Is(err, ErrRejected) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestChooseEU(t *testing.T) {
	s := start(t, map[string]string{"/eu/webapi/rdf/sparql": act(`{'results':{'bindings':[
		{'force':{'type':'literal','value':'1'},'entry':{'value':'2090-05-25'},'end':{'value':'9999-12-31'},'consolidated':{'value':'02090R0007-20910304'}},
		{'force':{'value':'1'},'entry':{'value':'2090-05-24'},'end':{'value':'9999-12-31'},'consolidated':{'value':'02090R0007-20900504'}},
		{'force':{'value':'1'},'entry':{'value':'2090-05-25'},'end':{'value':'9999-12-31'},'consolidated':{'value':'02018R1725-20950101'}}]}}`)})
	got, err := s.client().Choose(t.Context(), "celex:32090R0007")
	want := Text{Act: "EU/2090/7", Kind: "U", Date: "2091-03-04", Address: s.URL + "/eu/resource/celex/02090R0007-20910304", Accept: "application/xhtml+xml, text/html",
		Name: "EU-2090-7_02090R0007-20910304.html", Published: "02090R0007-20910304", Status: rag.StatusInForce, InForceFrom: "2090-05-24"}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v\n%s", err, diff)
	}
	for act, source := range map[string]string{"EU/2016/679": "celex:32016R0679", "DU/2014/1": "eli:DU/2014/1", "local/a/b/c": "", "": ""} {
		if got := Source(act); got != source {
			t.Errorf("%s is asked for as %q", act, got)
		}
	}
}

func TestPoliteToABusyService(t *testing.T) {
	s := start(t, map[string]string{"/eli/a": "tekst"})
	s.fail = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		if n > 2 {
			return false
		}
		w.Header().Set("Retry-After", "0")
		w.WriteHeader([]int{http.StatusTooManyRequests, http.StatusServiceUnavailable}[n-1])
		return true
	}
	got, err := s.client().Get(t.Context(), Request{Address: s.URL + "/eli/a"})
	if err != nil || string(got.Data) != "tekst" || s.asked["/eli/a"] != 3 {
		t.Fatalf("%+v after %d requests, %v", got, s.asked["/eli/a"], err)
	}
	again, err := s.client().Get(t.Context(), Request{Address: s.URL + "/eli/a", ETag: got.ETag})
	if err != nil || !again.Unchanged || len(again.Data) != 0 {
		t.Errorf("with its ETag: %+v, %v", again, err)
	}
	s.fail = func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	before := s.asked["/eli/a"]
	if _, err := s.client().Get(t.Context(), Request{Address: s.URL + "/eli/a"}); !errors.Is(err, &rag.Error{Code: rag.CodeSourceUnreachable}) || s.asked["/eli/a"] != before+1 {
		t.Errorf("a service that wants an hour of rest was asked %d times: %v", s.asked["/eli/a"]-before, err)
	}
}

func TestRateIsKept(t *testing.T) {
	s := start(t, map[string]string{"/eli/a": "tekst"})
	c := New(Options{ELI: s.URL + "/eli", Rate: 20})
	started := time.Now()
	for range 4 {
		if _, err := c.Get(t.Context(), Request{Address: s.URL + "/eli/a"}); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(started); took < 140*time.Millisecond {
		t.Errorf("four requests at 20 a second took %s", took)
	}
}

func TestOtherHostsAreNotAsked(t *testing.T) {
	elsewhere := start(t, map[string]string{"/a": "cudze"})
	s := start(t, map[string]string{})
	s.fail = func(w http.ResponseWriter, r *http.Request, _ int) bool {
		http.Redirect(w, r, elsewhere.URL+"/a", http.StatusFound)
		return true
	}
	for _, address := range []string{elsewhere.URL + "/a", s.URL + "/eli/a", "file:///etc/passwd", "http://"} {
		if got, err := s.client().Get(t.Context(), Request{Address: address}); !errors.Is(err, &rag.Error{Code: rag.CodeSourceUnreachable}) {
			t.Errorf("%s: %q, %v", address, got.Data, err)
		}
	}
	if elsewhere.asked["/a"] != 0 {
		t.Error("another host was asked")
	}
}

func TestSilentHostIsLeftAlone(t *testing.T) {
	c := New(Options{ELI: "http://127.0.0.1:1/eli", Pause: time.Millisecond, Rate: 1000})
	var last error
	for range deadAfter + 1 {
		_, last = c.Choose(t.Context(), "eli:DU/2020/1")
	}
	if !errors.Is(last, &rag.Error{Code: rag.CodeSourceUnreachable}) || !strings.Contains(last.Error(), "has not answered before") {
		t.Error(last)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := start(t, nil).client().Choose(ctx, "eli:DU/2020/1"); !errors.Is(err, &rag.Error{Code: rag.CodeCancelled}) {
		t.Error(err)
	}
}

func TestNewer(t *testing.T) {
	for name, c := range map[string]struct {
		text Text
		held rag.Info
		want bool
	}{
		"by day":                       {Text{Kind: "T", Date: "2024-01-02"}, rag.Info{TextKind: "T", WordingDate: "2024-01-01"}, true},
		"the same day":                 {Text{Kind: "T", Date: "2024-01-02"}, rag.Info{TextKind: "T", WordingDate: "2024-01-02"}, false},
		"an undated one that is older": {Text{Kind: "T", Date: "2024-01-02"}, rag.Info{TextKind: "T", WordingAfter: "2023-01-01"}, true},
		"an undated one that is not":   {Text{Kind: "T", Date: "2022-01-02"}, rag.Info{TextKind: "T", WordingAfter: "2023-01-01"}, false},
		"undated, consolidated":        {Text{Kind: "U"}, rag.Info{TextKind: "O", WordingDate: "1990-01-01"}, true},
		"undated, promulgated":         {Text{Kind: "O"}, rag.Info{TextKind: "T"}, false},
	} {
		if got := c.text.Newer(c.held); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
