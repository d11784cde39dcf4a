package ingest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"referent/rag"
)

// DefaultELI is the base of the Sejm's ELI service.
const DefaultELI = "https://api.sejm.gov.pl/eli"

// answerTimeout is how long a server may take to begin its answer.
const answerTimeout = 5 * time.Second

var eliItem = regexp.MustCompile(`^eli:(DU|MP)/(\d{4})/(\d{1,5})$`)

func isRemote(path string) bool {
	return strings.HasPrefix(path, "eli:") || strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://")
}

// fetch reads an address or an act of the ELI service.
func (p Pipeline) fetch(ctx context.Context, path string) (source, error) {
	if p.Client == nil {
		return source{}, unreachable(path, errors.New("no source outside this machine is allowed"))
	}
	if strings.HasPrefix(path, "eli:") {
		return p.fetchELI(ctx, path)
	}
	address, err := url.Parse(path)
	if err != nil || address.Host == "" {
		return source{}, unreachable(path, errors.Join(err, errors.New("no such address")))
	}
	data, contentType, err := p.get(ctx, path)
	if err != nil {
		return source{}, err
	}
	return newSource(source{name: address.Host + address.Path, data: data, contentType: contentType})
}

// eliMetadata is what is used of the service's answer about an act.
type eliMetadata struct {
	Title    string `json:"title"`
	TextHTML bool   `json:"textHTML"`
}

// fetchELI takes an act's text as HTML; its name makes it known by its identifier.
func (p Pipeline) fetchELI(ctx context.Context, path string) (source, error) {
	m := eliItem.FindStringSubmatch(path)
	if m == nil {
		return source{}, &rag.Error{Code: rag.CodeNotFound, Subject: path}
	}
	base := p.ELI
	if base == "" {
		base = DefaultELI
	}
	act := fmt.Sprintf("%s/acts/%s/%s/%s", strings.TrimSuffix(base, "/"), m[1], m[2], m[3])
	body, _, err := p.get(ctx, act)
	if err != nil {
		return source{}, err
	}
	var meta eliMetadata
	if err := json.Unmarshal(body, &meta); err != nil {
		return source{}, unreachable(act, fmt.Errorf("its answer is no JSON: %w", err))
	}
	if !meta.TextHTML {
		return source{}, &rag.Error{Code: rag.CodeFileNoText, Subject: path}
	}
	data, contentType, err := p.get(ctx, act+"/text.html")
	if err != nil {
		return source{}, err
	}
	return newSource(source{name: fmt.Sprintf("%s-%s-%s.html", m[1], m[2], m[3]), data: data, contentType: contentType})
}

// get reads an address. A server that does not begin to answer in time, or answers with a
// firewall's page, is unreachable.
func (p Pipeline) get(ctx context.Context, address string) (data []byte, contentType string, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	waiting := time.AfterFunc(answerTimeout, func() { cancel(errNoAnswer) })
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, "", unreachable(address, err)
	}
	response, err := p.Client.Do(request)
	waiting.Stop()
	if err != nil {
		return nil, "", fetchError(ctx, address, err)
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.StatusCode != http.StatusOK {
		return nil, "", unreachable(address, fmt.Errorf("it answered %s", response.Status))
	}
	data, err = io.ReadAll(io.LimitReader(response.Body, rag.MaxFileBytes+1))
	switch {
	case err != nil:
		return nil, "", fetchError(ctx, address, err)
	case len(data) > rag.MaxFileBytes:
		return nil, "", &rag.Error{Code: rag.CodeFileTooLarge, Subject: address, Limit: rag.MaxFileBytes >> 20}
	case len(data) < 4096 && bytes.Contains(data, []byte("Request Rejected")):
		return nil, "", unreachable(address, errors.New("its firewall rejected the request"))
	}
	return data, response.Header.Get("Content-Type"), nil
}

var errNoAnswer = fmt.Errorf("no answer in %s", answerTimeout)

func fetchError(ctx context.Context, address string, err error) error {
	cause := context.Cause(ctx)
	switch {
	case errors.Is(cause, errNoAnswer):
		return unreachable(address, errNoAnswer)
	case cause != nil:
		return &rag.Error{Code: rag.CodeCancelled, Subject: address, Err: cause}
	}
	return unreachable(address, err)
}

func unreachable(address string, err error) error {
	return &rag.Error{Code: rag.CodeSourceUnreachable, Subject: address, Err: err}
}
