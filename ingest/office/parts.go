package office

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// parts are the files inside a file.
type parts struct{ zip *zip.Reader }

func openParts(r io.ReaderAt, size int64) (parts, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return parts{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return parts{z}, nil
}

// read hands the elements of a part to visit; found is false where there is no such part.
func (p parts) read(name string, visit func(*stream) error) (found bool, err error) {
	file := p.find(name)
	if file == nil {
		return false, nil
	}
	if file.Flags&1 != 0 {
		return true, ErrEncrypted
	}
	part, err := file.Open()
	if err != nil {
		return true, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	defer func() { err = errors.Join(err, part.Close()) }()
	return true, visit(newStream(&bounded{r: part, left: maxPartBytes}))
}

func (p parts) find(name string) *zip.File {
	for _, file := range p.zip.File {
		if file.Name == name {
			return file
		}
	}
	return nil
}

// bounded reads as much as a part may hold, then fails.
type bounded struct {
	r    io.Reader
	left int
}

// Read fails with ErrTooLarge when the part holds more than it may.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, ErrTooLarge
	}
	n, err := b.r.Read(p[:min(len(p), b.left)])
	b.left -= n
	if err != nil && !errors.Is(err, io.EOF) {
		var path *fs.PathError
		if !errors.As(err, &path) {
			err = fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	return n, err
}
