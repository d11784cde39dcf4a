package rag

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"referent/internal/law"
	"referent/internal/polish"
)

// validate says what is wrong with a question before anything is searched.
func validate(q Question) error {
	if strings.TrimSpace(q.Question) == "" {
		return &Error{Code: CodeEmptyQuestion}
	}
	if utf8.RuneCountInString(q.Question) > MaxQuestionRunes {
		return &Error{Code: CodeQuestionTooLong, Limit: MaxQuestionRunes}
	}
	if !utf8.ValidString(q.Question) || strings.ContainsFunc(q.Question, isControl) {
		return &Error{Code: CodeControlCharacters}
	}
	if q.Scope.AsOf != "" {
		if _, err := time.Parse(time.DateOnly, q.Scope.AsOf); err != nil {
			return &Error{Code: CodeBadDate, Subject: q.Scope.AsOf, Err: err}
		}
	}
	return nil
}

func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

// understood is a question as it is searched.
type understood struct {
	text       string          // what is searched
	rewritten  string          // the same where it differs from the question, else ""
	words      string          // the same as it is searched by words
	cited      string          // the question itself, which the references are places in
	references []law.Reference // units that it cites
	bare       bool            // it cites a unit and asks for nothing but what it says
	terms      int             // content words in it
}

// understand reads citations and rewrites a follow-up with the question it follows.
func understand(q Question) understood {
	text := strings.Join(strings.Fields(q.Question), " ")
	u := understood{text: text, cited: text}
	history := q.History[max(0, len(q.History)-MaxHistory):]
	if len(history) > 0 && isFollowUp(text) {
		u.text = subject(history) + " " + text
		u.rewritten = u.text
	}
	u.references = law.References(text)
	u.bare = isBare(text, u.references)
	inherit(u.references, law.References(u.text))
	u.words = withoutShortNames(u.text)
	u.terms = len(polish.Terms(u.text))
	return u
}

// acts are those that the question names.
func (u understood) acts() map[string]bool {
	named := map[string]bool{}
	for _, r := range u.references {
		if r.Act != "" {
			named[r.Act] = true
		}
	}
	return named
}

// askingFor are what people put beside a citation to see what stands there, as lemmas.
var askingFor = setOf([]string{
	"mówić", "stanowić", "treść", "brzmieć", "brzmienie", "przepis", "ustawa", "kodeks", "akt", "artykuł", "paragraf", "ustęp",
	"punkt", "pokazać", "podać", "przytoczyć", "zacytować", "cytować", "znaleźć", "napisać", "napisany", "dotyczyć", "tekst",
	"cały", "zapis", "prosić", "what", "does", "say",
})

// isBare says whether nothing but a unit's text is asked for: "art. 35 kpa", "co mówi
// art. 61 § 3 kpa", "ustawa o petycjach art 7 ust 2 – co tam jest".
func isBare(text string, references []law.Reference) bool {
	if !slices.ContainsFunc(references, func(r law.Reference) bool { return r.Key != "" }) {
		return false
	}
	for _, word := range polish.Words(uncited(text)) {
		if law.NamesAct(polish.Fold(word)) {
			continue // a name that several acts have: nothing tells which
		}
		if countIn(polish.Terms(word), askingFor) == 0 && len(polish.Terms(word)) > 0 {
			return false
		}
	}
	return true
}

// uncited blanks the citations in a text with the names of their acts. A reference spans
// the unit; the name of its act shows when the unit is gone.
func uncited(text string) string {
	references := law.References(text)
	if !slices.ContainsFunc(references, func(r law.Reference) bool { return r.Key != "" }) {
		return text
	}
	rest := without(text, references)
	return without(rest, law.References(rest))
}

// withoutShortNames blanks the short names of acts that are forms of other words: "RODO"
// would find families (rodów). A name that the title spells out ("konstytucja"), or that is
// no form of another word ("udip"), stays.
func withoutShortNames(text string) string {
	references := law.References(text)
	var short []law.Reference
	for _, r := range slices.Concat(references, law.References(without(text, references))) {
		if r.Key != "" || r.Act == "" {
			continue
		}
		name := string([]rune(text)[r.Start:r.End])
		lemmas := polish.Terms(name)
		if len(strings.Fields(name)) == 1 && !slices.Contains(lemmas, polish.Fold(name)) &&
			countIn(lemmas, setOf(polish.Terms(law.ActName(r.Act)))) == 0 {
			short = append(short, r)
		}
	}
	return without(text, short)
}

// without blanks the references in a text.
func without(text string, references []law.Reference) string {
	runes := []rune(text)
	for _, r := range references {
		for i := r.Start; i < r.End; i++ {
			runes[i] = ' '
		}
	}
	return string(runes)
}

// subject is the last question of a conversation that stands by itself.
func subject(history []Exchange) string {
	for i := len(history) - 1; i > 0; i-- {
		if !isFollowUp(history[i].Q) {
			return history[i].Q
		}
	}
	return history[0].Q
}

// followUpTerms is how many content words at the most make a question that needs
// the one before it.
const followUpTerms = 2

var (
	definitions    = []string{"co to jest ", "co to sa ", "czym jest ", "czym sa ", "kim jest ", "kto to jest "}
	followUpStarts = setOf([]string{"a", "i", "oraz", "albo", "wtedy", "wowczas"})
	pointers       = setOf([]string{
		"to", "tego", "temu", "tym", "te", "tej", "ta", "ten", "tych", "tymi", "on", "ona", "ono", "oni", "one",
		"jego", "jej", "ich", "nim", "niej", "nich", "wtedy", "wowczas", "tam",
		"taki", "taka", "takie", "takiego", "takiej", "takim", "takich", "takiemu",
	})
)

// isFollowUp says whether a question needs the one before it: it begins like one, points
// back with few words of its own, or has hardly a word of its own. A question that
// cites a unit stands by itself.
func isFollowUp(text string) bool {
	folded := polish.Fold(strings.TrimSpace(text))
	words := polish.Words(folded)
	if len(words) == 0 || slices.ContainsFunc(definitions, func(d string) bool { return strings.HasPrefix(folded, d) }) {
		return false
	}
	terms := len(polish.Terms(text))
	if followUpStarts[words[0]] && terms <= 3*followUpTerms {
		return true
	}
	for _, reference := range law.References(text) {
		if reference.Key != "" && reference.Act != "" {
			return false
		}
	}
	if terms <= followUpTerms {
		return true
	}
	return terms <= 2*followUpTerms && countIn(words, pointers) > 0
}

// inherit gives references without an act the last act that the conversation named; it
// decides between several that a name may mean, but says nothing of an act that is not known.
func inherit(references, conversation []law.Reference) {
	act := ""
	for _, reference := range conversation {
		if reference.Act != "" {
			act = reference.Act
		}
	}
	for i := range references {
		if r := &references[i]; act != "" && r.Act == "" && r.Names(act) {
			r.Act, r.Choices = act, nil
		}
	}
}
