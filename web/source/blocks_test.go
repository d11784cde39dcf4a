package source

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"referent/rag"
)

// shown is all text of blocks and their labels, as a reader reads it.
func shown(blocks []block, b *strings.Builder) {
	for _, x := range blocks {
		b.WriteString(x.Label)
		for _, r := range x.Runs {
			b.WriteString(r.Text)
		}
		shown(x.Blocks, b)
	}
}

// marked is the numbers of the pages whose marks stand in blocks.
func marked(blocks []block) (numbers []int) {
	for _, x := range blocks {
		for _, r := range x.Runs {
			if r.Page != nil {
				numbers = append(numbers, r.Page.Number)
			}
		}
		numbers = append(numbers, marked(x.Blocks)...)
	}
	return numbers
}

func squeeze(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return strings.ContainsRune(" \n\t#\u00a0", r)
	}), "")
}

// No text of a document may be lost or shown twice, whatever units are said to be in it.
func TestNothingIsLostOrDoubled(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom([]string{"ą", "słowo", "\n\n", "\n", " ", "tekst 😀", "# x", "ŻÓŁĆ"}), 1, 40).Draw(t, "words")
		text := strings.Join(words, "")
		length := len([]rune(text))
		var units []rag.Unit
		for range rapid.IntRange(0, 8).Draw(t, "units") {
			start := rapid.IntRange(-1, length).Draw(t, "start")
			end := rapid.IntRange(0, length+1).Draw(t, "end")
			// A level without a printed number, so that no label is made up.
			units = append(units, rag.Unit{Key: "akapit=1", Span: rag.Span{Start: start, End: end}})
		}
		quote := rag.Span{Start: rapid.IntRange(0, length).Draw(t, "from"), End: rapid.IntRange(0, length).Draw(t, "to")}
		pages := make([]pageMark, rapid.IntRange(0, 5).Draw(t, "pages"))
		for i, start := 0, 0; i < len(pages); i++ {
			start = rapid.IntRange(start, length).Draw(t, "page")
			pages[i] = pageMark{Number: i + 1, Start: start}
		}
		s := &setter{runes: []rune(text), quote: quote, pages: pages}
		var b strings.Builder
		blocks := s.set(units)
		shown(blocks, &b)
		if got := marked(blocks); len(got) != len(pages) || !slices.IsSorted(got) {
			t.Fatalf("pages %v have marks, want 1 to %d", got, len(pages))
		}
		if got, want := squeeze(b.String()), squeeze(text); got != want {
			t.Fatalf("shown %q\nwant  %q\nunits %+v", got, want, units)
		}
	})
}

func TestWindowShowsTheTarget(t *testing.T) {
	var blocks []block
	for i := range 100 {
		blocks = append(blocks, block{Span: rag.Span{Start: i * 100, End: i*100 + 99}})
	}
	for _, at := range []int{0, 50, 4999, 9950, 20000} {
		first, last := window(blocks, at, -1, 900)
		target := min(at/100, 99)
		if target < first || target >= last {
			t.Errorf("place %d is in block %d, shown are %d–%d", at, target, first, last)
		}
		if last-first > 14 {
			t.Errorf("place %d: %d blocks are shown", at, last-first)
		}
	}
	// Following the links to later parts shows every block once.
	seen := 0
	for from := 0; ; {
		first, last := window(blocks, 0, from, 900)
		seen += last - first
		if last == len(blocks) {
			break
		}
		from = blocks[last].Start
	}
	if seen != len(blocks) {
		t.Errorf("%d blocks over all parts, want %d", seen, len(blocks))
	}
}

func TestAnchorsAndLabels(t *testing.T) {
	for key, want := range map[string][2]string{
		"art=33^1;ust=2": {"u-art=33^1_ust=2", "2."}, "art=5": {"u-art=5", "Art.\u00a05."}, "par=7;pkt=3;lit=a": {"u-par=7_pkt=3_lit=a", "a)"},
		"zal=1;par=5": {"u-zal=1_par=5", "§\u00a05."}, `art="><b>`: {"u-art=_b_", `Art.` + "\u00a0" + `"><b>.`},
	} {
		if got := anchor(key); got != want[0] {
			t.Errorf("anchor of %q: %q", key, got)
		}
		if got := printedNumber(rag.Unit{Key: key}); got != want[1] {
			t.Errorf("label of %q: %q", key, got)
		}
	}
}
