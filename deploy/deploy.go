// Package deploy carries what stands beside the program in the archive for
// servers without a network: instructions, scripts and systemd units. It imports
// nothing of ours. The container files in the root of the repository are tested here.
package deploy

import (
	"embed"
	"io/fs"
)

//go:embed bundle
var bundle embed.FS

// Files are laid out as in the archive.
func Files() fs.FS {
	files, err := fs.Sub(bundle, "bundle")
	if err != nil { // the name is a constant that embed has checked
		return bundle
	}
	return files
}
