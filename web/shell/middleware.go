package shell

import (
	"net/http"
	"runtime/debug"
	"time"

	"github.com/gin-gonic/gin"

	"referent/rag"
)

// MaxBody is what a request may weigh that brings no files.
const MaxBody = 2 << 20

// policy lets in our own files and nothing inline. Markup becomes DOM through the
// one trusted-types policy of shell/dom.js and nowhere else: the browser sees to it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; " +
	"require-trusted-types-for 'script'; trusted-types referent"

// Middleware is what every request passes before the guard, in this order.
func (s *Shell) Middleware() []gin.HandlerFunc {
	protection := http.NewCrossOriginProtection()
	return []gin.HandlerFunc{
		s.recover,
		s.record,
		headers,
		s.checkHost,
		func(c *gin.Context) {
			if err := protection.Check(c.Request); err != nil {
				s.Fail(c, &rag.Error{Code: CodeCrossOrigin, Err: err})
			}
		},
	}
}

// LimitBody keeps a request's body within so many bytes.
func LimitBody(limit int64) gin.HandlerFunc {
	return func(c *gin.Context) {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, limit)
	}
}

func headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
}

// recover turns a crash of one request into its error page; the others go on.
func (s *Shell) recover(c *gin.Context) {
	defer func() {
		if crash := recover(); crash != nil {
			s.log.ErrorContext(c.Request.Context(), "handler crashed", "path", c.FullPath(), "crash", crash, "stack", string(debug.Stack()))
			s.Fail(c, &rag.Error{Code: rag.CodeInternal})
		}
	}()
	c.Next()
}

// record logs requests without their contents: questions are the person's own affair.
func (s *Shell) record(c *gin.Context) {
	start := time.Now()
	c.Next()
	s.log.DebugContext(c.Request.Context(), "request", "method", c.Request.Method, "route", c.FullPath(),
		"status", c.Writer.Status(), "took", time.Since(start))
}
