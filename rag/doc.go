// Package rag holds Referent's vocabulary (Document, Unit, Passage, Hit, Answer,
// Citation) and the way of a question: understand, retrieve, fuse, ask, check.
//
// It imports prompts and internal/{polish,law}; storage and models stand behind
// the interfaces in ports.go and are implemented in rag/library and rag/ollama.
package rag
