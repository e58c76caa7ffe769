//go:build e2e && !linux

package e2e

import "syscall"

// dieWithParent has no equal here: a child outlives this process if go test times out.
func dieWithParent() *syscall.SysProcAttr { return nil }
