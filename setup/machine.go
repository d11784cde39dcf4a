package setup

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"referent/rag/ollama"
)

// A model of the graphics set fits into this much video memory.
const videoMemory = 9_000_000_000

// machine says which set of models this machine is for.
func (s *Setup) machine() ollama.Set {
	if s.videoBytes() >= videoMemory {
		return ollama.GPU
	}
	if s.memoryBytes() >= 15_000_000_000 { // "16 GB" less what the firmware keeps
		return ollama.RAM16
	}
	return ollama.RAM8
}

func (s *Setup) memoryBytes() int64 {
	file, err := os.Open(s.meminfo)
	if err != nil {
		return 0
	}
	defer func() { _ = file.Close() }() // read only
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) >= 2 && fields[0] == "MemTotal:" {
			kilobytes, _ := strconv.ParseInt(fields[1], 10, 64) // 0 when the kernel says nonsense
			return kilobytes * 1024
		}
	}
	return 0
}

// videoBytes is the memory of the largest graphics card that Ollama can use:
// NVIDIA by its tool, AMD by what its driver tells.
func (s *Setup) videoBytes() int64 {
	var largest int64
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	output, err := exec.CommandContext(ctx, "nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits").Output()
	if err == nil {
		for _, field := range strings.Fields(string(output)) {
			mebibytes, _ := strconv.ParseInt(field, 10, 64) // 0 when it is no number
			largest = max(largest, mebibytes<<20)
		}
	}
	cards, err := filepath.Glob(s.graphics)
	if err != nil {
		return largest
	}
	for _, card := range cards {
		text, err := os.ReadFile(card)
		if err != nil {
			continue
		}
		bytes, _ := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64) // 0 when it is no number
		largest = max(largest, bytes)
	}
	return largest
}
