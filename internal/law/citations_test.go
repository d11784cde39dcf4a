package law

import (
	_ "embed"
	"strings"
	"testing"
)

//go:embed testdata/citations.tsv
var citations string

// actsShort are the acts that the list of citations names most.
var actsShort = map[string]string{
	"kpa": "DU/1960/168", "rodo": "EU/2016/679", "udip": "DU/2001/1198", "usg": "DU/1990/95", "covid": "DU/2020/374", "budowlane": "DU/1994/414",
	"op": "DU/1997/926", "pzp": "DU/2019/2019", "ppsa": "DU/2002/1270", "konstytucja": "DU/1997/483", "kc": "DU/1964/93", "kp": "DU/1974/141",
	"kk": "DU/1997/553", "kro": "DU/1964/59",
}

// TestCitationsAsPeopleWriteThem counts the list: at least 300 forms, 99 of 100 read whole,
// none resolved to an act or a unit that it does not name.
func TestCitationsAsPeopleWriteThem(t *testing.T) {
	forms, right, wrong := 0, 0, 0
	for line := range strings.Lines(citations) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		text, want, ok := strings.Cut(line, "\t")
		if !ok {
			t.Fatalf("no tab in %q", line)
		}
		forms++
		got, expected := written(References(text)), spelled(want)
		if strings.Join(got, " + ") == strings.Join(expected, " + ") {
			right++
			continue
		}
		t.Logf("%q is read as %q, want %q", text, got, expected)
		if resolvesWrongly(got, expected) {
			wrong++
			t.Errorf("%q is resolved to %q, want %q", text, got, expected)
		}
	}
	t.Logf("%d forms, %d right (%.4f), %d resolved wrongly", forms, right, float64(right)/float64(forms), wrong)
	if forms < 300 || right*100 < forms*99 {
		t.Errorf("%d of %d forms are read right", right, forms)
	}
}

// written prints references as the list does.
func written(refs []Reference) []string {
	var list []string
	for _, r := range refs {
		mark := r.Act
		if r.Unknown {
			mark = "!"
		}
		if len(r.Choices) > 0 {
			mark = "?" + strings.Join(r.Choices, ",")
		}
		list = append(list, strings.TrimSpace(strings.Replace(mark+" "+string(r.Key), "! ", "!", 1)))
	}
	return list
}

// spelled gives what a line of the list expects.
func spelled(want string) []string {
	if want == "-" {
		return nil
	}
	var list []string
	for part := range strings.SplitSeq(want, " + ") {
		act, key, _ := strings.Cut(part, " ")
		if eli, known := actsShort[act]; known {
			act = eli
		}
		list = append(list, strings.TrimSpace(act+" "+key))
	}
	return list
}

// resolvesWrongly says whether a reference names an act that the list does not expect: a
// reference without an act, or one that is missing, is a miss, not a wrong resolution.
func resolvesWrongly(got, expected []string) bool {
	for _, ref := range got {
		named := strings.HasPrefix(ref, "DU/") || strings.HasPrefix(ref, "EU/") || strings.HasPrefix(ref, "local/")
		found := false
		for _, want := range expected {
			found = found || want == ref
		}
		if named && !found {
			return true
		}
	}
	return false
}

func TestNamesAndActs(t *testing.T) {
	local := Reference{Act: "local/rady*/uchwala/xii-88-2019", Key: "par=4"}
	choice := Reference{Choices: []string{"DU/2019/2019", "DU/2003/717"}, Key: "art=2"}
	for _, c := range []struct {
		ref  Reference
		act  string
		want bool
	}{
		{local, "local/rady-gminy-w-debowcu/uchwala/xii-88-2019", true},
		{local, "local/wojta-gminy/uchwala/xii-88-2019", false},
		{local, "local/rady-gminy-w-debowcu/uchwala/xii-88-2018", false},
		{Reference{Act: "local/*/uchwala/1"}, "local/x/uchwala/1/2", false},
		{choice, "DU/2003/717", true},
		{choice, "DU/1960/168", false},
		{Reference{Key: "art=1"}, "DU/1960/168", true},
		{Reference{Key: "art=1", Unknown: true}, "DU/1960/168", false},
		{Reference{Act: "DU/1960/168"}, "DU/1960/168", true},
	} {
		if got := c.ref.Names(c.act); got != c.want {
			t.Errorf("%+v names %s: %v", c.ref, c.act, got)
		}
	}
	if acts := choice.Acts(); len(acts) != 2 {
		t.Errorf("the acts of a choice are %v", acts)
	}
	if acts := (Reference{Key: "art=1"}).Acts(); len(acts) != 1 || acts[0] != "" {
		t.Errorf("the acts of a unit alone are %v", acts)
	}
	if acts := (Reference{Key: "art=1", Unknown: true}).Acts(); len(acts) != 0 {
		t.Errorf("the acts of an unknown act are %v", acts)
	}
}
