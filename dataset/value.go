package dataset

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"referent/internal/table"
)

// class is what a cell reads as, whatever column it stands in.
type class uint8

const (
	classText class = iota
	classInteger
	classNumber
	classDate
	classDatetime
	classTime
	classBoolean
	classes = iota
)

// A value is a cell that was read. Dates are days and datetimes seconds since 1970.
type value struct {
	class  class
	style  style
	number float64
}

// style is how a number or date is written.
type style uint8

const (
	stylePlain       style = iota
	styleComma             // 1,23
	stylePoint             // 1.23
	styleGroups            // 1 234
	styleGroupsComma       // 1 234,56
	stylePointsComma       // 1.234,56
	stylePercent           // 12 %
	styleUnit              // 12,50 zł
	styleZeros             // 007
	styleISO               // yyyy-mm-dd
	styleDots              // dd.mm.yyyy
	styleDashes            // dd-mm-yyyy
	styleSlashes           // dd/mm/yyyy
	styleUS                // mm/dd/yyyy, where the day tells
	styleYearSlash         // yyyy/mm/dd
	styleYearDots          // yyyy.mm.dd
	styleWords             // 12 marca 2024
	styleShort             // dd.mm.yy
	styleMonth             // yyyy-mm
	styles           = iota
)

var styleNames = [styles]string{
	styleComma: "1,23", stylePoint: "1.23", styleGroups: "1 234", styleGroupsComma: "1 234,56",
	stylePointsComma: "1.234,56", stylePercent: "12%", styleUnit: "12 zł", styleISO: "yyyy-mm-dd", styleDots: "dd.mm.yyyy",
	styleDashes: "dd-mm-yyyy", styleSlashes: "dd/mm/yyyy", styleUS: "mm/dd/yyyy", styleYearSlash: "yyyy/mm/dd",
	styleYearDots: "yyyy.mm.dd", styleWords: "d mmmm yyyy", styleShort: "dd.mm.yy", styleMonth: "yyyy-mm",
}

// readValue reads a trimmed cell that is not empty.
func readValue(cell string, kind table.Kind) value {
	switch kind {
	case table.Number:
		if n, err := strconv.ParseFloat(cell, 64); err == nil {
			return plainNumber(n, cell)
		}
	case table.Bool:
		return value{class: classBoolean, number: boolNumber(cell == "true")}
	}
	first := cell[0]
	switch {
	case first >= '0' && first <= '9':
		if v, ok := readDate(cell); ok {
			return v
		}
		if v, ok := readNumber(cell); ok {
			return v
		}
	case first == '-' || first == '+' || first == '.' || first == ',' || first == 0xE2:
		if v, ok := readNumber(cell); ok {
			return v
		}
	case len(cell) <= len("prawda"):
		if b, ok := booleans[strings.ToLower(cell)]; ok {
			return value{class: classBoolean, number: boolNumber(b)}
		}
	}
	return value{class: classText}
}

var booleans = map[string]bool{
	"tak": true, "nie": false, "true": true, "false": false, "t": true, "n": false, "yes": true, "no": false, "prawda": true, "fałsz": false,
}

func boolNumber(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func plainNumber(n float64, cell string) value {
	if n == math.Trunc(n) && !strings.ContainsAny(cell, ".eE") {
		return value{class: classInteger, number: n}
	}
	return value{class: classNumber, number: n, style: stylePoint}
}

// maxNumberBytes is longer than any number that people write.
const maxNumberBytes = 40

// readNumber reads a number as Poles write it, with a unit or a sign of per cent behind it.
func readNumber(cell string) (value, bool) {
	if len(cell) > maxNumberBytes {
		return value{}, false
	}
	body, suffix := cell, stylePlain
	if last := cell[len(cell)-1]; last < '0' || last > '9' {
		body, suffix = cutUnit(cell)
		if suffix == stylePlain {
			return value{}, false
		}
	}
	var digits [maxNumberBytes]byte
	n, groups, points, commas, lastMark := 0, 0, 0, 0, -1
	for i := 0; i < len(body); {
		b := body[i]
		switch {
		case b >= '0' && b <= '9':
			digits[n] = b
			n++
		case (b == '-' || b == '+') && i == 0:
			if b == '-' {
				digits[n] = b
				n++
			}
		case b == '.' || b == ',':
			if b == '.' {
				points++
			} else {
				commas++
			}
			lastMark = n
			digits[n] = '.'
			n++
		default:
			size := groupingSpace(body[i:])
			switch {
			case i == 0 && strings.HasPrefix(body, "−"):
				size, digits[n] = len("−"), '-'
				n++
			case i == 0 || size == 0 || !threeDigits(body[i+size:]):
				return value{}, false
			default:
				groups++
			}
			i += size
			continue
		}
		i++
	}
	return finishNumber(digits[:n], marks{groups, points, commas, lastMark}, suffix)
}

type marks struct{ groups, points, commas, last int }

func finishNumber(digits []byte, m marks, suffix style) (value, bool) {
	s := stylePlain
	switch {
	case m.points > 0 && m.commas == 1 && digits[m.last] == '.' && m.groups == 0: // 1.234,56
		kept := digits[:0:0]
		for i, d := range digits {
			if d != '.' || i == m.last {
				kept = append(kept, d)
			}
		}
		digits, s = kept, stylePointsComma
	case m.points+m.commas > 1:
		return value{}, false
	case m.commas == 1 && m.groups > 0:
		s = styleGroupsComma
	case m.commas == 1:
		s = styleComma
	case m.points == 1:
		s = stylePoint
	case m.groups > 0:
		s = styleGroups
	}
	n, err := strconv.ParseFloat(string(digits), 64)
	if err != nil {
		return value{}, false
	}
	v := value{class: classInteger, number: n, style: s}
	if m.points+m.commas > 0 {
		v.class = classNumber
	} else if len(digits) > 1 && digits[0] == '0' {
		v.style = styleZeros
	}
	if suffix != stylePlain {
		v.style = suffix
	}
	return v, true
}

// groupingSpace gives the length of a space that may part thousands.
func groupingSpace(text string) int {
	switch {
	case text[0] == ' ' || text[0] == '\'':
		return 1
	case strings.HasPrefix(text, "\u00a0"):
		return 2
	case strings.HasPrefix(text, "\u202f"), strings.HasPrefix(text, "\u2009"):
		return 3
	}
	return 0
}

func threeDigits(text string) bool {
	if len(text) < 3 || len(text) > 3 && text[3] >= '0' && text[3] <= '9' {
		return false
	}
	for i := range 3 {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// cutUnit cuts "zł", "PLN" or "%" off a number.
func cutUnit(cell string) (string, style) {
	for _, unit := range []string{"zł", "PLN", "złotych"} {
		if body, ok := strings.CutSuffix(cell, unit); ok {
			return strings.TrimRight(body, " \u00a0"), styleUnit
		}
	}
	if body, ok := strings.CutSuffix(cell, "%"); ok {
		return strings.TrimRight(body, " \u00a0"), stylePercent
	}
	return cell, stylePlain
}

const day = 24 * 60 * 60

// readDate reads a date, a datetime or a time of day that begins with a digit.
func readDate(cell string) (value, bool) {
	if len(cell) < 4 || len(cell) > 35 {
		return value{}, false
	}
	if v, ok := readClock(cell); ok {
		return v, ok
	}
	date, rest := cell, ""
	if i := strings.IndexAny(cell, "T "); i >= 8 && i+1 < len(cell) && cell[i+1] >= '0' && cell[i+1] <= '9' && strings.Contains(cell[i+1:], ":") {
		date, rest = cell[:i], cell[i+1:]
	}
	at, s, ok := readDay(date)
	if !ok {
		return value{}, false
	}
	if rest == "" {
		return value{class: classDate, style: s, number: float64(at)}, true
	}
	v, ok := readClock(cutZone(rest))
	if !ok {
		return value{}, false
	}
	return value{class: classDatetime, style: s, number: float64(at)*day + v.number}, true
}

// cutZone takes the time zone off; the local time is what the file says.
func cutZone(clock string) string {
	if i := strings.IndexAny(clock, "Z+-"); i > 0 {
		return clock[:i]
	}
	return clock
}

// readClock reads hh:mm, hh:mm:ss and fractions of a second.
func readClock(text string) (value, bool) {
	if len(text) < 4 || len(text) > 15 || (text[1] != ':' && text[2] != ':') {
		return value{}, false
	}
	h, rest, _ := strings.Cut(text, ":")
	m, s, seconds := strings.Cut(rest, ":")
	s, _, _ = strings.Cut(s, ".")
	hour, ok1 := small(h, 24)
	minute, ok2 := small(m, 59)
	second, ok3 := 0, true
	if seconds {
		second, ok3 = small(s, 60)
	}
	if !ok1 || !ok2 || !ok3 || len(m) != 2 {
		return value{}, false
	}
	return value{class: classTime, number: float64(hour*3600 + minute*60 + second)}, true
}

func small(text string, limit int) (int, bool) {
	if text == "" || len(text) > 4 {
		return 0, false
	}
	n := 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = 10*n + int(text[i]-'0')
	}
	return n, n <= limit
}

// readDay reads a day in one of the ways that people write it.
func readDay(text string) (days int, s style, ok bool) {
	if len(text) == 7 && text[4] == '-' {
		year, ok1 := small(text[:4], 2200)
		month, ok2 := small(text[5:], 12)
		if !ok1 || !ok2 || year < 1800 {
			return 0, 0, false
		}
		return dayOf(year, month, 1, styleMonth)
	}
	if len(text) < 8 {
		return 0, 0, false
	}
	mark := byte(0)
	for i := 1; i <= 4 && i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			mark = text[i]
			break
		}
	}
	switch mark {
	case '-', '.', '/':
	case ' ':
		return readDayInWords(text)
	default:
		return 0, 0, false
	}
	a, rest, _ := strings.Cut(strings.TrimSuffix(strings.TrimSuffix(text, " r."), "r."), string(mark))
	b, c, two := strings.Cut(rest, string(mark))
	first, ok1 := small(a, 9999)
	second, ok2 := small(b, 31)
	third, ok3 := small(c, 9999)
	if !two || !ok1 || !ok2 || !ok3 {
		return 0, 0, false
	}
	switch {
	case len(a) == 4:
		s = map[byte]style{'-': styleISO, '/': styleYearSlash, '.': styleYearDots}[mark]
		return dayOf(first, second, third, s)
	case len(c) == 2 && mark == '.' && len(a) <= 2:
		return dayOf(2000+third-100*boolInt(third > 40), second, first, styleShort)
	case len(c) != 4 || len(a) > 2:
		return 0, 0, false
	case mark == '/' && second > 12:
		return dayOf(third, first, second, styleUS)
	}
	s = map[byte]style{'-': styleDashes, '/': styleSlashes, '.': styleDots}[mark]
	return dayOf(third, second, first, s)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

var months = map[string]int{
	"stycznia": 1, "lutego": 2, "marca": 3, "kwietnia": 4, "maja": 5, "czerwca": 6, "lipca": 7,
	"sierpnia": 8, "września": 9, "października": 10, "listopada": 11, "grudnia": 12,
}

func readDayInWords(text string) (int, style, bool) {
	parts := strings.Fields(strings.TrimSuffix(strings.TrimSuffix(text, "r."), "roku"))
	if len(parts) != 3 || utf8.RuneCountInString(parts[1]) < 4 {
		return 0, 0, false
	}
	d, ok1 := small(parts[0], 31)
	y, ok2 := small(parts[2], 9999)
	m := months[strings.ToLower(parts[1])]
	if !ok1 || !ok2 || m == 0 {
		return 0, 0, false
	}
	return dayOf(y, m, d, styleWords)
}

// dayOf counts the days since 1970, if there is such a day in the centuries that data are of.
func dayOf(year, month, d int, s style) (int, style, bool) {
	if year < 1000 || month < 1 || month > 12 || d < 1 || d > 31 {
		return 0, 0, false
	}
	at := time.Date(year, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	if at.Day() != d {
		return 0, 0, false
	}
	return int(math.Floor(float64(at.Unix()) / day)), s, true
}

// isoOf writes a date or datetime as ISO 8601.
func (v value) isoOf() string {
	if v.style == styleMonth {
		return time.Unix(int64(v.number)*day, 0).UTC().Format("2006-01")
	}
	if v.class == classDatetime {
		return time.Unix(int64(v.number), 0).UTC().Format("2006-01-02T15:04:05")
	}
	return time.Unix(int64(v.number)*day, 0).UTC().Format(time.DateOnly)
}

// days of a date or datetime since 1970.
func (v value) days() float64 {
	if v.class == classDatetime {
		return v.number / day
	}
	return v.number
}

// firstDay and lastDay are the days that a date, datetime or month begins and ends with.
func (v value) firstDay() string {
	return time.Unix(int64(math.Floor(v.days()))*day, 0).UTC().Format(time.DateOnly)
}

func (v value) lastDay() string {
	at := time.Unix(int64(math.Floor(v.days()))*day, 0).UTC()
	if v.style == styleMonth {
		at = at.AddDate(0, 1, -1)
	}
	return at.Format(time.DateOnly)
}
