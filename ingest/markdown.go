package ingest

import (
	"regexp"
	"strings"
)

var (
	mdHeading  = regexp.MustCompile(`^(#{1,6})\s+(.*?)\s*#*$`)
	mdBoldLine = regexp.MustCompile(`^\*\*([^*]+)\*\*$`)
	mdEmphasis = regexp.MustCompile(`\*\*([^*\n]+)\*\*|__([^_\n]+)__`)
	mdLink     = regexp.MustCompile(`!?\[([^\]\n]*)\]\((?:[^()\n]|\([^()\n]*\))*\)`)
	mdEscape   = regexp.MustCompile(`\\([\\*_#\[\]().+!-])`)
)

// boldRank is the rank of a line that is bold as a whole: the title of an article.
const boldRank = 9

// readMarkdown takes the marks off a Markdown text; its headings stay as lines.
func readMarkdown(source string) layout {
	var l layout
	var b strings.Builder
	fenced := false
	for _, line := range strings.Split(source, "\n") {
		line = strings.TrimRight(line, " \t")
		if strings.HasPrefix(strings.TrimSpace(line), "```") {
			fenced = !fenced
			continue
		}
		start := b.Len()
		rank := 0
		if !fenced {
			line, rank = markdownLine(line)
		}
		b.WriteString(line)
		if rank > 0 && line != "" {
			l.headings = append(l.headings, heading{rank: rank, start: start, end: b.Len(), text: line})
			if l.title == "" && rank == 1 {
				l.title = line
			}
		}
		b.WriteByte('\n')
	}
	l.text = b.String()
	return l
}

// markdownLine gives the line's plain text and its rank as a heading, 0 for none.
func markdownLine(line string) (text string, rank int) {
	trimmed := strings.TrimSpace(line)
	if m := mdHeading.FindStringSubmatch(trimmed); m != nil {
		line, rank = m[2], len(m[1])
	} else if m := mdBoldLine.FindStringSubmatch(trimmed); m != nil {
		line, rank = m[1], boldRank
	}
	line = strings.TrimPrefix(line, "> ")
	if !strings.ContainsAny(line, `*_[\`) {
		return line, rank
	}
	line = mdLink.ReplaceAllString(line, "$1")
	line = mdEmphasis.ReplaceAllString(line, "$1$2")
	return mdEscape.ReplaceAllString(line, "$1"), rank
}
