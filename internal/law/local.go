package law

import (
	"slices"
	"strings"
)

// localKinds are acts of local government, by the beginning of the word that names them.
var localKinds = map[string]string{"uchwal": "uchwala", "zarzadzeni": "zarzadzenie"}

// localIssuers are the words that an issuer begins with, as printed after "uchwała nr …".
var localIssuers = []string{"rady", "wojta", "burmistrza", "prezydenta", "starosty", "zarzadu", "sejmiku", "marszalka"}

// localAt finds an act of local government named by its number: "uchwały nr XII/88/2019",
// "zarządzenie Burmistrza nr 15/2024". Its issuer stays open where the text does not say it.
func localAt(toks []token, i int) (mention, bool) {
	kind := ""
	for stem, name := range localKinds {
		if strings.HasPrefix(toks[i].word, stem) && len(toks[i].word) <= len(stem)+3 {
			kind = name
		}
	}
	if kind == "" {
		return mention{}, false
	}
	at, issuer := i+1, "*"
	const words = 8 // of an issuer and a date before the number
	for at < len(toks) && at-i <= words && toks[at].word != "nr" && toks[at].word != "numer" {
		if strings.ContainsAny(toks[at].before, ".;:?!") && toks[at-1].number == "" && toks[at-1].word != "r" {
			return mention{}, false
		}
		if slices.Contains(localIssuers, toks[at].word) && issuer == "*" {
			issuer = toks[at].word + "*"
		}
		at++
	}
	if at >= len(toks) || toks[at].word != "nr" && toks[at].word != "numer" {
		return localWithoutMark(toks, i, kind)
	}
	number, end := localNumber(toks, at+1)
	if number == "" {
		return mention{}, false
	}
	if end < len(toks) && slices.Contains(localIssuers, toks[end].word) && toks[end].before == "" {
		issuer = toks[end].word + "*"
	}
	return mention{acts: []string{"local/" + issuer + "/" + kind + "/" + number}, from: i, to: end}, true
}

// localWithoutMark reads "uchwała XII/88/2019": a number alone must have parts.
func localWithoutMark(toks []token, i int, kind string) (mention, bool) {
	number, end := localNumber(toks, i+1)
	if !strings.Contains(number, "-") {
		return mention{}, false
	}
	return mention{acts: []string{"local/*/" + kind + "/" + number}, from: i, to: end}, true
}

// localNumber reads "XII/88/2019" or "0050.12.2024" as identifiers write it, "xii-88-2019".
func localNumber(toks []token, i int) (number string, end int) {
	var parts []string
	digits := false
	for end = i; end < len(toks); end++ {
		joined := end > i && toks[end].start == toks[end-1].end+1 && (toks[end].before == "/" || toks[end].before == "." || toks[end].before == "-")
		if end > i && !joined {
			break
		}
		text := strings.ReplaceAll(toks[end].text(), "/", "-")
		digits = digits || strings.ContainsAny(text, "0123456789")
		parts = append(append(parts, text), toks[end].dots...)
	}
	if !digits {
		return "", i
	}
	return strings.Join(parts, "-"), end
}
