// Package shell is what all pages share: the frame, templates, languages,
// errors, headers and the one place that decides who may do what. It imports
// gin, rag and internal/message.
package shell

import (
	"errors"
	"io/fs"
	"log/slog"

	"github.com/gin-gonic/gin"

	"referent/internal/message"
)

// Options are what the shell is made of.
type Options struct {
	Files     fs.FS // templates and static files: <feature>/<name>.{html,css,js}
	Catalogue *message.Catalogue
	Log       *slog.Logger
	Lang      string // of a person who has not chosen one; "": message.Default
	Access    Access
	Nav       []NavItem
}

// NavItem is an entry of the rail.
type NavItem struct {
	Path  string
	Text  string // identifier of its text
	Short string // identifier of its text on a narrow screen
}

// Shell renders pages and turns errors into answers.
type Shell struct {
	log       *slog.Logger
	catalogue *message.Catalogue
	lang      string
	access    Access
	nav       []NavItem
	templates *templates
	static    *static
}

// Handler answers a request; its error becomes a page or JSON.
type Handler func(c *gin.Context) error

// Route is a door of the server and what it takes to pass it.
type Route struct {
	Method  string
	Path    string
	Need    Need
	MaxBody int64 // bytes of the request's body; 0: MaxBody
	Handler Handler
}

// New reads all templates; it fails on one that is not declared and on a
// text that the catalogue does not have.
func New(o Options) (*Shell, error) {
	if o.Files == nil || o.Catalogue == nil || o.Log == nil {
		return nil, errors.New("shell: files, catalogue and log are needed")
	}
	parsed, err := parseTemplates(o.Files, o.Catalogue)
	if err != nil {
		return nil, err
	}
	files, err := readStatic(o.Files)
	if err != nil {
		return nil, err
	}
	lang := o.Lang
	if lang == "" {
		lang = message.Default
	}
	return &Shell{
		log: o.Log, catalogue: o.Catalogue, lang: lang, access: o.Access,
		nav: o.Nav, templates: parsed, static: files,
	}, nil
}

// Handle adapts a handler to gin: the one place where an error becomes an answer.
func (s *Shell) Handle(h Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		if err := h(c); err != nil {
			s.Fail(c, err)
		}
	}
}
