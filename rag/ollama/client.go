package ollama

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/ollama/ollama/api"

	"referent/rag"
)

// Options say where Ollama is and which models to use.
type Options struct {
	Host      string       // URL or host:port; "" is DefaultHost
	Chat      string       // name of the chat model; "" chooses from the table
	Embedding string       // name of the embedding model; "" chooses from the table
	Set       Set          // the machine, which says what to choose first
	HTTP      *http.Client // nil: a client that uses no proxy
}

// DefaultHost is where Ollama listens unless told otherwise.
const DefaultHost = "http://127.0.0.1:11434"

const (
	dialTimeout = 5 * time.Second  // a server that does not take a connection is not there
	lookupTime  = 10 * time.Second // version, tags and show answer at once or not at all
	tagsFresh   = 5 * time.Second  // how long the list of models is believed
	keepAlive   = 12 * time.Hour   // models stay loaded over a working day
)

// Client speaks to one Ollama. It never pulls, creates or deletes a model.
type Client struct {
	api     *api.Client
	http    *http.Client
	host    string
	options Options
	table   []Entry

	mu         sync.Mutex
	tags       []api.ListModelResponse
	tagsAt     time.Time
	dimensions map[string]int // of embedding models, by digest
	speed      Speed
	lastPrompt map[string]string // what the model of a digest read last: its cache holds it
	runeSpeed  float64           // runes of prompt a second
	answers    int               // being generated now
	quiet      chan struct{}     // closed when the last of them ends
	unloaded   chan struct{}     // told when a cancel has unloaded the chat model
	giveWay    func()            // stops the warming that is under way; nil when none is
}

// New makes a client; it does not connect yet.
func New(options Options) (*Client, error) {
	base, err := parseHost(options.Host)
	if err != nil {
		return nil, err
	}
	table, err := Table()
	if err != nil {
		return nil, err
	}
	client := options.HTTP
	if client == nil {
		// No proxy: questions go to the configured server and nowhere else.
		client = &http.Client{Transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: dialTimeout}).DialContext,
			MaxIdleConnsPerHost: 4,
			IdleConnTimeout:     time.Minute,
		}}
	}
	return &Client{
		api: api.NewClient(base, client), http: client, host: base.String(), options: options, table: table,
		dimensions: map[string]int{}, lastPrompt: map[string]string{}, runeSpeed: firstRuneSpeed,
		unloaded: make(chan struct{}, 1),
	}, nil
}

// Close gives up the connections that are not in use.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Host is the URL of the server.
func (c *Client) Host() string { return c.host }

// Embedder gives the embedding model.
func (c *Client) Embedder() rag.Embedder { return embedder{c} }

// Generator gives the chat model.
func (c *Client) Generator() rag.Generator { return generator{c} }

// parseHost reads what people write in OLLAMA_HOST: a URL, a host, host:port.
func parseHost(host string) (*url.URL, error) {
	host = strings.TrimSpace(host)
	if host == "" {
		host = DefaultHost
	}
	if !strings.Contains(host, "://") {
		host = "http://" + host
	}
	base, err := url.Parse(host)
	if err != nil || base.Hostname() == "" {
		return nil, fmt.Errorf("address of Ollama %q: want a URL or host:port", host)
	}
	name, port := base.Hostname(), base.Port()
	if name == "0.0.0.0" || name == "::" {
		name = "127.0.0.1" // an address to listen on, not one to call
	}
	if port == "" && base.Scheme == "http" {
		port = "11434"
	}
	if base.Host = name; port != "" {
		base.Host = net.JoinHostPort(name, port)
	} else if strings.Contains(name, ":") {
		base.Host = "[" + name + "]"
	}
	return base, nil
}

// present gives the models that Ollama has, as it said a few seconds ago at most.
func (c *Client) present(ctx context.Context) ([]api.ListModelResponse, error) {
	c.mu.Lock()
	tags, fresh := c.tags, time.Since(c.tagsAt) < tagsFresh
	c.mu.Unlock()
	if fresh {
		return tags, nil
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	list, err := c.api.List(ctx)
	if err != nil {
		return nil, c.failure(ctx, err, "")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tags, c.tagsAt = list.Models, time.Now()
	return c.tags, nil
}

// forget makes the next look-up of models ask Ollama again.
func (c *Client) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tagsAt = time.Time{}
	clear(c.lastPrompt)
}

// generating marks that an answer is being generated until done is called.
func (c *Client) generating() (done func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answers++; c.answers == 1 {
		c.quiet = make(chan struct{})
	}
	if c.giveWay != nil {
		c.giveWay()
	}
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.answers--; c.answers == 0 {
			close(c.quiet)
		}
	}
}

// awaitQuiet waits until no answer is being generated. Two models that compute at once
// on few cores spin for each other and take many times as long: a person waits for the
// answer, nobody for the embedding of a document.
func (c *Client) awaitQuiet(ctx context.Context) error {
	for {
		c.mu.Lock()
		busy, quiet := c.answers > 0, c.quiet
		c.mu.Unlock()
		if !busy {
			return nil
		}
		select {
		case <-quiet:
		case <-ctx.Done():
			return fmt.Errorf("ollama: %w", ctx.Err())
		}
	}
}

// choice is a model that is there, with what the table knows of it.
type choice struct {
	Entry
	digest string
	reason Reason
}

// choose finds the model of a role. A configured model that is not there is
// CodeModelMissing; none to choose is found=false.
func (c *Client) choose(ctx context.Context, role Role) (chosen choice, found bool, err error) {
	tags, err := c.present(ctx)
	if err != nil {
		return choice{}, false, err
	}
	return c.chooseAmong(tags, role)
}

func (c *Client) chooseAmong(tags []api.ListModelResponse, role Role) (choice, bool, error) {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = tag.Name
	}
	configured := c.options.Chat
	if role == Embedding {
		configured = c.options.Embedding
	}
	entry, reason := Entry{Name: configured, Role: role, Window: defaultWindow}, Configured
	if configured != "" {
		for _, known := range c.table {
			if known.Role == role && SameName(known.Name, configured) {
				entry = known
			}
		}
	} else {
		var found bool
		if entry, found = Choose(c.table, role, c.options.Set, names); !found {
			return choice{}, false, nil
		}
		reason = FromTable
		if entry.Set == c.options.Set {
			reason = ForMachine
		}
	}
	for _, tag := range tags {
		if SameName(tag.Name, entry.Name) {
			return choice{entry, tag.Digest, reason}, true, nil
		}
	}
	return choice{}, false, &rag.Error{Code: rag.CodeModelMissing, Subject: entry.Name}
}

// defaultWindow is assumed of a configured model that the table does not know.
const defaultWindow = 2048

// failure says what an error of the API means to a person.
func (c *Client) failure(ctx context.Context, err error, model string) error {
	var known *rag.Error
	if errors.As(err, &known) {
		return err
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return fmt.Errorf("ollama: %w", context.Canceled)
	}
	c.forget()
	var status api.StatusError
	var network *net.OpError
	switch {
	case errors.As(err, &status) && status.StatusCode == http.StatusNotFound && model != "":
		return &rag.Error{Code: rag.CodeModelMissing, Subject: model, Err: err}
	case errors.As(err, &status):
		return &rag.Error{Code: rag.CodeOllamaFailed, Subject: model, Err: err}
	case errors.As(err, &network) && network.Op == "dial", errors.Is(err, context.DeadlineExceeded):
		return &rag.Error{Code: rag.CodeOllamaUnreachable, Subject: c.host, Err: err}
	case isTransport(err):
		return &rag.Error{Code: rag.CodeOllamaInterrupted, Subject: model, Err: err}
	default:
		return &rag.Error{Code: rag.CodeOllamaFailed, Subject: model, Err: err}
	}
}

// isTransport says whether the connection broke, as against a complaint of Ollama's.
func isTransport(err error) bool {
	var wire *url.Error
	return errors.As(err, &wire)
}
