package dataset

import "time"

// Limits of what is kept of a file; each that is hit is named in Profile.Limits or in an Error.
const (
	maxKeptRows     = 1000      // row numbers of a defect
	maxExactValues  = 1 << 18   // distinct values of a column that are counted one by one
	maxExactRows    = 6_000_000 // rows that are compared for duplicates
	maxCachedValues = 2000      // values of a column whose reading is kept
	maxValueRows    = 200       // row numbers kept of a value
	maxSample       = 10_000    // numbers of a column for its distribution
	maxExtremes     = 64        // largest and smallest numbers kept with their rows
	maxRelatedRows  = 50_000    // rows whose columns are held against one another
	maxPoints       = 500       // places kept for a picture
	maxColumns      = 5000      // of a table
	maxRecordBytes  = 16 << 20  // of a JSON or XML record
	maxDepth        = 64        // of a nested file
	layoutRows      = 300       // rows that show where the header is
	tailRows        = 40        // last rows, which may be totals and notes
	batchRows       = 1024      // rows that are profiled together
)

// Limits of a reading child process: a time that grows with the file.
const (
	childTime   = 2 * time.Minute
	childTimeMB = time.Second // more for each megabyte of the file
	childMemory = 3 << 30     // bytes of address space, of which a fraction is ever used
	childOutput = 64 << 20
)

// What a profile names in Limits.
const (
	limitDistinct = "distinct_estimated"
	limitRows     = "duplicate_rows_partly"
	limitRelated  = "cross_checks_partly"
)
