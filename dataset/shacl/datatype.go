package shacl

import (
	"regexp"
	"strings"

	"referent/dataset/rdf"
)

const zone = `(Z|[+-]\d\d:\d\d)?`

// lexical are the forms of the datatypes that descriptions of datasets use; a literal of
// another datatype is taken as it is.
var lexical = map[string]*regexp.Regexp{
	"boolean":            regexp.MustCompile(`^(true|false|0|1)$`),
	"integer":            regexp.MustCompile(`^[+-]?\d+$`),
	"nonNegativeInteger": regexp.MustCompile(`^(\+?\d+|-0+)$`),
	"decimal":            regexp.MustCompile(`^[+-]?(\d+(\.\d*)?|\.\d+)$`),
	"double":             regexp.MustCompile(`^([+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN)$`),
	"date":               regexp.MustCompile(`^-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])` + zone + `$`),
	"dateTime":           regexp.MustCompile(`^-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T\d\d:\d\d:\d\d(\.\d+)?` + zone + `$`),
	"gYear":              regexp.MustCompile(`^-?\d{4,}` + zone + `$`),
	"gYearMonth":         regexp.MustCompile(`^-?\d{4,}-(0[1-9]|1[0-2])` + zone + `$`),
	"duration":           regexp.MustCompile(`^-?P(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$`),
	"hexBinary":          regexp.MustCompile(`^([0-9a-fA-F]{2})*$`),
}

// hasDatatype says whether a term is a well-formed literal of a datatype.
func hasDatatype(t rdf.Term, datatype string) bool {
	if t.Kind != rdf.Literal {
		return false
	}
	own := t.Datatype
	switch {
	case t.Lang != "":
		own = rdf.RDF + "langString"
	case own == "":
		own = rdf.XSD + "string"
	}
	if own != datatype {
		return false
	}
	name, known := strings.CutPrefix(own, rdf.XSD)
	form := lexical[name]
	return !known || form == nil || form.MatchString(t.Value)
}
