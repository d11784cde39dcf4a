package check

import "strings"

// numerals are the folded words of small numbers, so that "trzy dni" and "3 dni" say
// the same. "Jeden" is left out: it is often an article more than a number.
var numerals = func() map[string]string {
	words := map[string]string{}
	for n, forms := range map[string]string{
		"2":  "dwa dwie dwoch dwom dwoma dwu",
		"3":  "trzy trzech trzem trzema",
		"4":  "cztery czterech czterem czterema",
		"5":  "piec pieciu",
		"6":  "szesc szesciu",
		"7":  "siedem siedmiu",
		"8":  "osiem osmiu",
		"9":  "dziewiec dziewieciu",
		"10": "dziesiec dziesieciu",
		"12": "dwanascie dwunastu",
		"14": "czternascie czternastu",
		"15": "pietnascie pietnastu",
		"20": "dwadziescia dwudziestu",
		"30": "trzydziesci trzydziestu",
	} {
		for _, form := range strings.Fields(forms) {
			words[form] = n
		}
	}
	return words
}()
