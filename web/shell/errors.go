package shell

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"referent/internal/message"
	"referent/rag"
)

// Failures that only a web server has.
const (
	CodeBadRequest     rag.Code = "bad_request"
	CodeRequestTooBig  rag.Code = "request_too_big"
	CodeHostRefused    rag.Code = "host_refused"
	CodeCrossOrigin    rag.Code = "cross_origin"
	CodeUnauthorized   rag.Code = "unauthorized"
	CodeForbidden      rag.Code = "forbidden"
	CodeTooManyUploads rag.Code = "too_many_uploads"
)

// statuses are the HTTP statuses of failures; others are 422.
var statuses = map[rag.Code]int{
	rag.CodeEmptyQuestion:     http.StatusBadRequest,
	rag.CodeQuestionTooLong:   http.StatusBadRequest,
	rag.CodeControlCharacters: http.StatusBadRequest,
	rag.CodeBadDate:           http.StatusBadRequest,
	CodeBadRequest:            http.StatusBadRequest,
	CodeTooManyUploads:        http.StatusBadRequest,
	CodeUnauthorized:          http.StatusUnauthorized,
	CodeForbidden:             http.StatusForbidden,
	CodeCrossOrigin:           http.StatusForbidden,
	rag.CodeNotFound:          http.StatusNotFound,
	rag.CodeUnknownCollection: http.StatusNotFound,
	rag.CodeEmptyLibrary:      http.StatusConflict,
	rag.CodeFileTooLarge:      http.StatusRequestEntityTooLarge,
	CodeRequestTooBig:         http.StatusRequestEntityTooLarge,
	rag.CodeFileUnsupported:   http.StatusUnsupportedMediaType,
	CodeHostRefused:           http.StatusMisdirectedRequest,
	rag.CodeCancelled:         499, // the client is gone: nobody reads it but the log
	rag.CodeInternal:          http.StatusInternalServerError,
	rag.CodeOllamaInterrupted: http.StatusBadGateway,
	rag.CodeOllamaFailed:      http.StatusBadGateway,
	rag.CodeSourceUnreachable: http.StatusBadGateway,
	rag.CodeOllamaUnreachable: http.StatusServiceUnavailable,
	rag.CodeModelMissing:      http.StatusServiceUnavailable,
	rag.CodeDataFolderHeld:    http.StatusServiceUnavailable,
	rag.CodeDiskFull:          http.StatusInsufficientStorage,
}

// Status is the HTTP status of a failure.
func Status(code rag.Code) int {
	if status, found := statuses[code]; found {
		return status
	}
	return http.StatusUnprocessableEntity
}

// ErrorBody is a failure as the API and the event streams tell it.
type ErrorBody struct {
	Error ErrorText `json:"error"`
}

// ErrorText is a code for programs and a text for people.
type ErrorText struct {
	Code    rag.Code `json:"code"`
	Message string   `json:"message"`
}

// Explain gives the code and the text of a failure; the cause stays in the log.
func Explain(p *message.Printer, err error) ErrorText {
	known := asRagError(err)
	places := struct {
		Subject     string
		Limit, Line int
		Cause       string
	}{known.Subject, known.Limit, known.Line, ""}
	places.Cause, _ = p.Cause(known.Err)
	if known.Code == CodeBadRequest && known.Err != nil {
		places.Cause = known.Err.Error() // whoever writes requests has no log
	}
	return ErrorText{known.Code, p.Text("error."+string(known.Code), places)}
}

func asRagError(err error) *rag.Error {
	var known *rag.Error
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return &rag.Error{Code: CodeRequestTooBig, Limit: int(tooBig.Limit >> 20), Err: err}
	case errors.As(err, &known):
		return known
	case errors.Is(err, context.Canceled):
		return &rag.Error{Code: rag.CodeCancelled, Err: err}
	default:
		return &rag.Error{Code: rag.CodeInternal, Err: err}
	}
}

func badRequest(err error) error {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return err
	}
	if errors.Is(err, io.EOF) {
		err = errors.New("the body is empty")
	}
	return &rag.Error{Code: CodeBadRequest, Err: err}
}

type errorPage struct {
	Frame
	Status int
	Error  ErrorText
	Retry  string // where to try again, "" where that makes no sense
}

// Fail answers with an error, as JSON to the API and as a page to people.
func (s *Shell) Fail(c *gin.Context, err error) {
	known := asRagError(err)
	status := Status(known.Code)
	if status >= http.StatusInternalServerError {
		s.log.ErrorContext(c.Request.Context(), "request failed", "path", c.FullPath(), "code", known.Code, "error", err)
	} else {
		s.log.InfoContext(c.Request.Context(), "request refused", "path", c.FullPath(), "code", known.Code, "error", err)
	}
	c.Abort()
	if c.Writer.Written() {
		return
	}
	text := Explain(s.Printer(c), known)
	if wantsJSON(c) {
		if err := s.JSON(c, status, ErrorBody{text}); err != nil {
			c.Status(http.StatusInternalServerError)
		}
		return
	}
	page := errorPage{Frame: s.Frame(c, "shell", s.Printer(c).Text("shell.error.title", nil)), Status: status, Error: text}
	if status >= http.StatusInternalServerError && c.Request.Method == http.MethodGet {
		page.Retry = c.Request.URL.RequestURI()
	}
	if err := s.Page(c, status, "shell", page); err != nil {
		s.log.ErrorContext(c.Request.Context(), "error page failed", "error", err)
		c.String(http.StatusInternalServerError, text.Message)
	}
}

func wantsJSON(c *gin.Context) bool {
	accept := c.GetHeader("Accept")
	return strings.HasPrefix(c.Request.URL.Path, "/api/") ||
		strings.Contains(accept, "application/json") || strings.Contains(accept, "text/event-stream")
}

// NotFound answers for addresses that lead nowhere.
func (s *Shell) NotFound(c *gin.Context) error {
	return &rag.Error{Code: rag.CodeNotFound, Subject: c.Request.URL.Path}
}
