// Command referent answers an office's questions from its own documents, on the
// office's own machine.
//
// This package holds flags, configuration and wiring, one file a subcommand; it
// is the only place that exits, and it imports every other package.
package main

import (
	"context"
	"errors"
	"io"
	"maps"
	"os"
	"os/signal"
	"syscall"

	"referent/dataset"
	"referent/ingest"
	"referent/ingest/pageimage"
	"referent/internal/message"
	"referent/internal/worker"
)

// commands is the command line; the tags ${…} are texts of the catalogue.
type commands struct {
	Data string `placeholder:"DIR" help:"${help_data}"`
	Lang string `placeholder:"pl|en" help:"${help_lang}"`

	Serve    serveCommand    `cmd:"" help:"${help_serve}"`
	Ingest   ingestCommand   `cmd:"" help:"${help_ingest}"`
	Read     readCommand     `cmd:"" help:"${help_read}"`
	Describe describeCommand `cmd:"" help:"${help_describe}"`
	Search   searchCommand   `cmd:"" help:"${help_search}"`
	Ask      askCommand      `cmd:"" help:"${help_ask}"`
	Enrich   enrichCommand   `cmd:"" help:"${help_enrich}"`
	Eval     evalCommand     `cmd:"" help:"${help_eval}"`
	Doctor   doctorCommand   `cmd:"" help:"${help_doctor}"`
	Setup    setupCommand    `cmd:"" help:"${help_setup}"`
	Bundle   bundleCommand   `cmd:"" help:"${help_bundle}"`

	Backup  backupCommand  `cmd:"" help:"${help_backup}"`
	Restore restoreCommand `cmd:"" help:"${help_restore}"`
}

var helpTexts = []string{"data", "lang", "serve", "ingest", "read", "describe", "search", "ask", "doctor", "setup", "bundle",
	"addr", "host", "collection", "json", "text", "k", "as_of", "repealed", "explain", "no_model", "batch", "question", "source", "file",
	"backup", "restore", "backup_file", "force", "refresh", "forget_missing",
	"eval", "eval_run", "eval_beir", "suite", "eval_output", "baseline", "eval_restart", "beir_dir", "enrich", "estimate"}

// workerTasks are what this binary does as a child process.
func workerTasks() worker.Registry {
	tasks := ingest.WorkerTasks()
	maps.Copy(tasks, dataset.WorkerTasks())
	tasks[pageimage.Task] = pageimage.Draw
	return tasks
}

func main() {
	if code, ran := worker.Main(workerTasks()); ran {
		os.Exit(code)
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the program without the process: it gives the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	texts, err := message.Load()
	if err != nil {
		return fail(stderr, nil, err)
	}
	text := texts.In(languageOf(args))
	var cli commands
	parser, err := newParser(&cli, text, stdout, stderr)
	if err != nil {
		return fail(stderr, text, err)
	}
	selected, err := parser.Parse(args)
	if errors.Is(err, errHelpShown) {
		return exitDone
	}
	if err != nil {
		return fail(stderr, text, usageError{misused(text, err)})
	}
	config, err := loadConfig(cli.Data, cli.Lang)
	if err != nil {
		return fail(stderr, text, usageError{err})
	}
	text = texts.In(config.Lang)
	a := &app{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr, config: config, text: text, texts: texts}
	return fail(stderr, text, selected.Run(a))
}
