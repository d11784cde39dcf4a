package rag

import (
	"context"
	"slices"
	"sync"
)

// gate lets one answer be generated at a time, in the order of arrival: two prompts
// at once on one machine would both come late. The zero gate is open.
type gate struct {
	mu    sync.Mutex
	queue []*ticket // the first one is inside
}

type ticket struct{ moved chan struct{} }

// enter waits for its turn; waiting hears how many go before it whenever that
// changes, and 0 when its turn has come after a wait. leave must be called after.
func (g *gate) enter(ctx context.Context, waiting func(ahead int) error) (leave func(), err error) {
	t := &ticket{make(chan struct{}, 1)}
	g.mu.Lock()
	g.queue = append(g.queue, t)
	ahead := len(g.queue) - 1
	g.mu.Unlock()
	leave = sync.OnceFunc(func() { g.leave(t) })
	if ahead == 0 {
		return leave, nil
	}
	for {
		if err := waiting(ahead); err != nil {
			leave()
			return nil, err
		}
		if ahead == 0 {
			return leave, nil
		}
		select {
		case <-ctx.Done():
			leave()
			return nil, ctx.Err()
		case <-t.moved:
		}
		g.mu.Lock()
		ahead = slices.Index(g.queue, t)
		g.mu.Unlock()
	}
}

// waiting counts those inside and before the gate.
func (g *gate) waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.queue)
}

func (g *gate) leave(t *ticket) {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.queue, t)
	g.queue = slices.Delete(g.queue, i, i+1)
	for _, behind := range g.queue[i:] {
		select {
		case behind.moved <- struct{}{}:
		default: // it has not read the last move yet and will see both
		}
	}
}
