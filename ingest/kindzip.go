package ingest

import (
	"bytes"
	"strings"

	"referent/ingest/archive"
)

// headerLen is the length of what stands before the name of a ZIP's first entry.
const headerLen = 30

// mimeEntry is how the files of the OpenDocument formats begin: an entry that says which. It
// counts in that place alone: a ZIP may hold such a file, not compressed.
var mimeEntry = []byte("mimetypeapplication/vnd.oasis.opendocument.")

// kindOfZIP tells what a ZIP file holds by the names of its entries. One that cannot be
// opened is told by the names in its bytes: its damage is reported by who reads it.
func kindOfZIP(data []byte) string {
	if rest, found := bytes.CutPrefix(data[min(len(data), headerLen):], mimeEntry); found {
		switch {
		case bytes.HasPrefix(rest, []byte("text")):
			return kindODT
		case bytes.HasPrefix(rest, []byte("spreadsheet")):
			return kindODS
		}
		return ""
	}
	a, err := archive.Open(data)
	has := func(name string) bool {
		return err == nil && a.Has(name) || err != nil && bytes.Contains(data, []byte(name))
	}
	switch {
	case err == nil && a.Has("mimetype") && a.Has("content.xml"): // packed, as no program of that kind does
		return kindOfODF(a)
	case !has("[Content_Types].xml"):
	case has("word/document.xml"), err == nil && a.HasInside("word/document"): // some programs number it
		return kindDOCX
	case has("xl/workbook.xml"):
		return kindXLSX
	case has("ppt/presentation.xml"), has("visio/document.xml"):
		return ""
	}
	return kindZIP
}

// kindOfODF reads the entry that says which of the OpenDocument formats a file is.
func kindOfODF(a *archive.Archive) string {
	switch mime := string(archive.NewBudget().Small(a, "mimetype")); {
	case strings.HasSuffix(mime, ".text"):
		return kindODT
	case strings.HasSuffix(mime, ".spreadsheet"):
		return kindODS
	}
	return ""
}
