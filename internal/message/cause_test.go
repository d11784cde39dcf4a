package message

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
)

type pages string

func (p pages) Error() string { return string(p) }
func (p pages) Fact() string  { return string(p) }

func TestCauseIsInThePrintersLanguage(t *testing.T) {
	texts, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	_, missing := os.Stat(filepath.Join(t.TempDir(), "no"))
	var question struct{ Q string }
	for _, test := range []struct {
		err    error
		pl, en string
		told   bool
	}{
		{missing, "nie ma takiego pliku ani folderu", "there is no such file or folder", true},
		{fmt.Errorf("backup: %w", io.ErrUnexpectedEOF), "plik jest ucięty", "the file is cut short", true},
		{json.Unmarshal([]byte("nope"), &question), "to nie jest JSON we właściwej postaci", "it is not JSON of the right form", true},
		{json.Unmarshal([]byte(`{"Q":1}`), &question), "to nie jest JSON we właściwej postaci", "it is not JSON of the right form", true},
		{pages("1-3"), "1-3", "1-3", true},
		{errors.New("dial tcp: lookup failed"), "szczegóły są w dzienniku", "the log has the details", false},
	} {
		for lang, want := range map[string]string{"pl": test.pl, "en": test.en} {
			if got, told := texts.In(lang).Cause(test.err); got != want || told != test.told {
				t.Errorf("%v in %s: %q, %v; want %q, %v", test.err, lang, got, told, want, test.told)
			}
		}
	}
}
