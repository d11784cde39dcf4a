// Command generate makes bank.zip of the plain files in bank: what the binary holds.
package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1) //nolint:forbidigo // a command of its own
	}
}

func run() error {
	files, err := filepath.Glob("bank/*.jsonl")
	if err != nil {
		return err
	}
	slices.Sort(files)
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	w.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(out, flate.BestCompression)
	})
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		// Without dates: the same files make the same archive.
		entry, err := w.CreateHeader(&zip.FileHeader{Name: filepath.Base(file), Method: zip.Deflate})
		if err != nil {
			return err
		}
		if _, err := entry.Write(content); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return os.WriteFile("bank.zip", archive.Bytes(), 0o644)
}
