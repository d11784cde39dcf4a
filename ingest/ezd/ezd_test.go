package ezd

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const ndap = `<?xml version="1.0" encoding="UTF-8"?>
<ndap:dokument xmlns:ndap="http://www.mswia.gov.pl/standardy/ndap">
  <ndap:identyfikator><ndap:typ>SystemID</ndap:typ><ndap:wartosc>1234</ndap:wartosc></ndap:identyfikator>
  <ndap:tytul><ndap:oryginalny>Wniosek o wydanie zaświadczenia</ndap:oryginalny></ndap:tytul>
  <ndap:data><ndap:typ>stworzony</ndap:typ><ndap:czas>2024-05-06</ndap:czas></ndap:data>
  <ndap:data><ndap:typ>dostarczony</ndap:typ><ndap:czas>2024-05-08T00:00:00</ndap:czas></ndap:data>
  <ndap:format><ndap:typ>docx</ndap:typ></ndap:format>
  <ndap:typ><ndap:klasa>tekst</ndap:klasa><ndap:rodzaj>wniosek</ndap:rodzaj></ndap:typ>
  <ndap:tworca><ndap:funkcja>stworzył</ndap:funkcja><ndap:podmiot><ndap:osoba><ndap:nazwisko>Lis</ndap:nazwisko><ndap:imie>Anna</ndap:imie></ndap:osoba></ndap:podmiot></ndap:tworca>
  <ndap:grupowanie><ndap:typ>znak sprawy</ndap:typ><ndap:kod>OR.5345.12.2024</ndap:kod><ndap:opis>Zaświadczenia</ndap:opis></ndap:grupowanie>
</ndap:dokument>`

func TestFormsOfMetadata(t *testing.T) {
	for name, c := range map[string]struct {
		xml, file string
		want      Metadata
	}{
		"archives": {ndap, "wniosek.docx", Metadata{Case: "OR.5345.12.2024", CaseTitle: "Zaświadczenia", Title: "Wniosek o wydanie zaświadczenia", Kind: "wniosek", From: "Lis Anna",
			Dates: []Date{{"stworzony", "2024-05-06"}, {"dostarczony", "2024-05-08"}}}},
		"Dublin Core": {`<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:identifier>GK.6220.3.2023.AB</dc:identifier><dc:title>Decyzja</dc:title><dc:date>2023-03-01</dc:date><dc:type>decyzja</dc:type><dc:creator>Wójt Gminy</dc:creator></metadata>`,
			"decyzja.pdf", Metadata{Case: "GK.6220.3.2023.AB", Title: "Decyzja", Kind: "decyzja", From: "Wójt Gminy", Dates: []Date{{"dokumentu", "2023-03-01"}}}},
		"a case with its documents": {`<Sprawa><ZnakSprawy>OR.1431.7.2024</ZnakSprawy><Tytul>Informacja publiczna</Tytul><Dokumenty>` +
			`<Dokument><NazwaPliku>pisma\wniosek.pdf</NazwaPliku><RodzajDokumentu>wniosek</RodzajDokumentu><DataWplywu>2024-02-01</DataWplywu></Dokument>` +
			`<Dokument><NazwaPliku>odpowiedz.pdf</NazwaPliku><RodzajDokumentu>odpowiedź</RodzajDokumentu><Znak_Pisma>OR.12</Znak_Pisma></Dokument></Dokumenty></Sprawa>`,
			"odpowiedz.pdf", Metadata{Case: "OR.1431.7.2024", CaseTitle: "Informacja publiczna", Kind: "odpowiedź", Sign: "OR.12"}},
	} {
		got, err := For([]byte(c.xml), "folder/"+c.file)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
		if !Is([]byte(c.xml)) {
			t.Errorf("%s is not known as metadata", name)
		}
	}
}

func TestOtherXMLIsNoMetadata(t *testing.T) {
	for _, data := range []string{"", "<a", "<rss><channel><title>x</title></channel></rss>", "<metadane/>", "tekst", strings.Repeat("<dokument>", 200), `<!DOCTYPE d [<!ENTITY a "x">]><dokument><tytul>&a;</tytul></dokument>`} {
		if Is([]byte(data)) {
			t.Errorf("%.40q is taken for metadata", data)
		}
	}
}

func TestLines(t *testing.T) {
	m, err := For([]byte(ndap), "wniosek.docx")
	want := []string{"Znak sprawy: OR.5345.12.2024", "Sprawa: Zaświadczenia", "Tytuł: Wniosek o wydanie zaświadczenia", "Rodzaj: wniosek", "Data (stworzony): 2024-05-06", "Data (dostarczony): 2024-05-08", "Od: Lis Anna"}
	if diff := cmp.Diff(want, m.Lines()); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
}
