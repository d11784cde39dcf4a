package eval

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Metric is a figure of one ranking, cut at K (0: the whole ranking).
type Metric struct {
	name string
	K    int
}

// measures computes each metric from a judged ranking that is cut already.
var measures = map[string]func(judged) float64{
	"hit": func(j judged) float64 { // any gold was found
		if j.first() > 0 {
			return 1
		}
		return 0
	},
	"recall": func(j judged) float64 { // the share of the gold
		found := 0
		for _, golds := range j.golds {
			found += golds
		}
		return float64(found) / float64(len(j.ideal))
	},
	"mrr": func(j judged) float64 {
		if rank := j.first(); rank > 0 {
			return 1 / float64(rank)
		}
		return 0
	},
	"ndcg": func(j judged) float64 { // a hit that is two gold units at once could pass the ideal
		return min(1, discounted(j.gains)/discounted(j.ideal))
	},
	"broader": func(j judged) float64 { // nothing right, but something that contains it
		if j.first() == 0 && slices.Contains(j.broader, true) {
			return 1
		}
		return 0
	},
}

// ParseMetric reads "hit@1", "recall@5", "mrr@10", "ndcg@10", "mrr".
func ParseMetric(text string) (Metric, error) {
	name, cut, hasCut := strings.Cut(text, "@")
	if _, known := measures[name]; !known {
		return Metric{}, fmt.Errorf("unknown metric %q (known: hit, recall, mrr, ndcg, broader, each with @K)", text)
	}
	m := Metric{name: name}
	if !hasCut {
		return m, nil
	}
	k, err := strconv.Atoi(cut)
	if err != nil || k < 1 || k > MaxCut {
		return Metric{}, fmt.Errorf("metric %q: the number after @ is 1 to %d", text, MaxCut)
	}
	m.K = k
	return m, nil
}

// String writes the metric as it is read.
func (m Metric) String() string {
	if m.K == 0 {
		return m.name
	}
	return m.name + "@" + strconv.Itoa(m.K)
}

// of computes the metric.
func (m Metric) of(j judged) float64 {
	if m.K > 0 {
		cut := min(m.K, len(j.gains))
		j.gains, j.golds, j.broader = j.gains[:cut], j.golds[:cut], j.broader[:cut]
		if m.name == "ndcg" {
			j.ideal = j.ideal[:min(m.K, len(j.ideal))]
		}
	}
	return measures[m.name](j)
}

// first gives the rank of the first right hit, 0 for none.
func (j judged) first() int {
	return 1 + slices.IndexFunc(j.gains, func(gain float64) bool { return gain > 0 })
}

// firstBroader gives the rank of the first hit that only contains a gold unit, 0 for none.
func (j judged) firstBroader() int { return 1 + slices.Index(j.broader, true) }

func (j judged) sorted() judged {
	slices.SortFunc(j.ideal, func(a, b float64) int {
		switch {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return 0
	})
	return j
}

func discounted(gains []float64) float64 {
	sum := 0.0
	for i, gain := range gains {
		sum += gain / math.Log2(float64(i)+2)
	}
	return sum
}
