package ingest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"referent/rag"
)

// ended says for each document of a file how it ended: its kind, or its code.
func ended(t testing.TB, path string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := Reader{}.ReadAll(t.Context(), path, func(file string, doc rag.Document, err error) error {
		var e *rag.Error
		name := strings.TrimPrefix(file, path)
		switch {
		case errors.As(err, &e):
			all[name] = string(e.Code)
		case err != nil:
			all[name] = err.Error()
		default:
			checkDocument(t, doc)
			all[name] = doc.Kind
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return all
}

const letterWithFiles = "From: =?UTF-8?B?QW5uYSBMaXM=?= <anna@gmina.example>\r\nTo: urzad@gmina.example\r\nSubject: =?ISO-8859-2?Q?Za=B3=B1czniki_do_wniosku?=\r\nDate: Mon, 06 May 2024 10:00:00 +0200\r\nMIME-Version: 1.0\r\n" +
	"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\nContent-Type: text/plain; charset=windows-1250\r\nContent-Transfer-Encoding: 8bit\r\n\r\nPrzesy\xb3am wniosek. \xa7 1. Nie jest to akt.\r\n§ 2. Te\xbf nie.\r\n" +
	"--a\r\nContent-Type: text/plain; name=\"../../wniosek.txt\"\r\nContent-Disposition: attachment; filename=\"../../wniosek.txt\"\r\nContent-Transfer-Encoding: base64\r\n\r\nV25pb3NlayBvIHd5ZGFuaWUgemHFm3dpYWRjemVuaWEu\r\n" +
	"--a\r\nContent-Type: image/png; name=logo.png\r\nContent-Disposition: inline; filename=logo.png\r\nContent-ID: <1>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n" +
	"--a\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment\r\n\r\nFrom: jan@example.pl\r\nTo: anna@gmina.example\r\nSubject: Pytanie\r\nMessage-ID: <1@x>\r\n\r\nCo dalej?\r\n--a--\r\n"

func TestFilesInsideFilesAreDocuments(t *testing.T) {
	inner := string(zipBytes(t, "głęboko/notatka.txt", "Notatka ze spotkania."))
	path := writeZIP(t, "umowa.zip", "pisma/1.docx", string(zipBytes(t, resolution()...)), "pisma/mail.eml", letterWithFiles, "zalaczniki.zip", inner, "obraz.png", "\x89PNG\r\n\x1a\n\x00\x00", "../zle.txt", "x", "pusty.txt", "")
	want := map[string]string{
		"!/pisma/1.docx": "docx", "!/pisma/mail.eml": "eml", "!/pisma/mail.eml!/wniosek.txt": "text", "!/pisma/mail.eml!/wiadomosc.eml": "eml",
		"!/zalaczniki.zip!/głęboko/notatka.txt": "text", "!/obraz.png": "file_unsupported", "!/../zle.txt": "unsafe_name", "!/pusty.txt": "file_empty",
	}
	if diff := cmp.Diff(want, ended(t, path)); diff != "" {
		t.Error(diff)
	}
}

func TestMessage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "list.eml")
	if err := os.WriteFile(path, []byte(letterWithFiles), 0o600); err != nil {
		t.Fatal(err)
	}
	doc := read(t, path)
	checkDocument(t, doc)
	if doc.Title != "Załączniki do wniosku" || len(doc.Units) != 0 {
		t.Errorf("title %q, units %v", doc.Title, doc.Units)
	}
	for _, part := range []string{"Temat: Załączniki do wniosku\n", "Od: Anna Lis <anna@gmina.example>\n", "Data: 2024-05-06 10:00\n", "Przesyłam wniosek."} {
		if !strings.Contains(doc.Text, part) {
			t.Errorf("%q is not in %q", part, doc.Text)
		}
	}
}

func TestArchivesInsideArchivesEnd(t *testing.T) {
	data := zipBytes(t, "a.txt", "Treść.")
	for range 6 {
		data = zipBytes(t, "w.zip", string(data))
	}
	path := filepath.Join(t.TempDir(), "w.zip")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"!/w.zip!/w.zip!/w.zip!/w.zip": "archive_too_deep"}, ended(t, path)); diff != "" {
		t.Error(diff)
	}
	bomb := writeZIP(t, "bomba.zip", "zera.txt", strings.Repeat("0", 20<<20), "dobre.txt", "Treść.")
	if diff := cmp.Diff(map[string]string{"!/zera.txt": "archive_bomb", "!/dobre.txt": "text"}, ended(t, bomb)); diff != "" {
		t.Error(diff)
	}
}

const metadata = `<ndap:dokument xmlns:ndap="n"><ndap:tytul><ndap:oryginalny>Wniosek o zaświadczenie</ndap:oryginalny></ndap:tytul><ndap:data><ndap:typ>stworzony</ndap:typ><ndap:czas>2024-05-06</ndap:czas></ndap:data>` +
	`<ndap:typ><ndap:rodzaj>wniosek</ndap:rodzaj></ndap:typ><ndap:grupowanie><ndap:typ>znak sprawy</ndap:typ><ndap:kod>OR.5345.12.2024</ndap:kod></ndap:grupowanie></ndap:dokument>`

func TestMetadataOfRecordsStayWithTheirDocument(t *testing.T) {
	const want = "Znak sprawy: OR.5345.12.2024\nTytuł: Wniosek o zaświadczenie\nRodzaj: wniosek\nData (stworzony): 2024-05-06\n\nProszę o zaświadczenie."
	packed := writeZIP(t, "sprawa.zip", "dokumenty/wniosek.txt", "Proszę o zaświadczenie.", "metadane/wniosek.txt.xml", metadata)
	if diff := cmp.Diff(map[string]string{"!/dokumenty/wniosek.txt": "text"}, ended(t, packed)); diff != "" {
		t.Error(diff)
	}
	beside := folder(t, map[string]string{"wniosek.txt": "Proszę o zaświadczenie.", "wniosek.txt.xml": metadata})
	apart := folder(t, map[string]string{"dokumenty/wniosek.txt": "Proszę o zaświadczenie.", "metadane/wniosek.txt.xml": metadata})
	whole := folder(t, map[string]string{"pisma/wniosek.txt": "Proszę o zaświadczenie.", "metadane.xml": metadata})
	for _, path := range []string{packed, filepath.Join(beside, "wniosek.txt"), filepath.Join(apart, "dokumenty", "wniosek.txt"), filepath.Join(whole, "pisma", "wniosek.txt")} {
		if doc := read(t, path); strings.TrimSpace(doc.Text) != want || doc.Passages[0].Start != 0 {
			t.Errorf("%s: %q", path, doc.Text)
		}
	}
}

func TestPipelineStoresWhatLiesInFiles(t *testing.T) {
	dir := folder(t, nil)
	path := filepath.Join(dir, "umowa.zip")
	if err := os.WriteFile(path, zipBytes(t, "pisma/1.txt", "Pierwsze pismo.", "obraz.png", "\x89PNG\r\n\x1a\n\x00\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	store := newLibrary()
	for i, want := range []Summary{{Files: 1, Stored: 1, Problems: 1}, {Files: 1, Unchanged: 1, Problems: 1}} {
		var files []string
		got, err := Pipeline{Store: store, Vectors: store}.Run(t.Context(), []Item{{Path: path}}, func(e Event) { files = append(files, string(e.Event)+" "+e.File) })
		if err != nil || got.Stored != want.Stored || got.Unchanged != want.Unchanged || got.Problems != want.Problems {
			t.Errorf("run %d: %+v, %v, want %+v", i, got, err, want)
		}
		if !strings.Contains(strings.Join(files, "\n"), "document "+path+"!/pisma/1.txt") {
			t.Errorf("run %d: events %q", i, files)
		}
	}
}
