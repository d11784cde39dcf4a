package source

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"referent/rag"
)

func TestContentsListsUnitsUnderHeadings(t *testing.T) {
	heading := func(start int, text string) block {
		return block{Span: rag.Span{Start: start}, Level: "heading", Runs: []run{{Text: text}}}
	}
	article := func(number, text string) block {
		return block{Key: "art=" + number, Anchor: "u-art=" + number, Level: "art", Label: "Art. " + number + ".", Blocks: []block{{Level: "text", Runs: []run{{Text: text}}}}}
	}
	long := strings.Repeat("organ załatwia sprawę ", 8)
	third := article("3", long)
	third.Target = true
	got := newContents("d1", []block{
		{Level: "text", Runs: []run{{Text: "USTAWA"}}},
		article("1", "Ustawa określa"),
		heading(40, "Rozdział 1"), heading(52, "Przepisy ogólne"),
		article("2", "Ilekroć mowa"), third,
	})
	want := contents{
		{Open: true, Entries: []entry{{Label: "Art. 1.", Text: "Ustawa określa", Link: "/zrodlo/d1?unit=art%3D1#u-art=1"}}},
		{Heading: "Rozdział 1 Przepisy ogólne", Link: "/zrodlo/d1?od=40", Open: true, Entries: []entry{
			{Label: "Art. 2.", Text: "Ilekroć mowa", Link: "/zrodlo/d1?unit=art%3D2#u-art=2"},
			{Label: "Art. 3.", Text: "organ załatwia sprawę organ załatwia sprawę organ załatwia…", Link: "/zrodlo/d1?unit=art%3D3#u-art=3", Current: true},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestLongContentsOpenWhereTheUnitIs(t *testing.T) {
	blocks := []block{{Level: "heading", Runs: []run{{Text: "Dział I"}}}}
	for range openEntries {
		blocks = append(blocks, block{Key: "art=1", Level: "art"})
	}
	blocks = append(blocks, block{Level: "heading", Runs: []run{{Text: "Dział II"}}}, block{Key: "art=99", Level: "art", Target: true})
	c := newContents("d1", blocks)
	if len(c) != 2 || c[0].Open || !c[1].Open {
		t.Errorf("contents %+v", c)
	}
}

func TestTextWithoutUnitsHasNoContents(t *testing.T) {
	blocks := []block{{Level: "heading", Runs: []run{{Text: "Protokół"}}}, {Level: "text", Runs: []run{{Text: "Obecni byli"}}}}
	if c := newContents("d1", blocks); c != nil {
		t.Errorf("contents %+v", c)
	}
}
