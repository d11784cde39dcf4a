package official

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"referent/rag"
)

var eliSource = regexp.MustCompile(`^(?:DU|MP)/\d{4}/\d{1,5}$`)

// eliAct is what is used of the ELI service's answer about an act.
type eliAct struct {
	ELI              string              `json:"ELI"`
	Title            string              `json:"title"`
	Status           string              `json:"status"`
	InForce          string              `json:"inForce"`          // IN_FORCE, NOT_IN_FORCE, UNKNOWN
	AnnouncementDate string              `json:"announcementDate"` // the act's own day
	EntryIntoForce   string              `json:"entryIntoForce"`
	ValidFrom        string              `json:"validFrom"`
	RepealDate       string              `json:"repealDate"`
	ExpirationDate   string              `json:"expirationDate"`
	LegalStatusDate  string              `json:"legalStatusDate"` // of a consolidated text: the day whose law it holds
	TextHTML         bool                `json:"textHTML"`
	TextPDF          bool                `json:"textPDF"`
	Texts            []eliText           `json:"texts"`
	References       map[string][]eliRef `json:"references"`
}

type eliText struct {
	FileName string       `json:"fileName"`
	Type     rag.TextKind `json:"type"`
}

type eliRef struct {
	ID   string `json:"id"`
	Date string `json:"date"`
}

// The service names relations in Polish.
const (
	refConsolidated = "Inf. o tekście jednolitym"         // announcements of consolidated texts
	refConsolidates = "Tekst jednolity dla aktu"          // of such an announcement: the act itself
	refAmending     = "Akty zmieniające"                  // with the day of each
	refAmendedSince = "Nowelizacje po tekście jednolitym" // of an announcement
	refRepealing    = "Akty uchylające"
)

// chooseELI chooses a text of an act. The traps of the service:
//   - text.html of an act is its original wording, however often it was amended;
//   - a consolidated text is published as another act, an announcement, as PDF only;
//   - "obowiązujący" says that an act is law, not that it is in force yet.
func (c *Client) chooseELI(ctx context.Context, id string) (Text, error) {
	act, err := c.eliAct(ctx, id)
	if err != nil {
		return Text{}, err
	}
	if of := act.References[refConsolidates]; len(of) > 0 && eliSource.MatchString(of[0].ID) && of[0].ID != id {
		// Somebody asks for the announcement: the act is the one that it announces.
		id = of[0].ID
		if act, err = c.eliAct(ctx, id); err != nil {
			return Text{}, err
		}
	}
	text := Text{Act: id, Title: act.Title}
	act.standing(&text)
	chosen, err := c.consolidated(ctx, id, act, text)
	if err != nil || chosen.Address != "" {
		return chosen, err
	}
	return c.ownText(id, act, text)
}

func (c *Client) eliAct(ctx context.Context, id string) (eliAct, error) {
	address := c.actAddress(id)
	answer, err := c.Get(ctx, Request{Address: address, Accept: "application/json"})
	if err != nil {
		return eliAct{}, err
	}
	var act eliAct
	if err := json.Unmarshal(answer.Data, &act); err != nil {
		return eliAct{}, unreachable(address, fmt.Errorf("its answer is no JSON: %w", err))
	}
	return act, nil
}

func (c *Client) actAddress(id string) string { return c.eli + "/acts/" + id }

// standing says whether an act is law. What the service does not know stays unknown.
func (a eliAct) standing(t *Text) {
	t.Status = rag.StatusUnknown
	t.InForceFrom = cmp.Or(a.EntryIntoForce, a.ValidFrom)
	switch a.InForce {
	case "IN_FORCE":
		t.Status = rag.StatusInForce
	case "NOT_IN_FORCE":
		t.RepealedFrom = cmp.Or(a.RepealDate, a.ExpirationDate)
		// An act that is not in force yet is not in force either.
		if t.RepealedFrom == "" && len(a.References[refRepealing]) == 0 && a.Status == "obowiązujący" && t.InForceFrom != "" {
			t.Status = rag.StatusInForce
			return
		}
		t.Status = rag.StatusRepealed
	default:
		if a.Status == "uchylony" || strings.HasPrefix(a.Status, "wygaśnięcie") {
			t.Status, t.RepealedFrom = rag.StatusRepealed, cmp.Or(a.RepealDate, a.ExpirationDate)
		}
	}
}

// consolidated takes the newest announced consolidated text; the zero address says that
// there is none. Announcements are listed in no order, and one that does not name the act
// in turn is of another.
func (c *Client) consolidated(ctx context.Context, id string, act eliAct, text Text) (Text, error) {
	announced := slices.DeleteFunc(slices.Clone(act.References[refConsolidated]), func(r eliRef) bool { return !eliSource.MatchString(r.ID) })
	slices.SortFunc(announced, func(a, b eliRef) int { return slices.Compare(position(b.ID), position(a.ID)) })
	for _, ref := range announced {
		announcement, err := c.eliAct(ctx, ref.ID)
		if errors.Is(err, &rag.Error{Code: rag.CodeNotFound}) {
			continue
		}
		if err != nil {
			return Text{}, err // an older text must not stand in for one that cannot be looked at
		}
		file := announcement.file(rag.TextConsolidated)
		if file == "" || !slices.ContainsFunc(announcement.References[refConsolidates], func(r eliRef) bool { return r.ID == id }) {
			continue
		}
		text.Kind, text.Published = rag.TextConsolidated, ref.ID
		text.Date = cmp.Or(announcement.LegalStatusDate, announcement.AnnouncementDate)
		text.Address = c.actAddress(ref.ID) + "/text/" + string(rag.TextConsolidated) + "/" + file
		text.Name = fileName(id, file)
		text.AmendedSince = since(act, announcement, text.Date)
		return text, nil
	}
	return text, nil
}

// ownText takes what the act itself has: its original wording, as HTML where that is
// given; where it was amended, the unofficial consolidated text goes before.
func (c *Client) ownText(id string, act eliAct, text Text) (Text, error) {
	text.Date = act.AnnouncementDate
	amended := len(act.References[refAmending]) > 0
	take := func(kind rag.TextKind, file string) Text {
		text.Kind, text.Address, text.Name = kind, c.actAddress(id)+"/text/"+string(kind)+"/"+file, fileName(id, file)
		return text
	}
	if file := act.file(rag.TextConsolidated); file != "" {
		text.Date = act.LegalStatusDate
		return take(rag.TextConsolidated, file), nil
	}
	if file := act.file(rag.TextUnofficial); file != "" && (amended || !act.TextHTML) {
		text.Date = act.LegalStatusDate
		return take(rag.TextUnofficial, file), nil
	}
	text.AmendedSince = since(act, eliAct{}, text.Date)
	if act.TextHTML {
		text.Kind, text.Address, text.Name = rag.TextPromulgated, c.actAddress(id)+"/text.html", fileName(id, "text.html")
		return text, nil
	}
	if file := act.file(rag.TextPromulgated); file != "" {
		return take(rag.TextPromulgated, file), nil
	}
	if act.TextPDF {
		text.Kind, text.Address, text.Name = rag.TextPromulgated, c.actAddress(id)+"/text.pdf", fileName(id, "text.pdf")
		return text, nil
	}
	return Text{}, &rag.Error{Code: rag.CodeFileNoText, Subject: "eli:" + id}
}

// file gives the name of a text of a kind; a name that would lead elsewhere is none.
func (a eliAct) file(kind rag.TextKind) string {
	for _, t := range a.Texts {
		if t.Type == kind && plainName.MatchString(t.FileName) {
			return t.FileName
		}
	}
	return ""
}

var plainName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.\-]*$`)

// since lists the acts that amended an act after a wording.
func since(act, announcement eliAct, day string) []string {
	var acts []string
	for _, r := range announcement.References[refAmendedSince] {
		acts = append(acts, r.ID)
	}
	for _, r := range act.References[refAmending] {
		if day != "" && r.Date > day && !slices.Contains(acts, r.ID) {
			acts = append(acts, r.ID)
		}
	}
	return acts
}

// position orders acts of one journal: year, then number.
func position(id string) []int {
	var numbers []int
	for _, part := range strings.Split(id, "/")[1:] {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil // eliSource lets only numbers through
		}
		numbers = append(numbers, n)
	}
	return numbers
}

// fileName is a name by which ingest knows the act: its identifier goes before.
func fileName(id, file string) string { return strings.ReplaceAll(id, "/", "-") + "_" + file }
