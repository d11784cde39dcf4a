// Package official takes acts from official services over HTTP: the Sejm's ELI service and
// the EU Publications Office. It is polite to them, chooses the newest consolidated text
// and says which wording that is; see eli.go and eurlex.go for their traps.
//
// It imports rag for its errors and kinds of texts.
package official

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"referent/rag"
)

// Bases of the services.
const (
	DefaultELI    = "https://api.sejm.gov.pl/eli"
	DefaultEURLex = "https://publications.europa.eu"
)

// Limits of a request.
const (
	answerTimeout = 5 * time.Second  // until a server begins to answer
	longestWait   = 30 * time.Second // that a server may ask for before the next try
	firstPause    = 500 * time.Millisecond
	tries         = 4
	perSecond     = 2 // requests to one host
	deadAfter     = 2 // addresses of a host that did not answer at all: then it is not asked again for a while
	deadFor       = time.Minute
)

// Options of a Client; the zero value of each is its default.
type Options struct {
	HTTP   *http.Client
	ELI    string        // base address of the ELI service
	EURLex string        // base address of the EU Publications Office
	Hosts  []string      // further hosts that an administrator named
	Pause  time.Duration // before the second try; doubles with each
	Rate   float64       // requests a second to one host
}

// Client asks official services, and no other host. It may be used by many at once.
type Client struct {
	http        *http.Client
	eli, eurlex string
	named       []string
	pause       time.Duration
	rate        rate.Limit

	mu    sync.Mutex
	hosts map[string]*host
}

// host is how a host has behaved.
type host struct {
	limiter *rate.Limiter
	silent  int // addresses in a row without any answer
	since   time.Time
}

// New makes a client.
func New(o Options) *Client {
	c := &Client{
		eli: strings.TrimSuffix(firstOf(o.ELI, DefaultELI), "/"), eurlex: strings.TrimSuffix(firstOf(o.EURLex, DefaultEURLex), "/"),
		named: o.Hosts, pause: o.Pause, rate: rate.Limit(o.Rate), hosts: map[string]*host{},
	}
	if c.pause == 0 {
		c.pause = firstPause
	}
	if c.rate == 0 {
		c.rate = perSecond
	}
	base := http.DefaultTransport
	if o.HTTP != nil && o.HTTP.Transport != nil {
		base = o.HTTP.Transport
	}
	// Redirections stay with hosts that may be asked: an answer cannot lead elsewhere.
	c.http = &http.Client{Transport: base, Timeout: 2 * time.Minute, CheckRedirect: func(to *http.Request, via []*http.Request) error {
		if len(via) > 5 {
			return errors.New("too many redirections")
		}
		if to.URL.Host != via[0].URL.Host && !c.official(to.URL.Host) {
			return fmt.Errorf("it leads to %s, which is no official source", to.URL.Host)
		}
		return nil
	}}
	return c
}

func firstOf(values ...string) string {
	i := slices.IndexFunc(values, func(v string) bool { return v != "" })
	return values[max(i, 0)]
}

// official says whether a host is one of the services, or was named.
func (c *Client) official(name string) bool {
	if slices.Contains(c.named, name) {
		return true
	}
	for _, base := range []string{c.eli, c.eurlex} {
		if u, err := url.Parse(base); err == nil && u.Host == name {
			return true
		}
	}
	return false
}

// Request is what to get. ETag and Modified are those of an earlier answer.
type Request struct {
	Address  string
	Accept   string
	Language string
	ETag     string
	Modified string
}

// Response is an answer; Unchanged says that the earlier one still holds.
type Response struct {
	Data        []byte
	ContentType string
	ETag        string
	Modified    string
	Unchanged   bool
}

// Get asks an address: not too often, again after a pause when the service is busy. It
// fails with CodeSourceUnreachable, CodeNotFound, CodeFileTooLarge and CodeCancelled.
func (c *Client) Get(ctx context.Context, r Request) (Response, error) {
	address, err := url.Parse(r.Address)
	if err != nil || address.Host == "" {
		return Response{}, unreachable(r.Address, errors.Join(err, errors.New("no such address")))
	}
	if !c.official(address.Host) {
		return Response{}, unreachable(r.Address, fmt.Errorf("%s is no official source and nobody named it", address.Host))
	}
	h := c.host(address.Host)
	if c.dead(h) {
		return Response{}, unreachable(r.Address, errors.New("it has not answered before"))
	}
	pause := c.pause
	for try := 1; ; try++ {
		if err := h.limiter.Wait(ctx); err != nil {
			return Response{}, cancelled(r.Address, err)
		}
		answer, wait, err := c.once(ctx, r)
		c.heard(h, err)
		if err == nil || wait < 0 || try == tries || ctx.Err() != nil {
			return answer, err
		}
		wait = max(wait, pause/2+rand.N(pause))
		if wait > longestWait {
			return answer, err
		}
		pause *= 2
		select {
		case <-ctx.Done():
			return Response{}, cancelled(r.Address, ctx.Err())
		case <-time.After(wait):
		}
	}
}

func (c *Client) host(name string) *host {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.hosts[name] == nil {
		c.hosts[name] = &host{limiter: rate.NewLimiter(c.rate, 1)}
	}
	return c.hosts[name]
}

func (c *Client) dead(h *host) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return h.silent >= deadAfter && time.Since(h.since) < deadFor
}

// errSilent is a host that did not answer at all.
var errSilent = errors.New("no answer")

func (c *Client) heard(h *host, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !errors.Is(err, errSilent) {
		h.silent = 0
		return
	}
	h.silent++
	h.since = time.Now()
}

// once asks one time. wait is how long the service wants to be left alone before the
// next try, negative where another try is of no use.
func (c *Client) once(ctx context.Context, r Request) (answer Response, wait time.Duration, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	waiting := time.AfterFunc(answerTimeout, func() { cancel(errSilent) })
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.Address, http.NoBody)
	if err != nil {
		return Response{}, -1, unreachable(r.Address, err)
	}
	for name, value := range map[string]string{
		"User-Agent": "Referent (local legal search; asks on an administrator's request)",
		"Accept":     r.Accept, "Accept-Language": r.Language, "If-None-Match": r.ETag, "If-Modified-Since": r.Modified,
	} {
		if value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := c.http.Do(request)
	waiting.Stop()
	if err != nil {
		return Response{}, -1, failed(ctx, r.Address, err)
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	answer = Response{ContentType: response.Header.Get("Content-Type"), ETag: response.Header.Get("ETag"), Modified: response.Header.Get("Last-Modified")}
	switch code := response.StatusCode; {
	case code == http.StatusNotModified:
		answer.Unchanged = true
		return answer, 0, nil
	case code == http.StatusNotFound || code == http.StatusGone:
		return Response{}, -1, &rag.Error{Code: rag.CodeNotFound, Subject: r.Address, Err: errors.New(response.Status)}
	case code == http.StatusTooManyRequests || code >= 500:
		return Response{}, retryAfter(response.Header), unreachable(r.Address, errors.New(response.Status))
	case code != http.StatusOK: // also 202, by which a firewall asks for a browser
		return Response{}, -1, unreachable(r.Address, errors.New(response.Status))
	}
	answer.Data, err = io.ReadAll(io.LimitReader(response.Body, rag.MaxFileBytes+1))
	switch {
	case err != nil:
		return Response{}, 0, failed(ctx, r.Address, err)
	case len(answer.Data) > rag.MaxFileBytes:
		return Response{}, -1, &rag.Error{Code: rag.CodeFileTooLarge, Subject: r.Address, Limit: rag.MaxFileBytes >> 20}
	case rejected(answer.Data):
		return Response{}, -1, unreachable(r.Address, ErrRejected)
	}
	return answer, 0, nil
}

// ErrRejected is a firewall's page with status 200: it says nothing of the act.
var ErrRejected = errors.New("its firewall rejected the request")

func rejected(data []byte) bool {
	return len(data) < 4096 && bytes.Contains(data, []byte("Request Rejected"))
}

// retryAfter reads how long a service wants to be left alone: seconds or a date.
func retryAfter(header http.Header) time.Duration {
	value := header.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(time.Until(at), 0)
	}
	return 0
}

func failed(ctx context.Context, address string, err error) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errSilent):
		return unreachable(address, fmt.Errorf("%w in %s", errSilent, answerTimeout))
	case cause != nil:
		return cancelled(address, cause)
	}
	return unreachable(address, errors.Join(errSilent, err))
}

func cancelled(address string, err error) error {
	return &rag.Error{Code: rag.CodeCancelled, Subject: address, Err: err}
}

func unreachable(address string, err error) error {
	return &rag.Error{Code: rag.CodeSourceUnreachable, Subject: address, Err: err}
}
