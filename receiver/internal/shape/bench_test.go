package shape

import (
	"testing"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// pageOfRecords are 100 records with 22 attributes and a body of 1.2 kB, which is what most entries of Auth0 become.
func pageOfRecords(tb testing.TB) plog.LogRecordSlice {
	tb.Helper()
	logs, err := golden.ReadLogs("../../../testdata/shape/usual/records.yaml")
	require.NoError(tb, err)
	usual := logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	records := plog.NewLogRecordSlice()
	for range 100 {
		usual.CopyTo(records.AppendEmpty())
	}
	return records
}

// BenchmarkApply shapes a page of 100 records.
func BenchmarkApply(b *testing.B) {
	for name, settings := range map[string]Settings{
		"description": {Body: Description},
		"map":         {Body: Map},
		"none":        {Body: None},
		"drop":        {Body: None, Drop: []string{"user.name", "user.email"}},
		"truncate_ip": {Body: None, TruncateIP: true},
		"hash":        {Body: None, Hash: []string{"user.name", "user.email"}, HashKey: "key"},
	} {
		b.Run(name, func(b *testing.B) {
			shape, err := New(settings)
			require.NoError(b, err)
			made, records := pageOfRecords(b), plog.NewLogRecordSlice()
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				made.CopyTo(records)
				b.StartTimer()
				for _, record := range records.All() {
					shape.Apply(record)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*records.Len()), "ns/record")
		})
	}
}
