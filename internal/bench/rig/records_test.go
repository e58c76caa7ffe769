package rig

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/userlog/userlog-otel/internal/bench/pages"
)

// binaryVariable names the environment variable with the path of the collector; `make bench-e2e` sets it.
const binaryVariable = "OTELCOL_BENCH"

// keeper is a backend that keeps what it gets.
type keeper struct {
	mu      sync.Mutex
	records []string
}

func (k *keeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	request := plogotlp.NewExportRequest()
	if err != nil || request.UnmarshalProto(body) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, resource := range request.Logs().ResourceLogs().All() {
		for _, scope := range resource.ScopeLogs().All() {
			for _, record := range scope.LogRecords().All() {
				k.records = append(k.records, plain(resource, scope, record))
			}
		}
	}
}

// plain is all of a record but when it was observed, with its attributes in an order of their own.
func plain(resource plog.ResourceLogs, scope plog.ScopeLogs, record plog.LogRecord) string {
	text, err := json.Marshal(object{
		"resource": resource.Resource().Attributes().AsRaw(), "resource schema": resource.SchemaUrl(),
		"scope": scope.Scope().Name(), "version": scope.Scope().Version(), "schema": scope.SchemaUrl(),
		"scope attributes": scope.Scope().Attributes().AsRaw(),
		"time":             record.Timestamp(), "event": record.EventName(), "severity": record.SeverityNumber(),
		"severity text": record.SeverityText(), "body": record.Body().AsRaw(), "attributes": record.Attributes().AsRaw(),
		"trace": record.TraceID(), "span": record.SpanID(), "flags": record.Flags(), "dropped": record.DroppedAttributesCount(),
	})
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// recordsOf are the records that a reader makes of a log, one after the other.
func recordsOf(t *testing.T, binary string, reader reader, log pages.Log, endpoint string) []string {
	t.Helper()
	backend := &keeper{}
	sink := httptest.NewServer(backend)
	defer sink.Close()
	r := &Rig{binary: binary, pages: &service{url: endpoint}, sink: &service{url: sink.URL}}
	c, err := r.start(t.Context(), setup{reader: reader, queue: noQueue, dir: t.TempDir()})
	require.NoError(t, err)
	err = c.until(t.Context(), func() (progress, error) {
		backend.mu.Lock()
		defer backend.mu.Unlock()
		return progress{len(backend.records), len(backend.records) >= log.Entries}, nil
	})
	if err != nil {
		c.abandon()
		require.NoError(t, err)
	}
	_, err = c.stop()
	require.NoError(t, err)
	return backend.records
}

func TestTheFloorMakesTheSameRecords(t *testing.T) {
	t.Parallel()
	binary := os.Getenv(binaryVariable)
	if binary == "" {
		t.Skip(binaryVariable + " is not set: make bench-e2e does")
	}
	log := logOf(1000, 0, 50) // each template some times
	server := pages.NewServer()
	server.Serve(log)
	api := httptest.NewServer(server.Handler())
	defer api.Close()
	want, got := recordsOf(t, binary, tenant, log, api.URL), recordsOf(t, binary, floor, log, api.URL)
	require.Len(t, want, log.Entries)
	require.Len(t, got, log.Entries)
	for i := range want {
		require.JSONEq(t, want[i], got[i])
		var record struct {
			Attributes map[string]any `json:"attributes"`
			Event      string         `json:"event"`
		}
		require.NoError(t, json.Unmarshal([]byte(got[i]), &record))
		assert.Len(t, record.Attributes, 22, "what the figures are told for")
		assert.NotEmpty(t, record.Event)
	}
}
