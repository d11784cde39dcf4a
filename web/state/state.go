// Package state is the page that says how Referent is: what works, what is
// missing and which command mends it; and the probes that watch the server. It
// imports web/shell, rag, internal/message and internal/doctor.
package state

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"referent/internal/doctor"
	"referent/internal/message"
	"referent/rag"
	"referent/web/shell"
)

// Doctor examines Referent: the page says what `referent doctor` says.
type Doctor interface {
	Examine(ctx context.Context, text *message.Printer) doctor.Report
}

// State is the feature.
type State struct {
	Shell  *shell.Shell
	Doctor Doctor
}

type page struct {
	shell.Frame
	Report  doctor.Report
	Worst   doctor.Level
	Percent int // of passages that are embedded
}

// Page is GET /stan.
func (h *State) Page(c *gin.Context) error {
	printer := h.Shell.Printer(c)
	report := h.Doctor.Examine(c.Request.Context(), printer)
	p := page{
		Frame:  h.Shell.Frame(c, "state", printer.Text("state.title", nil)),
		Report: report, Worst: report.Worst(), Percent: 100,
	}
	if report.Library.Passages > 0 {
		p.Percent = report.Library.Embedded * 100 / report.Library.Passages
	}
	return h.Shell.Page(c, http.StatusOK, "state", p)
}

// Get is GET /api/v1/state.
func (h *State) Get(c *gin.Context) error {
	return h.Shell.JSON(c, http.StatusOK, h.Doctor.Examine(c.Request.Context(), h.Shell.Printer(c)))
}

// Alive is GET /healthz.
func (h *State) Alive(c *gin.Context) error {
	c.String(http.StatusOK, "ok\n")
	return nil
}

type readiness struct {
	Ready    bool              `json:"ready"`
	Degraded []rag.Degradation `json:"degraded"`
}

// Ready is GET /readyz: whether the library is open, and what Referent does without.
// It says no more than that, for it is open to everybody.
func (h *State) Ready(c *gin.Context) error {
	r := assess(h.Doctor.Examine(c.Request.Context(), h.Shell.Printer(c)))
	status := http.StatusOK
	if !r.Ready {
		status = http.StatusServiceUnavailable
	}
	return h.Shell.JSON(c, status, r)
}

func assess(report doctor.Report) readiness {
	works := map[string]bool{}
	r := readiness{Ready: true, Degraded: []rag.Degradation{}}
	for _, check := range report.Checks {
		works[check.ID] = check.Level == doctor.OK
		if check.ID == "library" && check.Level == doctor.Failed {
			r.Ready = false
		}
	}
	if !works["chat"] {
		r.Degraded = append(r.Degraded, rag.NoModel)
	}
	if !works["embedding"] {
		r.Degraded = append(r.Degraded, rag.NoEmbeddings)
	} else if report.Library.Embedded < report.Library.Passages {
		r.Degraded = append(r.Degraded, rag.EmbeddingPending)
	}
	return r
}
