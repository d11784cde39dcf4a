package documents

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"

	"referent/rag"
)

// Folder is an Inbox that keeps files under Root/<collection>/<name>.
type Folder struct{ Root string }

// Save writes the file beside its place and moves it there when it is whole: an
// upload that breaks off leaves the earlier file as it was.
func (f Folder) Save(ctx context.Context, collection, name string, file io.Reader) (string, error) {
	folder := filepath.Join(f.Root, fileName(collection))
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", storeError(name, err)
	}
	temporary, err := os.CreateTemp(folder, ".upload-*")
	if err != nil {
		return "", storeError(name, err)
	}
	defer os.Remove(temporary.Name()) //nolint:errcheck // gone already when all went well
	written, err := io.Copy(temporary, io.LimitReader(file, rag.MaxFileBytes+1))
	if err := errors.Join(err, temporary.Close()); err != nil {
		return "", storeError(name, err)
	}
	if written > rag.MaxFileBytes {
		return "", &rag.Error{Code: rag.CodeFileTooLarge, Subject: name, Limit: rag.MaxFileBytes >> 20}
	}
	if err := ctx.Err(); err != nil {
		return "", err
	}
	path := filepath.Join(folder, fileName(name))
	if err := os.Rename(temporary.Name(), path); err != nil {
		return "", storeError(name, err)
	}
	return path, nil
}

func storeError(name string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return &rag.Error{Code: rag.CodeDiskFull, Subject: name, Err: err}
	}
	return fmt.Errorf("upload of %s: %w", name, err)
}

// fileName makes a name that stays in its folder. Browsers on Windows have sent
// whole paths; a leading dot would hide the file.
func fileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, name)
	name = strings.TrimLeft(strings.TrimSpace(name), ".")
	const limit = 200 // bytes; file systems allow 255
	if len(name) > limit {
		extension := filepath.Ext(name)
		if len(extension) > 20 {
			extension = ""
		}
		name = strings.ToValidUTF8(name[:limit-len(extension)], "") + extension
	}
	if name == "" {
		return "plik"
	}
	return name
}
