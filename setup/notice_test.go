package setup

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"referent/internal/message"
)

// Every notice and problem must read as a sentence in both languages.
func TestNoticesHaveTexts(t *testing.T) {
	source, err := os.ReadFile("notice.go")
	if err != nil {
		t.Fatal(err)
	}
	ids := regexp.MustCompile(`= "(setup\.[a-z_.]+)"`).FindAllSubmatch(source, -1)
	if len(ids) < 30 {
		t.Fatalf("found %d identifiers", len(ids))
	}
	catalogue, err := message.Load()
	if err != nil {
		t.Fatal(err)
	}
	facts := struct {
		Facts
		Name, Reason, Subject, Cause string
	}{Facts: Facts{What: "what", Other: "other", Bytes: 1_200_000, Done: 600_000, Took: time.Second}}
	for _, lang := range message.Languages {
		for _, id := range ids {
			text := catalogue.In(lang).Text(string(id[1]), facts)
			if strings.Contains(text, "<no value>") || strings.HasPrefix(text, "[") {
				t.Errorf("%s %s: %q", lang, id[1], text)
			}
		}
		for _, name := range []string{WayRunning, WayPath, WayCache, WayRelease, WayModule, "gpu", "16gb", "8gb", "chat", "embedding"} {
			if !catalogue.In(lang).Has("setup.name." + name) {
				t.Errorf("%s: no name for %s", lang, name)
			}
		}
	}
}

func TestFigures(t *testing.T) {
	f := Facts{Bytes: 1_107_000_001, Done: 553_500_000, Took: 1499 * time.Millisecond}
	if got := fmt.Sprint(f.MB(), f.DoneMB(), f.Percent(), f.Seconds()); got != "1108 554 49 1" {
		t.Error(got)
	}
	if (Facts{}).Percent() != 0 {
		t.Error("a share of nothing")
	}
}
