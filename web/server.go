// Package web is Referent in the browser and its HTTP API: it binds the features
// (chat, source, documents, evaluation, state) to routes. It imports the features, rag and
// internal/message; nothing but cmd imports it.
package web

import (
	"embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/gin-gonic/gin"

	"referent/eval"
	"referent/internal/message"
	"referent/web/chat"
	"referent/web/documents"
	"referent/web/questions"
	"referent/web/shell"
	"referent/web/source"
	"referent/web/state"
)

//go:embed chat/*.html chat/*.css chat/*.js documents/*.html documents/*.css documents/*.js
//go:embed evaluation/*.html evaluation/*.css evaluation/*.js shell/*.html shell/*.css shell/*.js shell/*.svg questions/*.html questions/*.css source/*.html source/*.css source/*.js state/*.html state/*.css
var files embed.FS

// Library is what the pages ask of the stored documents.
type Library interface {
	documents.Library
	source.Shelf
}

// Options are what the server is made of. All but Examples, Lang and Access are needed.
type Options struct {
	Assistant      chat.Assistant
	Library        Library
	Shelf          documents.Shelf
	Folders        documents.Folders
	Pictures       source.Pictures
	Intake         documents.Intake
	Inbox          documents.Inbox
	EmbeddingModel documents.EmbeddingModel
	Doctor         state.Doctor
	Questions      questions.Library
	QuestionEditor questions.Editor
	QuestionPace   questions.Pace // nil: not measured
	Desk           *eval.Desk     // the office's own questions
	Catalogue      *message.Catalogue
	Log            *slog.Logger
	Examples       []string // questions that the sample office answers; the empty page shows three
	Lang           string   // of a person who has not chosen one
	Access         shell.Access
}

func (o Options) check() error {
	missing := map[string]bool{
		"assistant": o.Assistant == nil, "library": o.Library == nil, "shelf": o.Shelf == nil,
		"folders": o.Folders == nil, "pictures": o.Pictures == nil,
		"intake": o.Intake == nil, "inbox": o.Inbox == nil, "embedding model": o.EmbeddingModel == nil,
		"doctor": o.Doctor == nil, "questions": o.Questions == nil, "question editor": o.QuestionEditor == nil,
		"desk": o.Desk == nil, "catalogue": o.Catalogue == nil, "log": o.Log == nil,
	}
	for name, is := range missing {
		if is {
			return errors.New("web: " + name + " is missing")
		}
	}
	return nil
}

// Server answers browsers and programs.
type Server struct {
	engine *gin.Engine
	routes []shell.Route
}

// New makes a server; it fails on templates and texts that are not there.
func New(o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	s, err := shell.New(shell.Options{
		Files: files, Catalogue: o.Catalogue, Log: o.Log, Lang: o.Lang, Access: o.Access,
		Nav: []shell.NavItem{
			{Path: "/", Text: "shell.nav.chat"},
			{Path: "/dokumenty", Text: "shell.nav.documents"},
			{Path: "/ewaluacja", Text: "shell.nav.evaluation"},
			{Path: "/stan", Text: "shell.nav.state"},
		},
	})
	if err != nil {
		return nil, err
	}
	table, err := routes(o, s)
	if err != nil {
		return nil, err
	}
	guard, err := s.Guard(table)
	if err != nil {
		return nil, err
	}
	engine := gin.New()
	engine.ContextWithFallback = true
	if err := engine.SetTrustedProxies(nil); err != nil {
		return nil, fmt.Errorf("web: %w", err)
	}
	engine.Use(s.Middleware()...)
	engine.Use(guard)
	for _, r := range table {
		limit := r.MaxBody
		if limit == 0 {
			limit = shell.MaxBody
		}
		engine.Handle(r.Method, r.Path, shell.LimitBody(limit), s.Handle(r.Handler))
	}
	engine.NoRoute(s.Handle(s.NotFound))
	return &Server{engine, table}, nil
}

// Routes gives the table of doors.
func (s *Server) Routes() []shell.Route { return s.routes }

// Release turns off what gin prints for its developers. It is a mode of the whole
// process, so cmd alone sets it.
func Release() { gin.SetMode(gin.ReleaseMode) }

// Handler answers requests. Whoever listens sets no WriteTimeout, which would cut
// event streams: each event has a deadline of its own.
func (s *Server) Handler() http.Handler { return s.engine }
