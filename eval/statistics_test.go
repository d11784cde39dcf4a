package eval

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestBootstrapOfAShare(t *testing.T) {
	values := make([]float64, 100)
	for i := range 30 {
		values[i] = 1
	}
	e := bootstrap([][]float64{values, values}, 1)
	if e[0] != e[1] {
		t.Error("rows share the resamples")
	}
	// of 30 in 100 the standard error is 0.0458
	if e[0].Mean != 0.3 || math.Abs(e[0].Low-0.21) > 0.015 || math.Abs(e[0].High-0.39) > 0.015 {
		t.Errorf("%+v, want about 0.21 to 0.39", e[0])
	}
	if again := bootstrap([][]float64{values}, 1); again[0] != e[0] {
		t.Error("the seed does not decide the interval")
	}
}

func TestRandomisation(t *testing.T) {
	if p := randomise([]float64{0, 0, 0}, 1); p != 1 {
		t.Errorf("p of no difference is %v", p)
	}
	// eight differences of one sign: 2 of 256 assignments are as extreme
	if p := randomise(slices.Repeat([]float64{1}, 8), 1); math.Abs(p-2.0/256) > 0.003 {
		t.Errorf("p = %v, want about %v", p, 2.0/256)
	}
	if p := randomise([]float64{1, -1, 1, -1}, 1); p < 0.99 {
		t.Errorf("p of a balanced difference is %v", p)
	}
	if p := randomise(slices.Repeat([]float64{1}, 200), 1); p > 0.001 { // more than one word of signs
		t.Errorf("p of 200 differences of one sign is %v", p)
	}
}

func TestHolm(t *testing.T) {
	got := holm([]float64{0.04, 0.01, 0.03})
	for i, want := range []float64{0.06, 0.03, 0.06} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("corrected %v, want 0.06 0.03 0.06", got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SliceOf(rapid.Float64Range(0, 1)).Draw(t, "p")
		for i, corrected := range holm(p) {
			if corrected < p[i] || corrected > 1 {
				t.Fatalf("p %v became %v", p[i], corrected)
			}
		}
	})
}
