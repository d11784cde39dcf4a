package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestWrongUseIsSaidInTheAskedLanguage(t *testing.T) {
	for _, test := range []struct{ args, pl, en string }{
		{"bogus", "nieznane słowo: bogus", "unexpected word: bogus"},
		{"serach x", "nieznane słowo: serach", "unexpected word: serach"},
		{"search a b", "nieznane słowo: b", "unexpected word: b"},
		{"search --bogus x", "nieznana opcja: --bogus", "unknown option: --bogus"},
		{"search --jsn x", "nieznana opcja: --jsn", "unknown option: --jsn"},
		{"eval", "brakuje jednego ze słów: run, beir", "one of these words is missing: run, beir"},
		{"restore", "brakuje: <file>", "missing: <file>"},
		{"search -k x a", "opcja --k nie może mieć takiej wartości", "option --k cannot have that value"},
		{"doctor --data", "opcji --data brakuje wartości", "option --data needs a value"},
	} {
		for lang, want := range map[string]string{"pl": test.pl, "en": test.en} {
			var out, said bytes.Buffer
			code := run(append([]string{"--lang=" + lang}, strings.Fields(test.args)...), strings.NewReader(""), &out, &said)
			if code != exitUsage || !strings.Contains(said.String(), want) {
				t.Errorf("%s in %s: exit %d, %q; want %q", test.args, lang, code, said.String(), want)
			}
		}
	}
}

func TestHelpIsInTheAskedLanguage(t *testing.T) {
	for _, args := range []string{"--help", "search --help", "eval --help"} {
		var out bytes.Buffer
		if code := run(append([]string{"--lang=pl"}, strings.Fields(args)...), strings.NewReader(""), &out, &out); code != exitDone {
			t.Fatalf("%s: exit %d", args, code)
		}
		for _, english := range []string{"Usage", "Flags", "Commands", "Arguments", "Show context", "<command>", "for more"} {
			if strings.Contains(out.String(), english) {
				t.Errorf("%s says %q:\n%s", args, english, out.String())
			}
		}
		if !strings.Contains(out.String(), "Użycie: referent ") || !strings.Contains(out.String(), "pokaż tę pomoc") {
			t.Errorf("%s:\n%s", args, out.String())
		}
	}
}
