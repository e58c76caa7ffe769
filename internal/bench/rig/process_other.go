//go:build !linux

package rig

import (
	"syscall"
	"time"
)

func dieWithParent() *syscall.SysProcAttr { return nil }

// memoryOf is not known: it is read from /proc.
func memoryOf(int) (now, peak int64) { return 0, 0 }

// cpuOf is not known: the clock of another process is one of Linux.
func cpuOf(int) (used time.Duration, ok bool) { return 0, false }
