package dataset

import (
	"os"
	"testing"
	"time"
)

// TestSpeed profiles the CSV that REFERENT_SPEED_CSV names: see `make speed-datasets`.
func TestSpeed(t *testing.T) {
	path := os.Getenv("REFERENT_SPEED_CSV")
	if path == "" {
		t.Skip("REFERENT_SPEED_CSV names no file: run `make speed-datasets`")
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	p, err := Describe(t.Context(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	took := time.Since(started)
	t.Logf("figure: %d rows, %d MB in %s: %.1f MB a second", p.Rows, info.Size()>>20, took.Round(time.Millisecond), float64(info.Size())/1e6/took.Seconds())
}
