package ingest

import (
	"bytes"

	"referent/ingest/archive"
)

// mimeEntry is how the files of the OpenDocument formats begin: an entry that says which.
var mimeEntry = []byte("mimetypeapplication/vnd.oasis.opendocument.")

// kindOfZIP tells what a ZIP file holds by the names of its entries. One that cannot be
// opened is told by its first entries: its damage is reported by who reads it.
func kindOfZIP(data []byte) string {
	if _, rest, found := bytes.Cut(data[:min(len(data), 200)], mimeEntry); found {
		if bytes.HasPrefix(rest, []byte("text")) {
			return kindODT
		}
		return ""
	}
	a, err := archive.Open(data)
	has := func(name string) bool {
		return err == nil && a.Has(name) || err != nil && bytes.Contains(data, []byte(name))
	}
	if has("[Content_Types].xml") && has("word/document.xml") {
		return kindDOCX
	}
	return ""
}
