package shell

import (
	"fmt"
	"math"
	"strings"
	"time"

	"referent/internal/message"
)

// Date writes YYYY-MM-DD as people do: "3 listopada 2026". What is not a date stays as it is.
func Date(p *message.Printer, iso string) string {
	day, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		return iso
	}
	return p.Text("shell.date", struct {
		Day, Year int
		Month     string
	}{day.Day(), day.Year(), p.Text(fmt.Sprintf("shell.month.%d", day.Month()), nil)})
}

// Moment writes a time of day with its date: "3.11.2026, 14:05".
func Moment(t time.Time) string {
	return t.Local().Format("2.01.2006, 15:04")
}

// Bytes writes a size: "1,4 GB".
func Bytes(p *message.Printer, n int64) string {
	units := []string{"B", "KB", "MB", "GB", "TB"}
	value, unit := float64(n), 0
	for value >= 1000 && unit < len(units)-1 {
		value /= 1000
		unit++
	}
	text := fmt.Sprintf("%.1f", value)
	if unit == 0 || value >= 100 {
		text = fmt.Sprintf("%.0f", value)
	}
	if p.Lang == "pl" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text + " " + units[unit]
}

func anyBytes(p *message.Printer, n any) (string, error) {
	switch n := n.(type) {
	case int64:
		return Bytes(p, n), nil
	case uint64:
		return Bytes(p, int64(min(n, math.MaxInt64))), nil
	default:
		return "", fmt.Errorf("bytes of a %T", n)
	}
}

// Duration writes a time left, as coarse as an estimate is.
func Duration(p *message.Printer, d time.Duration) string {
	switch {
	case d < time.Minute:
		return p.Plural("shell.seconds", max(1, int(d.Round(time.Second)/time.Second)))
	case d < time.Hour:
		return p.Plural("shell.minutes", int(d.Round(time.Minute)/time.Minute))
	default:
		return p.Plural("shell.hours", int(d.Round(time.Hour)/time.Hour))
	}
}

// Seconds writes how long something took: "2,4 s"; "" when it took no time.
func Seconds(p *message.Printer, seconds float64) string {
	if seconds <= 0 {
		return ""
	}
	text := fmt.Sprintf("%.1f", seconds)
	if seconds >= 10 {
		text = fmt.Sprintf("%.0f", seconds)
	}
	if p.Lang == "pl" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text + " s"
}
