package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"referent/internal/polish"
)

// blockBytes are read at once. The text of a block is one string that its cells share.
const blockBytes = 1 << 18

// maxRecordCells of the largest size are the longest record that is read.
const maxRecordCells = 16

func openCSV(file *os.File, head []byte, limits Limits) (*File, error) {
	charset := polish.DetectCharset(head)
	sample := head
	if !byteWise(charset) {
		sample = []byte(charset.Decode(head))
	} else if charset == polish.UTF8BOM {
		sample = head[3:]
	}
	if strings.ContainsRune(string(sample[:min(len(sample), 1<<16)]), 0) {
		return nil, fmt.Errorf("%w: binary", ErrUnsupported)
	}
	f := &File{Format: CSV, Charset: charset, Dialect: sniff(sample)}
	f.Sheets = []*Sheet{{each: func(ctx context.Context, yield func(Row) error) error {
		if _, err := file.Seek(0, io.SeekStart); err != nil {
			return err
		}
		return f.eachRecord(ctx, file, limits, yield)
	}}}
	return f, nil
}

// byteWise charsets have ASCII bytes for ASCII characters and for nothing else.
func byteWise(c polish.Charset) bool {
	return c == polish.UTF8 || c == polish.UTF8BOM || c.EightBit()
}

func (f *File) eachRecord(ctx context.Context, raw io.Reader, limits Limits, yield func(Row) error) error {
	source := raw
	if !byteWise(f.Charset) {
		source = f.Charset.Reader(raw)
	}
	scan := scanner{dialect: f.Dialect, limits: limits, line: 1}
	if f.Dialect.skip > 0 {
		scan.line = 2
	}
	lead := f.Dialect.skip
	if f.Charset == polish.UTF8BOM {
		lead += 3
	}
	if _, err := io.CopyN(io.Discard, source, int64(lead)); err != nil {
		return err
	}
	buffer, kept := make([]byte, blockBytes), 0
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if kept == len(buffer) {
			buffer = append(buffer, make([]byte, len(buffer))...)
		}
		n, err := io.ReadFull(source, buffer[kept:])
		last := errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
		if err != nil && !last {
			return err
		}
		rest, err := f.block(&scan, buffer[:kept+n], last, yield)
		if err != nil || last {
			return err
		}
		kept = copy(buffer, buffer[kept+n-rest:kept+n])
		if kept > maxRecordCells*limits.CellBytes {
			return &LimitError{LimitCell, int64(limits.CellBytes), scan.line}
		}
	}
}

// block yields the whole records of a block and gives how many bytes are left of it.
func (f *File) block(scan *scanner, block []byte, last bool, yield func(Row) error) (left int, err error) {
	text := string(block)
	clean := utf8.ValidString(text)
	if f.Charset.EightBit() {
		clean = ascii(text)
	}
	for {
		number, rest, ok := scan.record(text, last)
		if scan.err != nil {
			return 0, scan.err
		}
		if !ok {
			return len(text), nil
		}
		text = rest
		row := Row{Number: number, Cells: scan.cells}
		if !clean {
			row.Mixed = f.decode(row.Cells)
		}
		if err := yield(row); err != nil {
			return 0, err
		}
	}
}

// decode puts the cells of a record into UTF-8, and says whether the record is written in
// another charset than the rest of the file.
func (f *File) decode(cells []string) (mixed bool) {
	for i, cell := range cells {
		switch {
		case ascii(cell):
		case f.Charset.EightBit() && utf8.ValidString(cell) && polishLetters(cell):
			mixed = true
		case f.Charset.EightBit():
			cells[i] = f.Charset.Decode([]byte(cell))
		case !utf8.ValidString(cell):
			cells[i] = polish.DetectEightBit([]byte(cell)).Decode([]byte(cell))
			mixed = true
		}
	}
	return mixed
}

// polishLetters guards against two signs of an 8-bit text that are UTF-8 by chance.
func polishLetters(text string) bool {
	for _, r := range text {
		if r >= utf8.RuneSelf && !strings.ContainsRune("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–", r) {
			return false
		}
	}
	return true
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
