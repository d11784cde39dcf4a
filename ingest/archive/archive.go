// Package archive reads the files of a ZIP within limits, one at a time and in memory:
// nothing is written anywhere, whatever an entry is called. It imports nothing of ours.
package archive

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Limits of an archive with all archives inside it.
const (
	MaxDepth      = 4         // archives inside one another
	MaxFiles      = 5000      // entries read
	MaxEntryBytes = 200 << 20 // of an entry, unpacked
	MaxTotalBytes = 1 << 30   // of all entries, unpacked
	MaxRatio      = 200       // of an entry's size to its packed one, where it is large
	ratioFrom     = 8 << 20   // bytes below which any ratio is harmless
	maxHeaders    = 4 * MaxFiles
)

// Why an archive or an entry was not read.
var (
	ErrDamaged      = errors.New("the archive is damaged")
	ErrEncrypted    = errors.New("the entry is encrypted")
	ErrMethod       = errors.New("the entry is packed in a way that is not read")
	ErrUnsafeName   = errors.New("the entry's name leads out of the archive or holds control characters")
	ErrTooManyFiles = errors.New("the archive holds more files than are read")
	ErrTooLarge     = errors.New("the entry unpacks to more than is read")
	ErrBudget       = errors.New("the archive unpacks to more than is read")
	ErrRatio        = errors.New("the entry unpacks to far more than any document")
)

// Archive is a ZIP in memory.
type Archive struct{ zip *zip.Reader }

// Open reads the list of an archive's entries.
func Open(data []byte) (*Archive, error) {
	// each header of the list costs memory: they are counted before they are read
	if bytes.Count(directory(data), []byte("PK\x01\x02")) > maxHeaders {
		return nil, ErrTooManyFiles
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return &Archive{z}, nil
}

// directory gives the list of entries, which ends the file; all of it where the end is damaged.
func directory(data []byte) []byte {
	const endBytes = 22
	end := bytes.LastIndex(data, []byte("PK\x05\x06"))
	if end < 0 || end+endBytes > len(data) {
		return data
	}
	size := int(data[end+12]) | int(data[end+13])<<8 | int(data[end+14])<<16 | int(data[end+15])<<24
	if size < 0 || size > end {
		return data // a list of the 64-bit form, or a lie
	}
	return data[end-size : end]
}

// Has says whether the archive has an entry of that name.
func (a *Archive) Has(name string) bool {
	return slices.ContainsFunc(a.zip.File, func(file *zip.File) bool { return file.Name == name })
}

// HasInside says whether the name of an entry begins so.
func (a *Archive) HasInside(prefix string) bool {
	return slices.ContainsFunc(a.zip.File, func(file *zip.File) bool { return strings.HasPrefix(file.Name, prefix) })
}

// Entry is a file in an archive.
type Entry struct {
	Name string // as it is shown: decoded, with slashes
	file *zip.File
}

// Entries gives the files of an archive in its order, without folders and what systems
// leave behind.
func (a *Archive) Entries() []Entry {
	var entries []Entry
	taken := map[string]int{}
	for _, file := range a.zip.File {
		name := shownName(file)
		if strings.HasSuffix(name, "/") || leftover(name) {
			continue
		}
		taken[name]++
		if n := taken[name]; n > 1 {
			name = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(name, path.Ext(name)), n, path.Ext(name))
		}
		entries = append(entries, Entry{Name: name, file: file})
	}
	return entries
}

// smallBytes of an entry are read beside the documents.
const smallBytes = 4 << 20

// Small gives the bytes of an entry that describes others, nil where there is none such.
func (b *Budget) Small(a *Archive, name string) []byte {
	for _, file := range a.zip.File {
		if file.UncompressedSize64 > smallBytes || shownName(file) != name || b.files <= 0 {
			continue
		}
		if data, err := b.Read(Entry{Name: name, file: file}); err == nil {
			return data
		}
	}
	return nil
}

// leftover knows files that systems put into archives beside the documents.
func leftover(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, ".") || strings.EqualFold(base, "thumbs.db") || strings.EqualFold(base, "desktop.ini")
}

// shownName decodes a name: Windows writes them in the charset of its console, CP852 on
// Polish systems, some programs in Windows-1250.
func shownName(file *zip.File) string {
	name := file.Name
	if file.NonUTF8 && !utf8.ValidString(name) {
		name = decodeName(name)
	}
	return strings.ReplaceAll(name, `\`, "/")
}

func decodeName(name string) string {
	best := ""
	for _, charset := range []*charmap.Charmap{charmap.CodePage852, charmap.Windows1250} {
		if text, err := charset.NewDecoder().String(name); err == nil && (best == "" || letters(text) > letters(best)) {
			best = text
		}
	}
	if best == "" {
		return strings.ToValidUTF8(name, "\uFFFD")
	}
	return best
}

// letters counts Polish letters against other signs beyond ASCII.
func letters(name string) int {
	n := 0
	for _, r := range name {
		switch {
		case strings.ContainsRune("ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", r):
			n++
		case r >= utf8.RuneSelf:
			n--
		}
	}
	return n
}

// Budget is what is left of the limits while an archive and those inside it are read.
type Budget struct {
	files int
	bytes int64
}

// NewBudget gives the whole of the limits.
func NewBudget() *Budget { return &Budget{files: MaxFiles, bytes: MaxTotalBytes} }

// Read gives the bytes of an entry.
func (b *Budget) Read(e Entry) (data []byte, err error) {
	if b.files--; b.files < 0 {
		return nil, ErrTooManyFiles
	}
	if !safe(e.Name) {
		return nil, ErrUnsafeName
	}
	if e.file.Flags&1 != 0 {
		return nil, ErrEncrypted
	}
	r, err := e.file.Open()
	switch {
	case errors.Is(err, zip.ErrAlgorithm):
		return nil, ErrMethod
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return b.unpack(r, int64(e.file.CompressedSize64))
}

// unpack believes no size that the archive states.
func (b *Budget) unpack(r io.Reader, packed int64) ([]byte, error) {
	if b.bytes <= 0 {
		return nil, ErrBudget
	}
	limit := min(MaxEntryBytes, b.bytes)
	byRatio := max(packed, 0) * MaxRatio
	if byRatio < ratioFrom {
		byRatio = ratioFrom
	}
	data, err := io.ReadAll(io.LimitReader(r, min(limit, byRatio)+1))
	b.bytes -= int64(len(data))
	switch size := int64(len(data)); {
	case size > byRatio:
		return nil, ErrRatio
	case size > limit && b.bytes < 0:
		return nil, ErrBudget
	case size > limit:
		return nil, ErrTooLarge
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return data, nil
}

// safe says whether a name stays inside the archive and can be shown.
func safe(name string) bool {
	if strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' || strings.ContainsFunc(name, unicode.IsControl) || !utf8.ValidString(name) {
		return false
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return false
		}
	}
	return name != ""
}
