package documents

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"referent/internal/message"
	"referent/internal/polish"
	"referent/rag"
	"referent/web/shell"
	"referent/web/source"
)

// pageLength is how many documents a page of the list shows.
const pageLength = 50

// The states that the list can be narrowed to.
const (
	stateEmbedding = "embedding" // found by words, not yet by meaning
	stateUnread    = "unread"    // pages of it could not be read
	stateMissing   = "missing"   // its source is gone
	stateOut       = "out"       // repealed, omitted or not yet in force
)

var states = []string{stateEmbedding, stateUnread, stateMissing, stateOut}

// filter is what of the library the list shows.
type filter struct {
	Collection string
	Words      string // in the title, the act's name or the file's name
	State      string // one of states, "" for all
	Page       int    // from 1; 0 is the first as well
}

func readFilter(query url.Values) filter {
	number, err := strconv.Atoi(query.Get("strona"))
	if err != nil || number < 1 {
		number = 1 // a page that nobody linked to: the first one is as good
	}
	f := filter{query.Get("kolekcja"), strings.TrimSpace(query.Get("szukaj")), query.Get("stan"), number}
	if !f.known() {
		f.State = ""
	}
	return f
}

// formFilter reads the list that a form stands on, so that it comes back to it.
func formFilter(c *gin.Context) filter {
	query, err := url.ParseQuery(c.PostForm("lista"))
	if err != nil {
		return filter{}
	}
	return readFilter(query)
}

func (f filter) known() bool { return f.State == "" || slices.Contains(states, f.State) }

func (f filter) query() url.Values {
	query := url.Values{}
	for name, value := range map[string]string{"kolekcja": f.Collection, "szukaj": f.Words, "stan": f.State} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if f.Page > 1 {
		query.Set("strona", strconv.Itoa(f.Page))
	}
	return query
}

// Encoded is the filter as a form carries it.
func (f filter) Encoded() string { return f.query().Encode() }

func (f filter) link() string { return f.linkWith("", "") }

func (f filter) linkWith(name, value string) string {
	query := f.query()
	if name != "" {
		query.Set(name, value)
	}
	if len(query) == 0 {
		return "/dokumenty"
	}
	return "/dokumenty?" + query.Encode()
}

// matches says that a document has the words asked for, whatever their accents are.
func (f filter) matches(p *message.Printer, d rag.DocumentState) bool {
	if f.Words == "" {
		return true
	}
	text := polish.Fold(d.Title + " " + source.ActName(p, d.Act) + " " + d.Act + " " + source.Name(d.Source))
	for _, word := range strings.Fields(polish.Fold(f.Words)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func (f filter) inState(d rag.DocumentState) bool { return f.State == "" || isIn(d, f.State) }

func isIn(d rag.DocumentState, state string) bool {
	switch state {
	case stateEmbedding:
		return d.Embedded < d.Passages
	case stateUnread:
		return d.Unread > 0
	case stateMissing:
		return d.MissingSince != ""
	default:
		return d.Status != rag.StatusInForce && d.Status != rag.StatusUnknown
	}
}

// listView is a page of the list and the ways to others.
type listView struct {
	Filter      filter
	Chips       []chip
	Rows        []documentView
	Found       int // of all pages
	Missing     int // documents of the collection whose source is gone
	Earlier     string
	Later       string
	Page, Pages int
	Collections []collectionView
}

// All is the link to the collection's whole list.
func (v listView) All() string { return filter{Collection: v.Filter.Collection}.link() }

// chip narrows the list to a state that documents are in.
type chip struct {
	Text   string
	Link   string
	Count  int
	Chosen bool
}

func (h *Documents) list(ctx context.Context, p *message.Printer, f filter, digest string) (listView, error) {
	v := listView{Filter: f}
	documents, err := h.Library.Documents(ctx, f.Collection, digest)
	if err != nil {
		return v, err
	}
	counts := map[string]int{}
	var found []rag.DocumentState
	for _, d := range documents {
		if d.MissingSince != "" {
			v.Missing++
		}
		if !f.matches(p, d) {
			continue
		}
		for _, state := range states {
			if isIn(d, state) && (state != stateEmbedding || digest != "") {
				counts[state]++
			}
		}
		if f.inState(d) {
			found = append(found, d)
		}
	}
	for _, state := range states {
		if n, chosen := counts[state], state == f.State; n > 0 || chosen {
			to := filter{Collection: f.Collection, Words: f.Words, State: state}
			if chosen {
				to.State = ""
			}
			v.Chips = append(v.Chips, chip{p.Text("documents.state."+state, nil), to.link(), n, chosen})
		}
	}
	byTitle(found, p.Lang)
	v.Found = len(found)
	v.cut(found, p, digest)
	return v, nil
}

// byTitle sorts as people of a language do: Ś between S and T.
func byTitle(documents []rag.DocumentState, lang string) {
	order := collate.New(language.Make(lang), collate.IgnoreCase, collate.Numeric)
	slices.SortStableFunc(documents, func(a, b rag.DocumentState) int {
		if byCollection := strings.Compare(a.Collection, b.Collection); byCollection != 0 {
			return byCollection
		}
		return order.CompareString(a.Title, b.Title)
	})
}

// cut keeps the page that is asked for; one behind the end is the last.
func (v *listView) cut(found []rag.DocumentState, p *message.Printer, digest string) {
	v.Pages = max(1, (len(found)+pageLength-1)/pageLength)
	v.Page = min(max(1, v.Filter.Page), v.Pages)
	v.Filter.Page = v.Page
	to := v.Filter
	if v.Page > 1 {
		to.Page = v.Page - 1
		v.Earlier = to.link()
	}
	if v.Page < v.Pages {
		to.Page = v.Page + 1
		v.Later = to.link()
	}
	for _, d := range found[(v.Page-1)*pageLength : min(v.Page*pageLength, len(found))] {
		row := newDocumentView(p, d, digest)
		row.List = v.Filter.Encoded()
		v.Rows = append(v.Rows, row)
	}
}

// documentView is a row of the list.
type documentView struct {
	rag.DocumentState
	Name    string // of the act, as cited
	File    string
	Marks   []source.Mark
	Link    string
	Beside  string // link to its text beside its first page, "" where it has none
	Percent int    // embedded; 100 when there is nothing to wait for
	Words   bool   // no embedding model: found by words alone
	Effects []effectView
	Gone    string // since when its file is gone, as people write dates
	List    string // the filter of the list it stands in
	Again   bool   // its source can be read once more
}

// effectView is what another document does to this one's act.
type effectView struct {
	Text string
	Link string
}

// shownEffects is how many of them a row tells; the latest say most.
const shownEffects = 3

func newDocumentView(p *message.Printer, d rag.DocumentState, digest string) documentView {
	v := documentView{
		DocumentState: d, Name: source.ActName(p, d.Act), File: source.Name(d.Source), Link: source.Link(d.ID, "", rag.Span{}),
		Marks: source.Marks(p, d.Status, d.WordingDate, d.TextKind), Percent: 100, Words: digest == "", Again: d.MissingSince == "" && rereadable(d.Source),
	}
	if d.Passages > 0 {
		v.Percent = d.Embedded * 100 / d.Passages
	}
	if source.HasImages(d.Info) {
		v.Beside = source.PageLink(d.ID, 1)
	}
	if d.MissingSince != "" {
		v.Gone = shell.Date(p, d.MissingSince)
	}
	for _, e := range d.Effects[max(0, len(d.Effects)-shownEffects):] {
		v.Effects = append(v.Effects, effectView{
			Text: p.Text("documents.effect."+string(e.Kind), e) + source.Since(p, e.Date),
			Link: source.Link(e.Document, e.Key, rag.Span{}),
		})
	}
	return v
}

// listFragment is the list alone, for a module that searches while a person types.
func (h *Documents) listFragment(c *gin.Context) error {
	ctx, p := c.Request.Context(), h.Shell.Printer(c)
	digest := h.Model(ctx)
	v, err := h.list(ctx, p, readFilter(c.Request.URL.Query()), digest)
	if err != nil {
		return err
	}
	collections, err := h.Library.Collections(ctx, digest)
	if err != nil {
		return err
	}
	for _, k := range collections {
		v.Collections = append(v.Collections, collectionView{CollectionState: k})
	}
	html, err := h.Shell.Fragment(p.Lang, "documents", "list", v)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Data(http.StatusOK, "text/html; charset=utf-8", []byte(html))
	return nil
}
