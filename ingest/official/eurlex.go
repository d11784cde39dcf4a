package official

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"referent/rag"
)

var (
	celexSource = regexp.MustCompile(`^3(\d{4})([RLD])(\d{4})$`)
	celexOfAct  = regexp.MustCompile(`^EU/(\d{4})/(\d{1,4})$`)
)

// celexOf guesses the CELEX number of an EU act: a regulation, as those of an office are.
func celexOf(act string) string {
	m := celexOfAct.FindStringSubmatch(act)
	if m == nil {
		return ""
	}
	return fmt.Sprintf("celex:3%sR%04s", m[1], m[2])
}

// euQuery asks for an act's life and its consolidated texts. The predicate runs from the
// consolidated text to the act, but acts amended by it carry it as well: consolidated
// numbers that do not derive from the act's own are left out below.
const euQuery = `PREFIX cdm: <http://publications.europa.eu/ontology/cdm#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
SELECT DISTINCT ?force ?entry ?end ?consolidated WHERE {
  ?act owl:sameAs <http://publications.europa.eu/resource/celex/%s> .
  OPTIONAL { ?act cdm:resource_legal_in-force ?force }
  OPTIONAL { ?act cdm:resource_legal_date_entry-into-force ?entry }
  OPTIONAL { ?act cdm:resource_legal_date_end-of-validity ?end }
  OPTIONAL { ?text cdm:act_consolidated_consolidates_resource_legal ?act . ?text cdm:resource_legal_id_celex ?consolidated }
}`

// euAnswer is an answer in SPARQL's JSON.
type euAnswer struct {
	Results struct {
		Bindings []struct {
			Force        value `json:"force"`
			Entry        value `json:"entry"`
			End          value `json:"end"`
			Consolidated value `json:"consolidated"`
		} `json:"bindings"`
	} `json:"results"`
}

type value struct {
	Value string `json:"value"`
}

// endless is how the service writes that an act has no end.
const endless = "9999-12-31"

// chooseEU chooses the newest consolidated text of an EU act, which has no official
// force, else the text of the Official Journal. An act comes into force in parts: the
// first day counts.
func (c *Client) chooseEU(ctx context.Context, celex string) (Text, error) {
	m := celexSource.FindStringSubmatch(celex)
	number, err := strconv.Atoi(m[3])
	if err != nil {
		return Text{}, &rag.Error{Code: rag.CodeNotFound, Subject: "celex:" + celex, Err: err}
	}
	text := Text{Act: fmt.Sprintf("EU/%s/%d", m[1], number), Kind: rag.TextPromulgated, Status: rag.StatusUnknown, Accept: "application/xhtml+xml, text/html"}
	address := c.eurlex + "/webapi/rdf/sparql?" + url.Values{"query": {fmt.Sprintf(euQuery, celex)}, "format": {"application/sparql-results+json"}}.Encode()
	answer, err := c.Get(ctx, Request{Address: address, Accept: "application/sparql-results+json"})
	if err != nil {
		return Text{}, err
	}
	var found euAnswer
	if err := json.Unmarshal(answer.Data, &found); err != nil {
		return Text{}, unreachable(c.eurlex, fmt.Errorf("its answer is no JSON: %w", err))
	}
	if len(found.Results.Bindings) == 0 {
		return Text{}, &rag.Error{Code: rag.CodeNotFound, Subject: "celex:" + celex}
	}
	source := celex
	for _, b := range found.Results.Bindings {
		euStanding(&text, b.Force.Value, b.Entry.Value, b.End.Value)
		if day := consolidatedDay(celex, b.Consolidated.Value); day > text.Date {
			text.Kind, text.Date, source = rag.TextUnofficial, day, b.Consolidated.Value
			text.Published = source
		}
	}
	if text.Status == rag.StatusRepealed && text.RepealedFrom == "" && text.InForceFrom > time.Now().Format(time.DateOnly) {
		text.Status = rag.StatusInForce // "not in force" says that it is not yet
	}
	text.Address = c.eurlex + "/resource/celex/" + url.PathEscape(source)
	text.Name = "EU-" + m[1] + "-" + strconv.Itoa(number) + "_" + source + ".html"
	return text, nil
}

func euStanding(t *Text, force, entry, end string) {
	if entry != "" && (t.InForceFrom == "" || entry < t.InForceFrom) {
		t.InForceFrom = entry
	}
	if end != "" && end != endless {
		t.RepealedFrom = end
	}
	switch {
	case slices.Contains([]string{"true", "1"}, force):
		t.Status = rag.StatusInForce
	case slices.Contains([]string{"false", "0"}, force):
		t.Status = rag.StatusRepealed
	}
}

// consolidatedDay gives the day of a consolidated text of an act: 02016R0679-20160504 is
// one of 32016R0679.
func consolidatedDay(celex, consolidated string) string {
	day, ok := strings.CutPrefix(consolidated, "0"+celex[1:]+"-")
	if !ok || len(day) != 8 || strings.Trim(day, "0123456789") != "" {
		return ""
	}
	return day[:4] + "-" + day[4:6] + "-" + day[6:]
}
