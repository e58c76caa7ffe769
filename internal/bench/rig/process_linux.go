package rig

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// dieWithParent ends a collector when this process dies without ending it.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// memoryOf is the resident memory of a process, now and at its peak, in bytes.
func memoryOf(pid int) (now, peak int64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0
	}
	return kilobytes(status, "VmRSS:"), kilobytes(status, "VmHWM:")
}

func kilobytes(status []byte, name string) int64 {
	var n int64
	_, line, _ := bytes.Cut(status, []byte(name))
	_, _ = fmt.Sscan(string(line), &n) // 0 if it is not there
	return n << 10
}

// cpuOf is the time that a running process took so far, in user and system mode; ok is false where it cannot be known.
//
// The clock of a process is that of clock_getcpuclockid(3), which makes its id so: see the kernel's
// include/linux/posix-timers_types.h, make_process_cpuclock, with CPUCLOCK_SCHED.
func cpuOf(pid int) (used time.Duration, ok bool) {
	const cpuClockSched = 2
	var at unix.Timespec
	if err := unix.ClockGettime(int32(^pid)<<3|cpuClockSched, &at); err != nil { //nolint:gosec // as the kernel makes it
		return 0, false
	}
	return time.Duration(at.Nano()), true
}
