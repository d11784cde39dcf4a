// Package ollama speaks to Ollama: embeddings with the model's prefixes,
// generation as typed events, and the table of models that Referent knows.
// It imports rag and internal packages only.
package ollama
