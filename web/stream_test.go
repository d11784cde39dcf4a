package web_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"referent/rag"
	"referent/web/shell"
	"referent/web/webtest"
)

type event struct {
	name string
	data string
}

// events reads a stream to its end, comments as events without a name.
func (s *site) events(r *http.Request) (http.Header, []event) {
	s.t.Helper()
	response, err := s.Client().Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer closeBody(s.t, response)
	var list []event
	var current event
	scanner := bufio.NewScanner(response.Body)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		line := scanner.Text()
		switch {
		case strings.HasPrefix(line, ":"):
			current.data = line
		case strings.HasPrefix(line, "event: "):
			current.name = line[7:]
		case strings.HasPrefix(line, "data: "):
			current.data = line[6:]
		case line == "":
			list = append(list, current)
			current = event{}
		}
	}
	if err := scanner.Err(); err != nil {
		s.t.Fatal(err)
	}
	return response.Header, list
}

func (s *site) askAPI(question, accept string) *http.Request {
	body, err := json.Marshal(map[string]string{"id": "7", "question": question})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.request(http.MethodPost, "/api/v1/ask", strings.NewReader(string(body)), "Accept", accept, "Accept-Encoding", "gzip")
}

func names(list []event) string {
	var all []string
	for _, e := range list {
		if e.name != "" && (len(all) == 0 || all[len(all)-1] != e.name) {
			all = append(all, e.name)
		}
	}
	return strings.Join(all, " ")
}

func TestAPIStream(t *testing.T) {
	s := open(t)
	header, list := s.events(s.askAPI("Ile czeka "+webtest.AskQueued+"?", "text/event-stream"))
	for name, want := range map[string]string{
		"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no",
		"Cache-Control": "no-store, no-transform", "Content-Encoding": "",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := names(list); got != "waiting sources token finished" {
		t.Errorf("order of events: %s", got)
	}
	comments := 0
	var finished rag.Finished
	for _, e := range list {
		if e.name == "" && strings.HasPrefix(e.data, ":") {
			comments++
		}
		if e.name == "finished" {
			if err := json.Unmarshal([]byte(e.data), &finished); err != nil {
				t.Fatal(err)
			}
		}
	}
	if comments == 0 {
		t.Error("no heartbeat from the first moment")
	}
	if len(finished.Answer.Citations) != 2 || finished.Answer.Model == "" {
		t.Errorf("finished with %+v", finished.Answer)
	}
	_, plain := s.do(s.askAPI("Ile czeka "+webtest.AskQueued+"?", "application/json"))
	var answer rag.Answer
	if err := json.Unmarshal([]byte(plain), &answer); err != nil || answer.Answer != finished.Answer.Answer {
		t.Errorf("the JSON answer differs from the streamed one: %v", err)
	}
}

func TestStreamEndsWithTheError(t *testing.T) {
	s := open(t)
	for question, code := range map[string]rag.Code{
		"":                            rag.CodeEmptyQuestion,
		"Będzie " + webtest.AskBroken: rag.CodeOllamaInterrupted,
	} {
		_, list := s.events(s.askAPI(question, "text/event-stream"))
		last := list[len(list)-1]
		for i := len(list) - 1; last.name == "" && i >= 0; i-- {
			last = list[i]
		}
		if last.name != "error" || errorCode(t, last.data) != string(code) {
			t.Errorf("%q ends with %s %s", question, last.name, last.data)
		}
	}
}

func TestPageStreamCarriesRenderedPieces(t *testing.T) {
	s := open(t)
	form := url.Values{"q": {"W jakim terminie?"}, "turn": {"3"}}
	r := s.request(http.MethodPost, "/", strings.NewReader(form.Encode()),
		"Content-Type", "application/x-www-form-urlencoded", "Accept", "text/event-stream")
	_, list := s.events(r)
	if got := names(list); got != "waiting sources token finished" {
		t.Fatalf("order of events: %s", got)
	}
	for _, e := range list {
		var piece struct{ HTML, Answer string }
		switch e.name {
		case "sources", "finished":
			if err := json.Unmarshal([]byte(e.data), &piece); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(piece.HTML, `id="zrodlo-3-1"`) {
				t.Errorf("%s: cards are not those of turn 3: %s", e.name, piece.HTML)
			}
		}
		if e.name == "finished" && (!strings.Contains(piece.HTML, `data-card="zrodlo-3-1"`) || !strings.Contains(piece.Answer, "[1]")) {
			t.Errorf("finished: %+v", piece)
		}
	}
}

func TestLeavingStopsTheAnswerAtOnce(t *testing.T) {
	s := open(t)
	ctx, leave := context.WithCancel(context.Background())
	defer leave()
	response, err := s.Client().Do(s.askAPI("Mów "+webtest.AskEndless, "text/event-stream").WithContext(ctx))
	if err != nil {
		t.Fatal(err)
	}
	defer closeBody(s.t, response)
	scanner := bufio.NewScanner(response.Body)
	for scanner.Scan() && scanner.Text() != "event: token" {
		continue
	}
	left := time.Now()
	leave()
	select {
	case <-s.office.Left():
		if took := time.Since(left); took > time.Second {
			t.Errorf("the answer went on for %s", took)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("the answer goes on though nobody listens")
	}
}

func TestLeavingStopsAnAnswerInOnePiece(t *testing.T) {
	s := open(t)
	ctx, leave := context.WithTimeout(context.Background(), 100*time.Millisecond)
	defer leave()
	if response, err := s.Client().Do(s.askAPI("Mów "+webtest.AskEndless, "application/json").WithContext(ctx)); err == nil {
		closeBody(t, response)
		t.Fatal("an endless answer ended")
	}
	select {
	case <-s.office.Left():
	case <-time.After(5 * time.Second):
		t.Fatal("the answer goes on though nobody listens")
	}
}

func TestStreamRefusedBeforeItBegins(t *testing.T) {
	s := open(t)
	r := s.request(http.MethodPost, "/", strings.NewReader("q=a&history=%7B"),
		"Content-Type", "application/x-www-form-urlencoded", "Accept", "text/event-stream")
	response, body := s.do(r)
	if response.StatusCode != http.StatusBadRequest || errorCode(t, body) != string(shell.CodeBadRequest) {
		t.Errorf("%d %s", response.StatusCode, body)
	}
}
