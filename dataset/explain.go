package dataset

import (
	"strconv"
	"strings"
)

// Words are what a text of the catalogue about a defect is filled with.
type Words struct {
	Column string
	Rows   string
	Count  int
	Detail string
}

// shownRows are named in a text about a defect.
const shownRows = 8

// Explain puts the places of defects and their repairs into words. Text gives a text of
// the catalogue: "dataset.where.column", "dataset.where.rows", "dataset.where.more",
// "dataset.defect.KIND" and "dataset.repair.KIND".
func (p *Profile) Explain(text func(id string, words Words) string) {
	for i := range p.Defects {
		d := &p.Defects[i]
		words := Words{Column: strings.Join(d.Column, "”, „"), Rows: shownList(d.Rows), Count: d.Count, Detail: d.Detail}
		var parts []string
		if words.Column != "" {
			parts = append(parts, text("dataset.where.column", words))
		}
		switch {
		case len(d.Rows) > shownRows || len(d.Rows) < d.Count && len(d.Rows) > 0:
			parts = append(parts, text("dataset.where.more", words))
		case len(d.Rows) > 0:
			parts = append(parts, text("dataset.where.rows", words))
		}
		parts = append(parts, text("dataset.defect."+string(d.Kind), words))
		d.Where = strings.Join(parts, "; ")
		d.Repair = text("dataset.repair."+string(d.Kind), words)
	}
}

func shownList(rows []int) string {
	var shown []string
	for _, row := range rows[:min(len(rows), shownRows)] {
		shown = append(shown, strconv.Itoa(row))
	}
	return strings.Join(shown, ", ")
}
