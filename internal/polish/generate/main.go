// Command generate builds the lexicon of package polish from the Polish Hunspell
// dictionary: an automaton from every form to the ways back to its lemmas.
// It imports nothing of ours.
//
// The source is pl_PL.aff and pl_PL.dic of Debian's hunspell-pl 1:7.5.0-1
// (hunspell-pl_7.5.0-1_all.deb, SHA-256
// 9af9e010e5586ab3e5b46009273df8e94c8c1f0da8e3c7b1e2df1398ce68ef07):
//
//	apt-get install hunspell-pl && go generate ./internal/polish
package main

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// The files whose lexicon is in the repository. Another version of the dictionary
// is a change to look at: its licence, its size, the figures of the tests.
const (
	affixesSum = "7c37b9bde78054e43365b488a13859094c88bc66664b5b7a7bb073626454b38e"
	wordsSum   = "215fd73aa47b11e7fdd2e4d655e9fe37be4acdae16ff833badcfdfce79110aad"
)

//go:embed office.dic
var officeWords string

func main() {
	dictionary := flag.String("dictionary", "/usr/share/hunspell", "folder of pl_PL.aff and pl_PL.dic")
	out := flag.String("out", "lexicon", "folder to write to")
	flag.Parse()
	if err := run(*dictionary, *out); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1) //nolint:forbidigo // a main of its own, outside cmd: go generate must stop here
	}
}

func run(dictionary, out string) error {
	affixText, err := read(filepath.Join(dictionary, "pl_PL.aff"), affixesSum)
	if err != nil {
		return err
	}
	wordText, err := read(filepath.Join(dictionary, "pl_PL.dic"), wordsSum)
	if err != nil {
		return err
	}
	affixes, err := parseAffixes(affixText)
	if err != nil {
		return err
	}
	_, entries, _ := strings.Cut(wordText, "\n") // the first line holds their number
	readings, err := expand(entries+"\n"+officeWords, affixes)
	if err != nil {
		return err
	}
	rules, err := parseIrregular(irregularText)
	if err != nil {
		return err
	}
	readings = addIrregular(readings, rules)
	size, err := write(out, readings)
	if err != nil {
		return err
	}
	fmt.Printf("%d readings, %d forms, %d sets of scripts\n", len(readings), size.forms, size.sets)
	return nil
}

// read gives a file of the dictionary as UTF-8 text once its checksum is the known one.
func read(path, sum string) (string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("read the dictionary: %w", err)
	}
	got := sha256.Sum256(raw)
	if hex.EncodeToString(got[:]) != sum {
		return "", fmt.Errorf("%s is another version of the dictionary: its SHA-256 is %x", path, got)
	}
	text, err := charmap.ISO8859_2.NewDecoder().Bytes(raw)
	if err != nil {
		return "", fmt.Errorf("decode %s: %w", path, err)
	}
	return string(text), nil
}
