package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"referent/rag"
	"referent/web/shell"
	"referent/web/webtest"
)

func rows(doc *goquery.Document) *goquery.Selection { return doc.Find("#list .document-row") }

// row gives the row of a document by its title.
func row(t *testing.T, doc *goquery.Document, title string) *goquery.Selection {
	t.Helper()
	found := rows(doc).FilterFunction(func(_ int, r *goquery.Selection) bool { return text(r.Find("a.title")) == title })
	if found.Length() != 1 {
		t.Fatalf("%d rows of %q", found.Length(), title)
	}
	return found
}

// send submits the form as it stands, with what a person fills in.
func (s *site) send(form *goquery.Selection, filled url.Values) (reply, string) {
	s.t.Helper()
	if form.Length() != 1 {
		s.t.Fatalf("%d forms", form.Length())
	}
	form.Find("input[type=hidden]").Each(func(_ int, i *goquery.Selection) {
		if filled == nil {
			filled = url.Values{}
		}
		filled.Set(i.AttrOr("name", ""), i.AttrOr("value", ""))
	})
	return s.post(form.AttrOr("action", ""), filled)
}

func TestStateOfEachDocument(t *testing.T) {
	s := open(t)
	s.office.Put(webtest.Scan())
	s.office.Affect(webtest.StatuteID, rag.Effect{Kind: rag.Amends, Date: "2026-02-03", Document: webtest.NoteID, Title: "Zmiana <i>petycji</i>"})
	for _, d := range webtest.Archive(2) {
		s.office.Put(d)
	}
	doc := s.page("/dokumenty", http.StatusOK)
	for title, parts := range map[string]map[string]string{
		webtest.Statute().Title: {
			".how": "gotowy do pytań", ".what": "12 jednostek redakcyjnych", ".marks": "brzmienie z 11 lipca 2014",
			".effect": "zmienia go: Zmiana <i>petycji</i> od 3 lutego 2026",
		},
		"Instrukcja obsługi wniosków": {".how": "wyszukiwany po słowach; po znaczeniu: 40%", ".what": "2 strony", ".marks": "status nieznany"},
		"Pismo <b>pilne</b> & ważne": {
			".how":  "1 strona odczytana z obrazu (OCR) 1 strona nieprzeczytana Odpowiedzi nie korzystają z ich treści. Sprawdź OCR",
			".what": `skan "1".pdf · przeczytano`,
		},
		"Uchwała nr 1 w sprawie żłobka „Świetlik”": {".marks": "uchylony"},
		"Uchwała nr 2 w sprawie żłobka „Świetlik”": {".how": "Pliku nie ma od 20 listopada 2026"},
	} {
		for selector, want := range parts {
			if got := text(row(t, doc, title).Find(selector)); !strings.Contains(got, want) {
				t.Errorf("%s: %s is %q, want %q", title, selector, got, want)
			}
		}
	}
	if rows(doc).Find("b, i").Length() > 0 {
		t.Error("a title's markup became markup of the page")
	}
	if got := text(doc.Find("#list .missing")); !strings.Contains(got, "1 dokument stracił swój plik") {
		t.Errorf("what disappeared: %q", got)
	}
	if strings.Contains(doc.Text(), "/srv/") {
		t.Error("a folder of the server is shown")
	}
	s.office.Empty()
	if s.page("/dokumenty", http.StatusOK).Find(".empty").Length() != 1 {
		t.Error("the empty library has no state of its own")
	}
}

func TestLongListStaysUsable(t *testing.T) {
	s := open(t)
	for _, d := range webtest.Archive(230) {
		s.office.Put(d)
	}
	doc := s.page("/dokumenty?kolekcja=uchwa%C5%82y", http.StatusOK)
	if n := rows(doc).Length(); n != 50 {
		t.Errorf("%d rows on a page", n)
	}
	if got := text(doc.Find("[data-found]")); got != "230 dokumentów · strona 1 z 5" {
		t.Errorf("said %q", got)
	}
	if got := text(rows(doc).Eq(9).Find("a.title")); !strings.HasPrefix(got, "Uchwała nr 10 ") {
		t.Errorf("numbers are sorted as letters: %q is the tenth", got)
	}
	later := doc.Find(".pager a[rel=next]").AttrOr("href", "")
	last := s.page(strings.Replace(later, "strona=2", "strona=99", 1), http.StatusOK)
	if n := rows(last).Length(); n != 30 || last.Find(".pager a[rel=next]").Length() != 0 {
		t.Errorf("the last page has %d rows", n)
	}
	for query, want := range map[string]int{
		"szukaj=swietlik+zlobka": 50, "szukaj=UCHWA%C5%81A+nr+230": 1, "szukaj=uchwa%C5%82a-17.docx": 1, "szukaj=nie+ma+takiego": 0,
		"stan=missing": 1, "stan=out": 1, "stan=cokolwiek": 50, "szukaj=poz.+1195": 1, "strona=-1": 50, "strona=x": 50,
	} {
		if n := rows(s.page("/dokumenty?"+query, http.StatusOK)).Length(); n != want {
			t.Errorf("%s: %d rows, want %d", query, n, want)
		}
	}
	none := s.page("/dokumenty?szukaj=%22%3E%3Cscript%3E", http.StatusOK)
	if got := none.Find("#words").AttrOr("value", ""); got != `"><script>` || none.Find(".empty a").AttrOr("href", "") != "/dokumenty" {
		t.Errorf("the search shows %q", got)
	}
	piece := s.page("/dokumenty?fragment=1&szukaj=uchwala+nr+7+", http.StatusOK)
	if piece.Find("nav.rail, h1").Length() != 0 || piece.Find(".documents-list .document-row").Length() == 0 {
		t.Error("the fragment is not the list alone")
	}
}

func TestDeleteAndUndo(t *testing.T) {
	s := open(t)
	s.office.Put(webtest.Scan())
	const title = "Pismo <b>pilne</b> & ważne"
	doc := s.page("/dokumenty?szukaj=pilne", http.StatusOK)
	response, body := s.send(row(t, doc, title).Find("form[action*='/usun/']"), nil)
	doc = s.parse(response, body, http.StatusOK)
	if got := text(doc.Find(".undo p")); got != "Usunięto „"+title+"”." || doc.Find(".undo b").Length() != 0 {
		t.Errorf("said %q", got)
	}
	if got := doc.Find("#words").AttrOr("value", ""); got != "pilne" || rows(doc).Length() != 0 {
		t.Errorf("the list that the form stood on is lost: %q", got)
	}
	undo := doc.Find(".undo form")
	response, body = s.send(undo, nil)
	if row(t, s.parse(response, body, http.StatusOK), title); response.URL.Query().Get("cofnieto") == "" {
		t.Errorf("after the undo at %s", response.URL)
	}
	response, body = s.send(undo, nil)
	if got := text(s.parse(response, body, http.StatusUnprocessableEntity).Find("[role=alert]")); !strings.Contains(got, "minęło 10 minut") {
		t.Errorf("undone twice: %q", got)
	}
	response, body = s.post("/dokumenty/usun/nie-ma", nil)
	if s.parse(response, body, http.StatusNotFound).Find("[role=alert]").Length() != 1 {
		t.Error("deleting what is not there says nothing")
	}
}

func TestUndoDoesNotReplaceWhatIsNewer(t *testing.T) {
	s := open(t)
	doc := s.page("/dokumenty", http.StatusOK)
	response, body := s.send(row(t, doc, "Instrukcja obsługi wniosków").Find("form[action*='/usun/']"), nil)
	doc = s.parse(response, body, http.StatusOK)
	newer := webtest.Note()
	newer.Title = "Nowsza instrukcja"
	s.office.Put(newer)
	response, body = s.send(doc.Find(".undo form"), nil)
	if got := text(s.parse(response, body, http.StatusUnprocessableEntity).Find("[role=alert]")); !strings.Contains(got, "tego samego źródła") {
		t.Errorf("said %q", got)
	}
	row(t, s.page("/dokumenty", http.StatusOK), "Nowsza instrukcja")
}

func TestMoveAndUndo(t *testing.T) {
	s := open(t)
	const title = "Instrukcja obsługi wniosków"
	doc := s.page("/dokumenty", http.StatusOK)
	move := row(t, doc, title).Find("form.move")
	response, body := s.send(move, url.Values{"collection": {"../etc"}})
	if got := text(s.parse(response, body, http.StatusUnprocessableEntity).Find("[role=alert]")); !strings.Contains(got, "../etc") {
		t.Errorf("a bad name is answered by %q", got)
	}
	response, body = s.send(move, url.Values{"collection": {"akty <prawne>"}})
	s.parse(response, body, http.StatusUnprocessableEntity)
	response, body = s.send(move, url.Values{"collection": {"akty"}})
	doc = s.parse(response, body, http.StatusOK)
	if got := text(doc.Find(".undo p")); got != "Przeniesiono „"+title+"” do zbioru „akty”." {
		t.Errorf("said %q", got)
	}
	if got := text(row(t, doc, title).Find(".what .quiet").First()); !strings.HasPrefix(got, "akty") {
		t.Errorf("it stands in %q", got)
	}
	response, body = s.send(doc.Find(".undo form"), nil)
	if got := text(row(t, s.parse(response, body, http.StatusOK), title).Find(".what .quiet").First()); !strings.HasPrefix(got, "przykładowy urząd") {
		t.Errorf("after the undo it stands in %q", got)
	}
}

func TestWhatDisappearedIsForgottenAndComesBack(t *testing.T) {
	s := open(t)
	archive := webtest.Archive(4)
	for i := range archive {
		archive[i].MissingSince = "2026-11-20"
		s.office.Put(archive[i])
	}
	doc := s.page("/dokumenty", http.StatusOK)
	response, body := s.send(doc.Find(".missing form"), nil)
	doc = s.parse(response, body, http.StatusOK)
	if got := text(doc.Find(".undo p")); got != "Usunięto 4 dokumenty." || rows(doc).Length() != 2 {
		t.Errorf("said %q, %d rows", got, rows(doc).Length())
	}
	response, body = s.send(doc.Find(".undo form"), nil)
	if n := rows(s.parse(response, body, http.StatusOK)).Length(); n != 6 {
		t.Errorf("%d rows after the undo", n)
	}
}

func TestWatchedFolders(t *testing.T) {
	s := open(t)
	note := webtest.Note()
	s.office.Watch(rag.WatchedFolder{Collection: note.Collection, Path: "/srv/uploads", Look: rag.Look{At: time.Date(2026, 11, 25, 12, 0, 0, 0, time.Local), Files: 22, Stored: 2, Problems: 1, Missing: 5}})
	s.office.Watch(rag.WatchedFolder{Collection: "biuro", Path: "/srv/<b>akty"})
	folders := func(doc *goquery.Document) *goquery.Selection { return doc.Find(".row.folder") }
	doc := s.page("/dokumenty", http.StatusOK)
	if got := text(folders(doc).First()); !strings.Contains(got, "/srv/uploads") ||
		!strings.Contains(got, "ostatnio sprawdzony 25.11.2026, 12:00: 22 pliki, 2 nowe lub zmienione, 1 nieprzeczytany, 5 zniknęło") { //nolint:misspell // Polish
		t.Errorf("a folder is shown as %q", got)
	}
	if got := text(folders(doc).Last().Find(".what")); !strings.Contains(got, "/srv/<b>akty") || !strings.Contains(got, "jeszcze nie sprawdzony") {
		t.Errorf("a folder is shown as %q", got)
	}
	do := func(action string) *goquery.Document {
		form := folders(doc).Last().Find("form")
		if form.Find("button[value="+action+"]").Length() != 1 {
			t.Fatalf("no button to %s", action)
		}
		response, body := s.send(form, url.Values{"action": {action}})
		return s.parse(response, body, http.StatusOK)
	}
	if doc = do("pause"); folders(doc).Last().Find(".mark.warning").Length() != 1 {
		t.Error("a paused folder does not say so")
	}
	doc = do("resume")
	if doc = do("look"); s.office.Requests()[0].Sources[0] != "/srv/<b>akty" {
		t.Errorf("asked for %+v", s.office.Requests())
	}
	if doc = do("remove"); folders(doc).Length() != 1 {
		t.Error("a folder is still watched")
	}
	// A document of a watched folder would come back.
	response, body := s.send(row(t, doc, note.Title).Find("form.move"), url.Values{"collection": {"akty"}})
	if got := text(s.parse(response, body, http.StatusUnprocessableEntity).Find("[role=alert]")); !strings.Contains(got, "„uploads”") {
		t.Errorf("moved out of its folder: %q", got)
	}
	response, body = s.send(row(t, doc, note.Title).Find("form[action*='/usun/']"), nil)
	if got := text(s.parse(response, body, http.StatusOK).Find(".undo p")); !strings.Contains(got, "folderze „uploads”") {
		t.Errorf("deleted from its folder: %q", got)
	}
	elsewhere := s.request(http.MethodGet, "/dokumenty", nil, "X-Forwarded-For", "10.0.0.7")
	response, body = s.do(elsewhere)
	if seen := s.parse(response, body, http.StatusOK); strings.Contains(seen.Text(), "/srv/") || text(folders(seen).Find(".title")) != "uploads" {
		t.Errorf("a person elsewhere sees %q", text(folders(seen).Find(".title")))
	}
}

func TestReadAgainAndRefresh(t *testing.T) {
	s := open(t)
	scan := webtest.Scan()
	s.office.Put(scan)
	doc := s.page("/dokumenty", http.StatusOK)
	s.send(row(t, doc, scan.Title).Find("form[action*='/czytaj/']"), nil)
	if r := s.office.Requests()[0]; !r.Again || r.Sources[0] != scan.Source || r.Collection != scan.Collection {
		t.Errorf("asked for %+v", r)
	}
	response, body := s.send(doc.Find("form[action='/dokumenty/brzmienia']"), nil)
	doc = s.parse(response, body, http.StatusOK)
	if r := s.office.Requests()[1]; !r.Refresh || r.Collection != "" {
		t.Errorf("asked for %+v", r)
	}
	job := doc.Find(".row.job").First()
	if got := text(job.Find("summary").First()); got != "Sprawdzono 2 akty, 1 nowe brzmienie" { //nolint:misspell // Polish
		t.Errorf("summary %q", got)
	}
	if got := text(job.Find("dt").First()); got != "nowe brzmienie Dz.U. 2014 poz. 1195" { //nolint:misspell // Polish
		t.Errorf("first act %q", got)
	}
	want := "Brzmienie 3 lutego 2026 zamiast 11 lipca 2014. Zmienione: art. 2, art. 10. Dodane: art. 10a. Nie obejmuje zmian z: Dz.U. 2026 poz. 77."
	if got := text(job.Find("dd").First()); got != want {
		t.Errorf("what changed: %q", got)
	}
}

func TestTextBesideThePage(t *testing.T) {
	s := open(t)
	s.office.Put(webtest.Scan())
	doc := s.page("/zrodlo/"+webtest.ScanID, http.StatusOK)
	if doc.Find("#sheet, img").Length() != 0 {
		t.Error("an image is drawn that nobody asked for")
	}
	if got := text(doc.Find(".page-start")); got != "str. 1 (OCR)str. 2 nieprzeczytanastr. iii" {
		t.Errorf("marks %q", got)
	}
	if got := text(doc.Find(".document > .notice")); !strings.HasPrefix(got, "1 strona nieprzeczytana: 2. ") {
		t.Errorf("unread pages: %q", got)
	}
	second := doc.Find("#str-2 a").AttrOr("href", "")
	doc = s.page(strings.Split(second, "#")[0], http.StatusOK)
	if got := doc.Find("#sheet img").AttrOr("alt", ""); got != `Obraz strony 2 pliku skan "1".pdf` {
		t.Errorf("the image is called %q", got)
	}
	if got := text(doc.Find("#sheet .notice")); !strings.Contains(got, "nie została odczytana") {
		t.Errorf("an unread page says %q", got)
	}
	if doc.Find("embed, object, iframe").Length() != 0 {
		t.Error("something of the file is embedded")
	}
	if doc.Find("#sheet a[rel=prev]").Length() != 1 || doc.Find("#sheet a[rel=next]").Length() != 1 || doc.Find("#sheet-page").AttrOr("max", "") != "3" {
		t.Error("no way to other pages")
	}
	picture := doc.Find("#sheet img").AttrOr("src", "")
	response, _ := s.get(picture)
	if response.StatusCode != http.StatusOK || response.Header.Get("Content-Type") != "image/png" {
		t.Fatalf("%d %s", response.StatusCode, response.Header.Get("Content-Type"))
	}
	if response, _ = s.get(picture, "If-None-Match", response.Header.Get("ETag")); response.StatusCode != http.StatusNotModified {
		t.Errorf("the same page again: %d", response.StatusCode)
	}
	s.office.FailPages(&rag.Error{Code: rag.CodeReaderTimeout, Subject: "skan.pdf", Limit: 20})
	response, body := s.get(picture, "Accept", "application/json")
	if response.StatusCode < 400 || errorCode(t, body) != string(rag.CodeReaderTimeout) || response.Header.Get("ETag") != "" {
		t.Errorf("a page that could not be drawn: %d %s", response.StatusCode, body)
	}
	for _, path := range []string{"/0", "/4", "/x", "/-1"} {
		if response, _ := s.get("/zrodlo/" + webtest.ScanID + "/strona" + path); response.StatusCode < 400 {
			t.Errorf("page %s: %d", path, response.StatusCode)
		}
	}
	if response, _ := s.get("/zrodlo/" + webtest.StatuteID + "/strona/1"); response.StatusCode != http.StatusNotFound {
		t.Errorf("a page of Markdown: %d", response.StatusCode)
	}
}

func TestThePageSaysWhyThereIsNoImage(t *testing.T) {
	s := open(t)
	gone, packed := webtest.Scan(), webtest.Scan()
	gone.ID, gone.MissingSince = "gone", "2026-11-20"
	packed.ID, packed.Source = "packed", "/srv/akta.zip!/skan.pdf"
	s.office.Put(gone)
	s.office.Put(packed)
	for path, want := range map[string]string{"/zrodlo/gone?strona=1": "już nie ma na dysku", "/zrodlo/packed?strona=1": "z archiwum"} {
		doc := s.page(path, http.StatusOK)
		if got := text(doc.Find("#sheet .notice").First()); !strings.Contains(got, want) || doc.Find("#sheet img").Length() != 0 {
			t.Errorf("%s says %q", path, got)
		}
	}
	if got := text(s.page("/zrodlo/gone", http.StatusOK).Find(".document > .notice").First()); !strings.Contains(got, "od 20 listopada 2026") {
		t.Errorf("a document without its file says %q", got)
	}
	if s.page("/zrodlo/"+webtest.StatuteID+"?strona=1", http.StatusOK).Find("#sheet").Length() != 0 {
		t.Error("a statute in Markdown has a page")
	}
}

func TestUndoOverTheAPI(t *testing.T) {
	s := open(t)
	doc := description(t, s)
	var act struct {
		Documents []string
		Undo      string
	}
	answer := s.exchange(doc, "DELETE", "/api/v1/documents/"+webtest.NoteID, "", 200)
	if err := json.Unmarshal([]byte(answer), &act); err != nil || act.Documents[0] != webtest.NoteID {
		t.Fatal(answer, err)
	}
	s.exchange(doc, "POST", "/api/v1/undo/"+act.Undo, "", 200)
	s.exchange(doc, "GET", "/api/v1/documents/"+webtest.NoteID, "", 200)
	s.office.Watch(rag.WatchedFolder{Collection: "biuro", Path: "/srv/akty", Look: rag.Look{At: time.Now(), Files: 3}})
	answer = s.exchange(doc, "GET", "/api/v1/folders", "", 200)
	var list struct{ Folders []struct{ ID, Path string } }
	if err := json.Unmarshal([]byte(answer), &list); err != nil || list.Folders[0].Path != "/srv/akty" {
		t.Fatal(answer, err)
	}
	s.exchange(doc, "POST", "/api/v1/folders/"+list.Folders[0].ID, `{"action":"pause"}`, 204)
	s.exchange(doc, "POST", "/api/v1/folders/"+list.Folders[0].ID, `{"action":"look"}`, 202)
	s.exchange(doc, "POST", "/api/v1/folders/"+list.Folders[0].ID, `{"action":"burn"}`, 400)
	r := s.request(http.MethodPost, "/api/v1/forget", strings.NewReader(`{}`), "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
	if response, body := s.do(r); response.StatusCode != http.StatusForbidden || errorCode(t, body) != string(shell.CodeCrossOrigin) {
		t.Errorf("from another site: %d %s", response.StatusCode, body)
	}
}
