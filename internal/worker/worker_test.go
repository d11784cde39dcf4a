package worker

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	tasks := Registry{
		"double": func(request json.RawMessage) (any, error) {
			var n int
			if err := json.Unmarshal(request, &n); err != nil {
				return nil, err
			}
			return 2 * n, nil
		},
		"refuse": func(json.RawMessage) (any, error) { return nil, &TaskError{Code: "encrypted", Text: "no password"} },
		"hang":   func(json.RawMessage) (any, error) { time.Sleep(time.Hour); return nil, nil },
		"spin": func(json.RawMessage) (any, error) {
			for n := 0; ; n++ {
				if n < 0 {
					return n, nil
				}
			}
		},
		"child": func(request json.RawMessage) (any, error) {
			var file string
			if err := json.Unmarshal(request, &file); err != nil {
				return nil, err
			}
			child := exec.Command("sleep", "60")
			if err := child.Start(); err != nil {
				return nil, err
			}
			if err := os.WriteFile(file, []byte(strconv.Itoa(child.Process.Pid)), 0o600); err != nil {
				return nil, err
			}
			return nil, child.Wait()
		},
		"devour": func(json.RawMessage) (any, error) {
			var all [][]byte
			for {
				block := make([]byte, 16<<20)
				for i := range block {
					block[i] = 1
				}
				all = append(all, block)
				if len(all) > 1<<20 {
					return all, nil
				}
			}
		},
		"crash":  func(json.RawMessage) (any, error) { panic("bad font") },
		"chatty": func(json.RawMessage) (any, error) { return strings.Repeat("x", 1<<20), nil },
	}
	if code, ran := Main(tasks); ran {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

func TestCallAnswers(t *testing.T) {
	var got int
	if err := Call(t.Context(), "double", Limits{}, 21, &got); err != nil || got != 42 {
		t.Errorf("Call = %d, %v", got, err)
	}
}

func TestCallFails(t *testing.T) {
	for _, c := range []struct {
		task   string
		limits Limits
		want   error
	}{
		{"hang", Limits{Time: 200 * time.Millisecond}, ErrTime},
		{"spin", Limits{Time: 200 * time.Millisecond}, ErrTime},
		{"devour", Limits{Time: 30 * time.Second, Memory: 64 << 20}, ErrMemory},
		{"crash", Limits{}, ErrCrashed},
		{"no such task", Limits{}, ErrCrashed},
		{"chatty", Limits{Output: 1 << 10}, ErrOutput},
	} {
		var got any
		started := time.Now()
		if err := Call(t.Context(), c.task, c.limits, nil, &got); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.task, err, c.want)
		}
		if took := time.Since(started); took > 20*time.Second {
			t.Errorf("%s took %s", c.task, took)
		}
	}
}

func TestTaskErrorComesThrough(t *testing.T) {
	var got any
	var said *TaskError
	if err := Call(t.Context(), "refuse", Limits{}, nil, &got); !errors.As(err, &said) || said.Code != "encrypted" {
		t.Errorf("Call: %v", err)
	}
}

func TestCallIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	var got any
	if err := Call(ctx, "hang", Limits{Time: time.Minute}, nil, &got); !errors.Is(err, context.Canceled) {
		t.Errorf("Call: %v", err)
	}
}

func TestWhatTheWorkerStartedDiesWithIt(t *testing.T) {
	file := t.TempDir() + "/pid"
	var got any
	if err := Call(t.Context(), "child", Limits{Time: 2 * time.Second}, file, &got); !errors.Is(err, ErrTime) {
		t.Fatalf("Call: %v", err)
	}
	pid, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for range 50 {
		stat, err := os.ReadFile("/proc/" + string(pid) + "/stat")
		if err != nil || strings.Contains(string(stat), ") Z ") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("process %s outlived its worker", pid)
}
