package rig_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// push sends one record over OTLP.
func push(t *testing.T, loki *rig.Loki, at time.Time, text string) {
	t.Helper()
	body := fmt.Sprintf(`{"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "rig"}}]},
		"scopeLogs": [{"logRecords": [{"timeUnixNano": "%d", "body": {"stringValue": %q},
		"attributes": [{"key": "user.name", "value": {"stringValue": "jane"}}]}]}]}]}`, at.UnixNano(), text)
	answer, err := http.Post(loki.OTLP()+"/v1/logs", "application/json", strings.NewReader(body))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusNoContent, answer.StatusCode)
}

func TestLokiGivesBackWhatItWasSent(t *testing.T) {
	t.Parallel()
	loki, now := rig.NewLoki(t, rig.LokiOptions{
		Limits: "reject_old_samples: true\nreject_old_samples_max_age: 240h",
		Flags:  []string{"-querier.query-ingesters-within=3h"},
	}), time.Now().Truncate(time.Second)
	old := now.Add(-9 * 24 * time.Hour) // older than what Loki takes by default
	push(t, loki, old, "old")
	push(t, loki, now, "new")

	query, from, to := `{service_name="rig"}`, old.Add(-time.Hour), now.Add(time.Second)
	assert.Len(t, loki.Lines(query, from, to), 1, "old entries are not found before they are in the store")
	loki.Flush()
	lines := loki.Lines(query, from, to)
	require.Len(t, lines, 2)
	assert.Equal(t, rig.Line{
		Time: old, Text: "old", Labels: map[string]string{"service_name": "rig"},
		Metadata: map[string]string{"user_name": "jane", "detected_level": "unknown"},
	}, lines[0])

	count := `sum by (user_name) (count_over_time({service_name="rig"}[1h]))`
	want := rig.Sample{Labels: map[string]string{"user_name": "jane"}, Time: now, Value: 1}
	assert.Equal(t, []rig.Sample{want}, loki.Instant(count, now))
	assert.Equal(t, []rig.Sample{want}, loki.Range(count, now, now.Add(time.Minute-1), time.Minute))
	assert.InDelta(t, 2, loki.Metric("loki_distributor_lines_received_total", map[string]string{"tenant": "fake"}), 0)
	assert.Zero(t, loki.Metric("loki_distributor_lines_received_total", map[string]string{"tenant": "none"}))
}
