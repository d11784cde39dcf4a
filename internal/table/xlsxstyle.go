package table

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// A style is what a number format makes of a number.
type style struct {
	date, time bool
	zeros      int // digits of a format such as 0000000, which keeps leading zeros
}

func (w *workbook) readStyles() ([]style, error) {
	const name = "xl/styles.xml"
	if w.parts[name] == nil {
		return nil, nil
	}
	var sheet struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := w.decode(name, &sheet); err != nil {
		return nil, err
	}
	custom := map[int]style{}
	for _, format := range sheet.Formats {
		custom[format.ID] = styleOf(format.Code)
	}
	styles := make([]style, len(sheet.Cells))
	for i, cell := range sheet.Cells {
		if s, ok := custom[cell.Format]; ok {
			styles[i] = s
			continue
		}
		styles[i] = builtIn(cell.Format)
	}
	return styles, nil
}

// builtIn are the formats that a file need not define, the dates of eastern Asia among them.
func builtIn(id int) style {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 58:
		return style{date: true}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47:
		return style{time: true}
	case id == 22:
		return style{date: true, time: true}
	}
	return style{}
}

// styleOf reads a format code: what stands in quotes, brackets and after a backslash says nothing.
func styleOf(code string) style {
	code, _, _ = strings.Cut(code, ";")
	var bare strings.Builder
	quoted, bracket, escaped := false, false, false
	for _, r := range strings.ToLower(code) {
		switch {
		case escaped:
			escaped = false
		case r == '\\', r == '_', r == '*':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '[':
			bracket = true
		case r == ']':
			bracket = false
		case !bracket:
			bare.WriteRune(r)
		}
	}
	text := bare.String()
	if text == "general" || text == "@" {
		return style{}
	}
	s := style{date: strings.ContainsAny(text, "yd"), time: strings.ContainsAny(text, "hs")}
	if strings.Contains(text, "m") && !s.time {
		s.date = true
	}
	if len(text) > 1 && strings.Trim(text, "0") == "" {
		s.zeros = len(text)
	}
	return s
}

// An epoch is what day 0 of a workbook is. The earlier one counts a 29 February 1900
// that never was, so that it holds from March 1900 on.
type epoch time.Time

var (
	epoch1900 = epoch(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC))
	epoch1904 = epoch(time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC))
)

// lastDay is 31 December 9999.
const lastDay = 2958465

// number writes a stored number as its style shows it: a date as ISO 8601, others with
// the 15 digits that a spreadsheet keeps.
func (w *workbook) number(stored string, styleIndex int) (string, Kind) {
	value, err := strconv.ParseFloat(stored, 64)
	if err != nil {
		return stored, Text
	}
	var s style
	if styleIndex >= 0 && styleIndex < len(w.styles) {
		s = w.styles[styleIndex]
	}
	switch {
	case (s.date || s.time) && value >= 0 && value <= lastDay:
		return w.epoch.format(value, s), Date
	case s.zeros > 0 && value >= 0 && value == math.Trunc(value) && value < 1e15:
		text := strconv.FormatFloat(value, 'f', -1, 64)
		return strings.Repeat("0", max(0, s.zeros-len(text))) + text, Text
	}
	if len(stored) <= 15 && !strings.ContainsAny(stored, "eE") {
		return stored, Number
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(value, 'g', 15, 64), 64)
	if err != nil {
		return stored, Number
	}
	return strconv.FormatFloat(rounded, 'f', -1, 64), Number
}

func (e epoch) format(value float64, s style) string {
	days := math.Floor(value)
	seconds := math.Round((value - days) * 86400)
	at := time.Time(e).AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
	switch {
	case s.date && (seconds != 0 || s.time):
		return at.Format("2006-01-02T15:04:05")
	case s.date:
		return at.Format(time.DateOnly)
	}
	return at.Format(time.TimeOnly)
}
