package table

import (
	"bytes"
	"strings"
)

// Dialect is how a CSV file parts its cells.
type Dialect struct {
	Delimiter byte // 0 where each line is one cell
	Quote     byte // '"', or '\'' where cells stand between apostrophes
	newline   byte
	skip      int // bytes of a first line "sep=;" that names the delimiter
}

// delimiters in the order of preference: a comma also stands in Polish numbers and prose.
var delimiters = []byte{';', '\t', '|', ','}

// preference is the share of the best score that is enough for a delimiter earlier in the list.
const preference = 0.85

// sniff finds the dialect of a sample whose delimiters and quotes are single bytes.
func sniff(sample []byte) Dialect {
	dialect := Dialect{Quote: '"', newline: '\n'}
	if !bytes.Contains(sample, []byte("\n")) && bytes.Contains(sample, []byte("\r")) {
		dialect.newline = '\r'
	}
	line, _, _ := bytes.Cut(sample, []byte{dialect.newline})
	if named, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r"), []byte("sep=")); ok && len(named) == 1 {
		dialect.Delimiter, dialect.skip = named[0], min(len(line)+1, len(sample))
		return dialect
	}
	scores, best := make([]float64, len(delimiters)), 0.0
	for i, delimiter := range delimiters {
		trial := dialect
		trial.Delimiter = delimiter
		scores[i] = consistency(sample, trial)
		best = max(best, scores[i])
	}
	for i, delimiter := range delimiters {
		if best > 0 && scores[i] >= preference*best {
			dialect.Delimiter = delimiter
			break
		}
	}
	if dialect.Delimiter != 0 && apostrophes(sample, dialect) {
		dialect.Quote = '\''
	}
	return dialect
}

// sniffedRecords are enough to know a dialect.
const sniffedRecords = 500

// consistency is high where most records have the same number of cells, and many of them.
func consistency(sample []byte, dialect Dialect) float64 {
	counts, records := map[int]int{}, 0
	scan := scanner{dialect: dialect, limits: Limits{}.withDefaults(), line: 1}
	text := string(sample)
	for records < sniffedRecords {
		_, rest, ok := scan.record(text, true)
		if scan.err != nil {
			return 1 // so many cells that the reading will name the limit
		}
		if !ok {
			break
		}
		text = rest
		if len(scan.cells) == 1 && strings.TrimSpace(scan.cells[0]) == "" {
			continue
		}
		counts[len(scan.cells)]++
		records++
	}
	modal := 1
	for cells, count := range counts {
		if cells > 1 && (modal == 1 || count > counts[modal] || count == counts[modal] && cells > modal) {
			modal = cells
		}
	}
	if modal == 1 {
		return 0
	}
	return float64(counts[modal]) / float64(records) * (1 - 1/float64(modal+1))
}

// apostrophes says whether cells stand between apostrophes and none between quotes.
func apostrophes(sample []byte, dialect Dialect) bool {
	if bytes.IndexByte(sample, '"') >= 0 {
		return false
	}
	opening := bytes.Count(sample, []byte{dialect.Delimiter, '\''})
	closing := bytes.Count(sample, []byte{'\'', dialect.Delimiter})
	lines := bytes.Count(sample, []byte{dialect.newline})
	return opening > 2 && opening >= lines/2 && closing >= opening/2
}
