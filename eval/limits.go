package eval

// Limits of an evaluation.
const (
	MaxCut         = 100     // the K of a metric: no search gives more hits
	MaxQuestions   = 100_000 // of a suite
	MaxLine        = 16 << 20
	Resamples      = 10_000 // of the bootstrap and of the randomisation test
	defaultHits    = 10
	defaultSeed    = 1
	significance   = 0.05
	changedInTable = 500 // changed questions that a report shows side by side
)
