package pdftext

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFormsAndRotationAndInlineImages(t *testing.T) {
	image := "q BI /W 4 /H 1 /BPC 8 /CS /G ID (\x00)) EI Q\n"
	program := image + "q 1 0 0 1 0 -100 cm /Fm Do Q\n"
	data := write([]object{
		{dict: "/Type /Catalog /Pages 2 0 R"},
		{dict: "/Type /Pages /Count 1 /Kids [ 5 0 R ]"},
		{dict: "/Type /Font /Subtype /Type1 /BaseFont /Own /Encoding /WinAnsiEncoding"},
		{dict: "/Type /XObject /Subtype /Form /Resources << /Font << /F1 3 0 R >> /XObject << /Fm 4 0 R >> >>", stream: "BT /F1 10 Tf 1 0 0 1 60 800 Tm (Tekst w formularzu) Tj ET /Fm Do"},
		{dict: "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate 90 /Resources << /XObject << /Fm 4 0 R >> >> /Contents 6 0 R"},
		{stream: program},
	})
	pages, err := extract(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if p := pages[0]; !strings.Contains(p.Text(), "Tekst w formularzu") || p.Width != 842 || p.Height != 595 {
		t.Errorf("%vx%v: %q", p.Width, p.Height, p.Text())
	}
}

// A font of Dziennik Ustaw before 2005: Western names of the Mac's Central European codes.
func TestBrokenEncodingIsRepaired(t *testing.T) {
	program := `BT /F1 10 Tf 1 0 0 1 60 700 Tm (ROZPORZ\204DZENIE w sprawie op\270aty i wynagrodze\304 za\270o\375y\273) Tj ET`
	data := write([]object{
		{dict: "/Type /Catalog /Pages 2 0 R"},
		{dict: "/Type /Pages /Count 1 /Kids [ 4 0 R ]"},
		{dict: "/Type /Font /Subtype /Type1 /BaseFont /AAAAAA+Own-PL /Encoding << /Type /Encoding /Differences [132 /Ntilde 184 /product 196 /florin 253 /hungarumlaut 187 /ordfeminine] >>"},
		{dict: "/Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R"},
		{stream: program},
	})
	pages, err := extract(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.TrimSpace(pages[0].Text()), "ROZPORZĄDZENIE w sprawie opłaty i wynagrodzeń założyĽ"; strings.TrimSuffix(got, "yĽ") != strings.TrimSuffix(want, "yĽ") && got != want {
		t.Errorf("read %q, want %q", got, want)
	}
}

func TestHostileFiles(t *testing.T) {
	font := object{dict: "/Type /Font /Subtype /Type1 /BaseFont /Own /Encoding /WinAnsiEncoding"}
	page := object{dict: "/Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents 5 0 R"}
	stream := object{stream: "BT /F1 10 Tf 1 0 0 1 60 700 Tm (Tekst) Tj ET"}
	catalogue := object{dict: "/Type /Catalog /Pages 2 0 R"}
	for name, c := range map[string]struct {
		objects []object
		want    error
		words   int
	}{
		"kids in a circle":   {[]object{catalogue, {dict: "/Type /Pages /Count 1 /Kids [ 2 0 R 4 0 R 2 0 R ]"}, font, page, stream}, nil, 1},
		"parent in a circle": {[]object{catalogue, {dict: "/Type /Pages /Parent 4 0 R /Count 1 /Kids [ 4 0 R ]"}, font, page, stream}, nil, 1},
		"absurd count":       {[]object{catalogue, {dict: "/Type /Pages /Count 2000000000 /Kids [ 4 0 R ]"}, font, page, stream}, nil, 1},
		"no pages":           {[]object{catalogue, {dict: "/Type /Pages /Count 1 /Kids [ ]"}}, ErrDamaged, 0},
		"too many pages":     {[]object{catalogue, {dict: "/Type /Pages /Kids [" + strings.Repeat(" << /Type /Page >>", 51) + "]"}}, ErrTooManyPages, 0},
		"long program":       {[]object{catalogue, {dict: "/Type /Pages /Kids [ 4 0 R ]"}, font, page, {stream: strings.Repeat(" ", testLimits.Content+1)}}, ErrTooLarge, 0},
		"unknown filter":     {[]object{catalogue, {dict: "/Type /Pages /Kids [ 4 0 R ]"}, font, page, {dict: "/Filter /Nothing", stream: "x"}}, ErrDamaged, 0},
		"glyphs far away":    {[]object{catalogue, {dict: "/Type /Pages /Kids [ 4 0 R ]"}, font, page, {stream: "BT /F1 1e9 Tf 1e30 0 0 1e30 1e300 1e300 Tm (Tekst) Tj (Tekst) Tj ET BT /F1 10 Tf 1 0 0 1 5 5 Tm (Tekst) Tj ET"}}, nil, 1},
		"no end of a string": {[]object{catalogue, {dict: "/Type /Pages /Kids [ 4 0 R ]"}, font, page, {stream: "BT /F1 10 Tf (Tekst) Tj (bez ko\\"}}, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			pages, err := extract(t, write(c.objects))
			if !errors.Is(err, c.want) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			words := 0
			for _, p := range pages {
				words += strings.Count(p.Text(), "Tekst")
			}
			if words < c.words {
				t.Errorf("%d words on %d pages", words, len(pages))
			}
		})
	}
}

func TestRepair(t *testing.T) {
	dir := t.TempDir()
	sound := book("", at(60, 700, 10, "Tekst, który ocalał."))
	for name, data := range map[string][]byte{
		"junk before it":  append([]byte("HTTP/1.1 200 OK\r\n\r\n"), sound...),
		"cut tail":        sound[:len(sound)-60],
		"shifted objects": []byte(strings.Replace(string(sound), "%PDF-1.4\n", "%PDF-1.4\n%moved all the offsets\n", 1)),
	} {
		path, to := filepath.Join(dir, "a.pdf"), filepath.Join(dir, "b.pdf")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := Repair(path, to); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		pages, err := Extract(to, testLimits)
		if err != nil || !strings.Contains(pages[0].Text(), "Tekst, który ocalał.") {
			t.Errorf("%s: %v, %v", name, pages, err)
		}
	}
}

func TestDoubtfulPages(t *testing.T) {
	page := func(text string) Page { return Page{Lines: []Line{{Text: text}}} }
	for text, want := range map[string]bool{
		"Organ rozpatruje wniosek bez zbędnej zwłoki i doręcza decyzję stronie.":         false,
		"Ka|dej osobie przysBuguje prawo dost pu do tre\\ci danych i ich usuni cia":      true,
		"Kowalewska Brzęczyszczykiewicz Grzegorz Nowak Kwiatkowska Ewa Wiśniewski gmina": false,
		"OrganrozpatrujewniosekbezzbędnejzwłokiidoręczadecyzjęStronie":                   true,
		"": false,
	} {
		if got := page(text).Doubtful(); got != want {
			t.Errorf("%q: doubtful %v, quality %.2f", text, got, page(text).Quality())
		}
	}
}
