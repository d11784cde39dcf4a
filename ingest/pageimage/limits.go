package pageimage

import (
	"time"

	"referent/internal/worker"
)

// What drawing a page may take.
const (
	longestSide = 1600     // pixels, however large the page says it is
	maxImage    = 16 << 20 // bytes of a PNG
	atOnce      = 2        // pages drawn at the same time; others wait
	maxKept     = 64 << 20 // bytes of images kept in memory
	maxHashes   = 1000     // files whose contents are known by their looks
)

// limits hold for the child process and, as it inherits them, for the program that draws.
var limits = worker.Limits{Time: 20 * time.Second, Memory: worker.DefaultMemory, Output: 2 * maxImage}
