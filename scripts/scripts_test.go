// Package scripts tests the shell scripts of this folder.
package scripts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// machine gives a PATH with just these tools; a tool "name=script" is a fake.
func machine(t *testing.T, tools ...string) string {
	t.Helper()
	bin := t.TempDir()
	for _, tool := range append(tools, "sh", "awk", "sed", "dirname", "uname", "cat", "tr", "grep", "rm", "sleep") {
		if name, script, fake := strings.Cut(tool, "="); fake {
			if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		path, err := exec.LookPath(tool)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(bin, tool)); err != nil {
			t.Fatal(err)
		}
	}
	return bin
}

func run(t *testing.T, script, path string, env ...string) (output string, ok bool) {
	t.Helper()
	command := exec.Command("sh", script)
	command.Env = append([]string{"PATH=" + path, "HOME=" + t.TempDir()}, env...)
	text, err := command.CombinedOutput()
	return string(text), err == nil
}

var complete = []string{"make=", "cc=", "c++=", "unzip=", "python3=exit 0", "go=echo go1.99.1", "apt-get="}

func TestAMachineWithEverything(t *testing.T) {
	if output, ok := run(t, "prerequisites.sh", machine(t, complete...)); !ok || output != "" {
		t.Errorf("said %q", output)
	}
}

func TestMissingPrerequisitesAreNamedWithTheCommand(t *testing.T) {
	without := func(name string, more ...string) []string {
		var tools []string
		for _, tool := range complete {
			if !strings.HasPrefix(tool, name+"=") {
				tools = append(tools, tool)
			}
		}
		return append(tools, more...)
	}
	for name, c := range map[string]struct {
		tools []string
		want  []string
	}{
		"make":         {without("make"), []string{"Brakuje: make", "sudo apt-get install make"}},
		"C":            {without("cc"), []string{"cc", "sudo apt-get install gcc"}},
		"C++":          {without("c++"), []string{"c++", "sudo apt-get install g++"}},
		"C++ dnf":      {[]string{"make=", "cc=", "unzip=", "python3=exit 0", "go=echo go1.99", "dnf="}, []string{"sudo dnf install gcc-c++"}},
		"unzip":        {without("unzip"), []string{"sudo apt-get install unzip"}},
		"python":       {without("python3"), []string{"python3", "sudo apt-get install python3 python3-venv"}},
		"venv":         {without("python3", "python3=exit 1"), []string{"venv", "sudo apt-get install python3-venv"}},
		"Go":           {without("go"), []string{"Brakuje: Go 1.26", "https://go.dev/dl/"}},
		"old Go":       {without("go", "go=echo go1.9.7"), []string{"Za stare: Go 1.9.7", "https://go.dev/dl/"}},
		"no manager":   {[]string{"cc=", "c++=", "unzip=", "python3=exit 0", "go=echo go1.99"}, []string{"make"}},
		"several":      {[]string{"go=echo go1.99", "apt-get="}, []string{"sudo apt-get install make gcc g++ unzip python3 python3-venv"}},
		"Go candidate": {without("go", "go=echo go1.25rc1"), []string{"Za stare: Go 1.25"}},
	} {
		t.Run(name, func(t *testing.T) {
			output, ok := run(t, "prerequisites.sh", machine(t, c.tools...))
			if ok {
				t.Error("it passed")
			}
			for _, want := range c.want {
				if !strings.Contains(output, want) {
					t.Errorf("no %q in %q", want, output)
				}
			}
		})
	}
}

func TestOnlyOurOllamaIsStopped(t *testing.T) {
	bin := machine(t)
	cache := t.TempDir()
	folder := filepath.Join(cache, "referent")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	pidfile := filepath.Join(folder, "ollama.pid")
	start := func(name string) *exec.Cmd {
		script := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(script, []byte("#!/bin/sh\nwhile :; do sleep 0.05; done\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		command := exec.Command(script, "serve")
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = command.Process.Kill() })
		if err := os.WriteFile(pidfile, []byte(strconv.Itoa(command.Process.Pid)+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return command
	}
	other := start("something-else")
	if output, ok := run(t, "stop-ollama.sh", bin, "XDG_CACHE_HOME="+cache); !ok || !strings.Contains(output, "już nie działa") {
		t.Errorf("another program under that number: %q", output)
	}
	if other.Process.Signal(syscall.Signal(0)) != nil {
		t.Error("another program was stopped")
	}
	ours := start("ollama")
	if output, ok := run(t, "stop-ollama.sh", bin, "XDG_CACHE_HOME="+cache); !ok || !strings.Contains(output, "Zatrzymano") {
		t.Errorf("said %q", output)
	}
	if err := ours.Wait(); err == nil {
		t.Error("it was not stopped by a signal")
	}
	if output, ok := run(t, "stop-ollama.sh", bin, "XDG_CACHE_HOME="+cache); !ok || !strings.Contains(output, "nie uruchamiał") {
		t.Errorf("a second time: %q", output)
	}
}
