package office

import (
	"strconv"
	"strings"
)

// maxLevels is how deep lists may nest.
const maxLevels = 10

// bullet stands for the signs that mark items without a number; a dash stays a dash.
const bullet = "•"

func bulletOf(sign string) string {
	switch strings.TrimSpace(sign) {
	case "-", "–", "—", "\uf02d", "\uf0be":
		return "–"
	case "":
		return ""
	}
	return bullet
}

// numeral writes a number as a level of a list prints it.
func numeral(n int, format string) string {
	switch format {
	case "upperRoman", "I":
		return roman(n)
	case "lowerRoman", "i":
		return strings.ToLower(roman(n))
	case "upperLetter", "A":
		return letters(n, 'A')
	case "lowerLetter", "a":
		return letters(n, 'a')
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	case "ordinal":
		return strconv.Itoa(n) + "."
	case "none", "":
		return ""
	}
	return strconv.Itoa(n)
}

// letters count a … z, aa, bb … as word processors do.
func letters(n int, first byte) string {
	const alphabet, most = 26, 100
	if n < 1 || n > alphabet*most {
		return strconv.Itoa(n)
	}
	return strings.Repeat(string(first+byte((n-1)%alphabet)), (n-1)/alphabet+1)
}

func roman(n int) string {
	const most = 3999
	if n < 1 || n > most {
		return strconv.Itoa(n)
	}
	var b strings.Builder
	for _, digit := range []struct {
		value int
		sign  string
	}{{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"}, {50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"}} {
		for ; n >= digit.value; n -= digit.value {
			b.WriteString(digit.sign)
		}
	}
	return b.String()
}
