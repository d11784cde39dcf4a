//go:build unix

package ingest

import (
	"io/fs"
	"syscall"
	"time"

	"referent/rag"
)

// stampOf tells how a file looks: what changes when its content is changed in a usual way.
func stampOf(info fs.FileInfo) rag.Stamp {
	stamp := rag.Stamp{Size: info.Size(), MTime: info.ModTime().UnixNano(), Checked: time.Now()}
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		stamp.Inode = sys.Ino
	}
	return stamp
}
