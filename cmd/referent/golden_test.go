//go:build golden

// The race detector makes this ten times as slow and finds nothing that the other tests
// do not: `make test` runs it apart.

package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const repository = "../.."

// sharedData gives the folder of the real data; a test that needs it is skipped where
// it is absent.
func sharedData(t *testing.T) string {
	t.Helper()
	root := os.Getenv("REFERENT_SHARED")
	if root == "" {
		root = filepath.Join(repository, "..", "shared", "data")
	}
	root, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "corpus", "acts")); err != nil {
		t.Skipf("no real data at %s: set REFERENT_SHARED to the folder that holds it", root)
	}
	return root
}

// TestGoldenRanks holds the legs by words to the ranks in eval/golden: whoever changes
// the ranking renews the file, and the review sees which questions moved.
func TestGoldenRanks(t *testing.T) {
	t.Setenv("REFERENT_SHARED", sharedData(t))
	t.Setenv("REFERENT_DATA", t.TempDir())
	golden := filepath.Join(repository, "eval", "golden", "words.tsv")
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	measured := filepath.Join(t.TempDir(), "words.tsv")
	suite := filepath.Join(repository, "eval", "suites", "dev.yaml")
	var stdout, stderr bytes.Buffer
	if code := run([]string{"eval", "run", "--no-model", suite, "-o", measured}, strings.NewReader(""), &stdout, &stderr); code != exitDone {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	got, err := os.ReadFile(measured)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(string(got), "\n")); diff != "" {
		t.Errorf("the ranking has changed (- before, + now). When it is meant to, renew the file and commit it:\n"+
			"  go run ./cmd/referent eval run --no-model eval/suites/dev.yaml -o eval/golden/words.tsv\n%s", diff)
	}
}
