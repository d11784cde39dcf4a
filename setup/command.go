package setup

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// run runs a program and gives its standard output; a failure carries the last
// lines that it wrote. When the context ends, the program's whole group ends.
func run(ctx context.Context, folder string, env []string, name string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, name, args...)
	command.Dir = folder
	command.Env = append(os.Environ(), env...)
	var stdout bytes.Buffer
	var tail tailBuffer
	// Some programs (go mod download -json) say on standard output why they failed.
	command.Stdout, command.Stderr = io.MultiWriter(&stdout, &tail), &tail
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGTERM) }
	command.WaitDelay = 5 * time.Second
	err := command.Run()
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return "", &Problem{ID: ProblemTool, Subject: name, Err: err}
	case err != nil:
		return "", &Problem{ID: ProblemCommand, Subject: name + " " + strings.Join(args, " "), Err: fmt.Errorf("%w: %s", err, tail.text())}
	}
	return stdout.String(), nil
}

// tailBuffer keeps the end of what is written to it, by two writers at once.
type tailBuffer struct {
	mu   sync.Mutex
	kept []byte
}

const tailBytes = 600

func (t *tailBuffer) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.kept = append(t.kept, p...)
	if over := len(t.kept) - tailBytes; over > 0 {
		t.kept = append(t.kept[:0], t.kept[over:]...)
	}
	return len(p), nil
}

func (t *tailBuffer) text() string { return strings.TrimSpace(string(t.kept)) }
