package main

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"

	"referent/internal/message"
)

var errHelpShown = errors.New("help was shown")

func newParser(cli *commands, text *message.Printer, stdout, stderr io.Writer) (*kong.Kong, error) {
	vars := kong.Vars{}
	for _, id := range helpTexts {
		vars["help_"+id] = text.Text("help."+id, nil)
	}
	return kong.New(cli,
		kong.Name("referent"),
		kong.Description(text.Text("help.referent", nil)),
		kong.Writers(stdout, stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Help(func(options kong.HelpOptions, ctx *kong.Context) error {
			if err := printHelp(text, options, ctx); err != nil {
				return err
			}
			return errHelpShown
		}),
		kong.Exit(func(int) {}),
		vars)
}

// helpWords are the words of kong's help that stand in no tag, as they begin a line.
var helpWords = map[string]string{
	"Usage: ":    "help.words.usage",
	"Flags:":     "help.words.flags",
	"Commands:":  "help.words.commands",
	"Arguments:": "help.words.arguments",
	"Run \"":     "help.words.more",
}

// printHelp prints kong's help with its own words in the catalogue's language.
func printHelp(text *message.Printer, options kong.HelpOptions, ctx *kong.Context) error {
	ctx.Model.HelpFlag.Help = text.Text("help.help", nil)
	out := ctx.Stdout
	var printed bytes.Buffer
	ctx.Stdout = &printed
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Stdout = out
	if err != nil {
		return err
	}
	places := strings.NewReplacer("<command>", text.Text("help.words.command", nil), "[flags]", text.Text("help.words.some_flags", nil))
	for line := range strings.Lines(printed.String()) {
		for word, id := range helpWords {
			rest, found := strings.CutPrefix(line, word)
			switch {
			case !found:
			case strings.HasPrefix(word, "Run"):
				line = text.Text(id, nil) + "\n"
			default:
				line = text.Text(id, nil) + places.Replace(rest)
			}
		}
		if _, err := io.WriteString(out, line); err != nil {
			return err
		}
	}
	return nil
}

// misuses are kong's errors, which have no types: what follows the words is their subject.
var misuses = []struct {
	said *regexp.Regexp
	id   string
}{
	{regexp.MustCompile(`^unexpected argument (.+?)(?:, did you mean .*)?$`), "usage.unexpected"},
	{regexp.MustCompile(`^unknown flag (.+?)(?:, did you mean .*)?$`), "usage.unknown_flag"},
	{regexp.MustCompile(`^expected one of (.+)$`), "usage.one_of"},
	{regexp.MustCompile(`^expected (".+)$`), "usage.expected"},
	{regexp.MustCompile(`^missing flags: (.+)$`), "usage.missing_flags"},
	{regexp.MustCompile(`^(-[^ :]+): expected .* value but got "EOL"`), "usage.no_value"},
	{regexp.MustCompile(`^(-[^ :]+): .*(?:expected|must be) .* but got `), "usage.bad_value"},
}

// misused says in the catalogue's words what is wrong with a command line.
func misused(text *message.Printer, err error) error {
	for _, m := range misuses {
		if found := m.said.FindStringSubmatch(err.Error()); found != nil {
			subject := strings.NewReplacer(`"`, "").Replace(found[1])
			return errors.New(text.Text(m.id, messageData{Subject: subject}))
		}
	}
	slog.Warn("command line", "error", err)
	cause, _ := text.Cause(err)
	return errors.New(cause)
}
