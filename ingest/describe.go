package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path"
	"path/filepath"
	"strings"

	"referent/ingest/ezd"
)

// fileBeside gives the bytes of a file by its path, nil where there is none.
type fileBeside func(name string) []byte

// localFile reads a small file; one that cannot be read describes nothing.
func localFile(name string) []byte {
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > ezd.MaxBytes {
		return nil
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil
	}
	return data
}

// isEZD says whether a source is metadata of documents beside it.
func isEZD(data []byte) bool {
	return len(data) <= ezd.MaxBytes && strings.Contains(string(data[:min(len(data), 4096)]), "<") && ezd.Is(data)
}

// describe looks for the metadata that a system of electronic records exported with a
// document. They count as part of it: where they change, it has changed.
func (src *source) describe(beside fileBeside, name string) {
	if src.kind == kindEZD || strings.EqualFold(filepath.Ext(name), ".xml") {
		return
	}
	for _, candidate := range besides(filepath.ToSlash(name)) {
		data := beside(candidate)
		if len(data) == 0 || !isEZD(data) {
			continue
		}
		if m, err := ezd.For(data, name); err == nil && !m.Empty() {
			src.meta = m.Lines()
			src.title = m.Title
			sum := sha256.Sum256([]byte(src.hash + strings.Join(src.meta, "\n")))
			src.hash = hex.EncodeToString(sum[:])
			return
		}
	}
}

// besides are the places where exports keep the metadata of a document: beside it, in a
// folder of metadata beside the folder of documents, and for the whole case.
func besides(name string) []string {
	dir, base := path.Split(name)
	stem := strings.TrimSuffix(base, path.Ext(base))
	list := []string{name + ".xml", dir + stem + ".xml", dir + stem + ".metadane.xml", dir + "metadane/" + base + ".xml"}
	parts := strings.Split(dir, "/")
	for i := len(parts) - 1; i >= 0 && i > len(parts)-6; i-- {
		if strings.EqualFold(parts[i], "dokumenty") {
			head, tail := parts[:i], parts[i+1:]
			for _, folder := range []string{"metadane", "Metadane"} {
				list = append(list, path.Join(append(append(append([]string{rootOf(dir)}, head...), folder), append(tail, base+".xml")...)...))
			}
			break
		}
	}
	up := path.Join(dir, "..") + "/"
	if !strings.HasPrefix(dir, "/") && !strings.Contains(strings.Trim(dir, "/"), "/") {
		up = ""
	}
	for _, folder := range []string{dir, up} {
		list = append(list, folder+"metadane.xml", folder+"Metadane.xml", folder+"metadata.xml", folder+"sprawa.xml")
	}
	return list
}

func rootOf(dir string) string {
	if strings.HasPrefix(dir, "/") {
		return "/"
	}
	return ""
}

// withMetadata puts what is known of a document before its text, so that it is found by
// its case number and shown with it.
func withMetadata(l layout, lines []string) layout {
	prefix := cleanText(strings.Join(lines, "\n")) + "\n\n"
	l.text = prefix + l.text
	for i := range l.headings {
		l.headings[i].start += len(prefix)
		l.headings[i].end += len(prefix)
	}
	for i := range l.pages {
		if i > 0 {
			l.pages[i].start += len(prefix)
		}
		l.pages[i].end += len(prefix)
	}
	return l
}
