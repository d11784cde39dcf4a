package packs

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

var (
	titleLine = regexp.MustCompile(`^# (Uchwała|Zarządzenie) nr (\S+) (?:Rady|Wójta) Gminy Sosnodół z dnia (\d{1,2} \p{L}+ \d{4} r\.) (.+)$`)
	annexLine = regexp.MustCompile(`^# Załącznik do (?:uchwały|zarządzenia) nr (\S+) (?:Rady|Wójta) Gminy Sosnodół z dnia (\d{1,2} \p{L}+ \d{4} r\.)$`)
	chapter   = regexp.MustCompile(`^## Rozdział (\d+)\. \p{Lu}`)
	paragraph = regexp.MustCompile(`^§ (\d+[a-z]?)\. (?:(1)\. )?(.+)$`)
	numbered  = regexp.MustCompile(`^(\d+)\. (.+)$`)
	point     = regexp.MustCompile(`^(\d+)\) (.+)$`)
)

// outline is a document of the sample office read by the form of README.md, no more.
type outline struct {
	number, date, subject string
	units                 map[string]string // text by key
	problems              []string
}

// reader walks the lines and complains of whatever breaks the form.
type reader struct {
	outline
	annex, chapter, par, ust, pkt int
}

func readOutline(text string) outline {
	r := &reader{outline: outline{units: map[string]string{}}}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	head := titleLine.FindStringSubmatch(lines[0])
	if head == nil {
		r.complain("no title: %s", lines[0])
		return r.outline
	}
	r.number, r.date, r.subject = head[2], head[3], head[4]
	for _, line := range lines[1:] {
		r.line(line)
	}
	if r.par == 0 {
		r.complain("no paragraphs")
	}
	return r.outline
}

func (r *reader) complain(format string, args ...any) {
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func (r *reader) line(line string) {
	switch {
	case line == "":
	case strings.HasPrefix(line, "# "):
		m := annexLine.FindStringSubmatch(line)
		if m == nil || m[1] != r.number || m[2] != r.date {
			r.complain("not an annex of this act: %s", line)
		}
		r.annex++
		r.chapter, r.par, r.ust, r.pkt = 0, 0, 0, 0
	case strings.HasPrefix(line, "#"):
		m := chapter.FindStringSubmatch(line)
		if m == nil {
			r.complain("not a chapter: %s", line)
			return
		}
		r.chapter = r.next("Rozdział", r.chapter, m[1])
	case strings.HasPrefix(line, "§"):
		r.paragraph(line)
	case r.par == 0 || strings.HasPrefix(line, "„"): // head of the act, quoted amendment
		r.add(line)
	default:
		r.below(line)
	}
}

func (r *reader) paragraph(line string) {
	m := paragraph.FindStringSubmatch(line)
	if m == nil {
		r.complain("not a paragraph: %s", line)
		return
	}
	r.par, r.ust, r.pkt = r.next("§", r.par, m[1]), 0, 0
	if m[2] != "" {
		r.ust = 1
	}
	r.add(m[3])
}

func (r *reader) below(line string) {
	if m := numbered.FindStringSubmatch(line); m != nil {
		if r.ust == 0 {
			r.complain("§ %d has ust. %s without ust. 1", r.par, m[1])
		}
		r.ust, r.pkt = r.next("ust.", r.ust, m[1]), 0
		r.add(m[2])
		return
	}
	if m := point.FindStringSubmatch(line); m != nil {
		r.pkt = r.next("pkt", r.pkt, m[1])
		r.add(m[2])
		return
	}
	r.complain("neither unit nor heading: %s", line)
}

// next gives the number read, which must follow the last one without a gap.
func (r *reader) next(level string, last int, read string) int {
	n, err := strconv.Atoi(read)
	if err != nil || n != last+1 {
		r.complain("%s %s after %d (§ %d)", level, read, last, r.par)
	}
	return n
}

// add puts a line into the unit it stands in and into all that hold it.
func (r *reader) add(line string) {
	if r.par == 0 {
		return
	}
	key := fmt.Sprintf("par=%d", r.par)
	if r.annex > 0 {
		key = fmt.Sprintf("zal=%d;%s", r.annex, key)
	}
	r.units[key] += line + "\n"
	if r.ust > 0 {
		key += fmt.Sprintf(";ust=%d", r.ust)
		r.units[key] += line + "\n"
	}
	if r.pkt > 0 {
		r.units[fmt.Sprintf("%s;pkt=%d", key, r.pkt)] += line + "\n"
	}
}
