package table

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
)

// A container is an unpacked file of parts: XLSX and ODS are zip files of XML.
type container struct {
	parts  map[string]*zip.File
	limits Limits
}

// smallPart may grow by any ratio on unpacking: XML of a few repeated cells does.
const smallPart = 16 << 20

func openZip(file *os.File, size int64, limits Limits) (*File, error) {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	c := container{parts: map[string]*zip.File{}, limits: limits}
	for _, part := range archive.File {
		c.parts[part.Name] = part
	}
	switch {
	case c.parts["xl/workbook.xml"] != nil:
		return openXLSX(c)
	case c.parts["content.xml"] != nil && c.isSpreadsheet():
		return openODS(c)
	}
	return nil, fmt.Errorf("%w: a zip file of something else", ErrUnsupported)
}

func (c container) isSpreadsheet() bool {
	const kind = "application/vnd.oasis.opendocument.spreadsheet"
	part, err := c.open("mimetype")
	if err != nil {
		return false
	}
	name, err := io.ReadAll(io.LimitReader(part, int64(len(kind))))
	return errors.Join(err, part.Close()) == nil && string(name) == kind
}

// open unpacks a part, within limits; a missing one is damage.
func (c container) open(name string) (io.ReadCloser, error) {
	part := c.parts[name]
	if part == nil {
		return nil, fmt.Errorf("%w: it lacks %s", ErrDamaged, name)
	}
	size, packed := int64(part.UncompressedSize64), int64(part.CompressedSize64)
	if size < 0 || size > c.limits.PartBytes || size > smallPart && size/max(packed, 1) > c.limits.Ratio {
		return nil, &LimitError{What: LimitUnzip, Limit: c.limits.PartBytes}
	}
	reader, err := part.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrDamaged, name, err)
	}
	return reader, nil
}

// damaged marks what a parser or the unpacking says; errors that say more stay as they are.
func damaged(part string, err error) error {
	var limit *LimitError
	if err == nil || errors.As(err, &limit) || errors.Is(err, ErrDamaged) || errors.Is(err, ErrEncrypted) {
		return err
	}
	return fmt.Errorf("%w: %s: %w", ErrDamaged, part, err)
}
