package table

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"referent/internal/polish"
)

func write(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func openFile(t *testing.T, path string, limits Limits) *File {
	t.Helper()
	file, err := Open(path, limits)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	})
	return file
}

func rows(t *testing.T, sheet *Sheet) []Row {
	t.Helper()
	var all []Row
	err := sheet.Each(t.Context(), func(row Row) error {
		row.Cells, row.Kinds = append([]string(nil), row.Cells...), append([]Kind(nil), row.Kinds...)
		all = append(all, row)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestCSVRecords(t *testing.T) {
	for name, c := range map[string]struct {
		text      string
		delimiter byte
		want      []Row
	}{
		"line breaks in quotes": {"a;b\n\"x\ny\";1\nz;2\n", ';', []Row{
			{Number: 1, Cells: []string{"a", "b"}}, {Number: 2, Cells: []string{"x\ny", "1"}}, {Number: 4, Cells: []string{"z", "2"}}}},
		"doubled quotes and CRLF": {"a,b\r\n\"say \"\"hi\"\"\",2\r\n3,\"4\"\r\n", ',', []Row{
			{Number: 1, Cells: []string{"a", "b"}}, {Number: 2, Cells: []string{`say "hi"`, "2"}}, {Number: 3, Cells: []string{"3", "4"}}}},
		"a quote that is a sign": {"a;b\n\"Dom\" Sp. z o.o.;2\n\"never closed;3\n4;5", ';', []Row{
			{Number: 1, Cells: []string{"a", "b"}}, {Number: 2, Cells: []string{`"Dom" Sp. z o.o.`, "2"}},
			{Number: 3, Cells: []string{`"never closed`, "3"}}, {Number: 4, Cells: []string{"4", "5"}}}},
		"ragged and blank": {"a\tb\tc\n1\t2\t3\n\n1\t2\n1\t2\t3\t4\n", '\t', []Row{
			{Number: 1, Cells: []string{"a", "b", "c"}}, {Number: 2, Cells: []string{"1", "2", "3"}}, {Number: 3, Cells: []string{""}},
			{Number: 4, Cells: []string{"1", "2"}}, {Number: 5, Cells: []string{"1", "2", "3", "4"}}}},
		"decimal commas": {"nazwa;x;y\na;1,5;2,5\nb;3,5;4,5\n", ';', []Row{
			{Number: 1, Cells: []string{"nazwa", "x", "y"}}, {Number: 2, Cells: []string{"a", "1,5", "2,5"}}, {Number: 3, Cells: []string{"b", "3,5", "4,5"}}}},
		"the delimiter is named": {"sep=|\na|b\n1|2\n", '|', []Row{{Number: 2, Cells: []string{"a", "b"}}, {Number: 3, Cells: []string{"1", "2"}}}},
		"lone carriage returns":  {"a;b\r1;2\r", ';', []Row{{Number: 1, Cells: []string{"a", "b"}}, {Number: 2, Cells: []string{"1", "2"}}}},
		"one column":             {"name\nx\ny\n", 0, []Row{{Number: 1, Cells: []string{"name"}}, {Number: 2, Cells: []string{"x"}}, {Number: 3, Cells: []string{"y"}}}},
		"apostrophes":            {"'a','b'\n'x,y','1'\n'z','2'\n", ',', []Row{{Number: 1, Cells: []string{"a", "b"}}, {Number: 2, Cells: []string{"x,y", "1"}}, {Number: 3, Cells: []string{"z", "2"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			file := openFile(t, write(t, "a.csv", []byte(c.text)), Limits{})
			if file.Dialect.Delimiter != c.delimiter {
				t.Errorf("delimiter %q, want %q", file.Dialect.Delimiter, c.delimiter)
			}
			want := c.want
			for i := range want {
				want[i].Kinds = nil
			}
			if diff := cmp.Diff(want, rows(t, file.Sheets[0])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCSVCharsets(t *testing.T) {
	text := "Nazwa;Opłata\nSzkoła nad Źródłem;2,80\nŁąka;3\n"
	encoded := map[polish.Charset]string{
		polish.UTF8:    text,
		polish.UTF8BOM: "\xEF\xBB\xBF" + text,
		polish.CP1250:  "Nazwa;Op\xb3ata\nSzko\xb3a nad \x8fr\xf3d\xb3em;2,80\n\xa3\xb9ka;3\n",
		polish.Latin2:  "Nazwa;Op\xb3ata\nSzko\xb3a nad \xacr\xf3d\xb3em;2,80\n\xa3\xb1ka;3\n",
		polish.CP852:   "Nazwa;Op\x88ata\nSzko\x88a nad \x8dr\xa2d\x88em;2,80\n\x9d\xa5ka;3\n",
		polish.UTF16:   "\xff\xfe" + string(utf16("Nazwa;Op")) + "\x42\x01" + string(utf16("ata\nSzko")) + "\x42\x01" + string(utf16("a nad ")) + "\x79\x01" + string(utf16("r")) + "\xf3\x00" + string(utf16("d")) + "\x42\x01" + string(utf16("em;2,80\n")) + "\x41\x01\x05\x01" + string(utf16("ka;3\n")),
	}
	for charset, raw := range encoded {
		file := openFile(t, write(t, "a.csv", []byte(raw)), Limits{})
		if file.Charset != charset {
			t.Errorf("%s read as %s", charset, file.Charset)
		}
		want := []Row{{Number: 1, Cells: []string{"Nazwa", "Opłata"}}, {Number: 2, Cells: []string{"Szkoła nad Źródłem", "2,80"}}, {Number: 3, Cells: []string{"Łąka", "3"}}}
		if diff := cmp.Diff(want, rows(t, file.Sheets[0])); diff != "" {
			t.Errorf("%s: %s", charset, diff)
		}
	}
}

func TestCSVMixedCharsets(t *testing.T) {
	for base, text := range map[string]string{
		"utf-8":  "nazwa;x\nŁąka;1\nźródło;2\nszko\xb3a \x9crednia;3\nżółw;4\n",
		"cp1250": "nazwa;x\n\xa3\xb9ka;1\n\x9fr\xf3d\xb3o;2\nszkoła średnia;3\n\xbf\xf3\xb3w;4\nst\xf3\xb3;5\ng\xf3ra;6\ng\xea\x9cl\xb9;7\nja\x9f\xf1;8\n",
	} {
		file := openFile(t, write(t, "a.csv", []byte(text)), Limits{})
		all := rows(t, file.Sheets[0])
		if string(file.Charset) != base || all[3].Cells[0] != "szkoła średnia" || !all[3].Mixed || all[2].Mixed {
			t.Errorf("%s: %s, %+v", base, file.Charset, all)
		}
	}
}

// Records that cross the blocks of reading are whole, with their lines.
func TestCSVBlocks(t *testing.T) {
	var text strings.Builder
	text.WriteString("a;b\n")
	const records = 40_000
	for range records {
		text.WriteString("\"żółw\nna drodze\";źdźbło\n")
	}
	file := openFile(t, write(t, "a.csv", []byte(text.String())), Limits{})
	for i, row := range rows(t, file.Sheets[0])[1:] {
		if row.Number != 2+2*i || row.Cells[0] != "żółw\nna drodze" || row.Cells[1] != "źdźbło" || row.Mixed {
			t.Fatalf("record %d: %+v", i, row)
		}
	}
}

func TestCSVLimits(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		what string
	}{
		"a million columns": {strings.Repeat("a;", 1_000_000) + "\n", LimitColumns},
		"a long cell":       {"a;b\n" + strings.Repeat("x", 3<<20) + ";1\n", LimitCell},
	} {
		file := openFile(t, write(t, "a.csv", []byte(c.text)), Limits{})
		err := file.Sheets[0].Each(t.Context(), func(Row) error { return nil })
		var limit *LimitError
		if !errors.As(err, &limit) || limit.What != c.what {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		data string
		want error
	}{
		"empty":          {"", ErrEmpty},
		"only spaces":    {" \n\n ", ErrEmpty},
		"binary":         {"\x7fELF\x00\x00\x01\x02\x00\xff", ErrUnsupported},
		"encrypted XLSX": {"\xD0\xCF\x11\xE0" + string(utf16("EncryptedPackage")), ErrEncrypted},
		"another zip":    {"PK\x03\x04 and no more", ErrDamaged},
	} {
		if _, err := Open(write(t, "a.csv", []byte(c.data)), Limits{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}
