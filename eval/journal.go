package eval

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
)

// Journal keeps the outcomes of a run as they come, so that a run that was stopped
// goes on where it stood. Its first line says of what run it is; a journal of another
// run (another binary, model, suite or corpus) is begun anew. A nil Journal keeps nothing.
type Journal struct {
	file *os.File
	done map[string]Outcome
}

type journalHead struct {
	Run string `json:"run"`
}

// OpenJournal opens the journal at path for a run, which is told by all that could
// change an outcome.
func OpenJournal(path string, run ...string) (*Journal, error) {
	j := &Journal{done: map[string]Outcome{}}
	identity := strings.Join(run, "\n")
	goes, err := j.read(path, identity)
	if err != nil {
		return nil, err
	}
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if !goes {
		flags |= os.O_TRUNC
	}
	if j.file, err = os.OpenFile(path, flags, 0o640); err != nil {
		return nil, fmt.Errorf("journal of the run: %w", err)
	}
	if goes {
		_, err = j.file.WriteString("\n") // ends a last line that was cut
	} else {
		err = j.write(journalHead{identity})
	}
	return j, err
}

// read takes what an earlier run of the same identity kept. A last line that was cut is
// left out.
func (j *Journal) read(path, identity string) (goes bool, err error) {
	file, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("journal of the run: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	lines := bufio.NewScanner(file)
	lines.Buffer(make([]byte, 0, 64<<10), MaxLine)
	var head journalHead
	if !lines.Scan() || json.Unmarshal(lines.Bytes(), &head) != nil || head.Run != identity {
		return false, nil
	}
	for lines.Scan() {
		var o Outcome
		if json.Unmarshal(lines.Bytes(), &o) == nil && o.ID != "" {
			j.done[o.ID] = o
		}
	}
	return true, lines.Err()
}

func (j *Journal) write(value any) error {
	line, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = j.file.Write(append(line, '\n'))
	return err
}

// Done counts the questions that an earlier run has asked already.
func (j *Journal) Done() int { return len(j.done) }

func (j *Journal) outcome(id string) (Outcome, bool) {
	if j == nil {
		return Outcome{}, false
	}
	o, found := j.done[id]
	return o, found
}

// keep writes an outcome; one that failed is asked again next time.
func (j *Journal) keep(o Outcome) error {
	if j == nil || o.Error != "" {
		return nil
	}
	return j.write(o)
}

// Close closes the journal and leaves it for a later run.
func (j *Journal) Close() error { return j.file.Close() }

// Remove closes and removes it: the run is done and its results are written.
func (j *Journal) Remove() error {
	return errors.Join(j.file.Close(), os.Remove(j.file.Name()))
}
