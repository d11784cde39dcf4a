package webtest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
	"strings"
	"time"

	"referent/rag"
	"referent/web/documents"
)

// ScanID is the document whose second page could not be read.
const ScanID = "5ca4000000000001"

// Scan is a scanned letter: a page read in its image, and one that could not be read.
func Scan() rag.Document {
	text := "Pismo w sprawie opłaty targowej.\n\nOpłata wynosi 5 zł za stoisko."
	end := len([]rune(text))
	return rag.Document{Info: rag.Info{
		ID: ScanID, Collection: rag.DefaultCollection, Title: "Pismo <b>pilne</b> & ważne", Source: `/srv/uploads/skan "1".pdf`, Kind: "pdf", Language: "pl",
		Hash: strings.Repeat("ef", 32), Status: rag.StatusUnknown, Extractor: "pdf/3", FetchedAt: time.Date(2026, 11, 4, 9, 30, 0, 0, time.UTC),
	}, Text: text, Pages: []rag.Page{
		{Number: 1, Span: rag.Span{End: end}, Words: 10, Share: 0.95, OCR: true},
		{Number: 2, Span: rag.Span{Start: end, End: end}, Share: -1, Unread: true},
		{Number: 3, Label: "iii", Span: rag.Span{Start: end, End: end}, Share: -1},
	}, Passages: []rag.Passage{{ID: 3, Span: rag.Span{End: end}, Page: 1, Text: text}}}
}

// Archive is so many resolutions, one of them repealed and one without its file.
func Archive(n int) []rag.Document {
	list := make([]rag.Document, n)
	for i := range list {
		text := fmt.Sprintf("Uchwała numer %d.", i+1)
		list[i] = rag.Document{Info: rag.Info{
			ID: fmt.Sprintf("a%015d", i), Collection: "uchwały", Title: fmt.Sprintf("Uchwała nr %d w sprawie żłobka „Świetlik”", i+1),
			Source: fmt.Sprintf("/srv/akty/uchwała-%d.docx", i+1), Kind: "docx", Hash: strings.Repeat("01", 32), Status: rag.StatusInForce,
			Act: fmt.Sprintf("local/rada-gminy/uchwala/%d", i+1), WordingDate: "2025-03-01", TextKind: rag.TextPromulgated,
			Extractor: "docx/1", FetchedAt: time.Date(2026, 11, 5, 8, 0, 0, 0, time.UTC),
		}, Text: text, Passages: []rag.Passage{{Span: rag.Span{End: len([]rune(text))}, Text: text}}}
	}
	if n > 1 {
		list[0].Status, list[0].RepealedFrom = rag.StatusRepealed, "2026-01-01"
		list[1].MissingSince = "2026-11-20"
	}
	return list
}

// wordings is what a look for newer ones finds.
func wordings() []documents.Wording {
	return []documents.Wording{
		{Act: "DU/1960/168", Document: NoteID, Date: "2025-11-01", Kind: rag.TextConsolidated},
		{Act: "DU/2014/1195", Document: StatuteID, Date: "2026-02-03", Kind: rag.TextConsolidated, Newer: true, BeforeDate: "2014-07-11",
			Changed: []string{"art. 2", "art. 10"}, Added: []string{"art. 10a"}, AmendedBy: []string{"Dz.U. 2026 poz. 77"}},
	}
}

// Affect says what other documents do to one.
func (o *Office) Affect(id string, effects ...rag.Effect) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.effects = map[string][]rag.Effect{id: effects}
}

// Take takes a document out.
func (o *Office) Take(_ context.Context, id string) (rag.Document, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := o.index(id)
	if i < 0 {
		return rag.Document{}, &rag.Error{Code: rag.CodeNotFound, Subject: id}
	}
	doc := o.documents[i]
	o.documents = slices.Delete(slices.Clone(o.documents), i, i+1)
	return doc, nil
}

func (o *Office) index(id string) int {
	return slices.IndexFunc(o.documents, func(d rag.Document) bool { return d.ID == id })
}

// Restore brings a document back.
func (o *Office) Restore(_ context.Context, doc rag.Document) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.index(doc.ID) >= 0 {
		return &rag.Error{Code: rag.CodeAlreadyThere, Subject: doc.Collection}
	}
	o.documents = append(o.documents, doc)
	return nil
}

// Move puts a document into another collection.
func (o *Office) Move(_ context.Context, id, collection string) (string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := o.index(id)
	if i < 0 {
		return "", &rag.Error{Code: rag.CodeNotFound, Subject: id}
	}
	o.documents = slices.Clone(o.documents)
	base, _, _ := strings.Cut(id, "-")
	o.documents[i].Collection, o.documents[i].ID = collection, base+"-"+fmt.Sprintf("%x", collection)
	return o.documents[i].ID, nil
}

// Watch makes a folder a watched one.
func (o *Office) Watch(f rag.WatchedFolder) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.folders = append(o.folders, f)
}

// Folders gives the watched folders.
func (o *Office) Folders(context.Context) ([]rag.WatchedFolder, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.folders), nil
}

// Pause lets a folder rest or wakes it.
func (o *Office) Pause(_ context.Context, collection, path string, paused bool) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, f := range o.folders {
		if f.Collection == collection && f.Path == path {
			o.folders[i].Paused = paused
		}
	}
	return nil
}

// Unwatch forgets a folder.
func (o *Office) Unwatch(_ context.Context, collection, path string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.folders = slices.DeleteFunc(o.folders, func(f rag.WatchedFolder) bool { return f.Collection == collection && f.Path == path })
	return nil
}

// FailPages makes pages fail to be drawn, nil draws them again.
func (o *Office) FailPages(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.undrawn = err
}

// Ready says that pages can be drawn.
func (o *Office) Ready() bool { return true }

// Page draws an empty sheet with a line for each page before it.
func (o *Office) Page(_ context.Context, _, _ string, page int) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.undrawn != nil {
		return nil, o.undrawn
	}
	picture := image.NewGray(image.Rect(0, 0, 420, 594))
	for i := range picture.Pix {
		picture.Pix[i] = 0xff
	}
	for line := range page * 6 {
		for x := 40; x < 380; x++ {
			picture.SetGray(x, 40+12*line, color.Gray{Y: 0x60})
		}
	}
	var body bytes.Buffer
	err := png.Encode(&body, picture)
	return body.Bytes(), err
}
