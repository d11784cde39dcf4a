package polish

import "strings"

// stopWords are folded function words: they stand in every text and tell none apart. The
// words that ask (jaki, ilu, komu) tell nothing of what is asked, and a text that holds
// one ("o terminie, w jakim …") is no answer for that.
// "roku", "moc", "bez" and the modal words stay in: they matter in law.
var stopWords = set(`
a aby ach ale albo ani az bo by byc byl byla bylo byly bym bys byc bedzie beda choc ci co czy czyli
dla do dlatego gdy gdyz gdzie go i ich ile im inny iz ja jak jaka jakie jaki jakis jako je jednak jego jej jemu
jesli jest jestem jeszcze jezeli juz kiedy kto ktora ktore ktorego ktorej ktory ktorych ktorym ktorymi ku lub ma
maja mam mi mnie moj moja moje mu my na nad nam nami nas nasz nasza nasze nia nich nie niej niego nim nimi niz no o
od on ona one oni ono oraz po pod poniewaz przed przez przy sa sam sama sie skad sobie soba swoj swoja swoje ta tak
taka taki takie tam te tego tej temu ten to tobie toba trzeba tu twoj twoja twoje ty tych tylko tym tymi u w we wam
wami was wasz wasza wasze wiec wlasnie wy z za zas ze zeby
czego czemu czyj czyja czyje czyjego czyjej czym dlaczego dokad ilu iloma jakich jakiego jakiej jakiemu jakim jakimi
kim kogo komu skad ktora ktorej ktoremu`)

// IsStop says whether a folded word is a function word.
func IsStop(folded string) bool { return stopWords[folded] }

func set(text string) map[string]bool {
	words := map[string]bool{}
	for _, word := range strings.Fields(text) {
		words[word] = true
	}
	return words
}
