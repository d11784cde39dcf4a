package ingest

import (
	"fmt"
	"strings"
	"testing"
)

func TestPiecesOfATableRepeatItsHeader(t *testing.T) {
	var b strings.Builder
	b.WriteString("Opłaty pobiera się z góry.\n\nRodzaj | Opłata\n")
	for i := range 100 {
		fmt.Fprintf(&b, "odpis zupełny nr %d | %d zł\n", i, i)
	}
	b.WriteString("\nOpłat nie zwraca się.\n")
	doc, err := document("oplaty.docx", layout{text: b.String()})
	if err != nil {
		t.Fatal(err)
	}
	checkDocument(t, doc)
	rows := 0
	for _, p := range doc.Passages[1:] {
		if strings.Contains(p.Text, rowMark) && !strings.HasPrefix(p.Text, "Rodzaj | Opłata\n") {
			t.Errorf("passage begins %.40q", p.Text)
		}
		rows += strings.Count(p.Text, "odpis")
	}
	if rows += strings.Count(doc.Passages[0].Text, "odpis"); rows != 100 || len(doc.Passages) < 4 {
		t.Errorf("%d rows in %d passages", rows, len(doc.Passages))
	}
}
