package library

import (
	"context"
	"slices"
	"testing"
	"time"

	"referent/rag"
)

// wording stores a wording of an act whose one article says its source.
func wording(t testing.TB, l *Library, collection, source, act, date string, kind rag.TextKind, status rag.Status) {
	t.Helper()
	doc := document(source, "opłata skarbowa", "zwrot opłaty")
	doc.Collection, doc.Act, doc.WordingDate, doc.TextKind, doc.Status = collection, act, date, kind, status
	put(t, l, doc)
}

// sources gives what a scope answers from: by words, by vectors and by look-up alike.
func sources(t *testing.T, l *Library, scope rag.Scope) []string {
	t.Helper()
	ctx := context.Background()
	near, err := l.Nearest(ctx, scope, model, vectorOf("opłata"), 100)
	if err != nil {
		t.Fatal(err)
	}
	var ids []int64
	for _, hit := range near {
		ids = append(ids, hit.Passage)
	}
	found, err := l.Lookup(ctx, scope, "", "art=1")
	if err != nil {
		t.Fatal(err)
	}
	list := named(t, l, words(t, l, scope, "opłata"))
	equal(t, "sources by vectors", named(t, l, ids), list)
	var looked []string
	for _, p := range found {
		looked = append(looked, p.Document.Source)
	}
	slices.Sort(looked)
	equal(t, "sources by look-up", looked, list)
	return list
}

func named(t *testing.T, l *Library, ids []int64) (list []string) {
	t.Helper()
	passages, err := l.Passages(context.Background(), ids)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range passages {
		list = append(list, p.Document.Source)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestScopeChoosesCollections(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	if names, err := l.Searched(ctx, rag.Scope{}); err != nil || len(names) != 0 {
		t.Error("an empty library searches", names, err)
	}
	wording(t, l, rag.SampleCollection, "sample", "", "", "", rag.StatusUnknown)
	embedAll(t, l)
	equal(t, "the sample alone", sources(t, l, rag.Scope{}), []string{"sample"})
	wording(t, l, "biuro", "office", "", "", "", rag.StatusUnknown)
	wording(t, l, "rada", "council", "", "", "", rag.StatusUnknown)
	embedAll(t, l)
	equal(t, "the default scope", sources(t, l, rag.Scope{}), []string{"council", "office"})
	equal(t, "the sample named", sources(t, l, rag.Scope{Collections: []string{"przyklad", "rada"}}), []string{"council", "sample"})
	names, err := l.Searched(ctx, rag.Scope{Collections: []string{"rada", "biuro", "rada"}})
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "searched", names, []string{"biuro", "rada"})

	unknown := rag.Scope{Collections: []string{"biuro", "nieznana"}}
	_, err = l.Searched(ctx, unknown)
	hasCode(t, err, rag.CodeUnknownCollection)
	_, err = l.Words(ctx, unknown, "opłata", 1)
	hasCode(t, err, rag.CodeUnknownCollection)
	_, err = l.Nearest(ctx, unknown, model, vectorOf("x"), 1)
	hasCode(t, err, rag.CodeUnknownCollection)
	_, err = l.Lookup(ctx, unknown, "", "art=1")
	hasCode(t, err, rag.CodeUnknownCollection)
}

func TestOneWordingOfAnActAnswers(t *testing.T) {
	type text struct {
		source, date string
		kind         rag.TextKind
		status       rag.Status
	}
	const inForce, repealed, notYet = rag.StatusInForce, rag.StatusRepealed, rag.StatusNotYet
	for name, test := range map[string]struct {
		texts []text
		scope rag.Scope
		want  []string
	}{
		"the newest by date":        {[]text{{"old", "1960-06-14", "O", inForce}, {"new", "2024-01-02", "T", inForce}, {"mid", "2000-01-01", "T", inForce}}, rag.Scope{}, []string{"new"}},
		"by kind on one day":        {[]text{{"u", "2024-01-02", "U", inForce}, {"t", "2024-01-02", "T", inForce}}, rag.Scope{}, []string{"t"}},
		"T before O without a date": {[]text{{"o", "2024-01-02", "O", inForce}, {"t", "", "T", inForce}}, rag.Scope{}, []string{"t"}},
		"U before O without dates":  {[]text{{"o", "", "O", inForce}, {"u", "", "U", inForce}}, rag.Scope{}, []string{"u"}},
		"dated before dateless":     {[]text{{"dated", "2024-01-02", "T", inForce}, {"dateless", "", "T", inForce}}, rag.Scope{}, []string{"dated"}},
		// By pairs each of the three would give way to another.
		"a circle of pairs":             {[]text{{"a", "2020-01-01", "O", inForce}, {"b", "", "U", inForce}, {"c", "2010-01-01", "T", inForce}}, rag.Scope{}, []string{"b"}},
		"nothing tells them apart":      {[]text{{"resolution", "2024-01-02", "", inForce}, {"annex", "", "", inForce}}, rag.Scope{}, []string{"annex", "resolution"}},
		"as of a day":                   {[]text{{"old", "1960-06-14", "O", inForce}, {"new", "2024-01-02", "T", inForce}}, rag.Scope{AsOf: "2000-01-01"}, []string{"old"}},
		"as of the day itself":          {[]text{{"old", "1960-06-14", "O", inForce}, {"new", "2024-01-02", "T", inForce}}, rag.Scope{AsOf: "2024-01-02"}, []string{"new"}},
		"as of a day before all":        {[]text{{"old", "1960-06-14", "O", inForce}}, rag.Scope{AsOf: "1959-01-01"}, nil},
		"as of a day, dated first":      {[]text{{"old", "1960-06-14", "O", inForce}, {"dateless", "", "T", inForce}}, rag.Scope{AsOf: "2000-01-01"}, []string{"old"}},
		"as of today, T before O":       {[]text{{"old", "1960-06-14", "O", inForce}, {"dateless", "", "T", inForce}}, rag.Scope{AsOf: time.Now().Format(time.DateOnly)}, []string{"dateless"}},
		"as of a day, dateless alone":   {[]text{{"new", "2024-01-02", "T", inForce}, {"dateless", "", "O", inForce}}, rag.Scope{AsOf: "2000-01-01"}, []string{"dateless"}},
		"a repealed act":                {[]text{{"old", "1960-06-14", "O", inForce}, {"new", "2024-01-02", "T", repealed}}, rag.Scope{}, nil},
		"a repealed act asked for":      {[]text{{"old", "1960-06-14", "O", inForce}, {"new", "2024-01-02", "T", repealed}}, rag.Scope{Repealed: true}, []string{"new"}},
		"not yet in force":              {[]text{{"now", "2024-01-02", "T", inForce}, {"soon", "2030-01-01", "T", notYet}}, rag.Scope{}, []string{"now"}},
		"not yet in force, asked for":   {[]text{{"now", "2024-01-02", "T", inForce}, {"soon", "2030-01-01", "T", notYet}}, rag.Scope{Repealed: true}, []string{"now", "soon"}},
		"omitted and unknown answer":    {[]text{{"omitted", "", "", rag.StatusOmitted}, {"unknown", "", "", rag.StatusUnknown}}, rag.Scope{}, []string{"omitted", "unknown"}},
		"a collection has its own best": {[]text{{"here", "2020-01-01", "T", inForce}}, rag.Scope{Collections: []string{"biuro"}}, []string{"here"}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, reversed := range []bool{false, true} {
				l := open(t, t.TempDir())
				texts := slices.Clone(test.texts)
				if reversed {
					slices.Reverse(texts)
				}
				wording(t, l, "inna", "elsewhere", "DU/1/1", "2025-01-01", "T", inForce)
				for _, text := range texts {
					wording(t, l, "biuro", text.source, "DU/1/1", text.date, text.kind, text.status)
				}
				embedAll(t, l)
				if test.scope.Collections == nil {
					test.scope.Collections = []string{"biuro"}
				}
				equal(t, "sources", sources(t, l, test.scope), test.want)
			}
		})
	}
}

func TestOneWordingAnswersAcrossCollections(t *testing.T) {
	l := open(t, t.TempDir())
	wording(t, l, "biuro", "old", "DU/1/1", "1960-01-01", "O", rag.StatusUnknown)
	wording(t, l, "rada", "new", "DU/1/1", "2024-01-01", "T", rag.StatusUnknown)
	wording(t, l, "rada", "other", "DU/2/2", "1999-01-01", "O", rag.StatusUnknown)
	embedAll(t, l)
	equal(t, "both collections", sources(t, l, rag.Scope{}), []string{"new", "other"})
	equal(t, "one collection", sources(t, l, rag.Scope{Collections: []string{"biuro"}}), []string{"old"})
}

func TestRepealedUnitsStayOut(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	doc := document("/a", "opłata pierwsza", "opłata druga", "opłata trzecia", "opłata czwarta")
	doc.Passages[0].Status, doc.Passages[1].Status, doc.Passages[2].Status = rag.StatusRepealed, rag.StatusNotYet, rag.StatusOmitted
	put(t, l, doc)
	check := func(scope rag.Scope, pending int, want ...string) {
		t.Helper()
		if got, err := l.Pending(ctx, scope, model); err != nil || got != pending {
			t.Errorf("%d pending, want %d (%v)", got, pending, err)
		}
		got := units(t, l, words(t, l, scope, "opłata"))
		slices.Sort(got)
		equal(t, "units", got, want)
	}
	check(rag.Scope{}, 2, "/a art. 3", "/a art. 4")
	check(rag.Scope{Repealed: true}, 4, "/a art. 1", "/a art. 2", "/a art. 3", "/a art. 4")
	embedAll(t, l)
	near, err := l.Nearest(ctx, rag.Scope{}, model, vectorOf("opłata"), 2)
	if err != nil || len(near) != 2 {
		t.Fatalf("%d near passages, want as many as asked for that are in force (%v)", len(near), err)
	}
	for _, hit := range near {
		if hit.Passage < 3 {
			t.Errorf("passage %d is not in force", hit.Passage)
		}
	}
	if found, err := l.Lookup(ctx, rag.Scope{}, "", "art=1"); err != nil || len(found) != 0 {
		t.Error("a repealed unit was looked up", found, err)
	}
}

func TestLookup(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	doc := document("/kpa", "pierwszy", "drugi", "trzeci", "czwarty", "piąty", "szósty")
	doc.Act = "DU/1960/168"
	for i, key := range []string{"art=3", "art=35;par=1", "art=35;par=2", "art=35;par=2;pkt=1", "art=35", "art=351"} {
		doc.Passages[i].Key, doc.Passages[i].Unit = key, key
	}
	put(t, l, doc)
	other := document("/inna", "pierwszy")
	other.Act = "DU/2000/1"
	other.Passages[0].Key, other.Passages[0].Unit = "art=35", "art=35"
	put(t, l, other)
	local := document("/uchwala", "pierwszy")
	local.Act = "local/rady-gminy-w-debowcu/uchwala/x-1-2020"
	local.Passages[0].Key, local.Passages[0].Unit = "par=4", "par=4"
	put(t, l, local)
	for _, test := range []struct {
		act, key string
		want     []string
	}{
		{"local/rady*/uchwala/x-1-2020", "par=4", []string{"/uchwala par=4"}},
		{"local/*/uchwala/x-1-2021", "par=4", []string{}},
		{"DU/1960/168", "art=35", []string{"/kpa art=35", "/kpa art=35;par=1", "/kpa art=35;par=2", "/kpa art=35;par=2;pkt=1"}},
		{"DU/1960/168", "art=35;par=2", []string{"/kpa art=35;par=2", "/kpa art=35", "/kpa art=35;par=2;pkt=1"}},
		{"DU/1960/168", "art=35;par=2;pkt=1;lit=a", []string{"/kpa art=35;par=2;pkt=1", "/kpa art=35;par=2", "/kpa art=35"}},
		{"DU/1960/168", "art=35;par=9", []string{"/kpa art=35"}},
		{"DU/1960/168", "", []string{"/kpa art=3"}},
		{"DU/1960/168", "art=4", []string{}},
		{"DU/9/9", "art=35", []string{}},
		{"", "art=35;par=1", []string{"/kpa art=35;par=1", "/inna art=35", "/kpa art=35"}},
		{"", "", []string{}},
	} {
		passages, err := l.Lookup(ctx, rag.Scope{}, test.act, test.key)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, p := range passages {
			got = append(got, p.Document.Source+" "+p.Key)
		}
		if test.act == "" && test.key != "" {
			slices.Sort(got[1:]) // those of two acts come by the documents' ids
			slices.Sort(test.want[1:])
		}
		equal(t, test.act+" "+test.key, got, test.want)
	}
}

func TestPassagesComeInTheOrderAsked(t *testing.T) {
	l := open(t, t.TempDir())
	put(t, l, document("/a", "jeden", "dwa", "trzy"))
	equal(t, "passages", units(t, l, []int64{3, 99, 1, 3}), []string{"/a art. 3", "/a art. 1", "/a art. 3"})
	equal(t, "no passages", units(t, l, nil), []string{})
}
