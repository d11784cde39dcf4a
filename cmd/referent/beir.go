package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"referent/eval"
	"referent/rag"
)

type evalBEIRCommand struct {
	Dir     string   `arg:"" help:"${help_beir_dir}"`
	K       int      `short:"k" default:"10" help:"${help_k}"`
	Output  []string `short:"o" placeholder:"FILE" help:"${help_eval_output}"`
	JSON    bool     `name:"json" help:"${help_json}"`
	NoModel bool     `name:"no-model" help:"${help_no_model}"`
}

// Run measures a BEIR folder in a throw-away library.
func (c *evalBEIRCommand) Run(a *app) error {
	if c.K < 1 || c.K > eval.MaxCut {
		return usageError{fmt.Errorf("%s", a.text.Text("usage.eval_k", messageData{Limit: eval.MaxCut}))}
	}
	if err := a.checkOutputs(c.Output); err != nil {
		return err
	}
	folder, err := eval.ReadBEIR(c.Dir)
	if err != nil {
		return err
	}
	suite, err := folder.Suite(c.K)
	if err != nil {
		return err
	}
	result, err := c.measure(a, folder, suite)
	if err != nil {
		return err
	}
	for _, path := range c.Output {
		if err := result.Write(path); err != nil {
			return &rag.Error{Code: rag.CodeFileUnwritable, Subject: path, Err: err}
		}
	}
	if c.JSON {
		if err := a.printJSON(beirSummary(result, c.K, len(folder.Corpus))); err != nil {
			return err
		}
	} else {
		a.printResult(result)
	}
	return a.verdict(result)
}

func (c *evalBEIRCommand) measure(a *app, folder eval.BEIR, suite *eval.Suite) (*eval.Result, error) {
	bench, err := a.bench([]string{c.Dir}, c.NoModel)
	if err != nil {
		return nil, err
	}
	defer bench.close()
	names, err := bench.ingestCorpus(folder.Corpus)
	if err != nil {
		return nil, err
	}
	options := bench.options(false)
	options.Fetch = rag.MaxHits // several passages of a document are one document found
	options.Name = func(hit rag.Hit) string { return names[hit.Document] }
	result, err := suite.Run(a.ctx, options)
	if err != nil {
		return nil, err
	}
	return result, bench.sign(result)
}

// ingestCorpus puts each entry of a corpus into the library as a document and gives the
// entry's identifier by the document's. Entries are texts, not acts: a title that names
// an act would make a thousand of them wordings of that act, of which the newest answers.
func (b *bench) ingestCorpus(corpus []eval.BEIRDocument) (map[string]string, error) {
	folder, err := os.MkdirTemp(b.temporary, "corpus-")
	if err != nil {
		return nil, err
	}
	pipeline := b.pipeline()
	names := make(map[string]string, len(corpus))
	embedding := &progress{app: b.app}
	read := b.app.questionProgress()
	for i, entry := range corpus {
		if strings.TrimSpace(entry.Text) == "" {
			entry.Text = entry.Title
		}
		if strings.TrimSpace(entry.Text) == "" {
			continue // there is nothing to find
		}
		path := filepath.Join(folder, strconv.Itoa(i)+".txt")
		if err := os.WriteFile(path, []byte(entry.Text+"\n"), 0o600); err != nil {
			return nil, err
		}
		doc, err := pipeline.Reader.Read(b.app.ctx, path)
		if err != nil {
			return nil, err
		}
		doc.Act, doc.Status, doc.WordingDate, doc.TextKind = "", rag.StatusUnknown, "", rag.TextKindUnknown
		doc.Title, doc.Source, doc.Collection = entry.Title, "beir:"+entry.ID, rag.DefaultCollection
		for n := range doc.Passages {
			doc.Passages[n].Status = rag.StatusUnknown
		}
		stored, err := b.office.library.Put(b.app.ctx, doc, "")
		if err != nil {
			return nil, err
		}
		names[stored.Document] = entry.ID
		read(i+1, len(corpus))
	}
	if b.vectors == nil {
		return names, nil
	}
	_, err = pipeline.Embed(b.app.ctx, embedding.quiet)
	return names, err
}

// beirFigures is what `eval beir --json` prints.
type beirFigures struct {
	Dataset   string             `json:"dataset"`
	Documents int                `json:"documents"`
	Questions int                `json:"questions"`
	K         int                `json:"k"`
	Metrics   map[string]float64 `json:"metrics"`
	Latency   eval.Latency       `json:"latency"`
	Model     *rag.Model         `json:"model"`
	Degraded  []rag.Degradation  `json:"degraded"`
}

func beirSummary(r *eval.Result, k, documents int) beirFigures {
	figures := beirFigures{
		Dataset: r.Suite, Documents: documents, Questions: len(r.Questions), K: k, Metrics: map[string]float64{},
		Latency: r.Latency, Model: r.Model, Degraded: r.Degraded(),
	}
	all := r.Groups[0] // every question of a BEIR folder has gold
	for _, metric := range r.Measured {
		figures.Metrics[metric] = all.Levels[eval.LevelArticle][metric].Mean
	}
	return figures
}
