package dataset

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"
)

// sharedDatasets gives the folder of datasets with gold profiles, outside the repository.
func sharedDatasets(t *testing.T) string {
	t.Helper()
	root := os.Getenv("REFERENT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "shared", "data")
	}
	path := filepath.Join(root, "eval", "datasets")
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real data at %s: set REFERENT_SHARED to the folder that holds it", path)
	}
	return path
}

type goldProfile struct {
	File      string       `json:"file"`
	Encoding  *string      `json:"encoding"`
	Delimiter *string      `json:"delimiter"`
	HeaderRow *int         `json:"header_row"`
	Rows      int          `json:"n_rows"`
	Cols      int          `json:"n_cols"`
	Columns   []goldColumn `json:"columns"`
	Defects   []struct {
		Kind   string   `json:"kind"`
		Accept []string `json:"kind_accept"`
		Column Names    `json:"column"`
		Rows   []int    `json:"rows"`
		Count  int      `json:"count"`
	} `json:"defects"`
	Personal []struct {
		Kind     string `json:"kind"`
		Column   Names  `json:"column"`
		Count    int    `json:"count"`
		Accept   []int  `json:"count_accept"`
		Level    string `json:"level"`
		Optional bool   `json:"optional"`
	} `json:"pii"`
	Traps []struct {
		Kind   string `json:"kind"`
		Column Names  `json:"column"`
		Count  int    `json:"count"`
	} `json:"pii_traps"`
	Verdict        string    `json:"pii_verdict"`
	Temporal       *Period   `json:"temporal"`
	TemporalAccept []*Period `json:"temporal_accept"`
	Spatial        *struct {
		BBox  *[4]float64 `json:"bbox"`
		TERYT string      `json:"teryt"`
	} `json:"spatial"`
	Frequency string  `json:"frequency"`
	Sheets    []Sheet `json:"sheets"`
}

type goldColumn struct {
	Name           string   `json:"name"`
	Type           string   `json:"type"`
	TypeAccept     []string `json:"type_accept"`
	Semantic       string   `json:"semantic"`
	SemanticAccept []string `json:"semantic_accept"`
	Missing        int      `json:"missing"`
	MissingAccept  []int    `json:"missing_accept"`
	Distinct       int      `json:"distinct"`
	Min            any      `json:"min"`
	Max            any      `json:"max"`
	MissingSigns   []string `json:"missing_signs"`
}

// ratio counts what is right of what was asked.
type ratio struct{ right, all int }

func (r *ratio) count(t *testing.T, ok bool, format string, values ...any) {
	r.all++
	if ok {
		r.right++
		return
	}
	t.Logf(format, values...)
}

func (r ratio) of() float64 { return float64(r.right) / float64(max(1, r.all)) }

// figures are what the profile is held to.
type figures struct {
	shape, types, semantics, columns, spatial, temporal, frequency, verdict ratio
	defectsRight, defectsFound, defectsGold                                 int
	cellsRight, cellsFound, cellsGold, traps                                int
}

// TestDatasets holds profiles against those that people made of eight files.
func TestDatasets(t *testing.T) {
	golds, err := filepath.Glob(filepath.Join(sharedDatasets(t), "*.gold.json"))
	if err != nil || len(golds) == 0 {
		t.Fatalf("no gold profiles: %v", err)
	}
	var f figures
	for _, path := range golds {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var gold goldProfile
		if err := json.Unmarshal(raw, &gold); err != nil {
			t.Fatal(err)
		}
		got, err := Describe(t.Context(), filepath.Join(filepath.Dir(path), gold.File), nil)
		if err != nil {
			t.Errorf("%s: %v", gold.File, err)
			continue
		}
		f.profile(t, gold, got)
		f.defects(t, gold, got)
		f.personal(t, gold, got)
	}
	f.report(t)
}

func (f *figures) profile(t *testing.T, gold goldProfile, got *Profile) {
	name := gold.File
	f.shape.count(t, equal(gold.HeaderRow, got.HeaderRow) && gold.Rows == got.Rows && gold.Cols == got.Cols, "%s: header %v, %d rows, %d columns, want %v %d %d", name, show(got.HeaderRow), got.Rows, got.Cols, show(gold.HeaderRow), gold.Rows, gold.Cols)
	f.shape.count(t, equal(gold.Encoding, got.Encoding) && equal(gold.Delimiter, got.Delimiter), "%s: encoding %v, delimiter %v", name, show(got.Encoding), show(got.Delimiter))
	for i, want := range gold.Columns {
		if i >= len(got.Columns) {
			break
		}
		have := got.Columns[i]
		where := name + " " + want.Name
		f.types.count(t, string(have.Type) == want.Type || slices.Contains(want.TypeAccept, string(have.Type)), "%s: type %s, want %s", where, have.Type, want.Type)
		f.semantics.count(t, string(have.Semantic) == want.Semantic || slices.Contains(want.SemanticAccept, string(have.Semantic)), "%s: semantic %s, want %s %v", where, have.Semantic, want.Semantic, want.SemanticAccept)
		f.columns.count(t, have.Missing == want.Missing || slices.Contains(want.MissingAccept, have.Missing), "%s: missing %d, want %d", where, have.Missing, want.Missing)
		f.columns.count(t, have.Distinct == want.Distinct, "%s: distinct %d, want %d", where, have.Distinct, want.Distinct)
		f.columns.count(t, fmt.Sprint(want.Min) == fmt.Sprint(plain(have.Min)) && fmt.Sprint(want.Max) == fmt.Sprint(plain(have.Max)), "%s: %v–%v, want %v–%v", where, have.Min, have.Max, want.Min, want.Max)
		f.columns.count(t, slices.Equal(want.MissingSigns, have.MissingSigns) || len(want.MissingSigns)+len(have.MissingSigns) == 0, "%s: signs %q, want %q", where, have.MissingSigns, want.MissingSigns)
	}
	ok := equal(gold.Temporal, got.Temporal)
	for _, accepted := range gold.TemporalAccept {
		ok = ok || equal(accepted, got.Temporal)
	}
	f.temporal.count(t, ok, "%s: temporal %v, want %v", name, show(got.Temporal), show(gold.Temporal))
	f.frequency.count(t, gold.Frequency == got.Frequency, "%s: frequency %s, want %s", name, got.Frequency, gold.Frequency)
	f.spatial.count(t, sameSpatial(gold, got), "%s: spatial %+v, want %+v", name, show(got.Spatial), show(gold.Spatial))
	f.verdict.count(t, gold.Verdict == string(got.Verdict), "%s: verdict %s, want %s", name, got.Verdict, gold.Verdict)
	for i, want := range gold.Sheets {
		have := Sheet{}
		if i < len(got.Sheets) {
			have = got.Sheets[i]
		}
		f.shape.count(t, want.Name == have.Name && want.Role == have.Role && equal(want.HeaderRow, have.HeaderRow) && equal(want.Rows, have.Rows), "%s: sheet %+v, want %+v", name, have, want)
	}
}

func equal[T comparable](a, b *T) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func show[T any](p *T) string {
	if p == nil {
		return "none"
	}
	return fmt.Sprintf("%+v", *p)
}

// plain gives numbers as JSON reads them.
func plain(value any) any {
	if n, ok := value.(int64); ok {
		return float64(n)
	}
	return value
}

func sameSpatial(gold goldProfile, got *Profile) bool {
	if gold.Spatial == nil || got.Spatial == nil {
		return gold.Spatial == nil && got.Spatial == nil
	}
	return gold.Spatial.TERYT == got.Spatial.TERYT && equal(gold.Spatial.BBox, got.Spatial.BBox)
}

// defects compares by kind and column.
func (f *figures) defects(t *testing.T, gold goldProfile, got *Profile) {
	key := func(kind string, column Names) string { return kind + " in " + strings.Join(column, ", ") }
	want := map[string]int{}
	for i, d := range gold.Defects {
		want[key(d.Kind, d.Column)] = i
	}
	f.defectsGold += len(want)
	found := map[string]bool{}
	for _, d := range got.Defects {
		k := key(string(d.Kind), d.Column)
		i, right := want[k]
		f.defectsFound++
		if !right || found[k] {
			t.Logf("%s: no such defect: %s, %d rows %v %s", gold.File, k, d.Count, d.Rows[:min(len(d.Rows), 8)], d.Detail)
			continue
		}
		found[k] = true
		f.defectsRight++
		rows := gold.Defects[i].Rows
		sort.Ints(rows)
		if d.Count != gold.Defects[i].Count || !slices.Equal(d.Rows, rows) {
			t.Logf("%s: %s: %d in %v, want %d in %v", gold.File, k, d.Count, d.Rows, gold.Defects[i].Count, rows)
		}
	}
	for k := range want {
		if !found[k] {
			t.Logf("%s: defect not found: %s", gold.File, k)
		}
	}
}

// personal compares by cells: what was found beyond the gold count is wrong.
func (f *figures) personal(t *testing.T, gold goldProfile, got *Profile) {
	type slot struct{ kind, column string }
	counts, optional := map[slot]int{}, map[slot]bool{}
	levels := map[slot]string{}
	for _, p := range gold.Personal {
		s := slot{p.Kind, strings.Join(p.Column, ", ")}
		if optional[s] = p.Optional; !p.Optional {
			counts[s], levels[s] = p.Count, p.Level
			f.cellsGold += p.Count
		}
	}
	traps := map[slot]bool{}
	for _, trap := range gold.Traps {
		s := slot{trap.Kind, strings.Join(trap.Column, ", ")}
		traps[s] = counts[s] == 0
	}
	for _, p := range got.Personal {
		s := slot{string(p.Kind), strings.Join(p.Column, ", ")}
		if optional[s] {
			continue
		}
		if traps[s] {
			f.traps++
			t.Logf("%s: a trap was reported: %v", gold.File, s)
		}
		f.cellsFound += p.Count
		f.cellsRight += min(p.Count, counts[s])
		if p.Count != counts[s] || string(p.Level) != levels[s] {
			t.Logf("%s: %v: %d cells, level %s, want %d, %s", gold.File, s, p.Count, p.Level, counts[s], levels[s])
		}
		delete(counts, s)
	}
	for s := range counts {
		if counts[s] > 0 {
			t.Logf("%s: not found: %v, %d cells", gold.File, s, counts[s])
		}
	}
}

func (f *figures) report(t *testing.T) {
	precision, recall := float64(f.defectsRight)/float64(max(1, f.defectsFound)), float64(f.defectsRight)/float64(max(1, f.defectsGold))
	f1 := 2 * precision * recall / max(precision+recall, 1e-9)
	cellsPrecision, cellsRecall := float64(f.cellsRight)/float64(max(1, f.cellsFound)), float64(f.cellsRight)/float64(max(1, f.cellsGold))
	for _, figure := range []struct {
		name string
		got  float64
		want float64
	}{
		{"rows, columns, header, encoding, sheets", f.shape.of(), 1},
		{"types", f.types.of(), 0.95}, {"semantics", f.semantics.of(), 0.9}, {"missing, distinct, min and max, signs", f.columns.of(), 0.95},
		{"defects precision", precision, 0.9}, {"defects recall", recall, 0.9}, {"defects F1", f1, 0.9},
		{"personal data recall", cellsRecall, 0.98}, {"personal data precision", cellsPrecision, 0.95}, {"personal data verdict", f.verdict.of(), 1},
		{"temporal", f.temporal.of(), 1}, {"spatial", f.spatial.of(), 1}, {"frequency", f.frequency.of(), 1},
	} {
		t.Logf("figure: %-42s %.4f (goal %.2f)", figure.name, figure.got, figure.want)
		if figure.got < figure.want {
			t.Errorf("%s: %.4f, want at least %.2f", figure.name, figure.got, figure.want)
		}
	}
	t.Logf("figure: traps reported: %d", f.traps)
	if f.traps > 0 {
		t.Errorf("%d traps were reported", f.traps)
	}
}
