//go:build !unix

package ingest

import (
	"io/fs"
	"time"

	"referent/rag"
)

// stampOf tells how a file looks; there are no inodes here.
func stampOf(info fs.FileInfo) rag.Stamp {
	return rag.Stamp{Size: info.Size(), MTime: info.ModTime().UnixNano(), Checked: time.Now()}
}
