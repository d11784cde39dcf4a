package law

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// refs prints references as "act key" for comparison.
func refs(text string) []string {
	var got []string
	for _, r := range References(text) {
		got = append(got, strings.TrimSpace(r.Act+" "+string(r.Key)))
	}
	return got
}

func TestReferences(t *testing.T) {
	const kpa, rodo = "DU/1960/168", "EU/2016/679"
	for _, c := range []struct {
		text string
		want []string
	}{
		{"art. 35 § 3 k.p.a.", []string{kpa + " art=35;par=3"}},
		{"art 35 par 3 kpa", []string{kpa + " art=35;par=3"}},
		{"35 §3 KPA", []string{kpa + " art=35;par=3"}},
		{"35§3 kpa", []string{kpa + " art=35;par=3"}},
		{"kpa 189e", []string{kpa + " art=189e"}},
		{"189e kpa", []string{kpa + " art=189e"}},
		{"KPA art. 61a § 2", []string{kpa + " art=61a;par=2"}},
		{"Co mówi artykuł 35 paragraf 3a kodeksu postępowania administracyjnego?", []string{kpa + " art=35;par=3a"}},
		{"w art. 39^3 § 2 pkt 1 Kodeksu postępowania administracyjnego", []string{kpa + " art=39^3;par=2;pkt=1"}},
		{"art. 39³ kpa", []string{kpa + " art=39^3"}},
		{"art. 39(3) kpa", []string{kpa + " art=39^3"}},
		{"art. 39_3 kpa", []string{kpa + " art=39^3"}},
		{"art. 39 ^ 3 kpa", []string{kpa + " art=39^3"}},
		{"art. 6 ust. 1 lit. c RODO", []string{rodo + " art=6;ust=1;lit=c"}},
		{"art 6 ust 1 lit c) rodo", []string{rodo + " art=6;ust=1;lit=c"}},
		{"Article 6(1)(c) GDPR", []string{rodo + " art=6;ust=1;lit=c"}},
		{"art. 6(1) RODO", []string{rodo + " art=6;ust=1"}},
		{"motyw 26 RODO", []string{rodo + " motyw=26"}},
		{"rozporządzenia (UE) 2016/679 art. 13", []string{rodo + " art=13"}},
		{"ustawa o petycjach art 7 ust 2", []string{"DU/2014/1195 art=7;ust=2"}},
		{"ustawa o petycjach", []string{"DU/2014/1195"}},
		{"w ustawie z dnia 6 września 2001 r. o dostępie do informacji publicznej", []string{"DU/2001/1198"}},
		{"art. 10 ust. 1 ustawy z dnia 6 września 2001 r. o dostępie do informacji publicznej", []string{"DU/2001/1198 art=10;ust=1"}},
		{"art. 10 udip", []string{"DU/2001/1198 art=10"}},
		{"art. 10 u.d.i.p.", []string{"DU/2001/1198 art=10"}},
		{"art 434 pzp", []string{"DU/2019/2019 art=434"}},
		{"co mówi art. 63 konstytucji", []string{"DU/1997/483 art=63"}},
		{"art. 5 ust. 1 pkt 2 lit. a tiret drugie ustawy – Prawo budowlane", []string{"DU/1994/414 art=5;ust=1;pkt=2;lit=a;tiret=2"}},
		{"§ 4 regulaminu organizacyjnego", []string{"par=4"}},
		{"§ 5 ust. 1 załącznika nr 1", []string{"zal=1;par=5;ust=1"}},
		{"załącznik nr 2 § 3", []string{"zal=2;par=3"}},
		{"art. 7, 77 § 1 i 80 kpa", []string{kpa + " art=7", kpa + " art=77;par=1", kpa + " art=80"}},
		{"art. 35 § 1 i 2 kpa", []string{kpa + " art=35;par=1", kpa + " art=35;par=2"}},
		{"art.35§3kpa", []string{kpa + " art=35;par=3"}},
		{"art 35 kpa a art 36", []string{kpa + " art=35", kpa + " art=36"}},
		{"art. 6 ust. 1 lit. e i f RODO", []string{rodo + " art=6;ust=1;lit=e", rodo + " art=6;ust=1;lit=f"}},
		{"art. 6 ust. 1 lit. c w RODO", []string{rodo + " art=6;ust=1;lit=c"}},
		{"recital 47 GDPR", []string{rodo + " motyw=47"}},
		{"Article 5 of the AI Act", []string{"EU/2024/1689 art=5"}},
		{"art. 35 i art. 36 kpa", []string{kpa + " art=35", kpa + " art=36"}},
		{"art. 15zzs ustawy o COVID", []string{"DU/2020/374 art=15zzs"}},
		{"art. 22ł pkt 1", []string{"art=22ł;pkt=1"}},
		{"art. 5 ustawy", []string{"art=5"}},
		{"petycje art. 10", []string{"DU/2014/1195 art=10"}},
		{"Ile dni ma urząd na odpowiedź na petycję?", nil},
		{"w ciągu 14 dni od 1 stycznia 2024 r.", nil},
		{"kpa 2024", []string{kpa}},
		{"Mam artykuł o psach, 35 stron", nil},
		{"poz. 35 § 3", []string{"par=3"}},
		{"", nil},
	} {
		if diff := cmp.Diff(c.want, refs(c.text)); diff != "" {
			t.Errorf("References(%q): %s", c.text, diff)
		}
	}
}

func TestReferencesSpansAreCodePoints(t *testing.T) {
	text := "Żółć: zgodnie z art. 35 § 3 kpa oraz § 4 statutu"
	for _, r := range References(text) {
		got := string([]rune(text)[r.Start:r.End])
		if want := map[Key]string{"art=35;par=3": "art. 35 § 3", "par=4": "§ 4"}[r.Key]; got != want {
			t.Errorf("span of %s = %q, want %q", r.Key, got, want)
		}
	}
}

func FuzzReferences(f *testing.F) {
	for _, seed := range []string{"art. 6(1)(c RODO", "kpa §", "§§ 1, 2 i", "art. 39^", "k.p.", "załącznik nr", "art. 5 ust. ust. 3 – kpa"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		runes := len([]rune(text))
		for _, r := range References(text) {
			if r.Start < 0 || r.End > runes || r.Start >= r.End {
				t.Errorf("References(%q): span [%d, %d) of %d", text, r.Start, r.End, runes)
			}
			if r.Key == "" && r.Act == "" {
				t.Errorf("References(%q): an empty reference", text)
			}
		}
	})
}
