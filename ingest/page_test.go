package ingest

import (
	"strings"
	"testing"
)

func TestTextOfAPageAmongItsMenus(t *testing.T) {
	words := strings.Repeat("Wniosek o wydanie zaświadczenia składa się w kancelarii urzędu, osobiście albo pocztą, a urząd wydaje je w ciągu siedmiu dni. ", 4)
	menu := strings.Repeat(`<li><a href="/x">Aktualności gminy</a></li>`, 30)
	page := `<html><head><title>Zaświadczenia</title></head><body><div class="menu sidebar"><ul>` + menu + `</ul></div><div class="content"><h2>Jak złożyć wniosek</h2><p>` + words + `</p><p>` + words + `</p></div><div class="related links"><ul>` + menu + `</ul></div></body></html>`
	l, err := readHTML([]byte(page), "")
	if err != nil || strings.Contains(l.text, "Aktualności") || strings.Count(l.text, "kancelarii urzędu") != 8 {
		t.Errorf("%v: text is %.300q", err, l.text)
	}
	// a page that is all list, and one of units, stay whole
	for name, body := range map[string]string{
		"list":  `<ul>` + strings.Repeat(`<li><a href="/p">Pokój 12, telefon 22 111</a></li>`, 20) + `</ul>`,
		"units": `<div class="menu">§ 1. Ustala się opłatę.</div><div><p>` + words + words + `</p></div><div class="footer-box">§ 2. Wchodzi w życie.</div>`,
	} {
		l, err := readHTML([]byte("<html><body>"+body+"</body></html>"), "")
		if err != nil || strings.Count(l.text, "Pokój 12") != strings.Count(body, "Pokój 12") || strings.Count(l.text, "§") != strings.Count(body, "§") {
			t.Errorf("%s: %v: text is %.300q", name, err, l.text)
		}
	}
}
