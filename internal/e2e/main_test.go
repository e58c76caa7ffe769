//go:build e2e

// Package e2e tests the built collector from outside: a child process that reads the emulated API on loopback and
// exports to an OTLP sink in this process. `make e2e` builds the collector and runs the tests.
package e2e

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// binaryVariable names the environment variable with the path of the collector under test.
const binaryVariable = "OTELCOL_USERLOG"

// maxParallel is how many tests run at once: several measure time, and each starts processes.
const maxParallel = 2

// binary is the absolute path of the collector under test.
var binary string

func TestMain(m *testing.M) {
	path := os.Getenv(binaryVariable)
	if path == "" {
		fail("%s is not set: run `make e2e`, or set it to the path of a built otelcol-userlog", binaryVariable)
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		fail("%s: %v", binaryVariable, err)
	}
	if info, err := os.Stat(absolute); err != nil || !info.Mode().IsRegular() {
		fail("%s=%s is no file: run `make e2e`, which builds the collector first", binaryVariable, path)
	}
	binary = absolute

	flag.Parse()
	if n, err := strconv.Atoi(flag.Lookup("test.parallel").Value.String()); err == nil && n > maxParallel {
		_ = flag.Set("test.parallel", strconv.Itoa(maxParallel)) // a number: cannot fail
	}
	os.Exit(m.Run())
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(1)
}
