package mail

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// message joins lines as mail is sent.
func message(lines ...string) string { return strings.Join(lines, "\r\n") }

func TestRead(t *testing.T) {
	head := []string{"From: Anna Lis <anna@gmina.example>", "To: jan@example.pl, Rada <rada@gmina.example>", "Cc: =?utf-8?q?Urz=C4=85d?= <urzad@gmina.example>", "Subject: =?iso-8859-2?q?Zg=B3oszenie?=", "Date: Tue, 07 May 2024 09:05:00 +0200"}
	for name, c := range map[string]struct {
		body []string
		want Message
	}{
		"declared":     {[]string{"Content-Type: text/plain; charset=windows-1250", "Content-Transfer-Encoding: quoted-printable", "", "Pro=9Cba o wgl=B9d"}, Message{Text: "Prośba o wgląd"}},
		"undeclared":   {[]string{"", "Prosz\xea o odpowied\x9f w sprawie \x9cmieci."}, Message{Text: "Proszę o odpowiedź w sprawie śmieci."}},
		"wrong":        {[]string{"Content-Type: text/plain; charset=us-ascii", "Content-Transfer-Encoding: 8bit", "", "Prosz\xea o odpowied\xbc w sprawie \xb6mieci."}, Message{Text: "Proszę o odpowiedź w sprawie śmieci."}},
		"page":         {[]string{"Content-Type: text/html; charset=utf-8", "", "<p>Treść</p>"}, Message{HTML: "<p>Treść</p>"}},
		"alternatives": {[]string{"Content-Type: multipart/alternative; boundary=x", "", "--x", "Content-Type: text/plain; charset=utf-8", "", "Treść", "--x", "Content-Type: text/html", "", "<p>Inna</p>", "--x--"}, Message{Text: "Treść"}},
	} {
		m, err := Read([]byte(message(append(head, c.body...)...)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := c.want
		want.Subject, want.From, want.To, want.Cc, want.Date = "Zgłoszenie", "Anna Lis <anna@gmina.example>", "jan@example.pl, Rada <rada@gmina.example>", "Urząd <urzad@gmina.example>", "2024-05-07 09:05"
		m.Text, m.HTML = strings.TrimSpace(m.Text), strings.TrimSpace(m.HTML)
		if diff := cmp.Diff(want, m); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestAttached(t *testing.T) {
	part := func(head ...string) string { return message(append([]string{"--x"}, append(head, "", "dane")...)...) }
	m, err := Read([]byte(message("From: a@b.pl", "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=x", "",
		part("Content-Type: text/plain"), part(`Content-Type: application/pdf; name="../../a.pdf"`, "Content-Disposition: attachment"), part("Content-Type: application/pdf", `Content-Disposition: attachment; filename="a.pdf"`),
		part("Content-Type: application/pdf", "Content-Disposition: attachment; filename*=utf-8''za%C5%82%C4%85cznik%0A.pdf"), part("Content-Type: image/png", "Content-Disposition: inline; filename=logo.png"),
		part("Content-Type: application/pkcs7-signature", "Content-Disposition: attachment; filename=smime.p7s"), part("Content-Type: message/rfc822"), "--x--")))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, a := range m.Attached {
		names = append(names, a.Name)
	}
	if diff := cmp.Diff([]string{"a.pdf", "a (2).pdf", "załącznik .pdf", "wiadomosc.eml"}, names); diff != "" {
		t.Error(diff)
	}
}

func TestMessagesThatAreNotRead(t *testing.T) {
	var nested []string
	for i := range 600 {
		nested = append(nested, fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d", i), "", fmt.Sprintf("--b%d", i))
	}
	for name, c := range map[string]struct {
		text string
		want error
	}{
		"S/MIME": {message("From: a@b.pl", `Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"`, "", "x"), ErrEncrypted},
		"PGP":    {message("From: a@b.pl", `Content-Type: multipart/encrypted; boundary=x`, "", "--x", "", "x", "--x--"), ErrEncrypted},
		"nested": {message(nested...), ErrTooDeep},
	} {
		if _, err := Read([]byte(c.text)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// FuzzRead reads any message: no panic, and names of files that lead nowhere.
func FuzzRead(f *testing.F) {
	f.Add([]byte(message("From: a@b.pl", "Content-Type: multipart/mixed; boundary=x", "", "--x", "Content-Disposition: attachment; filename=a.txt", "", "dane", "--x--")))
	f.Add([]byte(message("Subject: =?iso-8859-2?q?Zg=B3?=", "Content-Transfer-Encoding: base64", "", "ZGFuZQ==")))
	f.Add([]byte("Content-Type: multipart/mixed; boundary=\n\n--\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Read(data)
		if err != nil {
			return
		}
		for _, a := range m.Attached {
			if strings.ContainsAny(a.Name, "/\\\n") || a.Name == "" || a.Name == ".." {
				t.Errorf("a file called %q", a.Name)
			}
		}
	})
}
