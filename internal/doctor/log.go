package doctor

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

// FailureLog is a slog handler that hands everything on and keeps the latest
// errors for the state page.
type FailureLog struct {
	slog.Handler
	kept *kept
}

type kept struct {
	mu       sync.Mutex
	failures []Failure
}

const keptFailures = 20

// KeepFailures wraps a handler.
func KeepFailures(next slog.Handler) *FailureLog { return &FailureLog{next, &kept{}} }

// Handle keeps an error and hands the record on.
func (l *FailureLog) Handle(ctx context.Context, record slog.Record) error {
	if record.Level >= slog.LevelError {
		l.kept.add(Failure{record.Time, line(record)})
	}
	return l.Handler.Handle(ctx, record)
}

// WithAttrs keeps failures of the derived logger in the same place.
func (l *FailureLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &FailureLog{l.Handler.WithAttrs(attrs), l.kept}
}

// WithGroup keeps failures of the derived logger in the same place.
func (l *FailureLog) WithGroup(name string) slog.Handler {
	return &FailureLog{l.Handler.WithGroup(name), l.kept}
}

// Latest gives the failures kept, newest first.
func (l *FailureLog) Latest() []Failure {
	l.kept.mu.Lock()
	defer l.kept.mu.Unlock()
	latest := append([]Failure{}, l.kept.failures...) // [] in JSON, never null
	slices.Reverse(latest)
	return latest
}

func (k *kept) add(f Failure) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.failures) == keptFailures {
		k.failures = slices.Delete(k.failures, 0, 1)
	}
	k.failures = append(k.failures, f)
}

func line(record slog.Record) string {
	parts := []string{record.Message}
	record.Attrs(func(a slog.Attr) bool {
		parts = append(parts, a.Key+"="+a.Value.String())
		return true
	})
	return strings.Join(parts, " ")
}
