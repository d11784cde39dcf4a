package ingest

import (
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"referent/rag"
)

// Item is something to take in: a file, a folder, an address or an act.
type Item struct {
	Collection string // "" is rag.DefaultCollection
	Path       string // file, folder, "http(s)://…", "eli:DU/2021/1641" or "celex:32016R0679"
	Source     string // name to store a file under, where its path is not it (uploads, packs), or the files of a folder below; "" the absolute path
	Again      bool   // read it though it did not change

	held *rag.Info // the wording of an act that is held: only a newer one is taken
}

// within names a file that lies in the item.
func (item Item) within(part source) Item {
	item.Path += part.inner
	return item
}

// expand lists the files of items in order; folders are walked, hidden files skipped. What
// cannot be listed is a problem of its own.
func expand(items []Item) (files []Item, problems []*rag.Error) {
	for _, item := range items {
		if item.Collection == "" {
			item.Collection = rag.DefaultCollection
		}
		if isRemote(item.Path) {
			files = append(files, item)
			continue
		}
		found, failed := expandPath(item)
		problems = append(problems, failed...)
		files = append(files, found...)
	}
	return files, problems
}

func expandPath(item Item) ([]Item, []*rag.Error) {
	path, err := filepath.Abs(item.Path)
	if err != nil {
		return nil, []*rag.Error{unreadable(item.Path, err)}
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, []*rag.Error{unreadable(item.Path, err)}
	}
	if !info.IsDir() {
		item.Path = path
		if item.Source == "" {
			item.Source = path
		}
		return []Item{item}, nil
	}
	return expandFolder(item, path)
}

func unreadable(path string, err error) *rag.Error {
	return &rag.Error{Code: rag.CodeFileUnreadable, Subject: path, Err: err}
}

// expandFolder lists a folder; a folder in it that cannot be opened does not keep the
// others out.
func expandFolder(item Item, root string) ([]Item, []*rag.Error) {
	var paths []string
	var problems []*rag.Error
	inside, err := filepath.EvalSymlinks(root)
	if err == nil {
		err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil && path == root:
				return err
			case err != nil:
				problems = append(problems, unreadable(path, err))
			case path != root && strings.HasPrefix(entry.Name(), "."):
				if entry.IsDir() {
					return fs.SkipDir
				}
			case entry.Type().IsRegular(), entry.Type()&fs.ModeSymlink != 0 && staysInside(inside, path):
				paths = append(paths, path)
			}
			return nil
		})
	}
	if err != nil {
		return nil, append(problems, unreadable(root, err))
	}
	if len(paths) == 0 {
		return nil, append(problems, &rag.Error{Code: rag.CodeNoReadableFiles, Subject: root})
	}
	sort.Strings(paths)
	files := make([]Item, len(paths))
	for i, path := range paths {
		files[i] = Item{Collection: item.Collection, Path: path, Source: path, Again: item.Again}
		if item.Source != "" {
			files[i].Source = item.Source + filepath.ToSlash(strings.TrimPrefix(path, root))
		}
	}
	return files, problems
}

// staysInside lets in a link to a file of the same folder, so that a shared folder cannot
// point at the rest of the machine.
func staysInside(root, link string) bool {
	target, err := filepath.EvalSymlinks(link)
	if err != nil {
		return false
	}
	info, err := os.Stat(target)
	rel, relErr := filepath.Rel(root, target)
	return err == nil && relErr == nil && info.Mode().IsRegular() && filepath.IsLocal(rel)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
