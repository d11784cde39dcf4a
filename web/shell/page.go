package shell

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"referent/internal/message"
)

// Frame is what every page tells the layout; a page's struct embeds it.
type Frame struct {
	Lang    string
	Title   string
	Feature string // its folder, where its style and module are
	Script  bool   // the feature has a module
	Nav     []NavEntry
	Other   string // the language that the switch offers
	Back    string // where the switch comes back to
}

// NavEntry is an entry of the rail as a page shows it.
type NavEntry struct {
	NavItem
	Current bool
}

// Frame gives the frame of a page in the person's language.
func (s *Shell) Frame(c *gin.Context, feature, title string) Frame {
	f := Frame{Lang: s.Printer(c).Lang, Title: title, Feature: feature, Back: "/"}
	f.Script = s.static.has(feature + "/" + feature + ".js")
	if c.Request.Method == http.MethodGet {
		f.Back = c.Request.URL.RequestURI()
	}
	for _, lang := range message.Languages {
		if lang != f.Lang {
			f.Other = lang
		}
	}
	for _, item := range s.nav {
		f.Nav = append(f.Nav, NavEntry{item, item.Path == c.FullPath()})
	}
	return f
}

// Page writes a page of a feature; its "main" stands inside the layout.
func (s *Shell) Page(c *gin.Context, status int, feature string, page any) error {
	body, err := s.templates.execute(s.Printer(c).Lang, feature, "layout", page)
	if err != nil {
		return err
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, "text/html; charset=utf-8", body.Bytes())
	return nil
}

// Fragment gives a piece of a page: what a module puts into a page that is open.
func (s *Shell) Fragment(lang, feature, name string, data any) (string, error) {
	body, err := s.templates.execute(lang, feature, name, data)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(body.String()), nil
}

// JSON writes an answer of the API.
func (s *Shell) JSON(c *gin.Context, status int, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("answer of %s: %w", c.FullPath(), err)
	}
	c.Header("Cache-Control", "no-store")
	c.Data(status, "application/json; charset=utf-8", body)
	return nil
}

// ReadJSON reads a request of the API; what it does not know is an error, so that
// a misspelt field is not silently without effect.
func ReadJSON(c *gin.Context, into any) error {
	decoder := json.NewDecoder(c.Request.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return badRequest(err)
	}
	return nil
}

const langCookie = "referent_lang"

// Printer writes texts in the person's language.
func (s *Shell) Printer(c *gin.Context) *message.Printer {
	lang := s.lang
	if cookie, err := c.Cookie(langCookie); err == nil {
		lang = cookie
	}
	return s.catalogue.In(lang)
}

// SetLanguage remembers the language a person chose and goes back to the page.
func (s *Shell) SetLanguage(c *gin.Context) error {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: langCookie, Value: s.catalogue.In(c.PostForm("lang")).Lang, Path: "/",
		MaxAge: 365 * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.Request.TLS != nil,
	})
	c.Redirect(http.StatusSeeOther, localPath(c.PostForm("back")))
	return nil
}

// localPath lets a redirect go to this server only: "//host" and "/\host" are
// other hosts to a browser.
func localPath(target string) string {
	u, err := url.Parse(target)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(target, "/") ||
		strings.HasPrefix(target, "//") || strings.Contains(target, `\`) {
		return "/"
	}
	return target
}
