package setup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// The Go modules that Ollama is built from; the Go checksum database vouches for them.
const (
	ollamaModule = "github.com/ollama/ollama"
	malgoModule  = "github.com/gen2brain/malgo@v0.11.23" // has miniaudio.h, which Ollama's module lacks
)

// flags of a build: what the compilers and the linker are told.
type flags struct {
	march  string
	static bool
}

// native is the fastest Ollama here; it may not run on another processor.
var native = flags{march: "native"}

// portable runs on any x86-64-v3 processor (AVX2; Intel since 2013, AMD since
// 2015) and any Linux, whatever C library it has.
var portable = flags{march: "x86-64-v3", static: true}

func (s *Setup) fromModule(ctx context.Context) (string, error) {
	return s.build(ctx, kindNative, native)
}

// build compiles Ollama from its Go module. The headers that the module lacks
// come from the system, else out of Debian's packages, unpacked without root.
func (s *Setup) build(ctx context.Context, kind string, f flags) (string, error) {
	s.Say(Notice{NoticeTry, Facts{What: WayModule, Other: ollamaModule + "@v" + Version}})
	began := time.Now()
	for _, tool := range []string{"go", "cc", "c++"} {
		if _, err := exec.LookPath(tool); err != nil {
			return "", &Problem{ID: ProblemTool, Subject: tool, Err: err}
		}
	}
	work := filepath.Join(s.Cache, "build")
	env, silence, err := s.goEnv(ctx)
	if err != nil {
		return "", err
	}
	includes, err := s.headers(ctx, work, env)
	if err != nil {
		return "", errors.Join(silence, err)
	}
	folder := s.ollamaFolder(kind)
	part := folder + ".part"
	if err := os.RemoveAll(part); err != nil {
		return "", err
	}
	s.Say(Notice{ID: NoticeBuild, Facts: Facts{What: f.march}})
	if err := s.compile(ctx, filepath.Join(part, "bin"), append(env, "CGO_CPPFLAGS="+includes), f); err != nil {
		return "", errors.Join(silence, err, os.RemoveAll(part))
	}
	if err := replaceFolder(part, folder); err != nil {
		return "", err
	}
	if err := os.RemoveAll(work); err != nil {
		return "", err
	}
	s.Say(Notice{NoticeInstalled, Facts{What: folder, Took: time.Since(began)}})
	return filepath.Join(folder, "bin", "ollama"), nil
}

func (s *Setup) compile(ctx context.Context, bin string, env []string, f flags) error {
	optimise := "-O3 -march=" + f.march
	if runtime.GOARCH != "amd64" && f.march != native.march {
		return &Problem{ID: ProblemArchitecture, Subject: runtime.GOARCH}
	}
	// Ollama's registry refuses servers older than a model asks for, and a build
	// from the module calls itself 0.0.0 unless told its version.
	linker := "-s -w -X " + ollamaModule + "/version.Version=" + Version
	args := []string{"install", "-trimpath"}
	if f.static {
		linker += ` -linkmode external -extldflags "-static"`
		args = append(args, "-tags", "netgo,osusergo")
	}
	args = append(args, "-ldflags", linker, ollamaModule+"@v"+Version)
	stop := s.heartbeat(NoticeBuilding)
	defer stop()
	_, err := run(ctx, s.Cache, append(env, "GOBIN="+bin, "CGO_ENABLED=1", "CGO_CFLAGS="+optimise, "CGO_CXXFLAGS="+optimise), "go", args...)
	return err
}

// goEnv says how the go command gets modules. A proxy that stays silent is not
// asked again, since the module cache may hold all of them; its silence is then
// the reason of what fails.
func (s *Setup) goEnv(ctx context.Context) (env []string, silence, err error) {
	output, err := run(ctx, s.Cache, nil, "go", "env", "GOPROXY")
	if err != nil {
		return nil, nil, err
	}
	env = []string{"GOWORK=off", "GOFLAGS=-buildvcs=false", "GOTOOLCHAIN=auto"}
	proxy, _, _ := strings.Cut(strings.ReplaceAll(strings.TrimSpace(output), "|", ","), ",")
	if strings.HasPrefix(proxy, "http") {
		if silence = s.answers(ctx, proxy); silence != nil {
			env = append(env, "GOPROXY=off")
		}
	}
	return env, silence, nil
}

// headers gives the preprocessor's flags for the headers that the module lacks.
func (s *Setup) headers(ctx context.Context, work string, env []string) (string, error) {
	output, err := run(ctx, s.Cache, env, "go", "mod", "download", "-json", malgoModule)
	if err != nil {
		return "", err
	}
	var module struct{ Dir string }
	if err := json.Unmarshal([]byte(output), &module); err != nil {
		return "", fmt.Errorf("go mod download: %w", err)
	}
	header, err := os.ReadFile(filepath.Join(module.Dir, "miniaudio.h"))
	if err != nil {
		return "", err
	}
	own := filepath.Join(work, "inc")
	if err := os.MkdirAll(filepath.Join(own, "miniaudio"), 0o755); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(own, "miniaudio", "miniaudio.h"), header, 0o644); err != nil {
		return "", err
	}
	system, err := s.systemHeaders(ctx, work)
	if err != nil {
		return "", err
	}
	return "-I" + own + " " + system, nil
}

// The Debian packages whose headers Ollama's module lacks, and a file of each.
var headerPackages = map[string]string{
	"nlohmann-json3-dev": "usr/include/nlohmann/json.hpp",
	"libstb-dev":         "usr/include/stb/stb_image.h",
}

func (s *Setup) systemHeaders(ctx context.Context, work string) (string, error) {
	if hasHeaders("/") {
		return "", nil
	}
	root := filepath.Join(work, "debian")
	if err := os.MkdirAll(root, 0o755); err != nil {
		return "", err
	}
	for _, tool := range []string{"apt-get", "dpkg"} {
		if _, err := exec.LookPath(tool); err != nil {
			return "", &Problem{ID: ProblemHeaders, Subject: "nlohmann-json stb", Err: err}
		}
	}
	if err := s.mirrorAnswers(ctx, work); err != nil {
		return "", err
	}
	if err := s.aptDownload(ctx, work); err != nil {
		return "", err
	}
	packages, err := filepath.Glob(filepath.Join(work, "*.deb"))
	if err != nil {
		return "", err
	}
	for _, file := range packages {
		if _, err := run(ctx, work, nil, "dpkg", "-x", file, root); err != nil {
			return "", err
		}
	}
	if !hasHeaders(root) {
		return "", &Problem{ID: ProblemHeaders, Subject: "nlohmann-json3-dev libstb-dev"}
	}
	include := filepath.Join(root, "usr", "include")
	return "-I" + include + " -I" + filepath.Join(include, "stb"), nil
}

func hasHeaders(root string) bool {
	for _, file := range headerPackages {
		if _, err := os.Stat(filepath.Join(root, file)); err != nil {
			return false
		}
	}
	return true
}

// mirrorAnswers asks Debian's mirror for a sign of life: apt-get itself would
// wait for each of its addresses in turn. Behind a proxy of apt's own it waits.
func (s *Setup) mirrorAnswers(ctx context.Context, work string) error {
	settings, err := run(ctx, work, nil, "apt-config", "dump")
	if err != nil || strings.Contains(settings, "::Proxy \"http") {
		return err
	}
	output, err := run(ctx, work, nil, "apt-get", "update", "--print-uris") // prints, loads nothing
	if err != nil {
		return err
	}
	address, _, _ := strings.Cut(strings.TrimPrefix(output, "'"), "'")
	if !strings.HasPrefix(address, "http") {
		return nil // packages on a disk
	}
	return s.answers(ctx, address)
}

// aptDownload loads the packages with the system's lists, else with lists of its
// own: a fresh machine has none, and only root may write the system's.
func (s *Setup) aptDownload(ctx context.Context, work string) error {
	seconds := fmt.Sprintf("%d", max(1, int(s.patience.Seconds())))
	quick := []string{"-q", "-o", "Acquire::http::Timeout=" + seconds, "-o", "Acquire::https::Timeout=" + seconds, "-o", "Acquire::Retries=0"}
	get := []string{"download"}
	for name := range headerPackages {
		get = append(get, name)
	}
	if _, err := run(ctx, work, nil, "apt-get", append(quick, get...)...); err == nil {
		return nil
	}
	for _, folder := range []string{"state/lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(work, folder), 0o755); err != nil {
			return err
		}
	}
	quick = append(quick, "-o", "Dir::State="+filepath.Join(work, "state"), "-o", "Dir::State::status=/var/lib/dpkg/status",
		"-o", "Dir::Cache="+filepath.Join(work, "cache"), "-o", "APT::Sandbox::User=root")
	if _, err := run(ctx, work, nil, "apt-get", append(quick, "update")...); err != nil {
		return err
	}
	_, err := run(ctx, work, nil, "apt-get", append(quick, get...)...)
	return err
}

// heartbeat says every 15 seconds that something is still going on.
func (s *Setup) heartbeat(id string) (stop func()) {
	began, done := time.Now(), make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(15 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				s.Say(Notice{ID: id, Facts: Facts{Took: time.Since(began)}})
			}
		}
	}()
	return func() { close(done); <-ended }
}
