package setup

import (
	"archive/tar"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
)

// release serves an official release whose ollama is the script; it gives the server's state.
func (b *bench) release(script string) *releaseServer {
	b.Helper()
	r := &releaseServer{name: "ollama-linux-" + runtime.GOARCH + ".tar.zst", archive: packed(b.T, map[string]string{
		"bin/ollama":                     "#!/bin/sh\n" + script,
		"lib/ollama/libggml-cpu-x64.so":  "cpu",
		"lib/ollama/cuda_v12/libcuda.so": "cuda",
	})}
	r.sum = sumHex(string(r.archive))
	server := httptest.NewServer(r)
	b.Cleanup(server.Close)
	b.setup.releases = server.URL
	return r
}

type releaseServer struct {
	name, sum string
	archive   []byte
	cut       int // bytes after which the connection is cut, 0 for none
	ranges    []string
}

func (r *releaseServer) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	switch filepath.Base(request.URL.Path) {
	case "sha256sum.txt":
		_, _ = fmt.Fprintf(w, "%s  ./%s\n%s  ./other.tgz\n", r.sum, r.name, strings.Repeat("0", 64))
	case r.name:
		r.ranges = append(r.ranges, request.Header.Get("Range"))
		if r.cut > 0 {
			w.Header().Set("Content-Length", fmt.Sprint(len(r.archive)))
			_, _ = w.Write(r.archive[:r.cut])
			w.(http.Flusher).Flush()
			r.cut = 0
			panic(http.ErrAbortHandler)
		}
		http.ServeContent(w, request, "", time.Unix(1, 0), bytes.NewReader(r.archive))
	default:
		http.NotFound(w, request)
	}
}

func packed(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var buffer bytes.Buffer
	z, err := zstd.NewWriter(&buffer)
	if err != nil {
		t.Fatal(err)
	}
	archive := tar.NewWriter(z)
	for name, text := range files {
		if err := archive.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: 0o755, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(archive.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return buffer.Bytes()
}

func TestTheReleaseIsInstalledWithoutTheLibrariesOfCards(t *testing.T) {
	b := newBench(t)
	b.release("exit 0\n")
	binary, err := b.setup.fromRelease(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	folder := b.setup.ollamaFolder(kindRelease)
	if binary != filepath.Join(folder, "bin", "ollama") {
		t.Errorf("installed %s", binary)
	}
	if _, err := os.Stat(filepath.Join(folder, "lib/ollama/libggml-cpu-x64.so")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(folder, "lib/ollama/cuda_v12")); err == nil {
		t.Error("CUDA's libraries were unpacked on a machine without a card")
	}
	if cached, err := b.setup.cached(context.Background()); err != nil || cached != binary {
		t.Errorf("a second run finds %q, %v", cached, err)
	}
}

func TestAnInterruptedReleaseIsGoneOnWith(t *testing.T) {
	b := newBench(t)
	server := b.release("exit 0\n")
	server.cut = len(server.archive) / 2
	if _, err := b.setup.fromRelease(context.Background()); !errors.Is(err, &Problem{ID: ProblemDownload}) {
		t.Fatalf("got %v", err)
	}
	if _, err := b.setup.cached(context.Background()); err == nil {
		t.Fatal("half an Ollama is used")
	}
	if _, err := b.setup.fromRelease(context.Background()); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("bytes=%d-", len(server.archive)/2)
	if !slices.Equal(server.ranges, []string{"", want}) {
		t.Errorf("asked for %q, want the second from %s", server.ranges, want)
	}
}

func TestAReleaseWithAWrongChecksumIsRemoved(t *testing.T) {
	b := newBench(t)
	server := b.release("exit 0\n")
	server.sum = strings.Repeat("a", 64)
	if _, err := b.setup.fromRelease(context.Background()); !errors.Is(err, &Problem{ID: ProblemChecksum}) {
		t.Fatalf("got %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(b.setup.Cache, "downloads", "*")); len(left) != 0 {
		t.Errorf("it stays: %v", left)
	}
	if _, err := os.Stat(b.setup.ollamaFolder(kindRelease)); err == nil {
		t.Error("it was unpacked")
	}
}

func TestAnArchiveThatLeadsOutOfItsFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.tar.zst")
	if err := os.WriteFile(file, packed(t, map[string]string{"../../evil": "x"}), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := unpackRelease(file, filepath.Join(t.TempDir(), "ollama"), true); err == nil {
		t.Error("it was unpacked")
	}
}

// toolchain puts a go command, compilers and Debian's tools on PATH that do as the real ones.
func (b *bench) toolchain() {
	b.Helper()
	mirror := httptest.NewServer(http.NotFoundHandler()) // a 404 is an answer
	b.Cleanup(mirror.Close)
	module := b.TempDir()
	if err := os.WriteFile(filepath.Join(module, "miniaudio.h"), nil, 0o600); err != nil {
		b.Fatal(err)
	}
	b.command("ollama-to-be", ollamaScript("fails"))
	b.command("cc", "")
	b.command("c++", "")
	b.command("go", `
case "$1" in
env) echo http://127.0.0.1:1,direct ;;
mod) echo '{"Dir":"`+module+`"}' ;;
install)
  [ "$GOPROXY" = off ] || { echo "the dead proxy is asked" >&2; exit 1; }
  case "$CGO_CPPFLAGS" in *inc*usr/include*) ;; *) echo "no headers: $CGO_CPPFLAGS" >&2; exit 1 ;; esac
  case "$CGO_CXXFLAGS" in *-march=native*) ;; *) echo "flags: $CGO_CXXFLAGS" >&2; exit 1 ;; esac
  case "$*" in *Version=`+Version+`*github.com/ollama/ollama@v`+Version+`) ;; *) echo "arguments: $*" >&2; exit 1 ;; esac
  mkdir -p "$GOBIN"; cp "`+filepath.Join(b.bin, "ollama-to-be")+`" "$GOBIN/ollama" ;;
esac
`)
	b.command("apt-config", "")
	b.command("apt-get", `case "$*" in *--print-uris*) echo "'`+mirror.URL+`/InRelease' deb_InRelease 0" ;; *update*) ;; *lists*|*Dir::State=*) echo x > a.deb; echo x > b.deb ;; *) echo "no lists" >&2; exit 100 ;; esac`)
	b.command("dpkg", `mkdir -p "$3/usr/include/nlohmann" "$3/usr/include/stb"; echo > "$3/usr/include/nlohmann/json.hpp"; echo > "$3/usr/include/stb/stb_image.h"`)
}

func TestOllamaIsBuiltFromItsModule(t *testing.T) {
	if hasHeaders("/") {
		t.Skip("this machine has the headers: Debian's packages are not needed")
	}
	b := newBench(t)
	b.toolchain()
	got, err := b.run()
	if !errors.Is(err, ErrIncomplete) { // no models here
		t.Fatalf("%v; %+v", err, b.notices)
	}
	b.want(got, WayModule, "", "")
	if _, err := os.Stat(filepath.Join(b.setup.Cache, "build")); err == nil {
		t.Error("the work folder stays")
	}
	if binary, err := b.setup.cached(context.Background()); err != nil || !strings.Contains(binary, kindNative) {
		t.Errorf("a second run finds %q, %v", binary, err)
	}
}

func TestAFailedBuildLeavesNothing(t *testing.T) {
	if hasHeaders("/") {
		t.Skip("this machine has the headers: Debian's packages are not needed")
	}
	b := newBench(t)
	b.toolchain()
	b.command("dpkg", "exit 0\n")
	if _, err := b.setup.fromModule(context.Background()); !errors.Is(err, &Problem{ID: ProblemHeaders}) {
		t.Errorf("without headers: %v", err)
	}
	if _, err := b.setup.cached(context.Background()); err == nil {
		t.Error("something is used")
	}
}

func TestASilentMirrorIsGivenUp(t *testing.T) {
	if hasHeaders("/") {
		t.Skip("this machine has the headers: Debian's packages are not needed")
	}
	b := newBench(t)
	b.toolchain()
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mute.Close() })
	b.command("apt-get", `case "$*" in *--print-uris*) echo "'http://`+mute.Addr().String()+`/InRelease' x 0" ;; *) sleep 60 ;; esac`)
	began := time.Now()
	if _, err := b.setup.fromModule(context.Background()); !errors.Is(err, &Problem{ID: ProblemNoAnswer}) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 10*b.setup.patience {
		t.Errorf("gave up after %v with a patience of %v", took, b.setup.patience)
	}
}
