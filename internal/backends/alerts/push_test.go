package alerts

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/userlog/userlog-otel/internal/backends/rig"
)

// record is the attributes of a record.
type record map[string]string

// dated is a record of a time.
type dated struct {
	at     time.Time
	record record
}

// spread gives the records times that lie evenly between two.
func spread(records []record, from, to time.Time) []dated {
	var all []dated
	for i, r := range records {
		all = append(all, dated{from.Add(to.Sub(from) * time.Duration(i) / time.Duration(len(records))), r})
	}
	return all
}

// push puts records of a system into Loki without a collector.
func push(t *testing.T, loki *rig.Loki, service, instance string, records []dated) {
	t.Helper()
	attributes := func(of record) []any {
		var all []any
		for key, value := range of {
			all = append(all, map[string]any{"key": key, "value": map[string]string{"stringValue": value}})
		}
		return all
	}
	var logs []any
	for i, r := range records {
		logs = append(logs, map[string]any{
			"timeUnixNano": strconv.FormatInt(r.at.UnixNano(), 10), "body": map[string]string{"stringValue": strconv.Itoa(i)},
			"attributes": attributes(r.record),
		})
	}
	body, err := json.Marshal(map[string]any{"resourceLogs": []any{map[string]any{
		"resource":  map[string]any{"attributes": attributes(record{"service.name": service, "service.instance.id": instance})},
		"scopeLogs": []any{map[string]any{"logRecords": logs}},
	}}})
	require.NoError(t, err)
	answer, err := http.Post(loki.OTLP()+"/v1/logs", "application/json", bytes.NewReader(body))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusNoContent, answer.StatusCode)
}
