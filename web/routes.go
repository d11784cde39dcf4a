package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/gin-gonic/gin"
	"gopkg.in/yaml.v3"

	"referent/web/chat"
	"referent/web/documents"
	"referent/web/evaluation"
	everyday "referent/web/questions"
	"referent/web/shell"
	"referent/web/source"
	"referent/web/state"
)

//go:embed openapi.yaml
var openAPI []byte

// routes is the table of all doors and of what each demands.
func routes(o Options, s *shell.Shell) ([]shell.Route, error) {
	questions := &chat.Chat{Shell: s, Assistant: o.Assistant, Shelf: o.Library, Examples: o.Examples}
	sources := &source.Source{Shell: s, Shelf: o.Library, Pictures: o.Pictures}
	library := &documents.Documents{
		Shell: s, Library: o.Library, Shelf: o.Shelf, Folders: o.Folders,
		Intake: o.Intake, Inbox: o.Inbox, Model: o.EmbeddingModel, Undo: &documents.Undo{},
	}
	own := &evaluation.Evaluation{Shell: s, Desk: o.Desk, Searcher: o.Assistant}
	editing := &everyday.Questions{Shell: s, Library: o.Questions, Editor: o.QuestionEditor, Searcher: o.Assistant, Pace: o.QuestionPace}
	status := &state.State{Shell: s, Doctor: o.Doctor}
	description, err := readOpenAPI(s)
	if err != nil {
		return nil, err
	}
	get, post, del := http.MethodGet, http.MethodPost, http.MethodDelete
	return []shell.Route{
		{Method: get, Path: "/healthz", Need: shell.Public, Handler: status.Alive},
		{Method: get, Path: "/readyz", Need: shell.Public, Handler: status.Ready},
		{Method: get, Path: "/static/*file", Need: shell.Public, Handler: s.Static},

		{Method: get, Path: "/", Need: shell.Reader, Handler: questions.Page},
		{Method: post, Path: "/", Need: shell.Reader, Handler: questions.Post},
		{Method: post, Path: "/jezyk", Need: shell.Reader, Handler: s.SetLanguage},
		{Method: get, Path: "/zrodlo/:id", Need: shell.Reader, Handler: sources.Page},
		{Method: get, Path: "/zrodlo/:id/strona/:page", Need: shell.Reader, Handler: sources.Image},
		{Method: get, Path: "/zrodlo/:id/pytania", Need: shell.Reader, Handler: editing.Page},
		{Method: post, Path: "/zrodlo/:id/pytania", Need: shell.Reader, Handler: editing.PostEdit},
		{Method: get, Path: "/dokumenty", Need: shell.Reader, Handler: library.Page},
		{Method: post, Path: "/dokumenty", Need: shell.Reader, MaxBody: documents.MaxUpload, Handler: library.PostUpload},
		{Method: post, Path: "/dokumenty/ustawa", Need: shell.Reader, Handler: library.PostIngest},
		{Method: post, Path: "/dokumenty/folder", Need: shell.Local, Handler: library.PostIngest},
		{Method: post, Path: "/dokumenty/usun/:id", Need: shell.Reader, Handler: library.PostDelete},
		{Method: post, Path: "/dokumenty/przenies/:id", Need: shell.Reader, Handler: library.PostMove},
		{Method: post, Path: "/dokumenty/czytaj/:id", Need: shell.Reader, Handler: library.PostAgain},
		{Method: post, Path: "/dokumenty/zapomnij", Need: shell.Reader, Handler: library.PostForget},
		{Method: post, Path: "/dokumenty/cofnij/:token", Need: shell.Reader, Handler: library.PostUndo},
		{Method: post, Path: "/dokumenty/brzmienia", Need: shell.Reader, Handler: library.PostRefresh},
		{Method: post, Path: "/dokumenty/foldery/:id", Need: shell.Reader, Handler: library.PostWatched},
		{Method: get, Path: "/dokumenty/zadania", Need: shell.Reader, Handler: library.JobsFragment},
		{Method: post, Path: "/dokumenty/zadania/:id/anuluj", Need: shell.Reader, Handler: library.PostCancel},
		{Method: get, Path: "/ewaluacja", Need: shell.Reader, Handler: own.Page},
		{Method: post, Path: "/ewaluacja", Need: shell.Reader, Handler: own.PostAdd},
		{Method: get, Path: "/ewaluacja/pytania/:id", Need: shell.Reader, Handler: own.QuestionPage},
		{Method: post, Path: "/ewaluacja/pytania/:id/wskaz", Need: shell.Reader, Handler: own.PostMark},
		{Method: post, Path: "/ewaluacja/pytania/:id/cofnij", Need: shell.Reader, Handler: own.PostUnmark},
		{Method: post, Path: "/ewaluacja/pytania/:id/usun", Need: shell.Reader, Handler: own.PostDelete},
		{Method: post, Path: "/ewaluacja/przebiegi", Need: shell.Reader, Handler: own.PostRun},
		{Method: get, Path: "/ewaluacja/przebiegi/:id", Need: shell.Reader, Handler: own.RunPage},
		{Method: get, Path: "/stan", Need: shell.Reader, Handler: status.Page},

		{Method: post, Path: "/api/v1/ask", Need: shell.Reader, Handler: questions.Ask},
		{Method: post, Path: "/api/v1/search", Need: shell.Reader, Handler: questions.Search},
		{Method: get, Path: "/api/v1/collections", Need: shell.Reader, Handler: library.ListCollections},
		{Method: get, Path: "/api/v1/documents", Need: shell.Reader, Handler: library.List},
		{Method: post, Path: "/api/v1/documents", Need: shell.Reader, MaxBody: documents.MaxUpload, Handler: library.Upload},
		{Method: get, Path: "/api/v1/documents/:id", Need: shell.Reader, Handler: sources.Get},
		{Method: del, Path: "/api/v1/documents/:id", Need: shell.Reader, Handler: library.Delete},
		{Method: get, Path: "/api/v1/documents/:id/pages/:page/image", Need: shell.Reader, Handler: sources.Image},
		{Method: post, Path: "/api/v1/documents/:id/move", Need: shell.Reader, Handler: library.Move},
		{Method: post, Path: "/api/v1/documents/:id/read", Need: shell.Reader, Handler: library.Again},
		{Method: post, Path: "/api/v1/undo/:token", Need: shell.Reader, Handler: library.UndoAct},
		{Method: post, Path: "/api/v1/forget", Need: shell.Reader, Handler: library.Forget},
		{Method: post, Path: "/api/v1/refresh", Need: shell.Reader, Handler: library.Refresh},
		{Method: get, Path: "/api/v1/folders", Need: shell.Reader, Handler: library.ListFolders},
		{Method: post, Path: "/api/v1/folders/:id", Need: shell.Reader, Handler: library.ChangeFolder},
		{Method: get, Path: "/api/v1/documents/:id/questions", Need: shell.Reader, Handler: editing.List},
		{Method: post, Path: "/api/v1/documents/:id/questions", Need: shell.Reader, Handler: editing.Add},
		{Method: post, Path: "/api/v1/ingest", Need: shell.Reader, Handler: library.Ingest},
		{Method: get, Path: "/api/v1/jobs", Need: shell.Reader, Handler: library.ListJobs},
		{Method: del, Path: "/api/v1/jobs/:id", Need: shell.Reader, Handler: library.Cancel},
		{Method: get, Path: "/api/v1/state", Need: shell.Reader, Handler: status.Get},
		{Method: get, Path: "/api/v1/openapi.json", Need: shell.Reader, Handler: description},
	}, nil
}

// readOpenAPI gives the description of the API, kept as YAML for those who write it.
func readOpenAPI(s *shell.Shell) (shell.Handler, error) {
	var document any
	if err := yaml.Unmarshal(openAPI, &document); err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	body, err := json.Marshal(document)
	if err != nil {
		return nil, fmt.Errorf("openapi.yaml: %w", err)
	}
	return func(c *gin.Context) error { return s.JSON(c, http.StatusOK, json.RawMessage(body)) }, nil
}
