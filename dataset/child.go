package dataset

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"time"

	"referent/internal/worker"
)

// profileTask is the task of the child process that reads what a hostile file can hang.
const profileTask = "dataset"

// WorkerTasks are the tasks that a child process does for this package.
func WorkerTasks() worker.Registry {
	return worker.Registry{profileTask: func(request json.RawMessage) (any, error) {
		var path string
		if err := json.Unmarshal(request, &path); err != nil {
			return nil, err
		}
		p, err := Describe(context.Background(), path, nil)
		var known *Error
		if errors.As(err, &known) {
			text, marshalErr := json.Marshal(childError{known.Limit, known.Error()})
			if marshalErr != nil {
				return nil, marshalErr
			}
			return nil, &worker.TaskError{Code: string(known.Code), Text: string(text)}
		}
		return p, err
	}}
}

// childError is what a child says of a failure beside its code.
type childError struct {
	Limit int64
	Text  string
}

// Read profiles a file: texts here, with progress; packed and binary formats in a child
// process with limits of time and memory. Its errors are *Error.
func Read(ctx context.Context, path string, progress func(records int)) (*Profile, error) {
	head, err := headOf(path)
	if err != nil {
		return nil, explainError(ctx, path, err)
	}
	if isText(head) {
		return Describe(ctx, path, progress)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, explainError(ctx, path, err)
	}
	limits := worker.Limits{Time: childTime + time.Duration(info.Size()>>20)*childTimeMB, Memory: childMemory, Output: childOutput}
	var p Profile
	if err := worker.Call(ctx, profileTask, limits, path, &p); err != nil {
		return nil, childFailure(ctx, path, limits, err)
	}
	return &p, nil
}

func childFailure(ctx context.Context, path string, limits worker.Limits, err error) *Error {
	e := &Error{Code: CodeCrashed, File: path, Err: err}
	var said *worker.TaskError
	switch {
	case ctx.Err() != nil:
		e.Code = CodeCancelled
	case errors.As(err, &said):
		e.Code = Code(said.Code)
		var detail childError
		if json.Unmarshal([]byte(said.Text), &detail) == nil {
			e.Limit = detail.Limit
		} else {
			e.Code = CodeDamaged
		}
	case errors.Is(err, worker.ErrTime):
		e.Code, e.Limit = CodeTime, int64(limits.Time/time.Second)
	case errors.Is(err, worker.ErrMemory):
		e.Code, e.Limit = CodeMemory, int64(limits.Memory>>20)
	}
	return e
}

// isText says whether the beginning of a file is that of a CSV, or of JSON.
func isText(head []byte) bool {
	return looksJSON(head) || !packed(head) && !looksXML(head)
}
