package pdftext

import (
	"strings"

	"golang.org/x/text/encoding/charmap"

	"referent/internal/polish"
)

// The fonts of Dziennik Ustaw before 2005 were set in the Mac's Central European character
// set and declare the Western one: ROZPORZÑDZENIE, op∏aty. Upper half of the set:
const macCentralEurope = "ÄĀāÉĄÖÜáąČäčĆćéŹźĎíďĒēĖóėôöõúĚěü†°Ę£§•¶ß®©™ę¨≠ģĮįĪ≤≥īĶ∂∑łĻļĽľĹĺŅņŃ¬√ńŇ∆«»…\u00a0ňŐÕőŌ–—“”‘’÷◊ōŔŕŘ‹›řŖŗŠ‚„šŚśÁŤťÍŽžŪÓÔūŮÚůŰűŲųÝýķŻŁżĢˇ"

var centralEurope = centralEuropeReplacer()

func centralEuropeReplacer() *strings.Replacer {
	var pairs []string
	code := 0x80
	for _, r := range macCentralEurope {
		if western := charmap.Macintosh.DecodeByte(byte(code)); western != r {
			pairs = append(pairs, string(western), string(r))
		}
		code++
	}
	// drawn for the same codes by other programs
	return strings.NewReplacer(append(pairs, "\u03a9", "Ľ", "\u00b5", "Ķ")...)
}

// repairEncoding reads words in the Mac's Central European character set where that makes
// more of them known.
func repairEncoding(words []Word) {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	before := strings.Join(texts, " ")
	share := polish.KnownShare(before)
	if share >= Good {
		return
	}
	after := centralEurope.Replace(before)
	if after == before || polish.KnownShare(after) <= share {
		return
	}
	for i := range words {
		words[i].Text = centralEurope.Replace(words[i].Text)
	}
}
