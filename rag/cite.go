package rag

import (
	"context"
	"slices"
	"strconv"
	"strings"
)

func marker(n int) string { return "[" + strconv.Itoa(n) + "]" }

// cite resolves the markers of a checked answer: each to the unit of its source, and
// the words in it, that support best what cites it.
func (r *asking) cite(ctx context.Context) error {
	for _, source := range r.sources {
		var claims []string
		for _, claim := range r.answer.Claims {
			if slices.Contains(claim.Citations, source.N) {
				claims = append(claims, claim.Text)
			}
		}
		if len(claims) == 0 {
			continue
		}
		// The question helps where a claim's own words do not tell the unit ("Tak wynika z przepisu").
		text := strings.Join(claims, " ") + " " + r.understood.text
		unit, err := r.supporting(ctx, source, text)
		if err != nil {
			return err
		}
		r.answer.Citations = append(r.answer.Citations, citation(source.N, source.passage, unit, text))
	}
	return nil
}

// supporting gives the unit of a source that supports a text: the one cited, if any.
func (r *asking) supporting(ctx context.Context, source used, text string) (Unit, error) {
	if source.cited != nil {
		return *source.cited, nil
	}
	return r.bestUnit(ctx, source.passage, text, r.understood.references)
}

// extract answers without a model: the best units, quoted. A quote is its own proof. A
// source that shares far fewer words of the question than the best one stays out.
func (r *asking) extract(ctx context.Context) error {
	var quoted []Citation
	var shared []int
	// What a citation is written with ("art.", its numbers, the name of its act) shares
	// nothing with a text that another citation stands in.
	stems := Stems(uncited(r.understood.text))
	for _, source := range r.sources {
		unit, err := r.supporting(ctx, source, r.understood.text)
		if err != nil {
			return err
		}
		c := citation(source.N, source.passage, unit, r.understood.text)
		if source.looked && r.understood.bare {
			c = wholeCitation(source.N, source.passage, unit)
		}
		if c.Quote != "" {
			quoted = append(quoted, c)
			shared = append(shared, countIn(stems, setOf(Stems(c.Quote))))
		}
	}
	var lines []string
	for i, c := range quoted {
		byWords := !r.sources[c.N-1].looked
		if byWords && (i > 0 && shared[i] == 0 || float64(shared[i]) < quotedShare*float64(slices.Max(shared))) {
			continue
		}
		line := "„" + c.Quote + "” " + marker(c.N)
		lines = append(lines, line)
		r.answer.Citations = append(r.answer.Citations, c)
		r.answer.Claims = append(r.answer.Claims, Claim{Text: line, Citations: []int{c.N}, Supported: true, Problems: []string{}})
	}
	r.answer.Answer = strings.Join(lines, "\n")
	return nil
}

// quotedShare is how many of the question's words a quote must hold, as a share of what
// the best quote holds.
const quotedShare = 0.6
