package polish

import (
	"strings"
	"sync"
)

// maxRemembered bounds the memory of words, to some 10 MB.
const maxRemembered = 1 << 16

// remembered is the memory of the words of texts, which repeat themselves: a look into
// the lexicon, with folding, costs some ten times as much.
var remembered = memory{words: map[string][]string{}}

// memory keeps the terms that words stand for. Full, it begins anew: the words that
// matter come again at once.
type memory struct {
	mu    sync.RWMutex
	words map[string][]string
}

func (m *memory) stands(word string) []string {
	m.mu.RLock()
	terms, known := m.words[word]
	m.mu.RUnlock()
	if known {
		return terms
	}
	terms = stands(word, Lemmas)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.words) >= maxRemembered {
		clear(m.words)
	}
	m.words[strings.Clone(word)] = terms // the word is a piece of its text
	return terms
}
