#!/bin/sh
# Runs every fuzzer of the repository for a while each (first argument, 10m without one;
# a second one names the packages below a folder, all without it). Ends with 1 if one found something.
set -eu
time=${1:-10m}
under=${2:-.}
failed=0
for file in $(grep -rlE --include='*_test.go' '^func Fuzz' "$under" | sort); do
	for name in $(sed -n 's/^func \(Fuzz[A-Za-z0-9_]*\)(.*/\1/p' "$file"); do
		echo "$file: $name, $time"
		"${GO:-go}" test "./$(dirname "$file")" -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 5s || failed=1
	done
done
exit $failed
