package shell

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

const (
	heartbeat     = 3 * time.Second  // proxies close a connection that is silent for long
	eventDeadline = 10 * time.Second // a reader that takes no bytes for so long is gone
)

// Stream sends typed events (text/event-stream) while something is made. Its
// methods may be called from several goroutines.
type Stream struct {
	mu         sync.Mutex
	writer     http.ResponseWriter
	controller *http.ResponseController
}

// Stream runs work and sends what it sends. The context of work ends as soon as the
// client leaves or takes no more bytes. The headers go out before work begins.
func (s *Shell) Stream(c *gin.Context, work func(ctx context.Context, stream *Stream) error) error {
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("Cache-Control", "no-store, no-transform") // no-transform: nothing on the way may compress, which is to say hold back
	h.Set("X-Accel-Buffering", "no")
	c.Writer.WriteHeader(http.StatusOK)

	ctx, cancel := context.WithCancel(c.Request.Context())
	stream := &Stream{writer: c.Writer, controller: http.NewResponseController(c.Writer)}
	var beating sync.WaitGroup
	beating.Add(1)
	go func() {
		defer beating.Done()
		stream.beat(ctx, cancel)
	}()
	// The writer must not be touched once the handler has returned.
	defer beating.Wait()
	defer cancel()

	if err := work(ctx, stream); err != nil {
		text := Explain(s.Printer(c), err)
		s.log.InfoContext(ctx, "stream ended with an error", "path", c.FullPath(), "code", text.Code, "error", err)
		if ctx.Err() != nil {
			return nil
		}
		return stream.Send("error", ErrorBody{text})
	}
	return nil
}

// Send writes an event with its data as JSON.
func (s *Stream) Send(event string, data any) error {
	body, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("event %s: %w", event, err)
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "event: %s\ndata: %s\n\n", event, body)
	return s.write(b.Bytes())
}

func (s *Stream) write(b []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.controller.SetWriteDeadline(time.Now().Add(eventDeadline)); err != nil {
		return err
	}
	if _, err := s.writer.Write(b); err != nil {
		return err
	}
	return s.controller.Flush()
}

// beat sends comments from the first moment until ctx ends; one that cannot be
// written means that nobody listens any more.
func (s *Stream) beat(ctx context.Context, gone context.CancelFunc) {
	ticker := time.NewTicker(heartbeat)
	defer ticker.Stop()
	for {
		if err := s.write([]byte(": alive\n\n")); err != nil {
			gone()
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
