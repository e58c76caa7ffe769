package main

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// Whoever follows the README sees an alert fire, from nothing.
func TestTheTourEndsWithAnAlertThatFires(t *testing.T) {
	loki := rig.Binary(t, "LOKI", "run it through make e2e-loki, which builds Loki first")
	collector := rig.Binary(t, "OTELCOL_USERLOG", "run it through make, which builds the collector first")
	emulator := rig.Binary(t, "EMULATOR", "run it through make e2e-loki, which builds the emulator first")
	dir := t.TempDir()
	t.Chdir(filepath.Join("..", "..", "..")) // as make does
	var out bytes.Buffer
	tour := tour{loki: loki, collector: collector, emulator: emulator, scenario: "brute-force", dir: dir, port: rig.FreePort(t), once: true}
	require.NoError(t, tour.run(t.Context(), &out), out.String())
	assert.Contains(t, out.String(), "UserLogBruteForce")
}

func TestTheTourEndsWithWhatEndedEarly(t *testing.T) {
	failing, err := exec.LookPath("false")
	require.NoError(t, err)
	t.Chdir(filepath.Join("..", "..", ".."))
	tour := tour{loki: failing, dir: t.TempDir(), port: "1"}
	err = tour.run(t.Context(), new(bytes.Buffer))
	require.Error(t, err)
	assert.Contains(t, err.Error(), "loki ended with exit status 1: see ")
}
