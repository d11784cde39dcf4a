package library

import (
	"context"
	"time"
)

const (
	// bulkPassages wait at the most in a run of many documents. bleve writes a segment for
	// what it is given at once, and merges small ones again and again: indexed one by one,
	// the statutes of a country cost more processor time in merging than in all the rest.
	bulkPassages = batchSize

	// bulkDelay is how long they wait, so that a slow document keeps no other from being found.
	bulkDelay = 2 * time.Second
)

// bulk lets the indices follow several documents at once.
type bulk struct {
	runs    int         // that are under way
	waiting int         // passages that were stored since the indices followed
	timer   *time.Timer // nil while nothing waits
}

// Bulk begins a run that stores many documents. Each is durable when its Put returns, but
// found a little later: the indices follow once enough passages wait for them, or for
// long enough. They have followed when settle returns without an error.
func (l *Library) Bulk() (settle func(context.Context) error) {
	l.commit.Lock()
	defer l.commit.Unlock()
	l.bulk.runs++
	return func(ctx context.Context) error {
		l.commit.Lock()
		defer l.commit.Unlock()
		l.bulk.runs--
		if l.closed {
			return nil // the indices catch up when the library is opened again
		}
		return failure(l.dir, l.follow(ctx, l.seq.Load()))
	}
}

// followSoon lets the indices follow a document, in a run together with others. The
// caller holds commit.
func (l *Library) followSoon(ctx context.Context, committed int64, passages int) error {
	l.bulk.waiting += passages
	if l.bulk.runs == 0 || l.bulk.waiting >= bulkPassages {
		return l.follow(ctx, committed)
	}
	l.seq.Store(committed)
	if l.bulk.timer == nil {
		l.bulk.timer = time.AfterFunc(bulkDelay, l.followWaiting)
	}
	return nil
}

func (l *Library) followWaiting() {
	l.commit.Lock()
	defer l.commit.Unlock()
	if l.closed || l.bulk.timer == nil {
		return // they have followed meanwhile
	}
	// Nobody is here to be told: what an index does not follow now, it tries again at the
	// next change and when the run settles, which report it.
	_ = l.follow(context.Background(), l.seq.Load())
}

// followed forgets what waited. The caller holds commit.
func (b *bulk) followed() {
	b.waiting = 0
	if b.timer != nil {
		b.timer.Stop()
		b.timer = nil
	}
}
