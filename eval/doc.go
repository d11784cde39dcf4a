// Package eval measures how well Referent finds and answers: suites of questions with
// their right units, metrics, statistics, comparison of two runs, reports. It drives
// the same calls as the users' commands and stores nothing but its own results.
//
// It imports rag, dataset and internal; libraries and models are handed to it by cmd.
package eval
