// Package worker runs a task in a child process, which is this very binary re-executed,
// with a limit of time, memory and output: for what a hostile file can hang or crash.
// It imports nothing of ours.
package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// argument is the hidden first argument that makes this binary a worker.
const argument = "__worker"

// Limits bound a task. A zero limit takes the default.
type Limits struct {
	Time   time.Duration // wall clock
	Memory uint64        // bytes it may write to; the binary itself comes on top
	Output int64         // bytes of the answer
}

// Defaults of Limits.
const (
	DefaultTime   = time.Minute
	DefaultMemory = 440 << 20
	DefaultOutput = 256 << 20
)

func (l Limits) withDefaults() Limits {
	if l.Time == 0 {
		l.Time = DefaultTime
	}
	if l.Memory == 0 {
		l.Memory = DefaultMemory
	}
	if l.Output == 0 {
		l.Output = DefaultOutput
	}
	return l
}

// Why a task gave no answer.
var (
	ErrTime    = errors.New("the worker ran out of time")
	ErrMemory  = errors.New("the worker ran out of memory")
	ErrOutput  = errors.New("the worker's answer is too long")
	ErrCrashed = errors.New("the worker crashed")
)

// TaskError is what the task itself said, as opposed to a worker that ended without an answer.
type TaskError struct {
	Code string // the task's own vocabulary
	Text string
}

// Error gives the task's words.
func (e *TaskError) Error() string { return e.Code + ": " + e.Text }

// answer is what a worker writes to its standard output.
type answer struct {
	Result json.RawMessage `json:"result,omitempty"`
	Error  *TaskError      `json:"error,omitempty"`
}

// job is what a worker reads from its standard input.
type job struct {
	Memory  uint64          `json:"memory"`
	Seconds uint64          `json:"seconds"` // of processor time, in case nobody is left to kill the worker
	Request json.RawMessage `json:"request"`
}

// Call runs the named task on request in a child process and decodes its answer into
// response. Its errors wrap ErrTime, ErrMemory, ErrOutput, ErrCrashed, a *TaskError, or
// the context's error when the caller gave up.
func Call(ctx context.Context, task string, limits Limits, request, response any) error {
	limits = limits.withDefaults()
	input, err := encodeJob(limits, request)
	if err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("worker %s: %w", task, err)
	}
	bounded, cancel := context.WithTimeout(ctx, limits.Time)
	defer cancel()
	cmd := exec.CommandContext(bounded, self, argument, task)
	cmd.Env = append(os.Environ(), fmt.Sprintf("GOMEMLIMIT=%d", limits.Memory/4*3), "GOTRACEBACK=single")
	cmd.WaitDelay = time.Second
	isolate(cmd)
	out := &boundedBuffer{limit: limits.Output, full: cancel}
	errs := &boundedBuffer{limit: 64 << 10}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(input), out, errs
	runErr := cmd.Run()
	switch {
	case out.overflowed:
		return fmt.Errorf("worker %s: %w", task, ErrOutput)
	case ctx.Err() != nil:
		return ctx.Err()
	case bounded.Err() != nil:
		return fmt.Errorf("worker %s: %w after %s", task, ErrTime, limits.Time)
	case runErr != nil:
		return fmt.Errorf("worker %s: %w", task, diagnose(runErr, errs.buffer.String()))
	}
	return decodeAnswer(task, out.buffer.Bytes(), response)
}

func encodeJob(limits Limits, request any) ([]byte, error) {
	body, err := json.Marshal(request)
	if err != nil {
		return nil, fmt.Errorf("worker request: %w", err)
	}
	// several threads may burn processor time at once: 4 seconds a second is out of reach of an honest task
	return json.Marshal(job{Memory: limits.Memory, Seconds: 4*uint64(limits.Time/time.Second) + 4, Request: body})
}

func decodeAnswer(task string, output []byte, response any) error {
	var a answer
	if err := json.Unmarshal(output, &a); err != nil {
		return fmt.Errorf("worker %s: %w: it wrote no answer: %w", task, ErrCrashed, err)
	}
	if a.Error != nil {
		return a.Error
	}
	if err := json.Unmarshal(a.Result, response); err != nil {
		return fmt.Errorf("worker %s: answer: %w", task, err)
	}
	return nil
}

// diagnose reads from the runtime's last words whether memory was the reason.
func diagnose(err error, stderr string) error {
	for _, sign := range []string{"out of memory", "cannot allocate memory", "runtime: cannot map pages", "failed to reserve", "failed to allocate"} {
		if strings.Contains(stderr, sign) {
			return ErrMemory
		}
	}
	line, _, _ := strings.Cut(strings.TrimSpace(stderr), "\n")
	return fmt.Errorf("%w: %w: %s", ErrCrashed, err, line)
}

// boundedBuffer keeps at most limit bytes and calls full when more come.
type boundedBuffer struct {
	buffer     bytes.Buffer // not embedded: its ReadFrom would let io.Copy pass the limit by
	limit      int64
	full       func()
	overflowed bool
}

// Write keeps what fits; the rest is dropped so that the worker does not block on a full pipe.
func (b *boundedBuffer) Write(p []byte) (int, error) {
	room := b.limit - int64(b.buffer.Len())
	if int64(len(p)) <= room {
		return b.buffer.Write(p)
	}
	if b.full != nil {
		b.overflowed = true
		b.full()
	}
	if room > 0 {
		b.buffer.Write(p[:room])
	}
	return len(p), nil
}

// Task answers a request in the worker process. An error that is no *TaskError is
// reported with the code "failed".
type Task func(request json.RawMessage) (any, error)

// Registry names the tasks this binary can do as a worker.
type Registry map[string]Task

// Main must be called first in main: when this process is a worker, it does its task and
// ran is true; main then exits with code. The call costs nothing otherwise.
func Main(tasks Registry) (code int, ran bool) {
	if len(os.Args) != 3 || os.Args[1] != argument {
		return 0, false
	}
	if err := work(tasks, os.Args[2], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		return 1, true
	}
	return 0, true
}

func work(tasks Registry, name string, in io.Reader, out io.Writer) error {
	task, known := tasks[name]
	if !known {
		return fmt.Errorf("no task %q", name)
	}
	var j job
	if err := json.NewDecoder(in).Decode(&j); err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	if err := restrict(j.Memory, j.Seconds); err != nil {
		return fmt.Errorf("setting limits: %w", err)
	}
	var a answer
	result, err := task(j.Request)
	if err == nil {
		a.Result, err = json.Marshal(result)
	}
	if err != nil && !errors.As(err, &a.Error) {
		a.Error = &TaskError{Code: "failed", Text: err.Error()}
	}
	return json.NewEncoder(out).Encode(a)
}
