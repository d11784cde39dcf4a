package personal

import "strings"

// Digits gives the digits of a number that may be parted by spaces and hyphens, "" for
// what is no such number.
func Digits(text string) string {
	plain := true
	for i := range len(text) {
		b := text[i]
		if b < '0' || b > '9' {
			if b != ' ' && b != '-' || i == 0 {
				return ""
			}
			plain = false
		}
	}
	if plain {
		return text
	}
	return onlyDigits(text)
}

func weighted(digits string, weights ...int) int {
	sum := 0
	for i, weight := range weights {
		sum += weight * int(digits[i]-'0')
	}
	return sum
}

func last(digits string) int { return int(digits[len(digits)-1] - '0') }

// ValidPESEL checks eleven digits: a day that was, and the check digit.
func ValidPESEL(digits string) bool {
	if len(digits) != 11 || Digits(digits) != digits {
		return false
	}
	if (10-weighted(digits, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3)%10)%10 != last(digits) {
		return false
	}
	month := weighted(digits[2:], 10, 1)
	century := map[int]int{4: 1800, 0: 1900, 1: 2000, 2: 2100, 3: 2200}[month/20]
	year := century + weighted(digits, 10, 1)
	return validDay(year, month%20, weighted(digits[4:], 10, 1))
}

func validDay(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	length := []int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		length = 29
	}
	return day <= length
}

// ValidNIP checks ten digits.
func ValidNIP(digits string) bool {
	return len(digits) == 10 && Digits(digits) == digits && digits != "0000000000" &&
		weighted(digits, 6, 5, 7, 2, 3, 4, 5, 6, 7)%11 == last(digits)
}

// ValidREGON checks nine or fourteen digits.
func ValidREGON(digits string) bool {
	if Digits(digits) != digits || strings.Trim(digits, "0") == "" {
		return false
	}
	switch len(digits) {
	case 9:
		return weighted(digits, 8, 9, 2, 3, 4, 5, 6, 7)%11%10 == last(digits)
	case 14:
		return ValidREGON(digits[:9]) && weighted(digits, 2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8)%11%10 == last(digits)
	}
	return false
}

// ValidIBAN checks a Polish account number of 26 digits, with or without PL.
func ValidIBAN(text string) bool {
	digits := Digits(strings.TrimSpace(strings.TrimPrefix(strings.ToUpper(text), "PL")))
	if len(digits) != 26 {
		return false
	}
	remainder := 0
	for _, b := range digits[2:] + "2521" + digits[:2] { // 2521 is PL
		remainder = (remainder*10 + int(b-'0')) % 97
	}
	return remainder == 1
}

// ValidIDCard checks the series and number of an identity card, such as ABC123456.
func ValidIDCard(text string) bool {
	text = strings.ReplaceAll(strings.ToUpper(text), " ", "")
	if len(text) != 9 {
		return false
	}
	sum := 0
	for i, weight := range []int{7, 3, 1, 9, 7, 3, 1, 7, 3} {
		b := text[i]
		switch {
		case i < 3 && b >= 'A' && b <= 'Z':
			sum += weight * int(b-'A'+10)
		case i >= 3 && b >= '0' && b <= '9':
			sum += weight * int(b-'0')
		default:
			return false
		}
	}
	return sum%10 == 0
}
