package shacl

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"referent/dataset/rdf"
)

const head = `@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <http://example.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
`

func graph(t *testing.T, text string) *rdf.Graph {
	t.Helper()
	g, err := rdf.Read(head+text, "")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// found lists constraints by focus and last part of the path.
func found(t *testing.T, shapes, data string) []string {
	t.Helper()
	s, err := Load(graph(t, shapes))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range s.Validate(graph(t, data)) {
		short := strings.NewReplacer("http://example.org/", "")
		lines = append(lines, short.Replace(r.Focus.Value+" "+r.Path+" "+r.Constraint+" "+string(r.Severity)))
	}
	slices.Sort(lines)
	return lines
}

func TestConstraints(t *testing.T) {
	property := func(rules string) string {
		return "ex:S sh:targetClass ex:Set ; sh:property [ sh:path ex:p ; " + rules + " ] ."
	}
	for name, c := range map[string]struct {
		shapes, data string
		want         []string
	}{
		"min count":           {property("sh:minCount 1"), "ex:a a ex:Set . ex:b a ex:Set ; ex:p 1 .", []string{"a p minCount Violation"}},
		"max count":           {property("sh:maxCount 1 ; sh:severity sh:Warning"), "ex:a a ex:Set ; ex:p 1, 2 .", []string{"a p maxCount Warning"}},
		"class of a subclass": {property("sh:class ex:C"), "ex:D rdfs:subClassOf ex:C . ex:v a ex:D . ex:w a ex:E . ex:a a ex:Set ; ex:p ex:v, ex:w .", []string{"a p class Violation"}},
		"datatype and form":   {property("sh:datatype xsd:date"), `ex:a a ex:Set ; ex:p "2024-01-01"^^xsd:date, "2024-13-01"^^xsd:date, "2024-01-01" .`, []string{"a p datatype Violation", "a p datatype Violation"}},
		"kind of node":        {property("sh:nodeKind sh:BlankNodeOrIRI"), `ex:a a ex:Set ; ex:p ex:v, [], "text" .`, []string{"a p nodeKind Violation"}},
		"value":               {property("sh:hasValue ex:v"), "ex:a a ex:Set ; ex:p ex:w .", []string{"a p hasValue Violation"}},
		"node":                {property("sh:node [ sh:property [ sh:path ex:q ; sh:minCount 1 ] ]"), "ex:v ex:q 1 . ex:a a ex:Set ; ex:p ex:v, ex:w .", []string{"a p node Violation"}},
		"or":                  {"ex:S sh:targetClass ex:Set ; sh:or ( [ sh:path ex:p ; sh:minCount 1 ] [ sh:path ex:q ; sh:minCount 1 ] ) .", "ex:a a ex:Set ; ex:q 1 . ex:b a ex:Set .", []string{"b  or Violation"}},
		"inverse and sequence": {"ex:S sh:targetClass ex:Set ; sh:property [ sh:minCount 1 ; sh:path [ sh:alternativePath ( [ sh:inversePath ex:of ] ( ex:p ex:q ) ) ] ] .",
			"ex:x ex:of ex:a . ex:a a ex:Set . ex:b a ex:Set ; ex:p [ ex:q 1 ] . ex:c a ex:Set .", []string{"c ^of|p/q minCount Violation"}},
		"subclass of a target": {property("sh:minCount 1"), "ex:T rdfs:subClassOf ex:Set . ex:a a ex:T .", []string{"a p minCount Violation"}},
	} {
		if diff := cmp.Diff(c.want, found(t, c.shapes, c.data)); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}

func TestUnknownConstraintsAreRefused(t *testing.T) {
	for _, shapes := range []string{
		"ex:S sh:targetClass ex:Set ; sh:property [ sh:path ex:p ; sh:pattern 'a' ] .",
		"ex:S sh:targetClass ex:Set ; sh:closed true .",
		"ex:S sh:targetClass ex:Set ; sh:property [ sh:path [ sh:zeroOrMorePath ex:p ] ] .",
		"ex:S sh:targetClass ex:Set ; sh:property [ sh:path ex:p ; sh:minCount 'x' ] .",
	} {
		if _, err := Load(graph(t, shapes)); err == nil {
			t.Errorf("loaded: %s", shapes)
		}
	}
}

// The same results as pyshacl on every example of the DCAT-AP releases, with each of
// their shapes.
func TestAgainstPyshacl(t *testing.T) {
	root := os.Getenv("REFERENT_SHARED")
	if root == "" {
		root = "../../../shared/data"
	}
	examples, err := filepath.Glob(filepath.Join(root, "metadata", "*", "html", "examples", "*.ttl"))
	if err != nil {
		t.Fatal(err)
	}
	if len(examples) == 0 {
		t.Skip("the DCAT-AP releases are not here: set REFERENT_SHARED to the folder of the real data")
	}
	python := pythonWithPyshacl(t)
	for _, file := range []string{"dcat-ap-3.0.1/shacl/dcat-ap-SHACL.ttl", "dcat-ap-hvd/shacl/hvd-SHACL.ttl"} {
		rules := filepath.Join(root, "metadata", file)
		shapes, err := Load(read(t, rules))
		if err != nil {
			t.Fatal(err)
		}
		want := pyshaclResults(t, python, rules, examples)
		var got []string
		for _, example := range examples {
			name := filepath.Base(example)
			if slices.Contains(want, name+"\tunreadable") {
				got = append(got, name+"\tunreadable")
				continue
			}
			for _, line := range lines(shapes.Validate(read(t, example))) {
				got = append(got, name+"\t"+line)
			}
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -pyshacl +ours\n%s", filepath.Base(file), diff)
		}
		t.Logf("%s: %d examples, %d results", filepath.Base(file), len(examples), len(want))
	}
}

func read(t *testing.T, file string) *rdf.Graph {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	g, err := rdf.Read(string(text), "http://example.org/")
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// pythonWithPyshacl gives an interpreter that has pyshacl: that of the evaluation, or the
// system's.
func pythonWithPyshacl(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Skip(err)
	}
	for _, python := range []string{os.Getenv("REFERENT_PYTHON"), filepath.Join(cache, "referent", "eval-python", "bin", "python"), "python3"} {
		if python != "" && exec.Command(python, "-c", "import pyshacl").Run() == nil {
			return python
		}
	}
	t.Skip("no Python with pyshacl: scripts/eval-python.sh makes one")
	return ""
}

func pyshaclResults(t *testing.T, python, shapes string, data []string) []string {
	t.Helper()
	out, err := exec.Command(python, append([]string{"testdata/pyshacl_results.py", shapes}, data...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	found := strings.FieldsFunc(string(out), func(r rune) bool { return r == '\n' })
	slices.Sort(found)
	return found
}

func lines(results []Result) []string {
	name := func(t rdf.Term) string {
		if t.Kind == rdf.Blank {
			return "_"
		}
		return strings.NewReplacer("\n", " ", "\t", " ").Replace(t.Value)
	}
	var found []string
	for _, r := range results {
		path := r.Path
		if strings.ContainsAny(path, "^|") {
			path = "_"
		}
		found = append(found, strings.Join([]string{name(r.Focus), path, r.Constraint, string(r.Severity), name(r.Value)}, "\t"))
	}
	slices.Sort(found)
	return found
}
