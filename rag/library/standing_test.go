package library

import (
	"context"
	"testing"

	"referent/rag"
)

// resolution is a local act with dates, and what it says of others.
func resolution(source, act string, change func(*rag.Document)) rag.Document {
	doc := document(source, "opłata targowa")
	doc.Act, doc.TextKind = act, rag.TextPromulgated
	change(&doc)
	return doc
}

func TestStatusIsJudgedOnTheDayThatIsAsked(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	put(t, l, resolution("/old", "local/rada/uchwala/1", func(d *rag.Document) {
		d.WordingDate, d.InForceFrom, d.RepealedFrom, d.Status = "2010-01-02", "2010-02-01", "2021-03-01", rag.StatusRepealed
	}))
	put(t, l, resolution("/soon", "local/rada/uchwala/2", func(d *rag.Document) {
		d.WordingDate, d.InForceFrom, d.Status = "2021-02-01", "2099-03-01", rag.StatusNotYet
	}))
	embedAll(t, l)
	for day, want := range map[string][]string{
		"2010-01-15": {}, "2010-02-01": {"/old"}, "2021-02-28": {"/old"}, "2021-03-01": {}, "": {}, "2099-03-01": {"/soon"},
	} {
		equal(t, "as of "+day, append([]string{}, sources(t, l, rag.Scope{AsOf: day})...), want)
	}
	equal(t, "with what is out of force", sources(t, l, rag.Scope{Repealed: true}), []string{"/old", "/soon"})
	for source, want := range map[string]rag.Status{"/old": rag.StatusRepealed, "/soon": rag.StatusNotYet} {
		known, _, err := l.Known(ctx, "biuro", source)
		if err != nil || known.Status != want {
			t.Errorf("%s is %s, want %s (%v)", source, known.Status, want, err)
		}
	}
}

func TestARepealWorksWhicheverIsStoredFirstAndIsUndone(t *testing.T) {
	ctx := context.Background()
	old := resolution("/old", "local/rada/uchwala/1", func(d *rag.Document) { d.WordingDate = "2010-01-02" })
	repeal := resolution("/new", "local/rada/uchwala/2", func(d *rag.Document) {
		d.WordingDate, d.InForceFrom = "2021-02-01", "2021-03-01"
		d.Relations = []rag.Relation{
			{Kind: rag.Repeals, Act: "local/rada/uchwala/1", Key: "art=1"},
			{Kind: rag.Amends, Act: "local/rada/uchwala/3", Date: "2021-04-01"},
			{Kind: rag.Repeals, Act: "local/rada/uchwala/2"}, // of itself: nonsense
		}
	})
	for _, order := range [][]rag.Document{{old, repeal}, {repeal, old}} {
		l := open(t, t.TempDir())
		var id string
		for _, doc := range order {
			if stored := put(t, l, doc); doc.Source == "/new" {
				id = stored.Document
			}
		}
		embedAll(t, l)
		equal(t, "answers", sources(t, l, rag.Scope{}), []string{"/new"})
		equal(t, "as of the day before", sources(t, l, rag.Scope{AsOf: "2021-02-28"}), []string{"/old"})
		known, _, err := l.Known(ctx, "biuro", "/old")
		if err != nil || known.Status != rag.StatusRepealed || known.RepealedFrom != "2021-03-01" {
			t.Errorf("the old one is %s from %q (%v)", known.Status, known.RepealedFrom, err)
		}
		effects, err := l.Effects(ctx, old.Act)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "effects", effects, []rag.Effect{{Kind: rag.Repeals, Date: "2021-03-01", Document: id, Act: repeal.Act, Title: repeal.Title, Key: "art=1"}})
		doc, err := l.Document(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "relations", doc.Relations, repeal.Relations)
		if err := l.Delete(ctx, id); err != nil {
			t.Fatal(err)
		}
		equal(t, "answers once the repeal is forgotten", sources(t, l, rag.Scope{}), []string{"/old"})
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestADocumentWhoseSourceIsGoneStaysOut(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	wording(t, l, "biuro", "old", "DU/1/1", "1960-01-01", "O", rag.StatusUnknown)
	wording(t, l, "biuro", "new", "DU/1/1", "2020-01-01", "T", rag.StatusUnknown)
	embedAll(t, l)
	id := documentID("biuro", "new")
	if err := l.SetMissing(ctx, []string{id}, "2026-05-06"); err != nil {
		t.Fatal(err)
	}
	equal(t, "without the newest", sources(t, l, rag.Scope{Repealed: true}), []string{"old"})
	known, _, err := l.Known(ctx, "biuro", "new")
	if err != nil || known.MissingSince != "2026-05-06" {
		t.Errorf("missing since %q (%v)", known.MissingSince, err)
	}
	if err := l.SetMissing(ctx, []string{id}, ""); err != nil {
		t.Fatal(err)
	}
	equal(t, "back again", sources(t, l, rag.Scope{}), []string{"new"})
	checkWhole(t, l)
}

func TestAnUndatedTextIsNoOlderThanWhatItCites(t *testing.T) {
	l := open(t, t.TempDir())
	put(t, l, resolution("o", "DU/1960/168", func(d *rag.Document) { d.WordingDate = "1960-06-14" }))
	put(t, l, resolution("t", "DU/1960/168", func(d *rag.Document) {
		d.TextKind, d.WordingAfter = rag.TextConsolidated, "2024-01-01"
	}))
	embedAll(t, l)
	for day, want := range map[string]string{"": "t", "1970-01-01": "o", "2023-12-31": "o", "2024-06-01": "t", "2090-01-01": "t"} {
		equal(t, "as of "+day, sources(t, l, rag.Scope{AsOf: day}), []string{want})
	}
}

func TestStampsAndFolders(t *testing.T) {
	ctx, l := context.Background(), open(t, t.TempDir())
	doc := document("/a.txt", "opłata")
	doc.Stamp = rag.Stamp{Size: 5, MTime: 7, Inode: 9, Checked: doc.FetchedAt}
	stored := put(t, l, doc)
	stamp := rag.Stamp{ETag: `"x"`, Modified: "Thu", Checked: doc.FetchedAt}
	for _, want := range []rag.Stamp{doc.Stamp, stamp} {
		known, found, err := l.Known(ctx, "biuro", "/a.txt")
		if err != nil || !found {
			t.Fatal(found, err)
		}
		equal(t, "stamp", known.Stamp, want)
		if err := l.Restamp(ctx, stored.Document, stamp); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{l.Watch(ctx, "biuro", "/dokumenty"), l.Watch(ctx, "biuro", "/dokumenty"), l.Watch(ctx, "rada", "/b"), l.Unwatch(ctx, "rada", "/b")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	folders, err := l.Folders(ctx)
	if err != nil || len(folders) != 1 || folders[0].Path != "/dokumenty" {
		t.Error(folders, err)
	}
}
