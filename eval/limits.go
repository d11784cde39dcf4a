package eval

// Limits of an evaluation.
const (
	MaxCut         = 100     // the K of a metric: no search gives more hits
	MaxQuestions   = 100_000 // of a suite
	MaxOwn         = 2000    // questions of an office on its page
	keptRuns       = 50      // of them, newest first
	MaxLine        = 16 << 20
	Resamples      = 10_000 // of the bootstrap and of the randomisation test
	defaultHits    = 10
	defaultSeed    = 1
	significance   = 0.05
	changedInTable = 500 // changed questions that a report shows side by side
)
