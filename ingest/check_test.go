package ingest

import (
	"strings"
	"testing"
	"unicode/utf8"

	"referent/internal/law"
	"referent/rag"
)

// checkDocument holds what must be true of every document: spans lie in the text and
// nest, keys are valid and unique, passages quote the text.
func checkDocument(t testing.TB, doc rag.Document) {
	t.Helper()
	checkSpans(t, doc)
	if len(doc.Passages) == 0 {
		t.Errorf("%s: no passages", doc.Title)
	}
}

// failer is what testing and rapid have in common.
type failer interface {
	Errorf(format string, args ...any)
}

func checkSpans(t failer, doc rag.Document) {
	runes := []rune(doc.Text)
	spans := map[string]rag.Span{}
	last := 0
	for _, u := range doc.Units {
		if u.Start < 0 || u.End > len(runes) || u.Start >= u.End {
			t.Errorf("%s: unit %s spans [%d, %d) of %d", doc.Title, u.Key, u.Start, u.End, len(runes))
			continue
		}
		if u.Start < last {
			t.Errorf("%s: unit %s stands before the one listed before it", doc.Title, u.Key)
		}
		last = u.Start
		key, err := law.ParseKey(u.Key)
		if err != nil {
			t.Errorf("%s: %v", doc.Title, err)
		}
		if _, twice := spans[u.Key]; twice {
			t.Errorf("%s: unit %s twice", doc.Title, u.Key)
		}
		spans[u.Key] = u.Span
		if parent := key.Parent(); parent != "" {
			if p, ok := spans[string(parent)]; !ok || u.Start < p.Start || u.End > p.End {
				t.Errorf("%s: unit %s is not inside %s", doc.Title, u.Key, parent)
			}
		}
		if u.Citation != key.Citation() || u.Article != key.Article() {
			t.Errorf("%s: unit %s is cited as %q, %q", doc.Title, u.Key, u.Citation, u.Article)
		}
	}
	for _, p := range doc.Passages {
		if p.Start < 0 || p.End > len(runes) || p.Start >= p.End {
			t.Errorf("%s: passage %q spans [%d, %d) of %d", doc.Title, p.Unit, p.Start, p.End, len(runes))
			continue
		}
		if quoted := string(runes[p.Start:p.End]); !strings.Contains(p.Text, quoted) {
			t.Errorf("%s: passage %s does not hold its span %.60q", doc.Title, p.Key, quoted)
		}
		if n := utf8.RuneCountInString(p.Text); n > rag.MaxPassageRunes {
			t.Errorf("%s: passage %s has %d runes", doc.Title, p.Key, n)
		}
		if _, ok := spans[p.Key]; p.Key != "" && !ok {
			t.Errorf("%s: passage of an unknown unit %s", doc.Title, p.Key)
		}
	}
}
