//go:build race

package worker

// shadow is how much more memory the race detector makes a process write to.
const shadow = 10
