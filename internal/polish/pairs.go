package polish

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed pairs.txt
var pairsText string

// pairs leads from each lemma of a line in pairs.txt to the first one.
var pairs = sync.OnceValue(func() map[string]string {
	heads := map[string]string{}
	for line := range strings.Lines(pairsText) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		for _, word := range words[1:] {
			heads[word] = words[0]
		}
	}
	return heads
})
