//go:build !unix

package main

import (
	"os"
	"os/exec"
)

// terminate is all that such a system can send.
var terminate = os.Kill

func ownGroup(*exec.Cmd) {}

// signalGroup ends the command: there are no signals that ask. An error means that it is gone, which Wait will tell.
func signalGroup(cmd *exec.Cmd, _ os.Signal) { killGroup(cmd) }

func killGroup(cmd *exec.Cmd) { _ = cmd.Process.Kill() }

func exitCode(e *exec.ExitError) int { return max(e.ExitCode(), 1) }
