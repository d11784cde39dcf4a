package law

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestKeyPrints(t *testing.T) {
	for _, c := range []struct{ key, citation, article string }{
		{"art=33^1;ust=2;pkt=3;lit=a", "art. 33^1 ust. 2 pkt 3 lit. a", "33^1"},
		{"art=35;par=3a", "art. 35 § 3a", "35"},
		{"par=5;ust=1", "§ 5 ust. 1", "5"},
		{"zal=1;par=5", "zał. nr 1 § 5", "zal1/5"},
		{"zal=2", "zał. nr 2", "zal2"},
		{"zal=2;ust=3", "zał. nr 2 ust. 3", "zal2"},
		{"motyw=26", "motyw 26", "motyw26"},
		{"art=1;pkt=2;lit=a;tiret=2", "art. 1 pkt 2 lit. a tiret drugie", "1"},
		{"", "", ""},
	} {
		key, err := ParseKey(c.key)
		if err != nil {
			t.Errorf("ParseKey(%q): %v", c.key, err)
		}
		if got := key.Citation(); got != c.citation {
			t.Errorf("Citation(%q) = %q, want %q", c.key, got, c.citation)
		}
		if got := key.Article(); got != c.article {
			t.Errorf("Article(%q) = %q, want %q", c.key, got, c.article)
		}
	}
}

func TestParseKeyRefuses(t *testing.T) {
	for _, text := range []string{"art", "art=", "foo=1", "art=1;art=2", "pkt=1;ust=2", "art=1;;ust=2", "art=A", "art=1 2"} {
		if key, err := ParseKey(text); err == nil {
			t.Errorf("ParseKey(%q) = %q, want an error", text, key)
		}
	}
}

func TestKeyContainsAndParent(t *testing.T) {
	if !Key("art=3").Contains("art=3;ust=1") || Key("art=3").Contains("art=33") || !Key("").Contains("art=1") || Key("art=3;ust=1").Contains("art=3") {
		t.Error("Contains does not follow the levels")
	}
	if got := Key("art=3;ust=1").Parent(); got != "art=3" {
		t.Errorf("Parent = %q", got)
	}
	if got := Key("art=3").Parent(); got != "" {
		t.Errorf("Parent = %q", got)
	}
}

func TestOrder(t *testing.T) {
	want := []Key{"motyw=1", "art=1", "art=1;ust=1", "art=1;ust=1a", "art=1;ust=2", "art=15z", "art=15za", "art=15zz", "art=15zzs", "art=15zzt",
		"art=22l", "art=22ł", "art=22m", "art=28", "art=28^1", "art=28a", "art=28aa", "art=28b", "art=33^1", "art=33^2", "art=33^10", "art=100", "zal=1", "zal=1;par=5"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, Key.Compare)
	if !slices.Equal(got, want) {
		t.Errorf("sorted: %v", got)
	}
}

func TestFollows(t *testing.T) {
	for _, c := range []struct {
		previous, number string
		want             bool
	}{
		{"", "1", true}, {"", "2", false}, {"", "a", true}, {"1", "2", true}, {"2", "2a", true}, {"2a", "2b", true}, {"2a", "3", true},
		{"2", "4", false}, {"3", "2", false}, {"3", "3", false}, {"a", "b", true}, {"z", "za", true}, {"a", "i", false}, {"9", "10", true}, {"2", "2^1", true},
	} {
		if got := Follows(c.previous, c.number); got != c.want {
			t.Errorf("Follows(%q, %q) = %v", c.previous, c.number, got)
		}
	}
}

func TestCompareIsAnOrder(t *testing.T) {
	number := rapid.StringMatching(`[1-9][0-9]{0,2}(\^[1-9])?([a-z]{1,3})?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := number.Draw(t, "a"), number.Draw(t, "b"), number.Draw(t, "c")
		if (CompareNumbers(a, b) > 0) != (CompareNumbers(b, a) < 0) {
			t.Fatalf("%s and %s are not antisymmetric", a, b)
		}
		if CompareNumbers(a, b) <= 0 && CompareNumbers(b, c) <= 0 && CompareNumbers(a, c) > 0 {
			t.Fatalf("%s ≤ %s ≤ %s but not %s ≤ %s", a, b, c, a, c)
		}
		if a != b && CompareNumbers(a, b) == 0 {
			t.Fatalf("%s and %s compare as equal", a, b)
		}
	})
}
