package library

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"referent/rag"
)

// TestDiskThatFillsUp lets a real file system run full under SQLite and bleve alike.
func TestDiskThatFillsUp(t *testing.T) {
	ctx, disk := context.Background(), t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("a small file system cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	dir := filepath.Join(disk, "data")
	l := open(t, dir)
	put(t, l, document("/first.txt", "opłata"))
	var err error
	stored := 0
	for ; err == nil && stored < 3000; stored++ {
		var text strings.Builder
		for j := range 100 {
			fmt.Fprintf(&text, "wyraz%d ", stored*100+j)
		}
		_, err = l.Put(ctx, document(fmt.Sprintf("/%d.txt", stored), text.String()), model)
	}
	hasCode(t, err, rag.CodeDiskFull)
	for range 3 { // and it stays so, without harm
		more := document("/more.txt", "dalsze")
		more.Text += strings.Repeat("x", 7<<20) // more than the disk: bleve may have given back some of it
		_, err := l.Put(ctx, more, model)
		hasCode(t, err, rag.CodeDiskFull)
	}
	equal(t, "found on a full disk", units(t, l, words(t, l, rag.Scope{}, "opłata")), []string{"/first.txt art. 1"})

	if err := syscall.Mount("", disk, "tmpfs", syscall.MS_REMOUNT, "size=64m"); err != nil {
		t.Fatal(err)
	}
	put(t, l, document("/last.txt", "opłata ostatnia"))
	equal(t, "found once there is room", len(words(t, l, rag.Scope{}, "opłata")), 2)
	checkWhole(t, l)
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	checkWhole(t, open(t, dir))
}
