package packs

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

//go:generate go run ./generate

//go:embed bank.zip
var bank []byte

// BankEntry is an article and what people ask about it.
type BankEntry struct {
	Key       string   `json:"key"`                 // "art=35"
	Hash      string   `json:"hash"`                // SHA-256 of the text they were written from (NFKC, white space collapsed)
	Sketch    string   `json:"sketch,omitempty"`    // of the lemmas of that text
	Lang      string   `json:"lang,omitempty"`      // of that text, "" for Polish
	Skip      string   `json:"skip,omitempty"`      // why it has no questions: amending, final, transitional, repealed
	Questions []string `json:"questions,omitempty"` // in Polish
}

// BankEdition tells this bank from any other.
func BankEdition() string {
	sum := sha256.Sum256(bank)
	return hex.EncodeToString(sum[:8])
}

// Bank gives the everyday questions about an act, article by article; none about an
// act that the bank does not know.
func Bank(eli string) ([]BankEntry, error) {
	archive, err := zip.NewReader(bytes.NewReader(bank), int64(len(bank)))
	if err != nil {
		return nil, fmt.Errorf("bank of questions: %w", err)
	}
	file, err := archive.Open(strings.ReplaceAll(eli, "/", "-") + ".jsonl")
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("bank of questions on %s: %w", eli, err)
	}
	defer file.Close() //nolint:errcheck // only read
	var entries []BankEntry
	decoder := json.NewDecoder(file)
	decoder.DisallowUnknownFields()
	for decoder.More() {
		var e BankEntry
		if err := decoder.Decode(&e); err != nil {
			return nil, fmt.Errorf("bank of questions on %s, line %d: %w", eli, len(entries)+1, err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}
