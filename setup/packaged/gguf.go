package packaged

import (
	"bytes"
	"encoding/binary"
	"io"
)

// Types of GGUF values and tensors (the GGUF specification, version 3).
const (
	ggufUint32  uint32 = 4
	ggufInt32   uint32 = 5
	ggufFloat32 uint32 = 6
	ggufBool    uint32 = 7
	ggufString  uint32 = 8
	ggufArray   uint32 = 9

	tensorF32  uint32 = 0
	tensorQ4   uint32 = 2 // Q4_0: blocks of 32 weights in 18 bytes
	ggufAlign         = 32
	ggufMagic         = "GGUF"
	ggufFormat uint32 = 3
)

// gguf collects a GGUF file: values in the order they are added, then tensors.
type gguf struct {
	values  bytes.Buffer
	count   uint64
	tensors []tensor
}

type tensor struct {
	name  string
	kind  uint32
	shape []uint64 // innermost dimension first
	data  []byte
}

func put(to *bytes.Buffer, values ...any) {
	for _, value := range values {
		switch v := value.(type) {
		case string:
			put(to, uint64(len(v)))
			to.WriteString(v)
		case bool:
			b := byte(0)
			if v {
				b = 1
			}
			to.WriteByte(b)
		case []string:
			for _, s := range v {
				put(to, s)
			}
		default:
			// A bytes.Buffer does not fail, and all that comes here has a fixed size.
			_ = binary.Write(to, binary.LittleEndian, v)
		}
	}
}

func (g *gguf) add(key string, kind uint32, value any) {
	g.count++
	put(&g.values, key, kind, value)
}

func (g *gguf) addArray(key string, kind uint32, length int, values any) {
	g.count++
	put(&g.values, key, ggufArray, kind, uint64(length), values)
}

// stream gives the file; tensors are not copied.
func (g *gguf) stream() io.Reader {
	var head bytes.Buffer
	head.WriteString(ggufMagic)
	put(&head, ggufFormat, uint64(len(g.tensors)), g.count)
	head.Write(g.values.Bytes())
	offset := uint64(0)
	for _, t := range g.tensors {
		put(&head, t.name, uint32(len(t.shape)), t.shape, t.kind, offset)
		offset += uint64(len(t.data) + padding(len(t.data)))
	}
	head.Write(make([]byte, padding(head.Len())))
	readers := []io.Reader{&head}
	for _, t := range g.tensors {
		readers = append(readers, bytes.NewReader(t.data), bytes.NewReader(make([]byte, padding(len(t.data)))))
	}
	return io.MultiReader(readers...)
}

func padding(length int) int { return (ggufAlign - length%ggufAlign) % ggufAlign }
