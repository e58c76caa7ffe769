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

// Hurry are configurations to start an example with that shorten the waits of its receivers and leave what they do: pauses
// between reads, and before what was refused is sent again. Entries of any age are read. Many such collectors run side by
// side, for none listens with metrics of its own.
func Hurry(receivers ...string) []string {
	configs := []string{"yaml:service::telemetry::metrics::level: none"}
	for _, receiver := range receivers {
		configs = append(configs, "yaml:receivers::"+receiver+
			": {collection_interval: 100ms, initial_lookback: 876000h, retry_on_failure: {initial_interval: 50ms, max_interval: 200ms}}")
	}
	return configs
}
