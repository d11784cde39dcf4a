package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"referent/ingest"
	"referent/rag"
	"referent/web/documents"
)

// refreshOf is the work of looking for newer wordings of every act of a collection; "" is
// all but the sample office.
func refreshOf(collection string) work {
	return func(ctx context.Context, p ingest.Pipeline, report ingest.Report) (ingest.Summary, error) {
		return p.Refresh(ctx, collection, report)
	}
}

// noteWording keeps what is told of an act: which wording a service has, and what a newer
// one changed, wherever it came from.
func (j *job) noteWording(e ingest.Event) {
	if e.Wording == nil && e.Change == nil {
		return
	}
	w := documents.Wording{Act: e.Act, Document: e.Document}
	if e.Wording != nil {
		w.Date, w.Kind, w.AmendedBy = e.Wording.WordingDate, e.Wording.TextKind, e.Wording.AmendedSince
	}
	if c := e.Change; c != nil {
		w.Newer, w.Date, w.Kind, w.BeforeDate = true, c.After.WordingDate, c.After.TextKind, c.Before.WordingDate
		w.Added, w.Removed, w.Changed = c.Added, c.Removed, c.Changed
	}
	j.Wordings = append(j.Wordings, w)
}

// noteLook keeps what a look at a folder found, and takes a look that nobody asked for
// off the list when it found nothing new.
func (i *intake) noteLook(ctx context.Context, j *job, s ingest.Summary) {
	if j.folder.Path == "" || ctx.Err() != nil {
		return
	}
	look := rag.Look{At: time.Now(), Files: s.Files, Stored: s.Stored, Problems: s.Problems, Missing: j.missing}
	if err := i.looked(ctx, j.folder.Collection, j.folder.Path, look); err != nil {
		slog.Error("a look at a folder could not be noted", "folder", j.folder.Path, "error", err)
	}
	if before := j.folder.Look; j.quiet && s.Stored == 0 && s.Problems <= before.Problems && j.Err == nil {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.jobs = slices.DeleteFunc(i.jobs, func(other *job) bool { return other == j })
	}
}

// watch takes watched folders in again when something changed in them, and once at the
// start: they may have changed while nobody served.
func (i *intake) watch(ctx context.Context) {
	if i.reading.Folders == nil {
		return
	}
	w := ingest.Watcher{
		Folders: i.reading.Folders, Changed: i.again,
		Failed: func(path string, err error) { slog.Warn("a folder cannot be watched", "folder", path, "error", err) },
	}
	if err := w.Run(ctx); err != nil {
		slog.Warn("folders are not watched", "error", err)
	}
}

// again queues a folder unless it waits already.
func (i *intake) again(f rag.WatchedFolder) {
	if i.waitsFor(f) {
		return
	}
	i.start(&job{
		Job:    documents.Job{Collection: f.Collection, Sources: []string{filepath.Base(f.Path)}},
		work:   intakeOf([]ingest.Item{{Collection: f.Collection, Path: f.Path}}),
		folder: f, quiet: true,
	})
}

func (i *intake) waitsFor(f rag.WatchedFolder) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.ContainsFunc(i.jobs, func(j *job) bool {
		return j.State == documents.JobWaiting && j.folder.Collection == f.Collection && j.folder.Path == f.Path
	})
}
