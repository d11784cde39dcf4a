//go:build !race

package worker

// shadow is how much more memory a process writes to than its limit says; see race.go.
const shadow = 1
