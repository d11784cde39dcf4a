package ezd

import (
	"regexp"
	"slices"
	"strings"
)

// collect reads an element's tree but for the parts that skip names.
func collect(root *element, skip func(*element) bool) Metadata {
	c := collector{skip: skip}
	c.read(root, nil)
	return c.Metadata
}

type collector struct {
	Metadata
	skip func(*element) bool
}

// Names of elements, in lower case and without "_", by what they say.
var (
	caseNames  = []string{"znaksprawy", "numersprawy", "sygnaturasprawy", "sprawaznak", "caseid", "casenumber"}
	caseTitles = []string{"tytulsprawy", "nazwasprawy", "casetitle"}
	titles     = []string{"tytul", "oryginalny", "title", "temat", "nazwapisma", "dotyczy"}
	kinds      = []string{"rodzaj", "rodzajdokumentu", "typdokumentu", "rodzajpisma", "type", "kategoriadokumentu"}
	letterSign = []string{"znakpisma", "sygnatura", "numerpisma"}
	senders    = []string{"tworca", "nadawca", "creator", "sender"}
	receivers  = []string{"odbiorca", "adresat", "recipient"}
)

// read takes what an element says and goes down into its parts.
func (c *collector) read(e *element, above []string) {
	switch {
	case c.skip(e):
		return
	case e.name == "grupowanie", e.name == "identyfikator", e.name == "identifier":
		c.identifier(e)
		return
	case e.name == "data" && len(e.children) > 0:
		c.date(valueOf(e, "typ", "rodzaj", "type"), valueOf(e, "czas", "od", "data", "wartosc", "poczatek"))
		return
	case slices.Contains(senders, e.name):
		set(&c.From, person(e))
		return
	case slices.Contains(receivers, e.name):
		set(&c.To, person(e))
		return
	}
	if len(e.children) == 0 {
		c.leaf(e, above)
		return
	}
	for _, child := range e.children {
		c.read(child, append(above, e.name))
	}
}

func (c *collector) leaf(e *element, above []string) {
	switch {
	case e.text == "":
	case slices.Contains(caseNames, e.name):
		set(&c.Case, e.text)
	case slices.Contains(caseTitles, e.name), e.name == "tytul" && slices.Contains(above, "sprawa"):
		set(&c.CaseTitle, e.text)
	case e.name == "znak" && slices.Contains(above, "sprawa"):
		set(&c.Case, e.text)
	case e.name == "znak" || slices.Contains(letterSign, e.name):
		set(&c.Sign, e.text)
	case slices.Contains(titles, e.name):
		set(&c.Title, e.text)
	case slices.Contains(kinds, e.name) && !slices.Contains(above, "format"), e.name == "typ" && !slices.Contains(above, "format"):
		set(&c.Kind, e.text)
	case strings.HasPrefix(e.name, "data"), e.name == "date", e.name == "created", e.name == "issued", e.name == "modified":
		c.date(e.name, e.text)
	}
}

// identifier reads groups and identifiers that say of what kind they are.
func (c *collector) identifier(e *element) {
	kind := strings.ToLower(valueOf(e, "typ", "type", "rodzaj"))
	for _, a := range e.attrs {
		if name := strings.ToLower(a.Name.Local); name == "typ" || name == "type" {
			kind = strings.ToLower(a.Value)
		}
	}
	value := valueOf(e, "kod", "wartosc", "value", "id")
	if value == "" && len(e.children) == 0 {
		value = e.text
	}
	switch {
	case strings.Contains(kind, "spraw"), kind == "" && caseNumber.MatchString(value), e.name == "grupowanie" && caseNumber.MatchString(value):
		set(&c.Case, value)
		set(&c.CaseTitle, valueOf(e, "opis", "description"))
	case strings.Contains(kind, "pism"), strings.Contains(kind, "sygnatura"), strings.Contains(kind, "znak"):
		set(&c.Sign, value)
	}
}

// caseNumber is how the office instruction writes them: OR.1431.12.2024, OR-IV.0002.5.2023.JK.
var caseNumber = regexp.MustCompile(`^[\p{Lu}][\p{L}\d-]*(?:\.[\p{L}\d-]+)*\.\d{1,4}\.\d{1,6}\.\d{4}(?:\.\p{L}+)?$`)

// what names the dates of flat forms.
var what = map[string]string{"data": "dokumentu", "date": "dokumentu", "datadokumentu": "dokumentu", "datapisma": "pisma", "datawplywu": "wpływu", "datautworzenia": "utworzenia",
	"dataotrzymania": "otrzymania", "datanadania": "nadania", "datawyslania": "wysłania", "created": "utworzenia", "issued": "wydania", "modified": "zmiany", "datazalozenia": "założenia sprawy",
	"datazakonczenia": "zakończenia sprawy", "datapodpisu": "podpisu", "datarejestracji": "rejestracji"}

const maxDates = 10

func (c *collector) date(name, when string) {
	if known, ok := what[strings.ToLower(name)]; ok {
		name = known
	}
	if name == "" {
		name = "dokumentu"
	}
	when, _, _ = strings.Cut(when, "T00:00:00")
	d := Date{What: name, When: when}
	if when != "" && strings.ContainsAny(when, "0123456789") && len(c.Dates) < maxDates && !slices.Contains(c.Dates, d) {
		c.Dates = append(c.Dates, d)
	}
}

// person gives the names below an element, without what numbers and addresses them.
func person(e *element) string {
	if len(e.children) == 0 {
		return e.text
	}
	var parts []string
	var walk func(*element)
	walk = func(e *element) {
		if len(e.children) == 0 && e.text != "" && slices.ContainsFunc([]string{"nazwa", "imie", "nazwisko", "name"}, func(n string) bool { return strings.HasPrefix(e.name, n) }) && !slices.Contains(parts, e.text) {
			parts = append(parts, e.text)
		}
		for _, child := range e.children {
			walk(child)
		}
	}
	walk(e)
	return strings.Join(parts, " ")
}

// valueOf gives the first of the named children that says something.
func valueOf(e *element, names ...string) string {
	for _, name := range names {
		for _, child := range e.children {
			if child.name == name && child.text != "" {
				return child.text
			}
		}
	}
	return ""
}

func set(to *string, value string) {
	if *to == "" {
		*to = value
	}
}
