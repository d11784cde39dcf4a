package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"referent/ingest"
	"referent/packs"
	"referent/rag"
	"referent/web/documents"
)

// installSample brings the sample office into an empty library, and its newer edition
// where it is installed already. Whoever deletes it and has documents of her own is
// left alone.
func (a *app) installSample(ctx context.Context, o *office, intake *intake) error {
	collections, err := o.library.Collections(ctx, "")
	if err != nil {
		return err
	}
	wanted := len(collections) == 0
	for _, c := range collections {
		wanted = wanted || c.Name == rag.SampleCollection
	}
	if !wanted {
		return nil
	}
	items, err := a.unpackSample()
	if err != nil {
		return fmt.Errorf("the sample office: %w", err)
	}
	intake.start(&job{Job: documents.Job{Collection: rag.SampleCollection, Sources: []string{rag.SampleCollection}}, work: intakeOf(items)})
	return nil
}

// unpackSample writes the embedded documents where ingest and a person can read them;
// they are stored under a name that does not change with the folder.
func (a *app) unpackSample() ([]ingest.Item, error) {
	folder := filepath.Join(a.config.Data, "packs", rag.SampleCollection)
	var items []ingest.Item
	sample := packs.Sample()
	err := fs.WalkDir(sample, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(folder, filepath.FromSlash(path))
		if entry.IsDir() {
			return os.MkdirAll(target, 0o750)
		}
		data, err := fs.ReadFile(sample, path)
		if err != nil {
			return err
		}
		items = append(items, ingest.Item{Collection: rag.SampleCollection, Path: target, Source: "pack:" + rag.SampleCollection + "/" + path})
		return os.WriteFile(target, data, 0o640)
	})
	return items, err
}
