// Package message is the one catalogue of texts that people read, in Polish and
// English, with plural forms. It imports nothing of ours.
//
// The texts stand in catalogue/<feature>.pl.yaml and catalogue/<feature>.en.yaml
// under the same identifiers; a test holds the two against each other.
package message

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"gopkg.in/yaml.v3"
)

//go:embed catalogue/*.yaml
var catalogue embed.FS

// Default is the language of pages and messages unless another is asked for.
const Default = "pl"

// Languages are the languages of the catalogue.
var Languages = []string{"pl", "en"}

// Catalogue gives texts by identifier.
type Catalogue struct{ bundle *i18n.Bundle }

// Load reads the embedded catalogue.
func Load() (*Catalogue, error) {
	bundle := i18n.NewBundle(language.Polish)
	bundle.RegisterUnmarshalFunc("yaml", yaml.Unmarshal)
	files, err := fs.Glob(catalogue, "catalogue/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("message catalogue: %w", err)
	}
	for _, file := range files {
		if _, err := bundle.LoadMessageFileFS(catalogue, file); err != nil {
			return nil, fmt.Errorf("message catalogue %s: %w", file, err)
		}
	}
	return &Catalogue{bundle}, nil
}

// Printer writes texts in one language.
type Printer struct {
	Lang      string
	localizer *i18n.Localizer
}

// In gives the printer of a language; an unknown language gives the default one.
func (c *Catalogue) In(lang string) *Printer {
	known := Default
	for _, l := range Languages {
		if l == lang {
			known = l
		}
	}
	return &Printer{known, i18n.NewLocalizer(c.bundle, known)}
}

// Text gives the text with that identifier; data is a struct or map whose fields
// fill its {{.Places}}, or nil. A missing text is its identifier in brackets.
func (p *Printer) Text(id string, data any) string {
	return p.localize(&i18n.LocalizeConfig{MessageID: id, TemplateData: data})
}

// Plural gives the text in the form that count takes; {{.PluralCount}} is the count.
func (p *Printer) Plural(id string, count int) string {
	return p.localize(&i18n.LocalizeConfig{MessageID: id, PluralCount: count})
}

// Has says whether the catalogue has a text in the printer's language.
func (p *Printer) Has(id string) bool {
	_, err := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: id})
	var missing *i18n.MessageNotFoundErr
	return !errors.As(err, &missing)
}

func (p *Printer) localize(config *i18n.LocalizeConfig) string {
	text, err := p.localizer.Localize(config)
	if err != nil {
		return "[" + config.MessageID + "]"
	}
	return text
}
