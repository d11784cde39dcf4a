package rag

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
)

// ReadBatch gives the questions of a batch, one a line of JSON. A broken line comes
// as CodeBadBatchLine with its number, and the lines after it go on; a reader that
// fails ends the batch with its own error. Empty lines are skipped. A question
// without an identifier takes the number of its line.
func ReadBatch(r io.Reader) iter.Seq2[Question, error] {
	return func(yield func(Question, error) bool) {
		reader := bufio.NewReaderSize(r, 64<<10)
		for number := 1; ; number++ {
			line, tooLong, err := readLine(reader)
			if err != nil && !errors.Is(err, io.EOF) {
				yield(Question{}, fmt.Errorf("reading the batch: %w", err))
				return
			}
			end := err != nil
			line = bytes.TrimSpace(line)
			if number == 1 {
				line = bytes.TrimPrefix(line, []byte("\ufeff"))
			}
			if tooLong || len(line) > 0 {
				if question, err := parseLine(line, tooLong, number); !yield(question, err) {
					return
				}
			}
			if end {
				return
			}
		}
	}
}

func parseLine(line []byte, tooLong bool, number int) (Question, error) {
	if tooLong {
		return Question{}, &Error{Code: CodeBadBatchLine, Line: number, Limit: MaxBatchLine, Err: errors.New("the line is too long")}
	}
	var question Question
	if err := json.Unmarshal(line, &question); err != nil {
		return Question{}, &Error{Code: CodeBadBatchLine, Line: number, Err: err}
	}
	if question.ID == "" {
		question.ID = strconv.Itoa(number)
	}
	return question, nil
}

// readLine gives the next line; one that is longer than MaxBatchLine is read to its end
// and dropped.
func readLine(reader *bufio.Reader) (line []byte, tooLong bool, err error) {
	for {
		part, err := reader.ReadSlice('\n')
		if !tooLong {
			line = append(line, part...)
		}
		if len(line) > MaxBatchLine {
			line, tooLong = nil, true
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, tooLong, err
		}
	}
}
