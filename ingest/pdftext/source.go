package pdftext

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ledongthuc/pdf"
)

// leaf is a page of the tree with what it inherits.
type leaf struct {
	dict      pdf.Value
	resources pdf.Value
	box       pdf.Value
	rotate    int
}

// leaves walks the page tree once. The library's own walk believes the counts that the
// file states, and follows parents and kids in a circle.
func leaves(root pdf.Value, maxPages int) ([]leaf, error) {
	w := treeWalk{maxPages: maxPages, seen: map[string]bool{}}
	err := w.walk(root, leaf{}, 0)
	return w.found, err
}

type treeWalk struct {
	found    []leaf
	maxPages int
	seen     map[string]bool // references on the way
}

const maxTreeDepth = 60

func (w *treeWalk) walk(node pdf.Value, inherited leaf, depth int) error {
	if depth > maxTreeDepth {
		return nil
	}
	inherited.dict = node
	inherit(&inherited.resources, node.Key("Resources"))
	inherit(&inherited.box, node.Key("MediaBox"))
	inherit(&inherited.box, node.Key("CropBox"))
	if r := node.Key("Rotate"); !r.IsNull() {
		inherited.rotate = int(r.Int64())
	}
	kids := node.Key("Kids")
	if kids.Kind() != pdf.Array {
		if w.found = append(w.found, inherited); len(w.found) > w.maxPages {
			return ErrTooManyPages
		}
		return nil
	}
	references := referencesOf(kids)
	for i := range kids.Len() {
		if i < len(references) && references[i] != "" {
			if w.seen[references[i]] {
				continue
			}
			w.seen[references[i]] = true
		}
		kid, err := guarded(func() (pdf.Value, error) { return kids.Index(i), nil })
		if err != nil || kid.Kind() != pdf.Dict {
			continue // one damaged page is none; the others count
		}
		if err := w.walk(kid, inherited, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func inherit(to *pdf.Value, own pdf.Value) {
	if !own.IsNull() {
		*to = own
	}
}

// referencesOf gives the references of an array as the library prints them, "" for what
// is none: it resolves on the way and does not tell which object it came to.
func referencesOf(array pdf.Value) []string {
	fields := strings.Fields(strings.Trim(array.String(), "[]"))
	var list []string
	for i := 0; i+2 < len(fields) && fields[i+2] == "R"; i += 3 {
		list = append(list, fields[i])
	}
	return list
}

// reference gives the object that an entry of a dictionary refers to, "" when it stands
// there itself.
func reference(dict pdf.Value, key string) string {
	_, after, found := strings.Cut(dict.String(), "/"+key+" ")
	if fields := strings.Fields(after); found && len(fields) >= 3 && strings.HasPrefix(fields[2], "R") {
		return fields[0]
	}
	return ""
}

// guarded runs what asks the library: it panics on damage that it meets while it reads.
func guarded[T any](ask func() (T, error)) (result T, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	return ask()
}

// readStream gives a stream's bytes, or those before the place where it is damaged. It
// fails with ErrTooLarge when it is longer than limit.
func readStream(v pdf.Value, limit int) ([]byte, error) {
	return guarded(func() ([]byte, error) {
		data, err := io.ReadAll(io.LimitReader(v.Reader(), int64(limit)+1))
		if len(data) > limit {
			return nil, ErrTooLarge
		}
		if err != nil && len(data) == 0 && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		return data, nil
	})
}

// readContents gives a page's program, which may lie in several streams.
func readContents(contents pdf.Value, limit int) ([]byte, error) {
	if contents.Kind() != pdf.Array {
		if contents.Kind() != pdf.Stream {
			return nil, nil
		}
		return readStream(contents, limit)
	}
	var all []byte
	var damage error
	for i := range contents.Len() {
		part, err := guarded(func() (pdf.Value, error) { return contents.Index(i), nil })
		if err == nil && part.Kind() == pdf.Stream {
			var data []byte
			data, err = readStream(part, limit-len(all))
			all = append(append(all, data...), '\n')
		}
		if errors.Is(err, ErrTooLarge) || len(all) > limit {
			return nil, ErrTooLarge
		}
		if err != nil {
			damage = err
		}
	}
	if len(all) > 1 {
		damage = nil // what is left of the page is read
	}
	return all, damage
}
