package ingest

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"time"

	"referent/ingest/official"
	"referent/rag"
)

// Official is what the pipeline asks of official services and of addresses.
type Official interface {
	// Choose finds the newest wording of an act ("eli:DU/2021/1641", "celex:32016R0679").
	Choose(ctx context.Context, source string) (official.Text, error)
	Get(ctx context.Context, r official.Request) (official.Response, error)
}

func isRemote(path string) bool {
	return official.Is(path) || strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://")
}

// fetched is what came of asking for an address or an act.
type fetched struct {
	src       source
	unchanged bool // what is known still holds
	text      *official.Text
}

// fetch reads an address or an act, unless what is known of it still holds. Where held is
// another document of the act, only a newer wording is read.
func (p Pipeline) fetch(ctx context.Context, item Item, known rag.Known, found bool) (fetched, error) {
	if p.Official == nil {
		return fetched{}, unreachable(item.Path, errors.New("no source outside this machine is allowed"))
	}
	request := official.Request{Address: item.Path}
	var text *official.Text
	var name string
	if official.Is(item.Path) {
		chosen, err := p.Official.Choose(ctx, item.Path)
		if err != nil {
			return fetched{}, err
		}
		if item.held != nil && !chosen.Newer(*item.held) {
			return fetched{unchanged: true, text: &chosen}, nil
		}
		text, name = &chosen, chosen.Name
		request = official.Request{Address: chosen.Address, Accept: chosen.Accept, Language: "pl"}
	} else {
		address, err := url.Parse(item.Path)
		if err != nil || address.Host == "" {
			return fetched{}, unreachable(item.Path, errors.Join(err, errors.New("no such address")))
		}
		name = address.Host + address.Path
	}
	if found && known.MissingSince == "" && known.Extractor == extractors[known.Kind] && (text == nil || known.Origin == text.Address) {
		request.ETag, request.Modified = known.Stamp.ETag, known.Stamp.Modified
	}
	answer, err := p.Official.Get(ctx, request)
	if err != nil {
		return fetched{}, err
	}
	if answer.Unchanged && (text == nil || !differs(*text, known.Info)) {
		return fetched{unchanged: true, text: text}, nil
	}
	if answer.Unchanged { // the same bytes, but the act's standing is another: they are needed once more
		request.ETag, request.Modified = "", ""
		if answer, err = p.Official.Get(ctx, request); err != nil {
			return fetched{}, err
		}
	}
	src, err := newSource(source{name: name, data: answer.Data, contentType: answer.ContentType})
	src.stamp = rag.Stamp{ETag: answer.ETag, Modified: answer.Modified, Checked: time.Now()}
	return fetched{src: src, text: text}, err
}

// differs says whether a service tells of an act something else than what is known.
func differs(t official.Text, known rag.Info) bool {
	then := rag.Info{Status: t.Status, InForceFrom: t.InForceFrom, RepealedFrom: t.RepealedFrom}
	return t.InForceFrom != known.InForceFrom || t.Date != known.WordingDate ||
		t.RepealedFrom != known.RepealedFrom || then.StatusOn(today()) != known.Status
}

// apply puts what a service says of an act in place of what its text lets guess.
func apply(doc *rag.Document, t *official.Text) {
	if t == nil {
		return
	}
	doc.Act, doc.TextKind, doc.WordingDate, doc.Origin = t.Act, t.Kind, t.Date, t.Address
	doc.Status, doc.InForceFrom, doc.RepealedFrom = t.Status, t.InForceFrom, t.RepealedFrom
	if t.Date != "" {
		doc.WordingAfter = ""
	}
	if t.Title != "" {
		doc.Title = t.Title
	}
}

func today() string { return time.Now().Format(time.DateOnly) }

func unreachable(address string, err error) error {
	return &rag.Error{Code: rag.CodeSourceUnreachable, Subject: address, Err: err}
}
