package ingest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"referent/ingest/official"
	"referent/rag"
)

// result is what reading an item came to: a document, or what is known still holds.
type result struct {
	doc   rag.Document
	known rag.Known // found before
	found bool
	same  bool           // nothing changed
	stamp rag.Stamp      // of a source that did not change but looks otherwise
	text  *official.Text // of an act that a service gave
	err   error          // of the store: it ends the run
	whole *source        // an archive or a message: its documents are read one by one when it is stored
}

// prepare reads an item, unless what is known of it still holds. An unchanged file costs a
// look at it, or reading its bytes where its looks cannot tell.
func (r *run) prepare(ctx context.Context, item Item) (result, error) {
	name := item.nameOf()
	known, found, err := r.Store.Known(ctx, item.Collection, name)
	if err != nil {
		return result{err: storeError(item.Path, err)}, nil
	}
	res := result{known: known, found: found && !item.Again}
	src, err := r.open(ctx, item, &res)
	if err != nil || res.same {
		return res, err
	}
	if src.kind == kindZIP || src.kind == kindEML || src.kind == kindEZD {
		res.whole = &src
		return res, nil
	}
	if src.path != "" {
		src.describe(localFile, src.path)
	}
	return r.parse(ctx, item, src, name, res)
}

// parse reads the text of a source, unless what is known of it still holds.
func (r *run) parse(ctx context.Context, item Item, src source, name string, res result) (result, error) {
	known := res.known
	if res.found && res.text == nil && known.Hash == src.hash && known.Extractor == extractors[src.kind] && known.MissingSince == "" {
		res.same, res.stamp = true, src.stamp
		return res, nil
	}
	doc, err := r.Reader.read(ctx, src)
	if err != nil {
		return res, err
	}
	apply(&doc, res.text)
	doc.Source, doc.Collection, doc.Stamp = name, item.Collection, src.stamp
	res.doc = doc
	return res, nil
}

// nameOf is what an item is stored under.
func (item Item) nameOf() string {
	if isRemote(item.Path) {
		return item.Path
	}
	return item.Source
}

// unpack stores what lies in an archive or a message, one document in memory at a time.
func (r *run) unpack(ctx context.Context, item Item, whole source) error {
	inside, before := map[string]bool{}, r.summary.Problems
	err := r.Reader.unpack(ctx, whole, func(part source, err error) error {
		inside[item.nameOf()+part.inner] = true
		inner := item.within(part)
		if err != nil {
			return r.problemOrStop(ctx, inner.Path, err)
		}
		name := item.nameOf() + part.inner
		known, found, err := r.Store.Known(ctx, item.Collection, name)
		if err != nil {
			return storeError(inner.Path, err)
		}
		next := reading{item: inner}
		next.result, next.err = r.parse(ctx, inner, part, name, result{known: known, found: found})
		return r.one(ctx, &next)
	})
	if err == nil && r.summary.Problems == before { // else more may lie in it than was seen
		r.unpacked[item.nameOf()] = inside
	}
	return err
}

// open gives the bytes of an item, or notes in the result that it did not change.
func (r *run) open(ctx context.Context, item Item, res *result) (source, error) {
	if isRemote(item.Path) {
		got, err := r.fetch(ctx, item, res.known, res.found)
		if err != nil {
			return source{}, err
		}
		res.text, res.same = got.text, got.unchanged
		if item.held != nil && got.unchanged {
			res.known = rag.Known{Info: *item.held}
		}
		return got.src, nil
	}
	info, err := os.Stat(item.Path)
	if err == nil && res.found && looksSame(res.known, info) {
		res.same = true
		return source{}, nil
	}
	src, err := openSource(item.Path)
	if err == nil && info != nil {
		src.stamp = stampOf(info)
	}
	return src, err
}

// racy is how long after its last change a file may change again without looking
// otherwise: clocks of file systems are coarse.
const racy = 2 * time.Second

// looksSame says that a file is the one that was read: same size, time and inode, looked at
// long enough after its last change. What another version of an extractor read is read again.
func looksSame(known rag.Known, info fs.FileInfo) bool {
	now, then := stampOf(info), known.Stamp
	return known.Extractor == extractors[known.Kind] && known.MissingSince == "" &&
		then.Size == now.Size && then.MTime == now.MTime && then.Inode == now.Inode && then.MTime != 0 &&
		then.Checked.Sub(time.Unix(0, then.MTime)) > racy
}

// one stores what came of an item. Its error is the run's; a failure of the source alone is
// a problem.
func (r *run) one(ctx context.Context, next *reading) error {
	item, res := next.item, next.result
	if res.err != nil {
		return res.err
	}
	if next.err != nil {
		return r.problemOrStop(ctx, item.Path, next.err)
	}
	if res.whole != nil {
		return r.unpack(ctx, item, *res.whole)
	}
	if res.same {
		return r.unchanged(ctx, item, res)
	}
	before, compared, err := r.wordingBefore(ctx, res.doc)
	if err != nil {
		return r.refused(ctx, item, err)
	}
	put, err := r.Store.Put(ctx, res.doc, r.digest)
	if err != nil {
		return r.refused(ctx, item, err)
	}
	if put.Unchanged {
		r.summary.Unchanged++
	} else {
		r.summary.Stored++
	}
	r.summary.Units += put.Units
	r.summary.Passages += put.Passages
	event := Event{Event: EventDocument, File: item.Path, Act: res.doc.Act, Document: put.Document, Units: put.Units, Passages: put.Passages, Embedded: put.Embedded, Unchanged: put.Unchanged}
	res.doc.ID = put.Document
	if res.text != nil {
		wording := wordingOfDocument(res.doc.Info, res.text)
		event.Wording = &wording
	}
	if compared && !put.Unchanged {
		if event.Change, err = r.change(ctx, before, res); err != nil {
			return storeError(item.Path, err)
		}
	}
	r.emit(event)
	for _, remark := range res.doc.Remarks {
		if unreadPages(remark) { // a part of it failed
			r.problem(item.Path, remark)
		}
	}
	return nil
}

// refused reports a source that the library did not take; a library that cannot be asked
// either, or says itself what is wrong with it, ends the run.
func (r *run) refused(ctx context.Context, item Item, err error) error {
	err = storeError(item.Path, err)
	if !errors.Is(err, &rag.Error{Code: rag.CodeInternal}) {
		return err
	}
	if _, _, broken := r.Store.Known(ctx, item.Collection, item.nameOf()); broken != nil {
		return err
	}
	r.problem(item.Path, err)
	return nil
}

// unchanged reports a document that needs nothing, with how far it is.
func (r *run) unchanged(ctx context.Context, item Item, res result) error {
	if r.Upkeep != nil && res.stamp != (rag.Stamp{}) && !sameLook(res.stamp, res.known.Stamp) {
		if err := r.Upkeep.Restamp(ctx, res.known.ID, res.stamp); err != nil {
			return storeError(item.Path, err)
		}
	}
	state, err := r.Store.State(ctx, res.known.ID, r.digest)
	if err != nil {
		return r.refused(ctx, item, err)
	}
	r.summary.Unchanged++
	r.summary.Units += state.Units
	r.summary.Passages += state.Passages
	event := Event{Event: EventDocument, File: item.Path, Act: res.known.Act, Document: res.known.ID, Units: state.Units, Passages: state.Passages, Embedded: state.Embedded, Unchanged: true}
	if res.text != nil {
		wording := wordingOfDocument(res.known.Info, res.text)
		event.Wording = &wording
	}
	r.emit(event)
	return nil
}

// sameLook leaves aside when it was looked, unless the last look could not tell.
func sameLook(now, then rag.Stamp) bool {
	settled := then.Checked.Sub(time.Unix(0, then.MTime)) > racy
	now.Checked = then.Checked
	return settled && now == then
}

// wordingBefore gives the wording of a document's act that answered before it came.
func (r *run) wordingBefore(ctx context.Context, doc rag.Document) (rag.Document, bool, error) {
	if r.Wordings == nil || doc.Act == "" {
		return rag.Document{}, false, nil
	}
	return r.Wordings.Wording(ctx, doc.Collection, doc.Act)
}

// change tells what a wording changed, where it is the one that answers now.
func (r *run) change(ctx context.Context, before rag.Document, res result) (*Change, error) {
	now, found, err := r.Wordings.Wording(ctx, res.doc.Collection, res.doc.Act)
	if err != nil || !found || now.ID != res.doc.ID {
		return nil, err
	}
	c := compare(before, now)
	if c == nil {
		return nil, nil
	}
	c.Before, c.After = wordingOfDocument(before.Info, nil), wordingOfDocument(now.Info, res.text)
	r.summary.Changed++
	return c, nil
}
