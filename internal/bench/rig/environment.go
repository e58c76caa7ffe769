package rig

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"time"
)

// environment says what the figures are from.
func (r *report) environment() {
	processor := "processor not known"
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, line, ok := bytes.Cut(info, []byte("model name\t: ")); ok {
			name, _, _ := bytes.Cut(line, []byte("\n"))
			processor = string(name)
		}
	}
	fmt.Fprintf(r.to, "%s, %s/%s, %d CPUs (%s), %s\n",
		time.Now().UTC().Format(time.DateOnly), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor, runtime.Version())
	if runtime.GOOS != "linux" {
		fmt.Fprintln(r.to, "\nMemory, and the CPU time of a collector that goes on, are read from Linux only.")
	}
}
