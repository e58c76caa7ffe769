package rig

import "syscall"

// dieWithParent ends the child when this process dies without cleaning up, as it does after the time-out of go test.
func dieWithParent() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
