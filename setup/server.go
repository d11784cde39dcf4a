package setup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/ollama/ollama/api"
)

// server is an Ollama that answers.
type server struct {
	way     string // how it was had
	version string
	client  *api.Client
}

// The ways to an Ollama, in the order in which they are tried.
const (
	WayRunning = "running"
	WayPath    = "path"
	WayCache   = "cache"
	WayRelease = "release"
	WayModule  = "module"
)

// way finds or makes an ollama command.
type way struct {
	name string
	find func(context.Context) (binary string, err error)
}

// findOllama gives the server that answers, else starts one.
func (s *Setup) findOllama(ctx context.Context) (server, error) {
	base, err := url.Parse(s.Host)
	if err != nil {
		return server{}, fmt.Errorf("address of Ollama: %w", err)
	}
	// The client carries whole models: it must not have the patience of the probe.
	client := api.NewClient(base, &http.Client{Transport: &http.Transport{}})
	version, err := s.version(ctx, base)
	if err == nil {
		s.Say(Notice{NoticeAnswers, Facts{What: base.Host, Other: version}})
		return server{WayRunning, version, client}, nil
	}
	if errors.Is(err, &Problem{ID: ProblemPort}) || ctx.Err() != nil {
		return server{}, s.failed(WayRunning, err)
	}
	if ip := net.ParseIP(base.Hostname()); base.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return server{}, s.failed(WayRunning, &Problem{ID: ProblemRemote, Subject: base.Host, Err: err})
	}
	var all []error
	for _, w := range []way{{WayPath, s.onPath}, {WayCache, s.cached}, {WayRelease, s.fromRelease}, {WayModule, s.fromModule}} {
		binary, err := w.find(ctx)
		if errors.Is(err, errNotHere) {
			continue
		}
		if err == nil {
			version, err = s.start(ctx, base, binary)
		}
		if err == nil {
			return server{w.name, version, client}, nil
		}
		if ctx.Err() != nil {
			return server{}, ctx.Err()
		}
		all = append(all, s.failed(w.name, err))
	}
	return server{}, errors.Join(all...)
}

// errNotHere says that a way does not apply; the next is taken without a word.
var errNotHere = errors.New("not here")

// failed says that a way failed and hands the error on.
func (s *Setup) failed(what string, err error) error {
	s.Say(Notice{NoticeFailed, Facts{What: what, Err: err}})
	return fmt.Errorf("%s: %w", what, err)
}

// version asks who listens at an address. Something that is not Ollama is ProblemPort.
func (s *Setup) version(ctx context.Context, base *url.URL) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	dialer := &net.Dialer{}
	connection, err := dialer.DialContext(ctx, "tcp", hostPort(base))
	if err != nil {
		return "", &Problem{ID: ProblemNoAnswer, Subject: base.Host, Err: err}
	}
	if err := connection.Close(); err != nil {
		return "", err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, base.JoinPath("api/version").String(), http.NoBody)
	if err != nil {
		return "", err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		return "", &Problem{ID: ProblemPort, Subject: base.Host, Err: err}
	}
	defer func() { _ = response.Body.Close() }() // read only
	var said struct {
		Version string `json:"version"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, 1<<16)).Decode(&said); err != nil || said.Version == "" {
		return "", &Problem{ID: ProblemPort, Subject: base.Host, Err: err}
	}
	return said.Version, nil
}

func hostPort(base *url.URL) string {
	if base.Port() != "" {
		return base.Host
	}
	return net.JoinHostPort(base.Hostname(), map[string]string{"https": "443"}[base.Scheme]+map[string]string{"http": "80"}[base.Scheme])
}

// The files of the Ollama that set-up starts, in the cache folder.
const (
	pidFile = "ollama.pid"
	logFile = "ollama.log"
)

// start runs Ollama detached, on the loopback, without its cloud, and waits until it answers.
func (s *Setup) start(ctx context.Context, base *url.URL, binary string) (string, error) {
	began := time.Now()
	log, err := os.OpenFile(filepath.Join(s.Cache, logFile), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return "", err
	}
	defer func() { _ = log.Close() }() // the child has its own descriptor
	// Not CommandContext: the server outlives this process.
	command := exec.Command(binary, "serve") //nolint:noctx // see above
	command.Env = append(os.Environ(), "OLLAMA_HOST="+hostPort(base), "OLLAMA_NO_CLOUD=1", "OLLAMA_MODELS="+s.modelsFolder())
	command.Stdout, command.Stderr = log, log
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // Ctrl-C in `make run` is not for it
	if err := command.Start(); err != nil {
		return "", &Problem{ID: ProblemStart, Subject: binary, Err: err}
	}
	if err := os.WriteFile(filepath.Join(s.Cache, pidFile), []byte(strconv.Itoa(command.Process.Pid)+"\n"), 0o644); err != nil {
		return "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	deadline := time.After(30 * time.Second)
	for {
		version, err := s.version(ctx, base)
		if err == nil {
			s.Say(Notice{NoticeStarted, Facts{What: binary, Other: version, Took: time.Since(began)}})
			return version, nil
		}
		select {
		case err := <-ended:
			return "", &Problem{ID: ProblemStart, Subject: log.Name(), Err: errors.Join(err, errors.New(lastLine(log.Name())))}
		case <-deadline:
			return "", errors.Join(&Problem{ID: ProblemStart, Subject: log.Name(), Err: err}, command.Process.Kill())
		case <-ctx.Done():
			return "", errors.Join(ctx.Err(), command.Process.Kill())
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// modelsFolder is where the Ollama that set-up starts keeps its models: what
// OLLAMA_MODELS says, else Referent's own store once there is one, else the store
// of an Ollama that this user already has, else Referent's own.
func (s *Setup) modelsFolder() string {
	own := filepath.Join(s.Cache, "models")
	for _, folder := range []string{os.Getenv("OLLAMA_MODELS"), own, s.models} {
		if folder == "" {
			continue
		}
		if _, err := os.Stat(folder); err == nil || folder == os.Getenv("OLLAMA_MODELS") {
			return folder
		}
	}
	return own
}

func lastLine(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return lines[len(lines)-1]
}
