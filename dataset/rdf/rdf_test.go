package rdf

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadTurtle(t *testing.T) {
	const text = `@prefix ex: <http://example.org/> . # a comment
@base <http://example.org/dane/> .
PREFIX dcat: <http://www.w3.org/ns/dcat#>
<zbior> a dcat:Dataset ;
  ex:tytuł "Zażółć \"gęślą\""@pl, 'jaźń' ;
  ex:liczba 5, -1.5, 2e3 ; ex:jest true ;
  ex:opis """dwa
wiersze "z cudzysłowem"""" ;
  ex:lista ( 1 "dwa" ) ;
  ex:okres [ ex:od "2024-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ; ] .
[] ex:pusty ex:a.b .
_:x ex:zna _:x .
`
	g, err := Read(text, "")
	if err != nil {
		t.Fatal(err)
	}
	ex := func(name string) Term { return Named("http://example.org/" + name) }
	set := ex("dane/zbior")
	want := map[string][]Term{
		"tytuł":  {Text(`Zażółć "gęślą"`, "pl"), Text("jaźń", "")},
		"liczba": {Typed("5", XSD+"integer"), Typed("-1.5", XSD+"decimal"), Typed("2e3", XSD+"double")},
		"jest":   {Typed("true", XSD+"boolean")},
		"opis":   {Text("dwa\nwiersze \"z cudzysłowem\"", "")},
	}
	for name, terms := range want {
		if diff := cmp.Diff(terms, g.Objects(set, ex(name))); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
	list, _ := g.Object(set, ex("lista"))
	if diff := cmp.Diff([]Term{Typed("1", XSD+"integer"), Text("dwa", "")}, g.List(list)); diff != "" {
		t.Errorf("list: -want +got\n%s", diff)
	}
	period, _ := g.Object(set, ex("okres"))
	if from, _ := g.Object(period, ex("od")); from != Typed("2024-01-01", XSD+"date") {
		t.Errorf("from %+v", from)
	}
	if len(g.Subjects(ex("pusty"), ex("a.b"))) != 1 {
		t.Error("a name with a full stop within is not read")
	}
}

func TestReadNamesTheLineOfAnError(t *testing.T) {
	for name, text := range map[string]string{
		"no end":         "<a> <b>\n\"c",
		"no prefix":      "<a> <b>\nex:c .",
		"no object":      "<a> <b>\n.",
		"literal first":  "\n\"a\" <b> <c> .",
		"bad escape":     "<a> <b>\n\"\\q\" .",
		"deep":           "<a> <b>\n" + strings.Repeat("[ <c> ", 200),
		"unclosed list":  "<a> <b>\n( 1 2",
		"bad number":     "<a> <b>\n1.2.3 .",
		"space in IRI":   "<a> <b>\n<c d> .",
		"blank verb":     "<a>\n_:b <c> .",
		"half directive": "\n@prefix ex <http://example.org/> .",
	} {
		if _, err := Read(text, ""); err == nil || !strings.Contains(err.Error(), "line 2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhatIsWrittenReadsTheSame(t *testing.T) {
	prefixes := Prefixes{"dcat": "http://www.w3.org/ns/dcat#", "xsd": XSD, "ex": "http://example.org/"}
	g := &Graph{}
	set := Named("http://example.org/zbior")
	g.Add(set, Named("http://example.org/tytuł"), Text("linia\n\"druga\" \\ \t", "pl"))
	g.Add(set, Type, Named("http://www.w3.org/ns/dcat#Dataset"))
	period := g.NewBlank()
	g.Add(set, Named("http://example.org/okres"), period)
	g.Add(period, Named("http://example.org/od"), Typed("2024-01-01", XSD+"date"))
	g.Add(set, Named("http://example.org/lista"), g.AddList([]Term{Text("a", ""), Named("http://example.org/b")}))
	a, b := g.NewBlank(), g.NewBlank() // a circle of blank nodes, reached from nowhere
	g.Add(a, Named("http://example.org/zna"), b)
	g.Add(b, Named("http://example.org/zna"), a)
	text := g.Turtle(prefixes)
	again, err := Read(text, "")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if again.Len() != g.Len() || again.Turtle(prefixes) != text {
		t.Errorf("%d statements became %d\n%s\n%s", g.Len(), again.Len(), text, again.Turtle(prefixes))
	}
}

// Every Turtle file of the DCAT-AP releases reads; what is written of it reads the same.
func TestRealTurtle(t *testing.T) {
	root := os.Getenv("REFERENT_SHARED")
	if root == "" {
		root = "../../../shared/data"
	}
	var files []string
	for _, pattern := range []string{"*/shacl/*.ttl", "*/html/*.ttl", "*/html/examples/*.ttl"} {
		found, err := filepath.Glob(filepath.Join(root, "metadata", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		t.Skip("the DCAT-AP releases are not here: set REFERENT_SHARED to the folder of the real data")
	}
	slices.Sort(files)
	// Published with mistakes: a slash in a prefixed name, a directive without its end.
	broken := []string{"example-bee-population-dataset-series-api.ttl", "example-bee-population-dataset-series-combined.ttl", "example-bees_wasps_dataset.ttl"}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		g, err := Read(string(text), "http://example.org/")
		if slices.Contains(broken, filepath.Base(file)) {
			if err == nil {
				t.Errorf("%s is not Turtle and was read", filepath.Base(file))
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(file), err)
			continue
		}
		again, err := Read(g.Turtle(nil), "")
		if err != nil || again.Len() != g.Len() {
			t.Errorf("%s: %d statements, written and read %d, %v", filepath.Base(file), g.Len(), again.Len(), err)
		}
	}
	t.Logf("%d files", len(files))
}

func FuzzRead(f *testing.F) {
	f.Add("@prefix a: <b> . a:c a [ a:d ( 1 'e' ) ] .")
	f.Add("<a> <b> \"\\u0041\"@pl, \"\"\"x\"\"\"^^<c> .")
	f.Fuzz(func(t *testing.T, text string) {
		g, err := Read(text, "http://example.org/")
		if err != nil {
			return
		}
		if _, err := g.JSONLD(nil); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(g.Turtle(nil), ""); err != nil {
			t.Fatalf("%v\n%s", err, g.Turtle(nil))
		}
	})
}
