package setup

import (
	"math"
	"time"
)

// Notice is a line for the person who waits; ID names its text in the catalogue.
type Notice struct {
	ID    string
	Facts Facts
}

// Facts fill the places of a notice's text.
type Facts struct {
	What  string // the thing it is about
	Other string // a second one
	Why   string // identifier of the reason in the catalogue, "" when there is none
	Err   error  // the failure, nil when there is none
	Bytes int64
	Done  int64
	Took  time.Duration
}

// MB is the size in whole megabytes, rounded up.
func (f Facts) MB() int64 { return megabytes(f.Bytes) }

// DoneMB is what of it is done.
func (f Facts) DoneMB() int64 { return megabytes(f.Done) }

// Percent is the share that is done.
func (f Facts) Percent() int64 {
	if f.Bytes <= 0 {
		return 0
	}
	return f.Done * 100 / f.Bytes
}

// Seconds is the time it took, rounded.
func (f Facts) Seconds() int64 { return int64(math.Round(f.Took.Seconds())) }

func megabytes(bytes int64) int64 { return (bytes + 999_999) / 1_000_000 }

// The notices.
const (
	NoticeAnswers          = "setup.ollama_answers"
	NoticeTry              = "setup.try"
	NoticeFailed           = "setup.failed"
	NoticeInstalled        = "setup.ollama_installed"
	NoticeStarted          = "setup.ollama_started"
	NoticeDownload         = "setup.download"
	NoticeProgress         = "setup.progress"
	NoticeBuild            = "setup.build"
	NoticeBuilding         = "setup.building"
	NoticeMachine          = "setup.machine"
	NoticeModelPresent     = "setup.model_present"
	NoticeModelDemanded    = "setup.model_demanded"
	NoticePull             = "setup.pull"
	NoticePackaged         = "setup.packaged"
	NoticeModelReady       = "setup.model_ready"
	NoticeReady            = "setup.ready"
	NoticeWithoutOllama    = "setup.without_ollama"
	NoticeWithoutModels    = "setup.without_models"
	NoticeWithoutChat      = "setup.without_chat"
	NoticeWithoutEmbedding = "setup.without_embedding"
	NoticeBundle           = "setup.bundle"
	NoticeBundled          = "setup.bundled"
)

// Problem is a failure that a person can act on; ID names its text in the catalogue.
type Problem struct {
	ID      string
	Subject string
	Bytes   int64 // what would be needed
	Err     error // the cause, for logs
}

// MB is the needed size in megabytes.
func (p *Problem) MB() int64 { return megabytes(p.Bytes) }

// The problems.
const (
	ProblemNoAnswer     = "setup.problem.no_answer"
	ProblemChecksum     = "setup.problem.checksum"
	ProblemNotThere     = "setup.problem.not_there"
	ProblemTool         = "setup.problem.tool"
	ProblemPort         = "setup.problem.port"
	ProblemRemote       = "setup.problem.remote"
	ProblemDisk         = "setup.problem.disk"
	ProblemStart        = "setup.problem.start"
	ProblemCommand      = "setup.problem.command"
	ProblemRunning      = "setup.problem.running"
	ProblemNoModel      = "setup.problem.no_model"
	ProblemOllama       = "setup.problem.ollama"
	ProblemDownload     = "setup.problem.download"
	ProblemHeaders      = "setup.problem.headers"
	ProblemArchitecture = "setup.problem.architecture"
)

// Error gives the English text for logs.
func (p *Problem) Error() string {
	text := p.ID[len("setup.problem."):]
	if p.Subject != "" {
		text += ": " + p.Subject
	}
	if p.Err != nil {
		text += ": " + p.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (p *Problem) Unwrap() error { return p.Err }

// Is matches problems of the same kind.
func (p *Problem) Is(target error) bool {
	t, ok := target.(*Problem)
	return ok && t.ID == p.ID
}
