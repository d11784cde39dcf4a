package shell

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"github.com/gin-gonic/gin"

	"referent/rag"
)

// Need is what a route demands of who asks. Its zero value lets nobody in.
type Need int

// The needs of routes.
const (
	Nobody Need = iota
	Public      // anybody who reaches the server: health, styles and modules
	Reader      // a person who may use Referent
	Local       // a reader at this very machine: reaches its files
)

// Access says who may use the server.
type Access struct {
	Token string   // demanded of everybody; "" only where the server listens on the loopback alone
	Hosts []string // names in the Host header beside localhost and addresses
}

const (
	tokenParameter = "token"
	sessionCookie  = "referent_session"
)

// Guard decides who passes, for all routes: what is not in the table is for readers
// only, so that a path tried without a token does not tell what exists.
func (s *Shell) Guard(routes []Route) (gin.HandlerFunc, error) {
	needs := map[string]Need{}
	for _, r := range routes {
		if r.Need == Nobody {
			return nil, fmt.Errorf("route %s %s does not say whom it lets in", r.Method, r.Path)
		}
		needs[r.Method+" "+r.Path] = r.Need
	}
	return func(c *gin.Context) {
		need, found := needs[c.Request.Method+" "+c.FullPath()]
		if !found {
			need = Reader
		}
		if need == Public {
			return
		}
		if s.enterByLink(c) {
			return
		}
		if !s.isReader(c.Request) {
			s.Fail(c, &rag.Error{Code: CodeUnauthorized})
			return
		}
		if need == Local && !IsLocal(c.Request) {
			s.Fail(c, &rag.Error{Code: CodeForbidden})
		}
	}, nil
}

// enterByLink turns the token of the printed link into a cookie and takes it out of
// the address, so that it is not kept in the history or sent on as a referrer.
func (s *Shell) enterByLink(c *gin.Context) bool {
	query := c.Request.URL.Query()
	given := query.Get(tokenParameter)
	if c.Request.Method != http.MethodGet || given == "" || s.access.Token == "" || !same(given, s.access.Token) {
		return false
	}
	http.SetCookie(c.Writer, &http.Cookie{
		Name: sessionCookie, Value: session(s.access.Token), Path: "/", MaxAge: 30 * 24 * 3600,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: c.Request.TLS != nil,
	})
	query.Del(tokenParameter)
	target := *c.Request.URL
	target.RawQuery = query.Encode()
	c.Redirect(http.StatusSeeOther, localPath(target.RequestURI()))
	c.Abort()
	return true
}

func (s *Shell) isReader(r *http.Request) bool {
	if s.access.Token == "" {
		return true
	}
	if bearer, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); found {
		return same(bearer, s.access.Token)
	}
	cookie, err := r.Cookie(sessionCookie)
	return err == nil && same(cookie.Value, session(s.access.Token))
}

// session is what the cookie holds: proof of the token, not the token.
func session(token string) string {
	sum := sha256.Sum256([]byte("referent session " + token))
	return hex.EncodeToString(sum[:])
}

func same(a, b string) bool {
	return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1
}

// IsLocal says whether a request comes from this machine itself. One that a proxy
// passed on does not, though the proxy's own address is the loopback.
func IsLocal(r *http.Request) bool {
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	address, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && address.Addr().Unmap().IsLoopback()
}

// checkHost refuses names that are not ours: a page elsewhere whose name is made to
// point here (DNS rebinding) would otherwise be of our origin. Such an attack needs
// a name, so addresses are let in.
func (s *Shell) checkHost(c *gin.Context) {
	host := c.Request.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if _, err := netip.ParseAddr(host); err == nil || host == "localhost" {
		return
	}
	for _, name := range s.access.Hosts {
		if strings.EqualFold(name, host) {
			return
		}
	}
	s.Fail(c, &rag.Error{Code: CodeHostRefused, Subject: host})
}
