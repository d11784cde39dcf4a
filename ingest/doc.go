// Package ingest turns sources (files, folders, addresses) into documents with their
// text, units and passages, and updates a library only for what changed.
//
// It imports rag, internal/{polish,law,table,worker} and the readers of formats below it,
// which know nothing of documents; the library and the embedding model stand behind the
// interfaces in pipeline.go.
package ingest
