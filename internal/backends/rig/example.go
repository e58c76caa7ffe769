package rig

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// Example is the path of a configuration in config/examples. Tests start the collector on the very file that people copy.
func Example(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "..", "config", "examples", name+".yaml"))
	require.NoError(t, err)
	require.FileExists(t, path)
	return path
}

// Hurry are configurations to start an example with that shorten its waits and leave what it does: pauses between reads,
// and before what was refused is sent again. Many such collectors run side by side, for none listens with metrics of its
// own. Entries of any age are read.
func Hurry() []string {
	return []string{
		"yaml:receivers::user_log/auth0::collection_interval: 100ms",
		"yaml:receivers::user_log/auth0::initial_lookback: 876000h",
		"yaml:receivers::user_log/auth0::retry_on_failure: {initial_interval: 50ms, max_interval: 200ms}",
		"yaml:service::telemetry::metrics::level: none",
	}
}
