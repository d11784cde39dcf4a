// Package ollamatest is a scripted Ollama for tests: it speaks as much of Ollama's HTTP
// as Referent uses, records what it was asked and fails when told to. Its embeddings are
// bags of words, so that similar texts are near. It imports internal/polish only.
package ollamatest

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"referent/internal/polish"
)

// Names of the models that a zero Script has: those of the packaged weights.
const (
	ChatModel      = "referent-qwen:latest"
	EmbeddingModel = "referent-e5:latest"
)

// DefaultDimension is the length of vectors of the default embedding model.
const DefaultDimension = 64

// Model is a model that the server has.
type Model struct {
	Name      string
	Digest    string
	Bytes     int64
	Dimension int // of an embedding model; 0 for a chat model
	Window    int // words an embedded text may have; 0: any number
}

// Message is a part of a conversation that the server was sent.
type Message struct {
	Role    string `json:"role"`
	Content string `json:"content"`
}

// Request is what the server was asked.
type Request struct {
	Path     string
	Model    string
	Input    []string       // of /api/embed
	Messages []Message      // of /api/chat
	Options  map[string]any // as sent
	Truncate *bool

	KeepAlive any // as sent; "0s" unloads the model

	Format json.RawMessage // JSON schema that an answer should obey
}

// Fault makes the server fail.
type Fault int

// The faults of a server.
const (
	Healthy     Fault = iota
	DieMidway         // the connection breaks after the first words of an answer
	EndMidway         // the stream ends properly, but without its end
	Broken            // chat and embed answer 500
	ZeroVectors       // embeddings are all zero
)

// Script says what the server has and says. The zero Script has both packaged models
// and answers every question with Answer.
type Script struct {
	Version string
	Models  []Model                         // nil: the packaged ones
	Answer  func(messages []Message) string // nil: a sentence that cites [1]
	Delay   time.Duration                   // before each word
	Fault   Fault
}

// Server is a running scripted Ollama.
type Server struct {
	URL string

	http     *httptest.Server
	mu       sync.Mutex
	script   Script
	requests []Request
	writing  int
}

// Start runs a server on the loopback; Close ends it.
func Start(script Script) *Server {
	s := &Server{}
	s.Rewrite(script)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /api/version", s.version)
	mux.HandleFunc("GET /api/tags", s.tags)
	mux.HandleFunc("GET /api/ps", s.running)
	mux.HandleFunc("POST /api/show", s.show)
	mux.HandleFunc("POST /api/embed", s.embed)
	mux.HandleFunc("POST /api/chat", s.chat)
	mux.HandleFunc("POST /api/generate", s.unload)
	s.http = httptest.NewServer(mux)
	s.URL = s.http.URL
	return s
}

// Close ends the server; connections break.
func (s *Server) Close() {
	s.http.CloseClientConnections()
	s.http.Close()
}

// Rewrite changes what the server has and says from the next request on.
func (s *Server) Rewrite(script Script) {
	if script.Version == "" {
		script.Version = "0.17.4"
	}
	if script.Models == nil {
		script.Models = []Model{
			{Name: ChatModel, Digest: "c0ffee01", Bytes: 1_117_321_342},
			{Name: EmbeddingModel, Digest: "c0ffee02", Bytes: 73_579_176, Dimension: DefaultDimension},
		}
	}
	if script.Answer == nil {
		script.Answer = func([]Message) string { return "Tak wynika z przepisu [1]." }
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = script
}

// Requests gives what the server was asked so far with that path; "" gives all.
func (s *Server) Requests(path string) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var some []Request
	for _, r := range s.requests {
		if path == "" || r.Path == path {
			some = append(some, r)
		}
	}
	return some
}

// Writing says how many answers are being written now: 0 when the model is free.
func (s *Server) Writing() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.writing
}

func (s *Server) now(r Request) Script {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
	return s.script
}

func (s *Server) version(w http.ResponseWriter, r *http.Request) {
	script := s.now(Request{Path: r.URL.Path})
	reply(w, http.StatusOK, map[string]string{"version": script.Version})
}

func (s *Server) tags(w http.ResponseWriter, r *http.Request) {
	script := s.now(Request{Path: r.URL.Path})
	type tag struct {
		Name   string `json:"name"`
		Model  string `json:"model"`
		Digest string `json:"digest"`
		Size   int64  `json:"size"`
	}
	tags := []tag{}
	for _, m := range script.Models {
		tags = append(tags, tag{m.Name, m.Name, m.Digest, m.Bytes})
	}
	reply(w, http.StatusOK, map[string][]tag{"models": tags})
}

// asked is the body of the requests that name a model.
type asked struct {
	Model    string         `json:"model"`
	Input    []string       `json:"input"`
	Messages []Message      `json:"messages"`
	Options  map[string]any `json:"options"`
	Truncate *bool          `json:"truncate"`

	KeepAlive any `json:"keep_alive"`

	Format json.RawMessage `json:"format"`
}

// model reads a request and finds its model; where there is none it has answered.
func (s *Server) model(w http.ResponseWriter, r *http.Request) (asked, Model, Script, bool) {
	var body asked
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		reply(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		return body, Model{}, Script{}, false
	}
	script := s.now(Request{r.URL.Path, body.Model, body.Input, body.Messages, body.Options, body.Truncate, body.KeepAlive, body.Format})
	for _, m := range script.Models {
		if strings.TrimSuffix(m.Name, ":latest") == strings.TrimSuffix(body.Model, ":latest") {
			return body, m, script, true
		}
	}
	reply(w, http.StatusNotFound, map[string]string{"error": fmt.Sprintf("model '%s' not found", body.Model)})
	return body, Model{}, script, false
}

func (s *Server) show(w http.ResponseWriter, r *http.Request) {
	_, m, _, ok := s.model(w, r)
	if !ok {
		return
	}
	info := map[string]any{"general.architecture": "test"}
	if m.Dimension > 0 {
		info["test.embedding_length"] = m.Dimension
	}
	reply(w, http.StatusOK, map[string]any{"model_info": info})
}

func (s *Server) embed(w http.ResponseWriter, r *http.Request) {
	body, m, script, ok := s.model(w, r)
	if !ok {
		return
	}
	if script.Fault == Broken {
		reply(w, http.StatusInternalServerError, map[string]string{"error": "scripted failure"})
		return
	}
	vectors := make([][]float32, len(body.Input))
	tokens := 0
	for i, text := range body.Input {
		words := len(strings.Fields(text))
		if m.Window > 0 && words > m.Window && body.Truncate != nil && !*body.Truncate {
			reply(w, http.StatusBadRequest, map[string]string{"error": "the input length exceeds the context length"})
			return
		}
		tokens += words
		if vectors[i] = Vector(text, m.Dimension); script.Fault == ZeroVectors {
			vectors[i] = make([]float32, m.Dimension)
		}
	}
	reply(w, http.StatusOK, map[string]any{
		"model": m.Name, "embeddings": vectors, "prompt_eval_count": tokens, "total_duration": time.Millisecond,
	})
}

func (s *Server) chat(w http.ResponseWriter, r *http.Request) {
	body, m, script, ok := s.model(w, r)
	if !ok {
		return
	}
	if script.Fault == Broken {
		reply(w, http.StatusInternalServerError, map[string]string{"error": "scripted failure"})
		return
	}
	s.count(1)
	defer s.count(-1)
	words := strings.SplitAfter(script.Answer(body.Messages), " ")
	if limit, ok := body.Options["num_predict"].(float64); ok && int(limit) < len(words) {
		words = words[:int(limit)]
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	encoder := json.NewEncoder(w)
	for i, word := range words {
		select {
		case <-r.Context().Done():
			return
		case <-time.After(script.Delay):
		}
		if i == 2 && script.Fault == DieMidway {
			// The net/http way to break a connection off without an end.
			panic(http.ErrAbortHandler) //nolint:forbidigo // as documented there
		}
		if i == 2 && script.Fault == EndMidway {
			return
		}
		if err := encoder.Encode(piece{Model: m.Name, Message: Message{"assistant", word}}); err != nil {
			return
		}
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
	}
	read := 0
	for _, message := range body.Messages {
		read += len(strings.Fields(message.Content))
	}
	_ = encoder.Encode(piece{ // a client that left does not read the end
		Model: m.Name, Done: true, DoneReason: "stop",
		Read: read, ReadTime: time.Duration(read) * 25 * time.Millisecond,
		Written: len(words), WriteTime: time.Duration(len(words)) * time.Millisecond,
	})
}

// unload answers the only use that Referent has for /api/generate.
func (s *Server) unload(w http.ResponseWriter, r *http.Request) {
	if _, m, _, ok := s.model(w, r); ok {
		reply(w, http.StatusOK, piece{Model: m.Name, Done: true, DoneReason: "unload"})
	}
}

// running says what is loaded: nothing, for it is asked after an unload only.
func (s *Server) running(w http.ResponseWriter, r *http.Request) {
	s.now(Request{Path: r.URL.Path})
	reply(w, http.StatusOK, map[string][]Model{"models": {}})
}

func (s *Server) count(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writing += n
}

// piece is a line of an answer's stream.
type piece struct {
	Model      string        `json:"model"`
	Message    Message       `json:"message"`
	Done       bool          `json:"done"`
	DoneReason string        `json:"done_reason,omitempty"`
	Read       int           `json:"prompt_eval_count,omitempty"`
	ReadTime   time.Duration `json:"prompt_eval_duration,omitempty"`
	Written    int           `json:"eval_count,omitempty"`
	WriteTime  time.Duration `json:"eval_duration,omitempty"`
}

// Vector is the server's embedding of a text: its words, cut to five letters, hashed
// into dimensions.
func Vector(text string, dimension int) []float32 {
	vector := make([]float32, dimension)
	if dimension == 0 {
		return vector
	}
	terms := polish.Terms(text)
	terms = slices.DeleteFunc(terms, func(term string) bool { return term == "query" || term == "passage" })
	if len(terms) == 0 {
		terms = []string{""} // a text without words has a direction too
	}
	for _, term := range terms {
		if runes := []rune(term); len(runes) > 5 {
			term = string(runes[:5])
		}
		hash := fnv.New32a()
		_, _ = hash.Write([]byte(term)) // never fails
		vector[hash.Sum32()%uint32(dimension)]++
	}
	sum := 0.0
	for _, value := range vector {
		sum += float64(value) * float64(value)
	}
	for i := range vector {
		vector[i] = float32(float64(vector[i]) / math.Sqrt(sum))
	}
	return vector
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that left does not read the answer
}
