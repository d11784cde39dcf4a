// Package ingest turns sources (files, folders, addresses) into documents with their
// text, units and passages, and updates a library only for what changed.
//
// It imports rag and internal/{polish,law,worker}; the library and the embedding model
// stand behind the interfaces in pipeline.go.
package ingest
