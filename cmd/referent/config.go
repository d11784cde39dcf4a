package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"

	"referent/ingest/official"
	"referent/internal/message"
)

// config is what an administrator can set: defaults < referent.yaml in the data
// folder < REFERENT_* < flags. Keys of the file are the koanf tags; a variable is the
// key in capitals with underscores (models.chat → REFERENT_MODELS_CHAT).
type config struct {
	Data   string       `koanf:"data"`
	Lang   string       `koanf:"lang"`
	Addr   string       `koanf:"addr"`
	Hosts  []string     `koanf:"hosts"` // further names that the page may be opened under
	Token  string       `koanf:"token"` // of the page when it listens wider than the loopback; "" makes one
	Ollama ollamaConfig `koanf:"ollama"`
	Models modelsConfig `koanf:"models"`
	ELI    string       `koanf:"eli"`    // base address of the Sejm ELI service
	EURLex string       `koanf:"eurlex"` // base address of the EU Publications Office
	Enrich enrichConfig `koanf:"enrich"`
}

// enrichConfig says how far everyday questions are written by the model.
type enrichConfig struct {
	Background bool           `koanf:"background"` // while serving; else by the command alone
	Limit      int            `koanf:"limit"`      // units of a collection; 0: all
	Limits     map[string]int `koanf:"limits"`     // of a collection by its name, in place of limit
}

func (c enrichConfig) limit(collection string) int {
	if limit, found := c.Limits[collection]; found {
		return limit
	}
	return c.Limit
}

type ollamaConfig struct {
	Host string `koanf:"host"`
}

// modelsConfig overrides the choice from the table of models.
type modelsConfig struct {
	Chat      string `koanf:"chat"`
	Embedding string `koanf:"embedding"`
	Set       string `koanf:"set"` // gpu, 16gb, 8gb; "" is found out
}

const (
	configFile  = "referent.yaml"
	defaultData = "data"
	defaultAddr = "127.0.0.1:8080"
)

// enrichLimits is followed by the name of a collection; only the file can give it.
const enrichLimits = "enrich.limits."

// variables maps each environment variable to its key.
var variables = map[string]string{
	"REFERENT_DATA":             "data",
	"REFERENT_LANG":             "lang",
	"REFERENT_ADDR":             "addr",
	"REFERENT_HOSTS":            "hosts",
	"REFERENT_TOKEN":            "token",
	"REFERENT_OLLAMA_HOST":      "ollama.host",
	"REFERENT_MODELS_CHAT":      "models.chat",
	"REFERENT_MODELS_EMBEDDING": "models.embedding",
	"REFERENT_MODELS_SET":       "models.set",
	"REFERENT_ELI":              "eli",
	"REFERENT_EURLEX":           "eurlex",

	"REFERENT_ENRICH_BACKGROUND": "enrich.background",
	"REFERENT_ENRICH_LIMIT":      "enrich.limit",
}

// loadConfig reads the configuration; data and lang are the flags, "" where not given.
func loadConfig(data, lang string) (config, error) {
	c := config{Data: firstOf(data, os.Getenv("REFERENT_DATA"), defaultData)}
	k := koanf.New(".")
	path := filepath.Join(c.Data, configFile)
	if err := k.Load(file.Provider(path), yaml.Parser()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return config{}, fmt.Errorf("%s: %w", path, err)
	}
	if err := k.Load(env.Provider(".", env.Opt{Prefix: "REFERENT_", TransformFunc: fromVariable}), nil); err != nil {
		return config{}, err
	}
	c = config{Lang: message.Default, Addr: defaultAddr, ELI: official.DefaultELI, EURLex: official.DefaultEURLex, Ollama: ollamaConfig{Host: os.Getenv("OLLAMA_HOST")}}
	if err := k.UnmarshalWithConf("", &c, koanf.UnmarshalConf{Tag: "koanf"}); err != nil {
		return config{}, fmt.Errorf("%s: %w", path, err)
	}
	c.Data = firstOf(data, os.Getenv("REFERENT_DATA"), defaultData)
	c.Lang = firstOf(lang, c.Lang)
	return c, c.check(path, k.Keys())
}

// check refuses keys and values that would be passed over in silence.
func (c config) check(path string, keys []string) error {
	known := map[string]bool{}
	for _, key := range variables {
		known[key] = true
	}
	for _, key := range keys {
		if !known[key] && !strings.HasPrefix(key, enrichLimits) {
			return fmt.Errorf("%s: unknown key %q", path, key)
		}
	}
	for _, lang := range message.Languages {
		if c.Lang == lang {
			return nil
		}
	}
	return fmt.Errorf("unknown language %q (known: %s)", c.Lang, strings.Join(message.Languages, ", "))
}

func fromVariable(name, value string) (string, any) {
	key, known := variables[name]
	if !known {
		return "", nil
	}
	if key == "hosts" {
		return key, strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
	}
	return key, value
}

// languageOf finds the language before the command line is parsed, for its help.
func languageOf(args []string) string {
	for i, arg := range args {
		if value, found := strings.CutPrefix(arg, "--lang="); found {
			return value
		}
		if arg == "--lang" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return os.Getenv("REFERENT_LANG")
}

func firstOf(values ...string) string {
	for _, value := range values {
		if value != "" {
			return value
		}
	}
	return ""
}
