package ingest

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"referent/rag"
)

// TestUnitsOfPageAndMarkdown compares the units of acts that exist as a page of the Sejm ELI
// service and as Markdown: precision and recall of articles and of what lies below them.
func TestUnitsOfPageAndMarkdown(t *testing.T) {
	for _, c := range []struct{ page, markdown string }{
		{"dpa-2018.html", "acts/DU-2018-1000_ochrona-danych-osobowych.md"},
		{"ksc-2018.html", "acts/DU-2018-1560_ksc.md"},
		{"kpa-1960.html", "stale/DU-1960-168_kpa-tekst-z-1960.md"},
	} {
		page := unitKeys(readShared(t, shared(t, "corpus", "html", c.page)))
		markdown := unitKeys(readShared(t, shared(t, "corpus", filepath.FromSlash(c.markdown))))
		for _, part := range []struct {
			name  string
			least float64
			is    func(key string) bool
		}{
			{"articles", 0.995, func(key string) bool { return !strings.Contains(key, ";") }},
			{"below", 0.98, func(key string) bool { return strings.Contains(key, ";") }},
		} {
			a, b := keep(page, part.is), keep(markdown, part.is)
			precision, recall := share(b, a), share(a, b)
			t.Logf("%s, %s: %d on the page, %d in Markdown, precision %.4f, recall %.4f", c.page, part.name, len(a), len(b), precision, recall)
			if precision < part.least || recall < part.least {
				t.Errorf("%s, %s: below %v", c.page, part.name, part.least)
			}
		}
	}
}

// TestUnitsOfPageAndItsMarkup compares what is read from the text of a page with the units
// that its markup names; the markup of a quoted unit is left out.
func TestUnitsOfPageAndItsMarkup(t *testing.T) {
	for file, least := range map[string]float64{"dpa-2018.html": 1, "ksc-2018.html": 0.998, "kpa-1960.html": 1, "e-services-2002.html": 1, "kodeks-cywilny-1964.html": 0.998} {
		path := shared(t, "corpus", "html", file)
		doc := readShared(t, path)
		if doc.Act == "" {
			t.Errorf("%s is read as no act", file)
		}
		marked, read := markupKeys(t, path), unitKeys(doc)
		precision, recall := share(read, marked), share(marked, read)
		t.Logf("%s: %d in the markup, %d read, precision %.4f, recall %.4f", file, len(marked), len(read), precision, recall)
		if precision < least || recall < least {
			t.Errorf("%s: below %v", file, least)
		}
	}
}

func unitKeys(doc rag.Document) map[string]bool {
	keys := map[string]bool{}
	for _, u := range doc.Units {
		if !strings.HasPrefix(u.Key, "zal=") { // annexes have no markup
			keys[u.Key] = true
		}
	}
	return keys
}

// markupKeys reads the keys of the units that the ELI service marks.
func markupKeys(t *testing.T, path string) map[string]bool {
	t.Helper()
	data, err := readFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page, err := goquery.NewDocumentFromReader(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	page.Find(".cite-box").Remove()
	names := map[string]string{"unit_arti": "art", "unit_para": "par", "unit_pass": "ust", "unit_pint": "pkt", "unit_lett": "lit", "unit_tire": "tiret"}
	keys := map[string]bool{}
	page.Find("div.unit").Each(func(_ int, unit *goquery.Selection) {
		var levels []string
		for at := unit; at.Length() > 0; at = at.ParentsFiltered("div.unit").First() {
			id, _ := at.Attr("data-id")
			_, number, _ := strings.Cut(id, "_")
			for class, name := range names {
				if at.HasClass(class) {
					levels = append([]string{name + "=" + strings.ReplaceAll(number, "_", "^")}, levels...)
				}
			}
		}
		if len(levels) > 0 {
			keys[strings.Join(levels, ";")] = true
		}
	})
	return keys
}

func keep(keys map[string]bool, is func(string) bool) map[string]bool {
	kept := map[string]bool{}
	for key := range keys {
		if is(key) {
			kept[key] = true
		}
	}
	return kept
}

// share is how many of the keys are among the others.
func share(keys, others map[string]bool) float64 {
	n := 0
	for key := range keys {
		if others[key] {
			n++
		}
	}
	return float64(n) / float64(max(1, len(keys)))
}
