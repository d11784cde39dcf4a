package documents

import (
	"strings"
	"testing"

	"referent/internal/message"
	"referent/rag"
)

type oneJob struct {
	Intake
	job Job
}

func (o oneJob) Jobs() []Job { return []Job{o.job} }

func TestFailedJobNamesTheFileAlone(t *testing.T) {
	texts, err := message.Load()
	if err != nil {
		t.Fatal(err)
	}
	failure := &rag.Error{Code: rag.CodeFileDamaged, Subject: "/srv/uploads/biuro/umowa.pdf"}
	h := &Documents{Intake: oneJob{job: Job{Sources: []string{failure.Subject}, State: JobFailed, Err: failure}}}
	told := h.jobs(texts.In("pl")).Jobs[0].Failure
	if strings.Contains(told, "/srv") || !strings.Contains(told, "„umowa.pdf”") {
		t.Errorf("said %q", told)
	}
}
