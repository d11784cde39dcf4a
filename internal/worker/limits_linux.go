package worker

import (
	"os/exec"
	"syscall"
)

// isolate gives the worker its own process group, so that what it started dies with it.
func isolate(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

// restrict bounds this process: the memory it can write to, processor time, no core dump.
// Address space would be no measure: the runtime reserves far more of it than it uses.
func restrict(memory, seconds uint64) error {
	for what, limit := range map[int]uint64{syscall.RLIMIT_DATA: shadow * memory, syscall.RLIMIT_CPU: seconds, syscall.RLIMIT_CORE: 0} {
		if err := syscall.Setrlimit(what, &syscall.Rlimit{Cur: limit, Max: limit}); err != nil {
			return err
		}
	}
	return nil
}
