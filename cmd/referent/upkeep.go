package main

import (
	"context"
	"log/slog"
	"path/filepath"
	"slices"

	"referent/ingest"
	"referent/rag"
	"referent/web/documents"
)

// Refresh queues a look for newer wordings of every act of a collection; "" is all but
// the sample office.
func (i *intake) Refresh(_ context.Context, collection string) string {
	return i.start(collection, nil, func(ctx context.Context, p ingest.Pipeline, report ingest.Report) (ingest.Summary, error) {
		return p.Refresh(ctx, collection, report)
	})
}

// ForgetMissing takes the documents out whose sources are gone.
func (i *intake) ForgetMissing(_ context.Context, collection string) string {
	return i.start(collection, nil, func(ctx context.Context, p ingest.Pipeline, report ingest.Report) (ingest.Summary, error) {
		return p.ForgetMissing(ctx, collection, nil, report)
	})
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
	i.start(f.Collection, []string{filepath.Base(f.Path)}, intakeOf([]ingest.Item{{Collection: f.Collection, Path: f.Path}}))
}

func (i *intake) waitsFor(f rag.WatchedFolder) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return slices.ContainsFunc(i.jobs, func(j *job) bool {
		return j.State == documents.JobWaiting && j.Collection == f.Collection && slices.Equal(j.Sources, []string{filepath.Base(f.Path)})
	})
}
