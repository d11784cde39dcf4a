package eval

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed report.html
var reportTemplate string

var report = template.Must(template.New("report").Funcs(template.FuncMap{
	"figure": func(v float64) string { return fmt.Sprintf("%.3f", v) },
	"signed": func(before, after float64) string { return fmt.Sprintf("%+.3f", after-before) },
	"rank":   rank,
}).Parse(reportTemplate))

// reportPage is what the template gets.
type reportPage struct {
	*Result
	Levels  []Level
	Metrics []string
	Changed []Changed
	Hidden  int // changed questions that are not shown
	Missed  []Outcome
}

// row is a group of the table of a level, its cells in the order of the metrics.
type row struct {
	Name  string
	N     int
	Cells []Estimate
}

// Rows gives the table of a level.
func (p reportPage) Rows(level Level) []row {
	rows := make([]row, len(p.Groups))
	for i, g := range p.Groups {
		rows[i] = row{Name: g.Name, N: g.N}
		for _, m := range p.Metrics {
			rows[i].Cells = append(rows[i].Cells, g.Levels[level][m])
		}
	}
	return rows
}

// HTML writes a report that needs no other file.
func (r *Result) HTML(w io.Writer) error {
	page := reportPage{Result: r, Levels: Levels, Metrics: r.suite.Metrics}
	if r.Comparison != nil {
		page.Changed = r.Comparison.Changed[:min(changedInTable, len(r.Comparison.Changed))]
		page.Hidden = len(r.Comparison.Changed) - len(page.Changed)
	}
	for _, q := range r.Questions {
		if len(q.Gold) > 0 && q.Rank == 0 {
			page.Missed = append(page.Missed, q)
		}
	}
	return report.Execute(w, page)
}
