package eval

import (
	"bufio"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
)

// writers write a result by the ending of the file's name.
var writers = map[string]func(*Result, io.Writer) error{
	".json": (*Result).JSON,
	".xml":  (*Result).JUnit,
	".trec": (*Result).TREC,
	".html": (*Result).HTML,
	".tsv":  (*Result).Golden,
}

// CanWrite says whether a result can be written under a name.
func CanWrite(path string) bool { return writers[strings.ToLower(filepath.Ext(path))] != nil }

// Write writes the result to a file in the form that its ending names. The file is
// there whole or, when writing fails, as it was.
func (r *Result) Write(path string) error {
	write := writers[strings.ToLower(filepath.Ext(path))]
	if write == nil {
		return fmt.Errorf("%s: no form for this ending", path)
	}
	return replace(path, func(w *bufio.Writer) error { return write(r, w) })
}

// replace writes a file beside the old one and puts it in its place when it is whole.
func replace(path string, write func(*bufio.Writer) error) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	buffer := bufio.NewWriter(file)
	if err := errors.Join(write(buffer), buffer.Flush(), file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// JSON writes all of it; --baseline reads it.
func (r *Result) JSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	return encoder.Encode(r)
}

type junitSuites struct {
	XMLName xml.Name     `xml:"testsuites"`
	Suites  []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name    string        `xml:"name,attr"`
	Class   string        `xml:"classname,attr"`
	Failure *junitProblem `xml:"failure,omitempty"`
	Error   *junitProblem `xml:"error,omitempty"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
}

// JUnit writes a test for each threshold, and one for each question that could not be asked.
func (r *Result) JUnit(w io.Writer) error {
	s := junitSuite{Name: r.Suite, Failures: r.Failed(), Errors: r.Broken(), Time: fmt.Sprintf("%.3f", r.Seconds)}
	for _, t := range r.Thresholds {
		c := junitCase{Name: fmt.Sprintf("%s %s ≥ %g", t.Level, t.Metric, t.Min), Class: r.Suite + "." + t.Group}
		if !t.Passed {
			c.Failure = &junitProblem{fmt.Sprintf("%.4f, at least %g was asked for", t.Value, t.Min)}
		}
		s.Cases = append(s.Cases, c)
	}
	for _, q := range r.Questions {
		if q.Error != "" {
			s.Cases = append(s.Cases, junitCase{Name: q.ID, Class: r.Suite + ".questions", Error: &junitProblem{q.Error}})
		}
	}
	s.Tests = len(s.Cases)
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(junitSuites{Suites: []junitSuite{s}}); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

// TREC writes the rankings of questions with gold as trec_eval reads them. It ranks by
// score in single precision, not by the rank column, so a score that is not below the
// one before is put just below it.
func (r *Result) TREC(w io.Writer) error {
	tag := strings.Map(func(c rune) rune {
		if isSpace(c) {
			return '-'
		}
		return c
	}, "referent-"+r.Suite)
	for _, q := range r.Questions {
		if len(q.Gold) == 0 {
			continue
		}
		last := float32(math.Inf(1))
		for _, hit := range q.Hits {
			score := float32(hit.Score)
			if score >= last {
				score = math.Nextafter32(last, float32(math.Inf(-1)))
			}
			last = score
			if _, err := fmt.Fprintf(w, "%s Q0 %s %d %.9g %s\n", q.ID, noSpace(hit.Name), hit.Rank, score, tag); err != nil {
				return err
			}
		}
	}
	return nil
}

// noSpace keeps the columns of a run apart.
func noSpace(name string) string { return strings.Join(strings.Fields(name), "_") }

// Golden writes the figures of the groups and the rank of each question's first right
// article and unit, a line each, so that a change of ranking shows as a reviewed
// difference. It holds nothing that differs from machine to machine.
func (r *Result) Golden(w io.Writer) error {
	legs := "words"
	if r.Model != nil {
		legs = "words and vectors of " + r.Model.Digest
	}
	if _, err := fmt.Fprintf(w, "# suite\t%s\n# legs\t%s\n# group\tn\tlevel\tmetric\tmean\n", r.Suite, legs); err != nil {
		return err
	}
	for _, g := range r.Groups {
		for _, level := range Levels {
			for _, m := range r.suite.metrics {
				if _, err := fmt.Fprintf(w, "%s\t%d\t%s\t%s\t%.4f\n", g.Name, g.N, level, m, g.Levels[level][m.String()].Mean); err != nil {
					return err
				}
			}
		}
	}
	if _, err := io.WriteString(w, "# question\tstyle\tarticle rank\tunit rank\n"); err != nil {
		return err
	}
	for _, q := range r.Questions {
		if len(q.Gold) == 0 {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", q.ID, q.Style, rank(q.Rank), rank(q.UnitRank)); err != nil {
			return err
		}
	}
	return nil
}

func rank(n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprint(n)
}
