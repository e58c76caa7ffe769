package shape

import (
	"flag"
	"path/filepath"
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// go test ./receiver/internal/shape -run Golden -update writes what the code makes of the records.
var update = flag.Bool("update", false, "write the golden files")

// shapes are the settings that the golden files are named by.
func shapes() map[string]Settings {
	names := []string{"user.id", "user.name", "user.email", "client.address", "user_log.description", "auth0.scope", "auth0.is_mobile", "geo.location.lat"}
	return map[string]Settings{
		"original":    {Body: Original},
		"description": {Body: Description},
		"map":         {Body: Map},
		"none":        {Body: None},
		"drop":        {Body: Description, Drop: names},
		"truncate_ip": {Body: None, TruncateIP: true},
		"hash":        {Body: Description, Hash: names, HashKey: "KEY"},
		"all": {
			Body: None, Drop: []string{"user.email", "user_log.type"}, TruncateIP: true,
			Hash: []string{"log.record.uid", "user.name", "client.address"}, HashKey: "KEY",
		},
	}
}

// Every testdata/shape/<case>/records.yaml, which is invented, becomes <settings>.yaml beside it.
func TestGolden(t *testing.T) {
	inputs, err := filepath.Glob("../../../testdata/shape/*/records.yaml")
	require.NoError(t, err)
	require.NotEmpty(t, inputs)
	for _, input := range inputs {
		for name, settings := range shapes() {
			folder := filepath.Dir(input)
			t.Run(filepath.Base(folder)+"/"+name, func(t *testing.T) {
				got, err := golden.ReadLogs(input)
				require.NoError(t, err)
				before := asJSON(t, got)
				apply(t, settings, got)
				if name == "original" {
					require.Equal(t, before, asJSON(t, got))
					return
				}
				file := filepath.Join(folder, name+".yaml")
				if *update {
					require.NoError(t, golden.WriteLogsToFile(file, got))
				}
				want, err := golden.ReadLogs(file)
				require.NoError(t, err)
				assert.Equal(t, asJSON(t, want), asJSON(t, got))
			})
		}
	}
}

// apply shapes all records of logs, as the deliverer does.
func apply(t testing.TB, settings Settings, logs plog.Logs) {
	t.Helper()
	shape, err := New(settings)
	require.NoError(t, err)
	if shape == nil {
		return
	}
	for _, resource := range logs.ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				shape.Apply(record)
			}
		}
	}
}

// asJSON holds everything of the logs, in its order.
func asJSON(t testing.TB, logs plog.Logs) string {
	t.Helper()
	text, err := (&plog.JSONMarshaler{}).MarshalLogs(logs)
	require.NoError(t, err)
	return string(text)
}
