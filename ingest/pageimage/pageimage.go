// Package pageimage draws the pages of a PDF as images, so that a reader sees the page
// beside its text and no browser ever gets the PDF itself. The program that draws is
// poppler's pdftoppm; it runs in a child process with limits. It imports rag and
// internal/worker.
package pageimage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"referent/internal/worker"
	"referent/rag"
)

// Task is the name of the worker's task that draws.
const Task = "page-image"

// Failures of drawing; those of files are rag's.
const (
	CodeNoProgram rag.Code = "page_image_program" // pdftoppm is not installed
	CodeChanged   rag.Code = "page_image_changed" // the file is not the one that was read
)

const program = "pdftoppm"

// Drawer draws pages and keeps what it drew last. Its zero value is ready.
type Drawer struct {
	once  sync.Once
	slots chan struct{}

	mu     sync.Mutex
	kept   map[key][]byte
	order  []key // oldest first
	bytes  int
	hashes map[look]string
}

type key struct {
	hash string
	page int
}

// look tells a file from another without reading it.
type look struct {
	path        string
	size, mtime int64
}

// Ready says whether the program that draws is installed.
func (d *Drawer) Ready() bool {
	_, err := exec.LookPath(program)
	return err == nil
}

// Page gives a page of the file, numbered from 1, as PNG. The file must hold the bytes of
// that SHA-256: a page of another version would stand beside a text that it does not have.
func (d *Drawer) Page(ctx context.Context, path, hash string, page int) ([]byte, error) {
	d.once.Do(d.begin)
	select {
	case d.slots <- struct{}{}:
		defer func() { <-d.slots }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if err := d.same(path, hash); err != nil {
		return nil, err
	}
	if image, found := d.find(key{hash, page}); found {
		return image, nil
	}
	tool, err := exec.LookPath(program)
	if err != nil {
		return nil, &rag.Error{Code: CodeNoProgram, Err: err}
	}
	var image []byte
	if err := worker.Call(ctx, Task, limits, request{tool, path, page}, &image); err != nil {
		return nil, failure(ctx, path, err)
	}
	d.keep(key{hash, page}, image)
	return image, nil
}

func (d *Drawer) begin() {
	d.slots = make(chan struct{}, atOnce)
	d.kept, d.hashes = map[key][]byte{}, map[look]string{}
}

// same reads a file's bytes, unless it looks as it did when they were read last.
func (d *Drawer) same(path, hash string) error {
	file, err := os.Open(path)
	if err != nil {
		return openError(path, err)
	}
	defer file.Close() //nolint:errcheck // only read
	info, err := file.Stat()
	if err != nil {
		return openError(path, err)
	}
	if !info.Mode().IsRegular() {
		return &rag.Error{Code: rag.CodeFileVanished, Subject: filepath.Base(path)}
	}
	seen := look{path, info.Size(), info.ModTime().UnixNano()}
	d.mu.Lock()
	known, found := d.hashes[seen]
	d.mu.Unlock()
	if !found {
		sum := sha256.New()
		if _, err := io.Copy(sum, io.LimitReader(file, rag.MaxFileBytes+1)); err != nil {
			return openError(path, err)
		}
		known = hex.EncodeToString(sum.Sum(nil))
		d.mu.Lock()
		if len(d.hashes) >= maxHashes {
			clear(d.hashes)
		}
		d.hashes[seen] = known
		d.mu.Unlock()
	}
	if known != hash {
		return &rag.Error{Code: CodeChanged, Subject: filepath.Base(path)}
	}
	return nil
}

func openError(path string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return &rag.Error{Code: rag.CodeFileVanished, Subject: filepath.Base(path), Err: err}
	}
	// A path of the server is nobody's affair who reads, and the cause names it.
	return &rag.Error{Code: rag.CodeFileUnreadable, Subject: filepath.Base(path), Err: cause(err)}
}

// cause is an error without the path that it is about.
func cause(err error) error {
	var about *fs.PathError
	if errors.As(err, &about) {
		return about.Err
	}
	return err
}

func (d *Drawer) find(k key) ([]byte, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	image, found := d.kept[k]
	return image, found
}

func (d *Drawer) keep(k key, image []byte) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, found := d.kept[k]; found { // another reader wanted the same page at once
		return
	}
	d.kept[k], d.order, d.bytes = image, append(d.order, k), d.bytes+len(image)
	for d.bytes > maxKept && len(d.order) > 1 {
		d.bytes -= len(d.kept[d.order[0]])
		delete(d.kept, d.order[0])
		d.order = d.order[1:]
	}
}

func failure(ctx context.Context, path string, err error) error {
	name := filepath.Base(path)
	switch {
	case ctx.Err() != nil:
		return &rag.Error{Code: rag.CodeCancelled, Err: ctx.Err()}
	case errors.Is(err, worker.ErrTime):
		return &rag.Error{Code: rag.CodeReaderTimeout, Subject: name, Limit: int(limits.Time.Seconds()), Err: err}
	case errors.Is(err, worker.ErrMemory):
		return &rag.Error{Code: rag.CodeReaderMemory, Subject: name, Limit: int(limits.Memory >> 20), Err: err}
	case errors.Is(err, worker.ErrOutput):
		return &rag.Error{Code: rag.CodeFileTooLarge, Subject: name, Limit: maxImage >> 20, Err: err}
	}
	return &rag.Error{Code: rag.CodeFileDamaged, Subject: name, Err: err}
}

type request struct {
	Program string `json:"program"`
	Path    string `json:"path"`
	Page    int    `json:"page"`
}

// Draw runs in the worker.
func Draw(body json.RawMessage) (any, error) {
	var r request
	if err := json.Unmarshal(body, &r); err != nil {
		return nil, err
	}
	page := strconv.Itoa(r.Page)
	// A name that begins with a dash would be read as an option.
	path, err := filepath.Abs(r.Path)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(context.Background(), r.Program,
		"-png", "-singlefile", "-scale-to", strconv.Itoa(longestSide), "-f", page, "-l", page, path)
	var image, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &image, &complaint
	if err := cmd.Run(); err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(complaint.String()), "\n")
		return nil, fmt.Errorf("%s: %w: %s", program, err, line)
	}
	if !bytes.HasPrefix(image.Bytes(), []byte("\x89PNG")) { // a page that the file does not have
		return nil, fmt.Errorf("%s drew nothing of page %s", program, page)
	}
	return image.Bytes(), nil
}
