package rag

// Limits of what Referent takes in. Each is reported by an Error when hit.
const (
	MaxQuestionRunes = 4000      // a question's length
	MaxBatchLine     = 1 << 20   // bytes of a batch line
	MaxHistory       = 20        // earlier turns of a conversation that are read
	MaxHits          = 100       // hits of a search
	DefaultHits      = 10        // hits of a search that names no number
	MaxFileBytes     = 200 << 20 // bytes of a file
	MaxTextRunes     = 20 << 20  // code points of a document's text
	MaxPages         = 5000      // pages of a PDF
	MaxPageProgram   = 32 << 20  // bytes of the program that draws a page of a PDF
	MaxPassageRunes  = 900       // code points of a passage, or so
	MaxUploadFiles   = 200       // files of one upload
)
