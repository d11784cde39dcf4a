package eval

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// Estimate is a mean over questions with its 95 % interval.
type Estimate struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// bootstrap resamples questions and gives the mean of each row of values with the
// 2.5th and the 97.5th percentile of its resampled means. Rows share the resamples,
// which the seed decides.
func bootstrap(rows [][]float64, seed uint64) []Estimate {
	estimates := make([]Estimate, len(rows))
	if len(rows) == 0 || len(rows[0]) == 0 {
		return estimates
	}
	n := len(rows[0])
	random := rand.New(rand.NewPCG(seed, uint64(n)))
	means := make([][]float64, len(rows))
	for i := range means {
		means[i] = make([]float64, Resamples)
	}
	for r := range Resamples {
		for range n {
			pick := random.IntN(n)
			for i := range rows {
				means[i][r] += rows[i][pick]
			}
		}
	}
	for i, row := range rows {
		slices.Sort(means[i])
		estimates[i] = Estimate{
			Mean: mean(row),
			Low:  means[i][Resamples*25/1000] / float64(n),
			High: means[i][Resamples*975/1000-1] / float64(n),
		}
	}
	return estimates
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// randomise is the paired randomisation test of two-sided differences: the share of
// random changes of sign that give a mean at least as far from zero.
func randomise(differences []float64, seed uint64) float64 {
	var moved []float64
	for _, d := range differences {
		if d != 0 {
			moved = append(moved, d)
		}
	}
	if len(moved) == 0 {
		return 1
	}
	const rounding = 1e-9
	seen := math.Abs(mean(moved)*float64(len(moved))) - rounding
	random := rand.New(rand.NewPCG(seed, uint64(len(moved))))
	extreme := 0
	for range Resamples {
		sum := 0.0
		bits := uint64(0)
		for i, d := range moved {
			if i%64 == 0 {
				bits = random.Uint64()
			}
			if bits&1 == 1 {
				d = -d
			}
			bits >>= 1
			sum += d
		}
		if math.Abs(sum) >= seen {
			extreme++
		}
	}
	return float64(extreme+1) / float64(Resamples+1)
}

// holm corrects p-values of tests that were made together (Holm's step-down).
func holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[a], p[b]) })
	corrected := make([]float64, len(p))
	highest := 0.0
	for rank, i := range order {
		highest = max(highest, min(1, p[i]*float64(len(p)-rank)))
		corrected[i] = highest
	}
	return corrected
}
