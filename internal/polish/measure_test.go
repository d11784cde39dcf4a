package polish

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// shared gives a path in the folder of real data, which lies outside the repository.
func shared(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("REFERENT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared", "data")
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real data at %s: set REFERENT_SHARED to the folder that holds it", path)
	}
	return path
}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestInflectionGroups holds the lemmas to lines of forms of one word each.
func TestInflectionGroups(t *testing.T) {
	var lines [][]string
	for line := range strings.Lines(readText(t, shared(t, "eval", "inflection_groups.txt"))) {
		lines = append(lines, strings.Fields(line))
	}
	for name, look := range map[string]func(string) []string{
		"as printed":         Lemmas,
		"without diacritics": func(word string) []string { return LemmasFolded(Fold(word)) },
	} {
		var within, across share
		for i, line := range lines {
			for j, word := range line {
				for _, other := range line[j+1:] {
					if !within.count(meet(look(word), look(other))) {
						t.Logf("%s: %s and %s are apart", name, word, other)
					}
				}
				for k, others := range lines[i+1:] {
					for _, other := range others {
						if !sameVerb(line, lines[i+1+k]) && across.count(meet(look(word), look(other))) {
							t.Logf("%s: %s and %s meet", name, word, other)
						}
					}
				}
			}
		}
		t.Logf("%s: conflated in a line %.4f of %d, across lines %.4f of %d",
			name, within.of(), within.all, across.of(), across.all)
		if within.of() < 0.95 || across.of() > 0.01 {
			t.Errorf("%s: want at least 0.95 in a line and at most 0.01 across", name)
		}
	}
}

type share struct{ held, all int }

func (s *share) count(holds bool) bool {
	s.all++
	if holds {
		s.held++
	}
	return holds
}

func (s *share) of() float64 { return float64(s.held) / float64(s.all) }

func meet(a, b []string) bool {
	return slices.ContainsFunc(a, func(lemma string) bool { return slices.Contains(b, lemma) })
}

// sameVerb is the one exception: the verbal noun is a form of the verb.
func sameVerb(a, b []string) bool {
	heads := []string{a[0], b[0]}
	return slices.Contains(heads, "udostępnić") && slices.Contains(heads, "udostępnianie")
}

func TestKnownShareOfRealActs(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "corpus", "acts"), "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no acts: %v", err)
	}
	lowest, highest := 1.0, 0.0
	for _, file := range files {
		// some of them end with the script of the page they came from
		text, _, _ := strings.Cut(readText(t, file), "var tree")
		clean := KnownShare(text)
		lowest = min(lowest, clean)
		if clean < 0.96 {
			t.Errorf("%s: clean %.4f", filepath.Base(file), clean)
		}
		for how, broken := range map[string]string{"broken font": brokenFont.Replace(text), "lost spaces": lostSpaces(text)} {
			got := KnownShare(broken)
			highest = max(highest, got)
			if got > 0.85 {
				t.Errorf("%s: %s %.4f", filepath.Base(file), how, got)
			}
		}
	}
	t.Logf("%d acts: clean at least %.4f, broken at most %.4f", len(files), lowest, highest)
}

// A page of the journal of laws of 2002 as its own text layer gives it.
func TestKnownShareOfAPageWithABrokenFont(t *testing.T) {
	page := readText(t, shared(t, "corpus", "scans", "dzu_dwie-kolumny_zle-kodowanie_ztp_s1-2_200dpi.gold.txt"))
	got := KnownShare(page)
	t.Logf("known share %.4f", got)
	if got > 0.85 {
		t.Errorf("the page passes for clean")
	}
}

// brokenFont is how old Dz.U. files read: the letters of MacRoman for those of its font.
var brokenFont = strings.NewReplacer("ą", "à", "ę", "´", "ł", "∏", "ś", "Ê", "ć", "ç", "ń", "ƒ", "ó", "ó",
	"ż", "˝", "ź", "ê", "Ą", "Ñ", "Ę", "¢", "Ł", "¸", "Ś", "Â", "Ć", "å", "Ż", "˚")

// lostSpaces keeps every third space.
func lostSpaces(text string) string {
	var b strings.Builder
	for i, word := range strings.Fields(text) {
		b.WriteString(word)
		if i%3 == 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func TestKnownShare(t *testing.T) {
	clean := `Rozporządzenie Marszałka Województwa z dnia 20 czerwca 2002 r. w sprawie opłaty skarbowej
		(Dz. U. Nr 100, poz. 908) wchodzi w życie z dniem 1 sierpnia 2002 r. i dotyczy pełno` + "\u00ad" + `mocnictw,
		o których mowa w części XXIII załącznika`
	for text, limits := range map[string][2]float64{
		clean:                     {0.99, 1},
		brokenFont.Replace(clean): {0.4, 0.85},
		lostSpaces(clean):         {0, 0.6},
		strings.ReplaceAll(clean, "ż", "\ufffd"):                {0.5, 0.95},
		"ROZPORZÑDZENIE op∏aty zarzàdza si´ nast´puje wskazaƒ":  {0, 0},
		"The controller shall notify the supervisory authority": {0, 0.5},
		"15 z 2 r. § 4 XXIII 28aa":                              {-1, -1},
		"":                                                      {-1, -1},
	} {
		if got := KnownShare(text); got < limits[0] || got > limits[1] {
			t.Errorf("KnownShare(%.60q) = %.3f, want %v", text, got, limits)
		}
	}
}
