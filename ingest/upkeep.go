package ingest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"referent/ingest/official"
	"referent/rag"
)

// remember notes the folders among items, so that they are looked at again.
func (r *run) remember(ctx context.Context, items []Item) error {
	if r.Folders == nil {
		return nil
	}
	for _, item := range items {
		path, err := filepath.Abs(item.Path)
		if err != nil || item.Source != "" || isRemote(item.Path) || !isFolder(path) {
			continue
		}
		if err := r.Folders.Watch(ctx, collectionOf(item.Collection), path); err != nil {
			return storeError(path, err)
		}
	}
	return nil
}

func collectionOf(name string) string {
	if name == "" {
		return rag.DefaultCollection
	}
	return name
}

// notice looks for documents of the items' collections whose source is gone, or back.
func (r *run) notice(ctx context.Context, items []Item) error {
	seen := map[string]bool{}
	for _, item := range items {
		if name := collectionOf(item.Collection); !seen[name] {
			seen[name] = true
			if err := r.noticeIn(ctx, name, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// noticeIn says again of what was missing before that it is, where that is asked for.
func (r *run) noticeIn(ctx context.Context, collection string, again bool) error {
	if r.Upkeep == nil {
		return nil
	}
	known, err := r.Upkeep.Sources(ctx, collection)
	if err != nil {
		return storeError(collection, err)
	}
	roots, err := r.roots(ctx)
	if err != nil {
		return err
	}
	var gone, back []string
	for _, k := range known {
		switch there, certain := r.sourceThere(k.Source, roots); {
		case !certain:
		case there && k.MissingSince != "":
			back = append(back, k.ID)
		case !there:
			if again || k.MissingSince == "" {
				r.missing(k)
			}
			if k.MissingSince == "" {
				gone = append(gone, k.ID)
			}
		}
	}
	if err := errors.Join(r.Upkeep.SetMissing(ctx, gone, today()), r.Upkeep.SetMissing(ctx, back, "")); err != nil {
		return storeError(collection, err)
	}
	return nil
}

// missing reports a document whose source is gone: nothing failed, but a person must know.
func (r *run) missing(k rag.Known) {
	r.summary.Missing++
	r.emit(Event{Event: EventProblem, File: k.Source, Act: k.Act, Document: k.ID, Reason: rag.CodeSourceMissing,
		Err: &rag.Error{Code: rag.CodeSourceMissing, Subject: k.Source}})
}

func (r *run) roots(ctx context.Context) ([]string, error) {
	if r.Folders == nil {
		return nil, nil
	}
	folders, err := r.Folders.Folders(ctx)
	if err != nil {
		return nil, storeError("", err)
	}
	roots := make([]string, len(folders))
	for i, f := range folders {
		roots[i] = f.Path
	}
	return roots, nil
}

// sourceThere says whether a file is there. Nothing is certain of an address, nor of a file
// whose folder is gone as a whole: a network share that is not mounted has lost nothing. A
// file in an archive goes with it, or when the archive was read without finding it.
func (r *run) sourceThere(path string, roots []string) (there, certain bool) {
	if !filepath.IsAbs(path) {
		return false, false
	}
	if whole, _, within := strings.Cut(path, innerMark); within {
		if inside, read := r.unpacked[whole]; read {
			return inside[path], true
		}
		path = whole
	}
	_, err := os.Stat(path)
	if err == nil {
		return true, true
	}
	root := filepath.Dir(path)
	for _, r := range roots {
		if rel, relErr := filepath.Rel(r, path); relErr == nil && filepath.IsLocal(rel) {
			root = r
		}
	}
	return false, errors.Is(err, fs.ErrNotExist) && isFolder(root)
}

// ForgetMissing takes documents out whose source is gone; collection "" looks in all of
// them. A folder that is named is believed to be gone for good when it is not there.
func (p Pipeline) ForgetMissing(ctx context.Context, collection string, named []string, report Report) (Summary, error) {
	return p.run(ctx, report, func(ctx context.Context, r *run) error {
		if err := r.noticeIn(ctx, collection, false); err != nil {
			return err
		}
		known, err := r.Upkeep.Sources(ctx, collection)
		if err != nil {
			return storeError(collection, err)
		}
		for _, k := range known {
			if k.MissingSince == "" && !goneWith(k.Source, named) {
				continue
			}
			if err := r.Wordings.Delete(ctx, k.ID); err != nil {
				return storeError(k.Source, err)
			}
			r.summary.Forgotten++
			r.emit(Event{Event: EventDocument, File: k.Source, Act: k.Act, Document: k.ID, Forgotten: true})
		}
		return r.unwatch(ctx, named)
	})
}

// unwatch forgets folders that are named and gone.
func (r *run) unwatch(ctx context.Context, named []string) error {
	if r.Folders == nil {
		return nil
	}
	folders, err := r.Folders.Folders(ctx)
	if err != nil {
		return storeError("", err)
	}
	for _, f := range folders {
		if !isFolder(f.Path) && goneWith(f.Path, named) {
			if err := r.Folders.Unwatch(ctx, f.Collection, f.Path); err != nil {
				return storeError(f.Path, err)
			}
		}
	}
	return nil
}

// goneWith says that a file lies in a named place that is not there any more.
func goneWith(path string, named []string) bool {
	for _, place := range named {
		abs, err := filepath.Abs(place)
		if err != nil || !filepath.IsAbs(path) {
			continue
		}
		rel, err := filepath.Rel(abs, path)
		if _, statErr := os.Stat(abs); err == nil && filepath.IsLocal(rel) && errors.Is(statErr, fs.ErrNotExist) {
			return true
		}
	}
	return false
}

// Refresh looks for newer wordings: in the folders that were taken in, which may have come
// from another machine, and of every act at the service that publishes it. Events say what
// changed. Collection "" is all but the sample office.
func (p Pipeline) Refresh(ctx context.Context, collection string, report Report) (Summary, error) {
	return p.run(ctx, report, func(ctx context.Context, r *run) error {
		items, err := r.toRefresh(ctx, collection)
		if err != nil || len(items) == 0 {
			return err
		}
		return r.all(ctx, items)
	})
}

func (r *run) toRefresh(ctx context.Context, collection string) ([]Item, error) {
	var items []Item
	if r.Folders != nil {
		folders, err := r.Folders.Folders(ctx)
		if err != nil {
			return nil, storeError("", err)
		}
		for _, f := range folders {
			if !f.Paused && (collection == "" && f.Collection != rag.SampleCollection || f.Collection == collection) {
				items = append(items, Item{Collection: f.Collection, Path: f.Path})
			}
		}
	}
	known, err := r.Upkeep.Sources(ctx, collection)
	if err != nil {
		return nil, storeError(collection, err)
	}
	acts := map[string]bool{}
	for _, k := range known { // those that a service gave are asked for by their own source
		if isRemote(k.Source) && (collection != "" || k.Collection != rag.SampleCollection) {
			acts[k.Collection+"|"+k.Act] = k.Act != ""
			items = append(items, Item{Collection: k.Collection, Path: k.Source})
		}
	}
	for _, k := range known {
		source := official.Source(k.Act)
		if source == "" || acts[k.Collection+"|"+k.Act] || k.MissingSince != "" || collection == "" && k.Collection == rag.SampleCollection {
			continue
		}
		acts[k.Collection+"|"+k.Act] = true
		held, found, err := r.Wordings.Wording(ctx, k.Collection, k.Act)
		if err != nil {
			return nil, storeError(k.Source, err)
		}
		if !found {
			held.Info = k.Info
		}
		items = append(items, Item{Collection: k.Collection, Path: source, held: &held.Info})
	}
	return items, nil
}
