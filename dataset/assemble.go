package dataset

import (
	"path/filepath"
	"slices"
	"strings"

	"referent/internal/polish"
)

// assembled is a gathered table with its columns judged.
type assembled struct {
	*gathered
	columns []*judged
}

func (g *gathered) judge() assembled {
	money := false
	for _, row := range g.titles {
		folded := polish.Fold(joinCells(row.Cells))
		money = money || strings.Contains(folded, "w zlotych") || strings.Contains(folded, "w zl") || strings.Contains(folded, "pln")
	}
	a := assembled{gathered: g}
	for i, c := range g.attributes() {
		a.columns = append(a.columns, judge(c, money))
		a.columns[i].position = i
	}
	return a
}

// attributes gives the columns that are attributes: those of a grid that have neither a name
// nor a value are its edge.
func (g *gathered) attributes() []*column {
	columns := g.columns
	for g.source.grid && len(columns) > 0 {
		last := columns[len(columns)-1]
		if last.name != "" || last.missing() < last.rows || len(last.signs) > 0 {
			break
		}
		columns = columns[:len(columns)-1]
	}
	return columns
}

// role says what a sheet is for: data, or notes in prose.
func (a assembled) role() Role {
	if a.records == 0 || len(a.columns) < 2 {
		return RoleNotes
	}
	return RoleData
}

func (a assembled) headerRow() *int {
	if !a.source.grid || a.layout.header < 0 || len(a.layout.names) == 0 || a.headerAt == 0 {
		return nil
	}
	row := a.headerAt
	return &row
}

func (a assembled) results() []Column {
	columns := make([]Column, len(a.columns))
	for i, j := range a.columns {
		columns[i] = j.result()
	}
	return columns
}

// defects gives everything that is wrong in a table.
func (a assembled) defects() []Defect {
	defects := a.rowDefects()
	names := map[string][]int{}
	for i, j := range a.columns {
		if j.name != "" {
			names[strings.ToLower(j.name)] = append(names[strings.ToLower(j.name)], i)
		}
	}
	for _, j := range a.columns {
		if same := names[strings.ToLower(j.name)]; len(same) > 1 && a.columns[same[0]] == j {
			defects = append(defects, Defect{Kind: DefectDuplicateColumn, Column: Names{j.name}, Rows: headerRows(a), Count: len(same) - 1})
		}
		defects = append(defects, j.defects()...)
	}
	defects = append(defects, a.duplicateIDs()...)
	return append(defects, relatedDefects(a.gathered, a.columns)...)
}

func headerRows(a assembled) []int {
	if row := a.headerRow(); row != nil {
		return []int{*row}
	}
	return nil
}

// rowDefects are those of rows as wholes.
func (a assembled) rowDefects() []Defect {
	var defects []Defect
	add := func(kind DefectKind, rows rowList) {
		if rows.count > 0 {
			defects = append(defects, Defect{Kind: kind, Rows: slices.Clone(rows.first()), Count: rows.count})
		}
	}
	if a.headerAt > 1 && len(a.titles) > 0 {
		var titles rowList
		for row := a.firstLine; row < a.headerAt; row++ {
			titles.add(row)
		}
		add(DefectTitleRows, titles)
	}
	if len(a.source.merged) > 0 {
		defects = append(defects, a.mergedCells())
	}
	add(DefectTotalRows, a.totals)
	add(DefectFootnoteRows, a.notes)
	add(DefectBlankRows, a.blanks)
	add(DefectRepeatedHeader, a.headers)
	add(DefectRaggedRows, a.ragged)
	add(DefectMixedEncoding, a.mixed)
	if 2*a.repeated.count < a.records { // a table of few values repeats itself by nature
		add(DefectDuplicateRows, a.repeated)
	}
	return defects
}

// mergedCells names the column in which data are merged over several rows.
func (a assembled) mergedCells() Defect {
	d := Defect{Kind: DefectMergedCells, Count: len(a.source.merged)}
	for _, block := range a.source.merged {
		if block.FirstColumn == block.LastColumn && block.LastRow > block.FirstRow && block.FirstRow > a.headerAt && block.FirstColumn <= len(a.columns) {
			d.Column = Names{a.columns[block.FirstColumn-1].name}
			break
		}
	}
	return d
}

// duplicateIDs finds identifiers that stand twice in records that are not the same.
func (a assembled) duplicateIDs() []Defect {
	var defects []Defect
	same := map[int]bool{}
	for _, row := range a.repeated.first() {
		same[row] = true
	}
	for _, j := range a.columns {
		if j.about != SemanticID || j.guessed {
			continue
		}
		var rows rowList
		for _, row := range j.repeats.first() {
			if !same[row] {
				rows.add(row)
			}
		}
		if rows.count > 0 {
			defects = append(defects, Defect{Kind: DefectDuplicateIDs, Column: Names{j.name}, Rows: rows.rows, Count: rows.count})
		}
	}
	return defects
}

// profileOf puts the tables of a file together.
func profileOf(o *opened, tables []assembled, file string) *Profile {
	p := &Profile{Format: o.format, Verdict: VerdictNone, Sheets: []Sheet{}, Defects: []Defect{}, Personal: []Personal{}, Columns: []Column{}, Metadata: []Field{}, Titles: []string{}, Notes: []string{}, Nested: []Nested{}, Limits: []string{}}
	if o.encoding != "" {
		p.Encoding = &o.encoding
	}
	if o.delimiter != "" {
		p.Delimiter = &o.delimiter
	}
	if o.nested {
		p.RecordPath = &o.path
	}
	if o.metadata != nil {
		p.Metadata = append(p.Metadata, o.metadata()...)
	}
	main := mainTable(tables)
	if main < 0 {
		return p
	}
	a := tables[main]
	p.HeaderRow, p.Rows, p.RowsRaw, p.Cols = a.headerRow(), a.records, a.raw, len(a.columns)
	p.Columns, p.Defects = a.results(), append(p.Defects, a.defects()...)
	p.texts(tables, main)
	p.sheets(tables, main)
	p.place(a)
	p.Indicators = indicatorsOf(a, p)
	entries, groups, verdict := personalOf(a.columns, a.gathered)
	p.Personal, p.SmallGroups, p.Verdict = append(p.Personal, entries...), groups, verdict
	for i, t := range tables { // what other sheets hold counts for the file
		if i != main && t.records > 0 {
			more, _, verdict := personalOf(t.columns, t.gathered)
			p.Personal = append(p.Personal, more...)
			p.Verdict = worse(p.Verdict, verdict)
		}
	}
	base := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
	p.Temporal, p.TemporalEvidence = temporalOf(p, a.columns, base)
	p.Frequency, p.FrequencyEvidence = frequencyOf(p)
	p.limits(a)
	return p
}

func worse(a, b Verdict) Verdict {
	order := []Verdict{VerdictNone, VerdictInstitutionalOnly, VerdictReview, VerdictBlock}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// mainTable is the one with the most cells among those that are shown.
func mainTable(tables []assembled) int {
	best, most := -1, -1
	for i, t := range tables {
		cells := t.records * len(t.columns)
		if t.source.hidden {
			cells /= 1000
		}
		if t.role() == RoleNotes {
			cells = min(cells, 1)
		}
		if cells > most {
			best, most = i, cells
		}
	}
	return best
}

// texts gathers what a file says in prose.
func (p *Profile) texts(tables []assembled, main int) {
	for i, t := range tables {
		for _, row := range t.titles {
			if text := joinCells(row.Cells); text != "" && i == main {
				p.Titles = append(p.Titles, text)
			}
		}
		if i == main {
			p.Notes = append(p.Notes, t.noteText...)
		} else if t.role() == RoleNotes {
			p.Notes = append(p.Notes, t.prose()...)
		}
	}
}

// prose gives the texts of a sheet of notes.
func (a assembled) prose() []string {
	lines := []string{}
	for _, j := range a.columns {
		if j.name != "" {
			lines = append(lines, j.name)
		}
	}
	type line struct {
		row  int
		text string
	}
	var rest []line
	for _, j := range a.columns {
		for text, e := range j.cache {
			rest = append(rest, line{e.rows[0], text})
		}
	}
	slices.SortFunc(rest, func(a, b line) int { return a.row - b.row })
	for _, l := range rest[:min(len(rest), 100)] {
		lines = append(lines, l.text)
	}
	return lines
}

func (p *Profile) sheets(tables []assembled, main int) {
	if len(tables) < 2 {
		return
	}
	for i, t := range tables {
		s := Sheet{Name: t.source.name, Role: t.role(), Hidden: t.source.hidden}
		if i == main {
			s.Role = RoleMain
		}
		if s.Role != RoleNotes {
			rows, cols := t.records, len(t.columns)
			s.HeaderRow, s.Rows, s.Cols, s.Columns = t.headerRow(), &rows, &cols, t.results()
		}
		p.Sheets = append(p.Sheets, s)
	}
}

// place says where the records lie: by geometries, by coordinates in columns, by TERYT.
func (p *Profile) place(a assembled) {
	near := regionOf(a.columns, p.Metadata)
	spatial, defects := spatialOf(&a.shapes, a.source.crs, near)
	if spatial == nil {
		spatial, defects = columnPlaces(a, near)
	}
	p.Defects = append(p.Defects, defects...)
	for _, j := range a.columns {
		if j.about == SemanticTERYT && j.distinct == 1 {
			if spatial == nil {
				spatial = &Spatial{}
			}
			spatial.TERYT = fullTERYT(j)
		}
	}
	p.Spatial = spatial
}

// fullTERYT gives the only code of a column with the zero that it lost.
func fullTERYT(j *judged) string {
	for code := range j.cache {
		return padded(code)
	}
	return ""
}

func (p *Profile) limits(a assembled) {
	if slices.ContainsFunc(a.columns, func(j *judged) bool { return j.guessed }) {
		p.Limits = append(p.Limits, limitDistinct)
	}
	if a.seen.full {
		p.Limits = append(p.Limits, limitRows)
	}
	if a.records > maxRelatedRows {
		p.Limits = append(p.Limits, limitRelated)
	}
}
