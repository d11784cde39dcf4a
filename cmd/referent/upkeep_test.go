package main

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"referent/ingest"
	"referent/rag"
	"referent/web/documents"
)

func TestAJobTellsOfWordingsAndOfWhatIsGone(t *testing.T) {
	j := &job{folder: rag.WatchedFolder{Collection: "biuro", Path: "/srv/akty"}}
	unreadable := &rag.Error{Code: rag.CodeFileDamaged, Subject: "a.pdf"}
	for _, e := range []ingest.Event{
		{Event: ingest.EventDocument, File: "eli:DU/1960/168", Act: "DU/1960/168", Document: "1", Unchanged: true, Wording: &ingest.Wording{Document: "1", TextKind: rag.TextConsolidated, WordingDate: "2025-11-01"}},
		{Event: ingest.EventDocument, File: "/srv/akty/petycje.md", Act: "DU/2014/1195", Document: "2", Change: &ingest.Change{
			Before: ingest.Wording{WordingDate: "2014-07-11"}, After: ingest.Wording{WordingDate: "2026-02-03"}, Changed: []string{"art. 2"},
		}},
		{Event: ingest.EventDocument, File: "/srv/akty/notatka.md", Document: "3"},
		{Event: ingest.EventProblem, File: "/srv/akty/dawny.pdf", Reason: rag.CodeSourceMissing},
		{Event: ingest.EventProblem, File: "/srv/inne/dawny.pdf", Reason: rag.CodeSourceMissing},
		{Event: ingest.EventProblem, File: "/srv/akty/a.pdf", Reason: rag.CodeFileDamaged, Err: unreadable},
	} {
		j.note(e)
	}
	want := []documents.Wording{
		{Act: "DU/1960/168", Document: "1", Date: "2025-11-01", Kind: rag.TextConsolidated},
		{Act: "DU/2014/1195", Document: "2", Date: "2026-02-03", Newer: true, BeforeDate: "2014-07-11", Changed: []string{"art. 2"}},
	}
	if diff := cmp.Diff(want, j.Wordings); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	if j.missing != 1 || len(j.Problems) != 1 || j.Problems[0].File != "a.pdf" || !errors.Is(j.Problems[0].Err, unreadable) {
		t.Errorf("%d gone, problems %+v", j.missing, j.Problems)
	}
}

func TestAQuietLookStaysOnTheListOnlyWhenItFoundSomething(t *testing.T) {
	folder := rag.WatchedFolder{Collection: "biuro", Path: "/srv/akty", Look: rag.Look{Problems: 1}}
	for name, x := range map[string]struct {
		summary ingest.Summary
		quiet   bool
		left    int
	}{
		"nothing new":   {ingest.Summary{Files: 9, Unchanged: 8, Problems: 1}, true, 0},
		"something new": {ingest.Summary{Files: 9, Stored: 1, Problems: 1}, true, 1},
		"a new problem": {ingest.Summary{Files: 9, Problems: 2}, true, 1},
		"asked for":     {ingest.Summary{Files: 9}, false, 1},
	} {
		var kept rag.Look
		i := newIntake(ingest.Pipeline{}, func(_ context.Context, collection, path string, look rag.Look) error {
			if collection != folder.Collection || path != folder.Path {
				t.Errorf("%s: a look at %s of %s", name, path, collection)
			}
			kept = look
			return nil
		})
		j := &job{folder: folder, quiet: x.quiet, missing: 2}
		i.start(j)
		i.noteLook(context.Background(), j, x.summary)
		if len(i.Jobs()) != x.left || kept.Files != 9 || kept.Missing != 2 || kept.At.IsZero() {
			t.Errorf("%s: %d jobs, look %+v", name, len(i.Jobs()), kept)
		}
	}
}
