package personal

import (
	"slices"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	for text, want := range map[string]string{
		"Proszę o kontakt: 610613417.":                            "phone:610613417",
		"Tel. +48 610 147 756":                                    "phone:+48 610 147 756",
		"sekretariat: (22) 555-12-34":                             "phone:(22) 555-12-34",
		"zadzwońcie 512 345 678 po południu":                      "phone:512 345 678",
		"To samo zgłaszałem wcześniej, sprawa 202322453.":         "",
		"Nr mojego poprzedniego zgłoszenia 20234776052.":          "",
		"Koszt 120 450 800 zł":                                    "",
		"Mój PESEL 44051401359.":                                  "pesel:44051401359",
		"Mój PESEL 44051401358.":                                  "",
		"NIP 526-000-12-46":                                       "nip:526-000-12-46",
		"licznik 5260001246":                                      "",
		"REGON: 123456785":                                        "regon:123456785",
		"Odpowiedź na jan.k@poczta.example.":                      "email:jan.k@poczta.example",
		"konto PL61109010140000071219812874":                      "iban:PL61109010140000071219812874",
		"konto 61 1090 1014 0000 0712 1981 2874":                  "iban:61 1090 1014 0000 0712 1981 2874",
		"dowód ABA300000":                                         "id_number:ABA300000",
		"część ABA300000":                                         "",
		"Auto o nr rej. WQM 1412A stoi":                           "vehicle_plate:WQM 1412A",
		"Sprawa jest w sądzie, sygn. akt II W 929/23.":            "signature:II W 929/23",
		"KW WA1M/00012345/6":                                      "land_register:WA1M/00012345/6",
		"Mieszkam przy ul. Granicznej 65 m. 12.":                  "address:ul. Granicznej 65 m. 12",
		"Dziura przy ul. Granicznej 65":                           "",
		"Zofia Pokrzywiak, wnioskodawczyni":                       "person_name:Zofia Pokrzywiak",
		"Zgłasza Krzysztof Chmurzycki.":                           "person_name:Krzysztof Chmurzycki",
		"decyzja dla Jana Kowalskiego i Annie Nowak":              "person_name:Annie Nowak person_name:Jana Kowalskiego",
		"jan kowalski dzwonił":                                    "person_name:jan kowalski",
		"KOWALSKA ANNA MARIA":                                     "person_name:KOWALSKA ANNA MARIA",
		"Urszula Gałązka-Rdest":                                   "person_name:Urszula Gałązka-Rdest",
		"rozmawiałem z panem Wiśniewskim":                         "person_name:Wiśniewskim",
		"Szkoła Podstawowa im. Jana Kochanowskiego":               "",
		"ul. ks. Jerzego Popiełuszki":                             "",
		"Adama Mickiewicza 5":                                     "",
		"rondo Jana Pawła II":                                     "",
		"Stara Olszyna":                                           "",
		"Quercus robur":                                           "",
		"od maja do września":                                     "",
		"ur. 12.03.1980 w Łodzi":                                  "birth_date:12.03.1980",
		"Ochotnicza Straż Pożarna w Zagajach Małych":              "",
		"ulice: Graniczna, Klonowa, Kościelna, Ogrodowa, Wiązowa": "",
		"Zbiornik 12345678/2 i działka 123456789":                 "",
	} {
		var got []string
		for _, f := range NewScanner().Find(text) {
			got = append(got, string(f.Kind)+":"+text[f.Start:f.End])
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", text, strings.Join(got, " "), want)
		}
	}
}

func TestIdentifiers(t *testing.T) {
	for _, c := range []struct {
		valid func(string) bool
		text  string
		want  bool
	}{
		{ValidPESEL, "44051401359", true}, {ValidPESEL, "44051401358", false}, {ValidPESEL, "44133201359", false},
		{ValidPESEL, "02270803624", true}, {ValidPESEL, "4405140135", false}, {ValidPESEL, "4405140135a", false},
		{ValidNIP, "5260001246", true}, {ValidNIP, "5260001247", false}, {ValidNIP, "0000000000", false},
		{ValidREGON, "123456785", true}, {ValidREGON, "12345678512347", true}, {ValidREGON, "123456784", false},
		{ValidIBAN, "PL61109010140000071219812874", true}, {ValidIBAN, "61 1090 1014 0000 0712 1981 2875", false},
		{ValidIDCard, "ABA300000", true}, {ValidIDCard, "ABA300001", false}, {ValidIDCard, "AB1300000", false},
	} {
		if got := c.valid(c.text); got != c.want {
			t.Errorf("%q: %v", c.text, got)
		}
	}
}

func TestRoleAddresses(t *testing.T) {
	for text, want := range map[string]bool{
		"sekretariat@sp1.example": true, "sp12@szkoly.example": true, "urzad.gminy@x.example": true,
		"jan.nowak@x.example": false, "anowak78@x.example": false,
	} {
		found := NewScanner().Find(text)
		if len(found) != 1 || found[0].Role != want {
			t.Errorf("%s: %+v", text, found)
		}
	}
}

func TestMask(t *testing.T) {
	for text, want := range map[string]string{
		"Zofia Pokrzywiak": "Z•••• P•••••••••", "44051401359": "•••••••••59", "jan@poczta.example": "j••@p•••••.e••••••", "ul. Leśna 5": "u•. L•••• •",
	} {
		if got := Mask(text); got != want {
			t.Errorf("Mask(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestLooksLikeAddress(t *testing.T) {
	for cell, want := range map[string]bool{
		"ul. Wodna 65/20": true, "Rudawka 67": true, "Stara Olszyna 50": true, "ul. Źródlana 48, 23-971 Lipogóra": true,
		"Kopciuszki 88, 23-975 Lipogóra": true, "ul. Leśna 5": true, "os. Słoneczne 4 m. 12": true,
		"Szkoła Podstawowa nr 2": false, "Przepełniony kosz": false, "L1, N1": false, "2024": false,
	} {
		if got := LooksLikeAddress(cell); got != want {
			t.Errorf("%q: %v", cell, got)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	s := NewScanner()
	texts := []string{"Kałuża na całą szerokość ulicy po deszczu. Zofia Pokrzywiak, tel. 810 800 475", "Prowadzenie zajęć sportowych dla dzieci", "Przepełniony kosz w parku."}
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, text := range texts {
			s.Find(text)
		}
	}
}
